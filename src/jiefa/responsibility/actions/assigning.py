"""An assignment proposed for a place: an officer looks it through, changes it and confirms it as appointments. Nothing is written here."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import transaction

from jiefa.access.queries import Actor, gate
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.kernel.division_codes import is_inside
from jiefa.policy import Pack
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import Household
from jiefa.responsibility.models import Cadre, Helper, TeamMember
from jiefa.responsibility.queries import pairings, people
from jiefa.responsibility.rules import assigning as rules
from jiefa.responsibility.rules.assigning import Carrier, Home, Proposed
from jiefa.responsibility.rules.load import capacity_on

P = Permission


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who should answer for each poor household of a place; ``digest`` tells whether it is still the one that was seen."""

    place: str
    on: dt.date
    rows: list[Proposed]
    present: Mapping[int, int]
    digest: str

    @property
    def counts(self) -> dict[str, int]:
        """Households by why."""
        return dict(Counter(row.why for row in self.rows))

    @property
    def changes(self) -> list[Proposed]:
        """What confirming would write: households that get another helper, or their first."""
        return [row for row in self.rows if row.cadre is not None and self.present.get(row.household) != row.cadre]


@transaction.atomic
def propose(*, place: str, on: dt.date, by: Actor, pack: Pack, most: int | None = None) -> Proposal:
    """The proposal for a county or a part of it; without ``most`` nobody gets more than is pointed out.

    Raises ``NotAllowed``, ``NoProposal``.
    """
    by.demand(P.HELPER_ASSIGN, place)
    within, capacity = Scope((place,)), capacity_on(pack, on)
    helpers = Helper.objects.filter(to_date__isnull=True)
    present = dict(gate(helpers, within).values_list("household_id", "cadre_id"))
    poor = gate(Household.objects.filter(poverty_status__in=IN_POVERTY), within).order_by("pk")
    homes = [Home(key, village, present.get(key)) for key, village in poor.values_list("pk", "village_code")]
    carriers = _carriers(place, set(present.values()), capacity.by_rank, on)
    elsewhere = _elsewhere(place, carriers)
    limit = most if most is not None else capacity.warn
    carriers = [replace(one, already=elsewhere.get(one.key, 0)) for one in carriers]
    name = areas.division(place).name
    rows = rules.propose(name, homes, carriers, capacity.warn, limit)
    digest = hashlib.sha256("\n".join(f"{row.household} {row.cadre}" for row in rows).encode()).hexdigest()
    kept = {home.key: home.present for home in homes if home.present is not None}
    return Proposal(place, on, rows, kept, digest)


def _carriers(place: str, present: set[int], by_rank: Mapping[str, int], on: dt.date) -> list[Carrier]:
    """Whoever is posted in the county of the place, or answers for a household in it now."""
    county = Scope((place[:6],))
    serving = people.posted(county).filter(people.holds(on)).order_by("pk")
    found = {cadre.pk: cadre for cadre in serving}
    found |= {key: one for key, one in people.by_key(present - set(found)).items() if _serves(one, on)}
    teams = dict(gate(TeamMember.objects.filter(people.holds(on)), county).values_list("cadre_id", "village_code"))
    units = pairings.paired_villages({cadre.organisation_id for cadre in found.values()}, county)
    return [
        Carrier(
            cadre.pk,
            cadre.area_code,
            by_rank.get(cadre.rank, 0),
            teams.get(cadre.pk, ""),
            frozenset(units.get(cadre.organisation_id, ())),
        )
        for cadre in sorted(found.values(), key=lambda one: one.pk)
    ]


def _serves(cadre: Cadre, on: dt.date) -> bool:
    return cadre.from_date <= on and (cadre.to_date is None or cadre.to_date > on)


def _elsewhere(place: str, carriers: list[Carrier]) -> dict[int, int]:
    """How many households outside the place each carries already."""
    keys = {one.key for one in carriers}
    rows = Helper.objects.filter(to_date__isnull=True)
    county = gate(rows, Scope((place[:6],))).values_list("cadre_id", "village_code")
    return dict(Counter(key for key, village in county if key in keys and not is_inside(village, place)))

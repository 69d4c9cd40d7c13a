"""Hamlets and sites with the households that move: whether a hamlet is whole on the lists, whether a site has room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum

from jiefa.access.rules import Scope
from jiefa.assistance.models import Hamlet, ProgrammeRecord, SettlementSite
from jiefa.assistance.queries import promises, registers
from jiefa.assistance.queries.registers import AT_ONCE, Key
from jiefa.assistance.rules.moving import Living
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import HouseholdYear

NAMED_AT_MOST = 900
"""How many hamlets or sites a list to act on names."""


@dataclass(frozen=True, slots=True)
class Poor:
    """Poor households of a hamlet and their people, as the register has them under the name of its group."""

    households: int
    people: int


@dataclass(frozen=True, slots=True)
class Listed:
    """Households of a hamlet on the lists of relocation. ``whole``: of those that say that all of it moves."""

    households: int = 0
    moved: int = 0
    whole: int = 0


def _key(hamlet: Hamlet) -> Key:
    return hamlet.village_code, hamlet.name


def _chunks(hamlets: Sequence[Hamlet]) -> Iterable[Sequence[Hamlet]]:
    return (hamlets[first : first + AT_ONCE] for first in range(0, len(hamlets), AT_ONCE))


def registered(hamlets: Sequence[Hamlet], year: int) -> dict[Key, Poor]:
    """The poor of these hamlets by the cards of the year: households whose group bears the hamlet's name."""
    found: dict[Key, Poor] = {}
    for some in _chunks(hamlets):
        rows = (
            HouseholdYear.objects.filter(
                year=year,
                poverty_status__in=IN_POVERTY,
                village_code__in={one.village_code for one in some},
                household__group_name__in={one.name for one in some},
            )
            .order_by()
            .values("village_code", name=F("household__group_name"))
            .annotate(homes=Count("pk"), all=Sum("size"))
        )
        found |= {(row["village_code"], row["name"]): Poor(row["homes"], row["all"]) for row in rows}
    return found


def living(hamlet: Hamlet, poor: Poor | None) -> Living:
    """Who lives there: the poor as stated, else as the register has them."""
    counted = hamlet.poor_people is None and poor is not None
    homes, people = (poor.households, poor.people) if poor else (None, None)
    return Living(
        hamlet.reason,
        hamlet.households,
        hamlet.people,
        hamlet.poor_households if hamlet.poor_households is not None else homes,
        hamlet.poor_people if hamlet.poor_people is not None else people,
        counted,
    )


def listed(hamlets: Sequence[Hamlet], year: int) -> dict[Key, Listed]:
    """The households on the lists until the end of the year that name these hamlets."""
    found: dict[Key, Listed] = {}
    for some in _chunks(hamlets):
        villages = Scope.over(one.village_code for one in some)
        rows = (
            promises.standing(villages, year)
            .filter(hamlet__in={one.name for one in some})
            .order_by()
            .values("village_code", "hamlet")
            .annotate(
                all=Count("pk"),
                gone=Count("pk", filter=promises.promises(promises.year_end(year))["moved_out"].kept),
                whole=Count("pk", filter=Q(own__whole_hamlet=True)),
            )
        )
        found |= {(row["village_code"], row["hamlet"]): Listed(row["all"], row["gone"], row["whole"]) for row in rows}
    return found


def of_hamlet(within: Scope, hamlet: Hamlet, year: int) -> QuerySet[ProgrammeRecord]:
    """The cases of the hamlet inside the scope, by key."""
    rows = promises.standing(within.narrowed(hamlet.village_code), year).filter(hamlet=hamlet.name)
    return rows.select_related("household").order_by("pk")


def missing(living: Living, listed: Listed) -> int | None:
    """How many poor households of a hamlet are on no list as moving with all of it; None where nobody has said how many there are."""
    return None if living.poor_households is None else max(0, living.poor_households - listed.whole)


def not_whole(within: Scope, year: int) -> QuerySet[Hamlet]:
    """Hamlets that were to move as a whole by the end of the year and whose list is not whole; the first ``NAMED_AT_MOST``."""
    decided = list(registers.hamlets(within).filter(decided_on__lte=promises.year_end(year)))
    poor, on_lists = registered(decided, year), listed(decided, year)
    gaps = [
        one.pk
        for one in decided
        if missing(living(one, poor.get(_key(one))), on_lists.get(_key(one), Listed())) not in (None, 0)
    ]
    return Hamlet.objects.filter(pk__in=gaps[:NAMED_AT_MOST]).order_by("pk")


def excess(site: SettlementSite, found: promises.Standing) -> int:
    """How many households (or people, where flats were not stated) have moved in beyond what the site has room for; 0 for none."""
    flats = site.flats_built if site.flats_built is not None else site.flats_planned
    homes = found.shares["moved_out"].kept if found.shares else 0
    if flats is not None:
        return max(0, homes - flats)
    return max(0, found.moved_people - site.people_planned) if site.people_planned is not None else 0


def overfull(within: Scope, year: int) -> QuerySet[SettlementSite]:
    """Sites into which more have moved than have room, of the counties that the scope touches; the first ``NAMED_AT_MOST``."""
    sites = list(registers.sites(within))
    if not sites:
        return SettlementSite.objects.none()
    found = promises.by_site(registers.counties(within), year)
    full = [one.pk for one in sites if excess(one, found.get((one.county_code, one.name), promises.Standing()))]
    return SettlementSite.objects.filter(pk__in=full[:NAMED_AT_MOST]).order_by("pk")

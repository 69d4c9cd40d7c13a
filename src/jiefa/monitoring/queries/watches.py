"""Reading watches: who is watched in a place, with what measures, and what the standard of removal says of each."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear, Substr

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.assistance.models import Measure, PlanState, ProgrammeRecord
from jiefa.assistance.queries.promises import LABOUR
from jiefa.exits.queries import household as standards
from jiefa.exits.rules import household as leaving
from jiefa.exits.rules.household import Item
from jiefa.monitoring.models import Watch
from jiefa.monitoring.rules import watching
from jiefa.policy import Pack
from jiefa.registry.models import HouseholdYear, PersonYear

WATER = "water"
PLACE = "household__village_code"
"""A household that moves is watched where it lives now."""


def watches(within: Scope, state: str = "open", group: str = "") -> QuerySet[Watch]:
    """Watches of households inside the scope, the newest first. ``state``: ``open``, a way in which it ended, '' for all."""
    rows = gate(Watch.objects.select_related("household"), within, PLACE)
    if state:
        rows = rows.filter(ended="" if state == "open" else state)
    return (rows.filter(group=group) if group else rows).order_by("-pk")


def watch(pk: int, within: Scope) -> Watch | None:
    """The watch, if its household lies inside the scope."""
    return watches(within, "").filter(pk=pk).first()


def of_household(household_id: int) -> list[Watch]:
    """The watches of a household that passed the gate, the newest first."""
    return list(Watch.objects.filter(household=household_id).order_by("-pk"))


def _measures() -> Exists:
    """That the watched household has a measure in a signed plan of the year of its watch or later."""
    plans = Measure.objects.filter(
        plan__household=OuterRef("household_id"), plan__state=PlanState.SIGNED, plan__year__gte=OuterRef("since_year")
    )
    return Exists(plans)


def _cases() -> Exists:
    """That a programme has a case of the watched household in the year of its watch or later."""
    rows = ProgrammeRecord.objects.filter(
        household=OuterRef("household_id"), off_list=False, year__gte=OuterRef("since_year")
    )
    return Exists(rows)


def without_measures(within: Scope) -> QuerySet[Watch]:
    """Households that are watched and for which nothing is planned or done: neither a signed measure nor a case since."""
    dated = watches(within).annotate(since_year=ExtractYear("since"))
    return dated.filter(~_measures(), ~_cases())


def measures_of(found: Sequence[Watch]) -> dict[int, list[tuple[str, str]]]:
    """``(sort, code)`` of what each watched household has since its watch began, by watch, each once. Two queries."""
    by_home = {one.household_id: one for one in found}
    made: dict[int, dict[tuple[str, str], None]] = defaultdict(dict)
    planned = Measure.objects.filter(plan__household__in=by_home, plan__state=PlanState.SIGNED)
    for home, year, kind in planned.order_by("pk").values_list("plan__household", "plan__year", "kind"):
        if year >= by_home[home].since.year:
            made[by_home[home].pk]["measure", kind] = None
    cases = ProgrammeRecord.objects.filter(household__in=by_home, off_list=False).order_by("pk")
    for home, year, programme in cases.values_list("household", "year", "programme"):
        if year >= by_home[home].since.year:
            made[by_home[home].pk]["programme", programme] = None
    return {key: list(one) for key, one in made.items()}


def counts(within: Scope, digits: int) -> list[dict[str, Any]]:
    """``{place, group, watched, removed, relapsed}`` of households inside the scope, by place of so many digits and group."""
    rows: Iterable[Mapping[str, Any]] = (
        watches(within, "")
        .annotate(place=Substr(PLACE, 1, digits))
        .values("place", "group")
        .annotate(
            watched=Count("pk", filter=Q(ended="")),
            removed=Count("pk", filter=Q(ended="removed")),
            relapsed=Count("pk", filter=Q(ended="relapsed")),
        )
        .order_by("place", "group")
    )
    return [dict(row) for row in rows]


def able(household_ids: Iterable[int], years: Mapping[int, int]) -> dict[int, int]:
    """Members who are able to work by the card of its year, of each of these households that has a card. One query a year."""
    found: dict[int, int] = {}
    by_year: dict[int, list[int]] = defaultdict(list)
    for key in household_ids:
        by_year[years[key]].append(key)
    for year, keys in by_year.items():
        villages = HouseholdYear.objects.filter(year=year, household__in=keys)
        places = set(villages.values_list("village_code", flat=True))
        found |= dict.fromkeys(villages.values_list("household_id", flat=True), 0)
        people = PersonYear.objects.filter(year=year, village_code__in=places, household__in=keys, labour__in=LABOUR)
        found |= dict(people.values("household_id").annotate(n=Count("pk")).values_list("household_id", "n"))
    return found


def standard_of(
    household_ids: Iterable[int], year: int, pack: Pack, stated: Mapping[int, Mapping[str, object]]
) -> dict[int, tuple[Item, ...]]:
    """What removal asks of every household that has a card of the year: income above the monitoring line, the guarantees in force,
    and what was checked on the spot. Raises ``NotInForce`` where the line of the year is not known."""
    policy = pack.for_year(year)
    line = policy.fen("monitoring.line")
    of_exit = policy.texts("exit.household_guarantees")
    # Water was no guarantee of leaving before 2016; of a risk that is gone it always is.
    guarantees = of_exit if WATER in of_exit else (*of_exit, WATER)
    return {
        key: (
            *leaving.standard(facts, line, guarantees, stated.get(key, {})),
            *watching.stated(dict(stated.get(key, {}))),
        )
        for key, facts in standards.facts_of(household_ids, year, pack).items()
    }


@dataclass(frozen=True, slots=True)
class Review:
    """How a watch stands today: the year of the household's card, the items of removal by it, what would be flagged."""

    year: int
    items: tuple[Item, ...]
    flags: tuple[str, ...]


def review(found: Watch, on: dt.date, pack: Pack) -> Review | None:
    """How the watch stands; None where the household has no card. Raises ``NotInForce`` as ``standard_of``."""
    key, year = found.household_id, found.household.card_year
    if year is None:
        return None
    items = standard_of([key], year, pack, {}).get(key, ())
    shortest = int(pack.at(on).number("monitoring.shortest_months"))
    return Review(year, items, watching.flags(found.since, on, shortest, able([key], {key: year}).get(key, 0)))


def watched_among(household_ids: Sequence[int]) -> list[int]:
    """Those of these households that are watched now. One query."""
    rows = Watch.objects.filter(household__in=list(household_ids), ended="")
    return list(rows.order_by("household_id").values_list("household_id", flat=True))

"""Every limit of a plan checked again from its rows, by sums in the database.

The limits are those of ``stating``, as targets, capacities and years of leaving stand now: a plan that was good may break one that
was lowered since. Of the solver nothing is used.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from jiefa import snapshots
from jiefa.planning.models import Plan
from jiefa.planning.queries import stating
from jiefa.planning.queries.on_file import COUNTY
from jiefa.planning.rules.problem import GUARANTEE
from jiefa.policy import Pack


@dataclass(frozen=True, slots=True)
class Broken:
    """A limit that is not kept: which, where, in which year, what was allowed and what was found."""

    limit: str
    place: str
    year: int | None
    allowed: float
    found: float

    def plain(self) -> dict[str, object]:
        return {
            "limit": self.limit,
            "place": self.place,
            "year": self.year,
            "allowed": self.allowed,
            "found": self.found,
        }


def broken(plan: Plan, pack: Pack) -> list[Broken]:
    """The limits that the plan does not keep; empty for a good one."""
    asked = plan.asked
    what = stating.Asked(
        plan.area_code,
        plan.base_year,
        {int(year): int(people) for year, people in asked["targets"].items()},
        asked["guarantee"],
        asked["line_fen"],
        asked["capacity_times"],
    )
    snapshot = snapshots.find(Path(settings.JIEFA_HOME), plan.snapshot)
    stated = stating.state(what, snapshot, pack)
    return [
        *_targets(plan, what),
        *_band(plan, what, stated),
        *_capacities(plan, what, stated),
        *_leaving(plan, stated),
    ]


def _sums(plan: Plan, what: str, where: str = "1 = 1") -> Mapping[tuple[str, int], int]:
    """Of households with a year: ``what`` by county and year."""
    sql = (
        f"SELECT substr(village_code, 1, {COUNTY}), year, {what} FROM planning_assignment "
        f"WHERE plan_id = %s AND year IS NOT NULL AND {where} GROUP BY 1, 2"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [plan.pk])
        return {(county, year): int(value or 0) for county, year, value in cursor.fetchall()}


def _of_year(found: Mapping[tuple[str, int], int], year: int) -> int:
    return sum(value for (_county, when), value in found.items() if when == year)


def _targets(plan: Plan, what: stating.Asked) -> Iterator[Broken]:
    own = _sums(plan, "sum(size)", f"pathway <> '{GUARANTEE}'")
    for year, people in what.targets.items():
        if _of_year(own, year) != people:
            yield Broken("target", plan.area_code, year, people, _of_year(own, year))
    sure = sum(_sums(plan, "sum(size)", f"pathway = '{GUARANTEE}'").values())
    if what.guarantee is not None and sure != what.guarantee:
        yield Broken("guarantee", plan.area_code, None, what.guarantee, sure)


def _band(plan: Plan, what: stating.Asked, stated: stating.Stated) -> Iterator[Broken]:
    poorest = _sums(plan, "sum(size)", f"pathway <> '{GUARANTEE}' AND poorest")
    low, high = stated.problem.limits.band
    for year, people in what.targets.items():
        found = _of_year(poorest, year)
        if not math.ceil(low * people) <= found <= math.floor(high * people):
            yield Broken("poorest", plan.area_code, year, low if found < low * people else high, found / max(1, people))


def _capacities(plan: Plan, what: stating.Asked, stated: stating.Stated) -> Iterator[Broken]:
    known = stated.means
    counties = stated.on_file.counties
    for place, resource in enumerate(known.resources):
        parts = []
        for pathway in known.pathways:
            if pathway.per_household[place] or pathway.per_person[place]:
                parts.append(
                    f"CASE WHEN pathway = '{pathway.id}' THEN {pathway.per_household[place]:g} + {pathway.per_person[place]:g} * size ELSE 0 END"
                )
        parts += [
            f"CASE WHEN lacks LIKE '%%{lack.id}%%' THEN {lack.per_household[place]:g} ELSE 0 END"
            for lack in known.lacking
            if lack.per_household[place]
        ]
        if not parts:
            continue
        used = _sums(plan, f"sum({' + '.join(parts)})")
        for number, county in enumerate(counties):
            for slot, year in enumerate(what.years):
                there = stated.problem.limits.capacity[number, slot, place]
                if used.get((county, year), 0) > there:
                    yield Broken(resource, county, year, float(there), used[county, year])


def _leaving(plan: Plan, stated: stating.Stated) -> Iterator[Broken]:
    limits, years = stated.problem.limits, stated.problem.years
    sql = (
        f"SELECT substr(village_code, 1, {COUNTY}), coalesce(year, 9999), sum(size) FROM planning_assignment "
        "WHERE plan_id = %s GROUP BY 1, 2"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [plan.pk])
        rows = cursor.fetchall()
    for number, county in enumerate(stated.on_file.counties):
        leaves = int(limits.leaves[number])
        if leaves < len(years):
            later = sum(int(people) for code, year, people in rows if code == county and year > years[leaves])
            if later > limits.may_stay[number]:
                yield Broken("county_leaves", county, years[leaves], float(limits.may_stay[number]), later)

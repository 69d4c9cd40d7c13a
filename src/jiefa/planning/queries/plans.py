"""Plans read back: who is in them by place and year, what they cost, two of them beside each other, one household of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import QuerySet

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, prefix_range
from jiefa.kernel.errors import JiefaError
from jiefa.planning.models import Assignment, Plan
from jiefa.planning.rules.problem import GUARANTEE

BELOW = dict(zip(LENGTH_OF_LEVEL.values(), list(LENGTH_OF_LEVEL.values())[1:], strict=False))
"""Digits of a place to those of the places below it."""


class PlanUnknown(JiefaError):
    code = "planning.plan_unknown"
    zh = "您管辖范围内没有编号为 {number} 的规划。请核对编号。"
    en = "There is no plan number {number} in your area. Check the number."


def plans(within: Scope) -> QuerySet[Plan]:
    """The plans that speak of a place in the scope, or of one around it; the newest first."""
    rows = gate(Plan.objects.all(), within, "area_code")
    around = {area[:length] for area in within.areas for length in LENGTH_OF_LEVEL.values() if length < len(area)}
    return (rows | Plan.objects.filter(area_code__in=sorted(around))).order_by("-pk")


def plan(number: int, within: Scope) -> Plan:
    """One plan. Raises ``PlanUnknown``."""
    found = plans(within).filter(pk=number).first()
    if found is None:
        raise PlanUnknown(number=number)
    return found


@dataclass
class Sums:
    """Of a place: households and people by year (None: no year) and pathway."""

    households: dict[tuple[int | None, str], int] = field(default_factory=dict)
    people: dict[tuple[int | None, str], int] = field(default_factory=dict)

    def left(self, year: int) -> int:
        """People who leave by their own means in the year."""
        return sum(n for (when, way), n in self.people.items() if when == year and way != GUARANTEE)

    @property
    def guaranteed(self) -> int:
        return sum(n for (when, way), n in self.people.items() if when is not None and way == GUARANTEE)

    @property
    def unplanned(self) -> int:
        return sum(n for (when, _way), n in self.people.items() if when is None)

    @property
    def everybody(self) -> int:
        return sum(self.people.values())

    def by_pathway(self) -> dict[str, int]:
        """People by pathway, those of no year left out."""
        found: dict[str, int] = {}
        for (when, way), people in self.people.items():
            if when is not None:
                found[way] = found.get(way, 0) + people
        return found


def sums(found: Plan, code: str, digits: int) -> dict[str, Sums]:
    """By place of so many digits under a division: one query."""
    low, high = prefix_range(code)
    sql = (
        "SELECT substr(village_code, 1, %s), year, pathway, count(*), sum(size) FROM planning_assignment "
        "WHERE plan_id = %s AND village_code >= %s AND village_code < %s GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [digits, found.pk, low, high])
        rows = cursor.fetchall()
    places: dict[str, Sums] = {}
    for place, year, pathway, households, people in rows:
        one = places.setdefault(place, Sums())
        one.households[year, pathway] = int(households)
        one.people[year, pathway] = int(people)
    return places


def total(found: Plan, code: str) -> Sums:
    """Of one place."""
    return sums(found, code, len(code)).get(code, Sums())


def assignments(found: Plan, within: Scope) -> QuerySet[Assignment]:
    """The households of a plan inside a scope, by village and key."""
    return gate(Assignment.objects.filter(plan=found), within).order_by("village_code", "household_id")


@dataclass(frozen=True, slots=True)
class Changed:
    """Of a place, between two plans: people by year in the one and the other, households whose year or pathway differs."""

    place: str
    before: Mapping[int, int]
    after: Mapping[int, int]
    guaranteed: tuple[int, int]
    moved: int


def compared(one: Plan, other: Plan, code: str, digits: int) -> list[Changed]:
    """Two plans by place. Three queries."""
    low, high = prefix_range(code)
    sql = (
        "SELECT substr(a.village_code, 1, %s), count(*) FROM planning_assignment a JOIN planning_assignment b "
        "ON b.plan_id = %s AND b.household_id = a.household_id WHERE a.plan_id = %s AND a.village_code >= %s "
        "AND a.village_code < %s AND (coalesce(a.year, 0) <> coalesce(b.year, 0) OR a.pathway <> b.pathway) GROUP BY 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [digits, other.pk, one.pk, low, high])
        moved = {place: int(count) for place, count in cursor.fetchall()}
    before, after = sums(one, code, digits), sums(other, code, digits)
    years: Sequence[int] = sorted({*one.years, *other.years})
    found = []
    for place in sorted({*before, *after}):
        old, new = before.get(place, Sums()), after.get(place, Sums())
        found.append(
            Changed(
                place,
                {year: old.left(year) for year in years},
                {year: new.left(year) for year in years},
                (old.guaranteed, new.guaranteed),
                moved.get(place, 0),
            )
        )
    return found


def of_year(code: str, year: int) -> Plan | None:
    """The newest plan for a year whose division holds the place; none that was made to see what if."""
    around = [code[:length] for length in LENGTH_OF_LEVEL.values() if length <= len(code)]
    rows = Plan.objects.filter(what_if=False, area_code__in=around, first_year__lte=year, last_year__gte=year)
    return rows.order_by("-pk").first()


def from_year(code: str, base_year: int) -> Plan | None:
    """The newest plan of just this place from a year; none that was made to see what if."""
    return Plan.objects.filter(what_if=False, area_code=code, base_year=base_year).order_by("-pk").first()


def newest_around(code: str, base_year: int) -> Plan | None:
    """The newest plan from a year of a division that holds the place and is larger than it; none that was made to see what if."""
    around = [code[:length] for length in LENGTH_OF_LEVEL.values() if length < len(code)]
    rows = Plan.objects.filter(what_if=False, area_code__in=around, base_year=base_year)
    return rows.order_by("-pk").first()


def newest_of_household(household_id: int) -> Assignment | None:
    """What the newest plan that knows the household decided for it, with its plan; none that was made to see what if."""
    rows = Assignment.objects.filter(household_id=household_id, plan__what_if=False).select_related("plan")
    return rows.order_by("-plan_id").first()


def assignment(found: Plan, household_id: int) -> Assignment | None:
    """What a plan decided for a household; None where it does not know it."""
    return Assignment.objects.filter(plan=found, household_id=household_id).first()


def through(found: Plan, village: str) -> int | None:
    """The last year in which a household of the village leaves; None where one of them has no year, or none is in the plan."""
    years = Assignment.objects.filter(plan=found, village_code=village).values_list("year", flat=True)
    known = list(years)
    return None if not known or None in known else max(year for year in known if year is not None)


@dataclass(frozen=True, slots=True)
class Scarce:
    """That one more of a resource in a county and year would make the plan so many yuan cheaper."""

    county: str
    year: int
    resource: str
    yuan: float


def scarce(found: Plan, within: Scope) -> list[Scarce]:
    """What is scarce in the counties of a scope, or around it; the dearest first."""
    counties: Mapping[str, Mapping[str, Mapping[str, float]]] = found.prices.get("capacity", {})
    rows = [
        Scarce(county, int(year), resource, float(yuan))
        for county, resources in counties.items()
        if within.covers(county) or any(area.startswith(county) for area in within.areas)
        for resource, years in resources.items()
        for year, yuan in years.items()
    ]
    return sorted(rows, key=lambda one: (-one.yuan, one.county, one.year, one.resource))

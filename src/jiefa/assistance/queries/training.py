"""Courses with those who take part: how many came, finished, hold a certificate, found work; which are fuller than they may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, Q, QuerySet, Sum, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Substr

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.assistance.models import Course, ProgrammeRecord
from jiefa.assistance.queries import registers

TRAINING = "training"
NAMED_AT_MOST = 900
"""How many courses a list of those that are too full names."""


@dataclass(frozen=True, slots=True)
class Taking:
    """Those who take part in a course. ``noted``: of whom the days present are known, ``present`` the sum of these days."""

    people: int = 0
    finished: int = 0
    certified: int = 0
    working: int = 0
    noted: int = 0
    present: int = 0
    fen: int = 0

    def attendance(self, days: int) -> float | None:
        """Days present of all days of those of whom they are known."""
        return self.present / (self.noted * days) if self.noted and days else None


def _cases(within: Scope, years: Iterable[int]) -> QuerySet[Any]:
    """Cases of training with ``county`` and ``course``. The index needs years: a case may bear the year before or after."""
    rows = gate(ProgrammeRecord.objects.filter(programme=TRAINING, off_list=False), within)
    # Coalesced it is text: a key of JSON by itself compares as JSON, which SQLite and PostgreSQL write differently.
    named = Coalesce(KT("own__course"), Value("", TextField()))
    wanted = sorted({year + step for year in years for step in (-1, 0, 1)})
    return rows.filter(year__in=wanted).annotate(county=Substr("village_code", 1, 6), course=named)


def _years(courses: Iterable[Course]) -> set[int]:
    return {day.year for course in courses for day in (course.from_on, course.to_on)}


def participants(within: Scope, course: Course) -> QuerySet[ProgrammeRecord]:
    """The cases inside the scope that name the course, by key."""
    rows = _cases(within.narrowed(course.county_code), _years([course])).filter(course=course.number)
    return rows.select_related("household", "person").order_by("pk")


def _has(name: str) -> Count:
    return Count("pk", filter=Q(own__has_key=name))


def taking(within: Scope, courses: Sequence[Course]) -> dict[registers.Key, Taking]:
    """Who takes part in these courses, of the people inside the scope, by county and number. One query."""
    if not courses:
        return {}
    inside = Scope.over(area for course in courses for area in within.narrowed(course.county_code).areas)
    rows = _cases(inside, _years(courses)).filter(course__in={course.number for course in courses})
    counted = (
        rows.order_by()
        .values("county", "course")
        .annotate(
            all=Count("pk"),
            ended=_has("finished_on"),
            certified=Count("pk", filter=Q(traced_on__isnull=False)),
            at_work=_has("work_on"),
            noted=_has("present"),
            days_present=Sum(Cast(KT("own__present"), IntegerField())),
            fen=Sum("amount_fen"),
        )
    )
    names = ("all", "ended", "certified", "at_work", "noted", "days_present", "fen")
    return {(row["county"], row["course"]): Taking(*(int(row[name] or 0) for name in names)) for row in counted}


@dataclass(frozen=True, slots=True)
class Sums:
    """The courses of a year: how many, for how many people; and the cases of the year inside the scope."""

    courses: int
    places: int
    people: int
    certified: int
    working: int


def sums(within: Scope, year: int) -> Sums:
    """Two queries."""
    held = registers.courses(within, year).aggregate(n=Count("pk"), room=Sum("places"))
    rows = gate(ProgrammeRecord.objects.filter(programme=TRAINING, year=year, off_list=False), within)
    people = rows.aggregate(n=Count("pk"), certified=Count("traced_on"), at_work=_has("work_on"))
    return Sums(held["n"], held["room"] or 0, people["n"], people["certified"], people["at_work"])


def overfull(within: Scope, year: int) -> QuerySet[Course]:
    """Courses of the year in which more take part than may, of the counties that the scope touches; the first ``NAMED_AT_MOST``."""
    held = registers.courses(within, year)
    rows = _cases(registers.counties(within), [year]).order_by().values("county", "course").annotate(n=Count("pk"))
    people = {(row["county"], row["course"]): row["n"] for row in rows}
    courses = held.values_list("pk", "county_code", "number", "places")
    full = [pk for pk, county, number, places in courses if people.get((county, number), 0) > places]
    return Course.objects.filter(pk__in=full[:NAMED_AT_MOST]).order_by("pk")

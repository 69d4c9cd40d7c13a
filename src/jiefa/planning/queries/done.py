"""What was done of each metric in a year, counted by place and month from what is on file. Nothing is typed in.

A day after the end of the row's own year counts in its December, one before its beginning in its January: an exit of 2015 that was
decided in January 2016 belongs to the year 2015.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import ExtractMonth, ExtractYear, Length, Substr
from django.db.models.lookups import GreaterThan, LessThan

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.assistance.models import Loan, ProgrammeRecord
from jiefa.assistance.queries import villages
from jiefa.procedures.models import Dossier, Outcome
from jiefa.registry.models import Movement

MONTHS = 12
Found = dict[tuple[str, str, int], list[int]]
"""By place, metric and year the twelve months."""

PROCEDURES = {
    "villages": "village_exit",
    "townships": "township_delisting",
    "counties": "county_delisting",
    "county_leaves": "county_exit",
}
"""Metrics of places that leave, by the procedure that decides it. A county's exit is no part of any village."""
PROGRAMMES = {"guaranteed": "guarantee", "moved": "relocation", "trained": "training"}
"""Metrics of people in cases of a programme that came to their trace."""
LEFT = ("people", "households")
LENT = "lent"
ADVANCED = "whole_villages"
"""Villages of which the year's plan of works is carried out: every work of it accepted."""
COUNTED = frozenset((*LEFT, *PROCEDURES, *PROGRAMMES, LENT, ADVANCED))
"""Metrics that the software counts; of any other, as a province may add them, it says so."""


def by_month(within: Scope, years: Collection[int], digits: int, metrics: Collection[str]) -> Found:
    """Done in each month, by place of so many digits, metric and year; places where nothing was done are left out.

    One query for each of the five kinds of record that the metrics need, however many places and years.
    """
    found: Found = {}
    for wanted, count in _COUNTERS:
        asked = [metric for metric in metrics if metric in wanted]
        if asked:
            for place, metric, year, month, number in count(within, years, digits, asked):
                if metric in metrics:
                    found.setdefault((place, metric, year), [0] * MONTHS)[month - 1] += int(number)
    return found


Counted = Iterator[tuple[str, str, int, int, int]]
"""``(place, metric, year, month, number)``."""


def _month(column: str) -> Case:
    """The month of a day in the year that the row belongs to."""
    return Case(
        When(GreaterThan(ExtractYear(column), F("year")), then=Value(MONTHS)),
        When(LessThan(ExtractYear(column), F("year")), then=Value(1)),
        default=ExtractMonth(column),
        output_field=IntegerField(),
    )


def exits(within: Scope, years: Collection[int]) -> QuerySet[Movement]:
    """The households of a scope that left the register in these years."""
    return gate(Movement.objects.filter(year__in=sorted(years), kind="exited"), within)


def _left(within: Scope, years: Collection[int], digits: int, metrics: Collection[str]) -> Counted:
    rows: Any = exits(within, years).order_by()
    rows = rows.annotate(place=Substr("village_code", 1, digits), month=_month("on")).values("place", "year", "month")
    for row in rows.annotate(people_left=Sum("people"), homes=Count("pk")):
        yield row["place"], "people", row["year"], row["month"], -row["people_left"]
        yield row["place"], "households", row["year"], row["month"], row["homes"]


def places_left(within: Scope, years: Collection[int], metrics: Collection[str]) -> QuerySet[Dossier]:
    """The dossiers by which places of a scope left in these years, of the procedures that these metrics count."""
    procedures = sorted(PROCEDURES[metric] for metric in metrics)
    rows = Dossier.objects.filter(procedure__in=procedures, year__in=sorted(years), outcome=Outcome.APPROVED)
    return gate(rows, within, "place_code")


def places_done(within: Scope, year: int, metric: str) -> dict[str, dt.date | None]:
    """The places of a scope that are done with by a metric of places in the year, with the day. One query."""
    if metric == ADVANCED:
        return {village: on for village, _year, on in villages.advanced(within, [year])}
    return {one.place_code: one.closed_on for one in places_left(within, [year], [metric])}


def _places(within: Scope, years: Collection[int], digits: int, metrics: Collection[str]) -> Counted:
    of_procedure = {PROCEDURES[metric]: metric for metric in metrics}
    rows: Any = places_left(within, years, metrics).annotate(digits=Length("place_code")).filter(digits__gte=digits)
    rows = rows.order_by().annotate(place=Substr("place_code", 1, digits), month=_month("closed_on"))
    for row in rows.values("place", "year", "month", "procedure").annotate(number=Count("pk")):
        yield row["place"], of_procedure[row["procedure"]], row["year"], row["month"], row["number"]


def cases(within: Scope, years: Collection[int], metrics: Collection[str]) -> QuerySet[ProgrammeRecord]:
    """The cases of a scope that came to their trace, of the programmes that these metrics count."""
    programmes = sorted(PROGRAMMES[metric] for metric in metrics)
    rows = ProgrammeRecord.objects.filter(programme__in=programmes, year__in=sorted(years))
    return gate(rows.filter(off_list=False, traced_on__isnull=False), within)


def _programmes(within: Scope, years: Collection[int], digits: int, metrics: Collection[str]) -> Counted:
    of_programme = {PROGRAMMES[metric]: metric for metric in metrics}
    rows: Any = cases(within, years, metrics).order_by()
    rows = rows.annotate(place=Substr("village_code", 1, digits), month=_month("traced_on"))
    for row in rows.values("place", "year", "month", "programme").annotate(number=Sum("people")):
        yield row["place"], of_programme[row["programme"]], row["year"], row["month"], row["number"]


def loans(within: Scope, years: Collection[int]) -> QuerySet[Loan]:
    """The first loan of each household of a scope in each of these years, with its ``year``."""
    of_years = gate(Loan.objects.filter(from_on__year__in=sorted(years)), within)
    before = Q(from_on__lt=OuterRef("from_on")) | Q(from_on=OuterRef("from_on"), pk__lt=OuterRef("pk"))
    same = Loan.objects.filter(before, household=OuterRef("household"), from_on__year=ExtractYear(OuterRef("from_on")))
    return of_years.exclude(Exists(same)).annotate(year=ExtractYear("from_on"))


def _lent(within: Scope, years: Collection[int], digits: int, metrics: Collection[str]) -> Counted:
    rows: Any = loans(within, years).order_by()
    rows = rows.annotate(place=Substr("village_code", 1, digits), month=ExtractMonth("from_on"))
    for row in rows.values("place", "year", "month").annotate(number=Count("pk")):
        yield row["place"], LENT, row["year"], row["month"], row["number"]


def _advanced(within: Scope, years: Collection[int], digits: int, metrics: Collection[str]) -> Counted:
    for village, year, on in villages.advanced(within, years):
        month = MONTHS if on.year > year else 1 if on.year < year else on.month
        yield village[:digits], ADVANCED, year, month, 1


_COUNTERS: tuple[tuple[Collection[str], Callable[[Scope, Collection[int], int, Collection[str]], Counted]], ...] = (
    (LEFT, _left),
    (PROCEDURES, _places),
    (PROGRAMMES, _programmes),
    ((LENT,), _lent),
    ((ADVANCED,), _advanced),
)


def months(found: Found, place: str, metric: str, year: int) -> list[int]:
    """The twelve months of a place; noughts where nothing was done."""
    return found.get((place, metric, year), [0] * MONTHS)


def total(code: str, year: int, metrics: Collection[str]) -> dict[str, int]:
    """By metric what was done in a place in the whole year; metrics that are not counted are left out."""
    counted = sorted(COUNTED.intersection(metrics))
    found = by_month(Scope((code,)), [year], len(code), counted)
    return {metric: sum(months(found, code, metric, year)) for metric in counted}

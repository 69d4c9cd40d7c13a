"""Findings as lists and counts, inside a scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.insight.models import Finding, FindingState

UNSETTLED = (FindingState.OPEN, FindingState.ASKED)
COUNT_LIMIT = 1_000
"""As of the other lists: the province page of 0.5 M findings spent two fifths of its time on counting to 10,000 five times."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list of findings."""

    year: int
    rule: str = ""
    level: str = ""
    state: str = ""
    overdue_on: dt.date | None = None


def find(filters: Filters, within: Scope) -> QuerySet[Finding]:
    """The findings that the filters leave inside the scope, by key."""
    rows = gate(Finding.objects.filter(year=filters.year), within)
    rows = rows.filter(state=filters.state) if filters.state else rows.filter(state__in=UNSETTLED)
    if filters.rule:
        rows = rows.filter(rule=filters.rule)
    if filters.level:
        rows = rows.filter(level=filters.level)
    if filters.overdue_on:
        rows = rows.filter(deadline__lt=filters.overdue_on)
    return rows.order_by("pk")


def count(filters: Filters, within: Scope, limit: int = COUNT_LIMIT) -> int:
    """How many findings the filters leave, counted no further than ``limit``."""
    return find(filters, within).order_by()[:limit].count()


def waiting(year: int, on: dt.date, within: Scope, waiving: Scope) -> list[QuerySet[Finding]]:
    """What waits inside ``within`` on that day: all unsettled, overdue, errors, warnings; and waivers asked for inside ``waiving``."""
    return [
        find(Filters(year), within),
        find(Filters(year, overdue_on=on), within),
        find(Filters(year, level="error"), within),
        find(Filters(year, level="warn"), within),
        find(Filters(year, state=FindingState.ASKED), waiving),
    ]


def finding(finding_id: int, within: Scope) -> Finding | None:
    """The finding, if it lies inside the scope."""
    return gate(Finding.objects.filter(pk=finding_id), within).first()


def of_household(household_id: int, year: int | None = None) -> list[Finding]:
    """The unsettled findings of a household that passed the gate, errors first."""
    rows = Finding.objects.filter(household_id=household_id, state__in=UNSETTLED)
    if year is not None:
        rows = rows.filter(year=year)
    return list(rows.order_by("level", "rule", "pk"))


@dataclass(frozen=True, slots=True)
class RuleCount:
    """Open findings and their households of one rule."""

    rule: str
    level: str
    findings: int
    households: int


@dataclass(frozen=True, slots=True)
class Sums:
    """The unsettled findings of an area: by rule, errors and warnings by place, households with an error."""

    by_rule: list[RuleCount]
    by_place: dict[str, tuple[int, int]]
    touched: int


def sums(within: Scope, year: int, digits: int) -> Sums:
    """The findings of the year inside the scope, summed; places are the first ``digits`` of the village code."""
    rows = find(Filters(year), within).order_by()
    by_rule = (
        rows.values("rule", "level")
        .annotate(findings=Count("pk"), households=Count("household_id", distinct=True))
        .order_by("-findings", "rule")
    )
    by_place = (
        rows.annotate(place=Substr("village_code", 1, digits))
        .values("place")
        .annotate(errors=Count("pk", filter=Q(level="error")), warnings=Count("pk", filter=Q(level="warn")))
    )
    return Sums(
        by_rule=[RuleCount(**row) for row in by_rule],
        by_place={row["place"]: (row["errors"], row["warnings"]) for row in by_place},
        touched=rows.filter(level="error").aggregate(n=Count("household_id", distinct=True))["n"],
    )


def page(rows: QuerySet[Finding], after: int | None, size: int) -> tuple[list[Finding], bool]:
    """The page after a key, and whether there are more."""
    found = list((rows.filter(pk__gt=after) if after else rows).order_by("pk")[: size + 1])
    return found[:size], len(found) > size


def chunks(rows: QuerySet[Finding], size: int = 2_000) -> Iterator[list[Finding]]:
    """All rows by key, ``size`` at a time."""
    after: int | None = None
    while found := page(rows, after, size)[0]:
        yield found
        after = found[-1].pk


def levels_of_households(household_ids: list[int], year: int) -> dict[int, tuple[int, int]]:
    """Errors and warnings of each household of a page. One query."""
    rows = (
        Finding.objects.filter(household_id__in=household_ids, year=year, state__in=UNSETTLED)
        .values("household_id")
        .annotate(errors=Count("pk", filter=Q(level="error")), warnings=Count("pk", filter=Q(level="warn")))
    )
    return {int(row["household_id"] or 0): (row["errors"], row["warnings"]) for row in rows}

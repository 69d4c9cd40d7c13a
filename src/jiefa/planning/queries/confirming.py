"""Which places have confirmed which months, what they confirmed, and how many below them have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Length, Substr

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.areas.models import Division
from jiefa.planning.models import Confirmation, ShortfallReason


def _standing(year: int) -> QuerySet[Confirmation]:
    """The confirmations of a year that nobody took back: at most one for a place and month."""
    return Confirmation.objects.filter(year=year, unlock__isnull=True)


def standing(codes: Collection[str], year: int, month: int | None = None) -> dict[tuple[str, int], Confirmation]:
    """By place and month what these places confirmed, of one month or of all. One query."""
    rows = _standing(year).filter(area_code__in=sorted(codes))
    rows = rows if month is None else rows.filter(month=month)
    return {(one.area_code, one.month): one for one in rows.order_by("pk")}


def of_month(code: str, year: int, month: int) -> Confirmation | None:
    """What a place confirmed for one month, if it stands."""
    return standing([code], year, month).get((code, month))


def counted_below(code: str, year: int, month: int, digits: int, below: int) -> tuple[dict[str, int], dict[str, int]]:
    """Of the places of so many digits under ``code``: how many places of ``below`` digits each has, and how many of those have
    confirmed the month. Two queries, whatever the number of villages."""
    within = Scope((code,))
    every: Any = gate(Division.objects.filter(valid_to__isnull=True), within, "code").order_by()
    every = every.annotate(digits=Length("code"), place=Substr("code", 1, digits)).filter(digits=below)
    there = {row["place"]: row["number"] for row in every.values("place").annotate(number=Count("pk"))}
    rows: Any = gate(_standing(year).filter(month=month), within, "area_code").order_by()
    rows = rows.annotate(digits=Length("area_code"), place=Substr("area_code", 1, digits)).filter(digits=below)
    counted = rows.values("place").annotate(number=Count("area_code", distinct=True))
    return there, {row["place"]: row["number"] for row in counted}


def missing_below(code: str, year: int, month: int, digits: int) -> list[Division]:
    """The places right below that have not confirmed the month, by code."""
    confirmed = _standing(year).filter(month=month, area_code__startswith=code).values("area_code")
    rows = Division.objects.filter(parent_id=code, valid_to__isnull=True).exclude(code__in=confirmed)
    return list(rows.annotate(digits=Length("code")).filter(digits=digits).order_by("code"))


def changed(confirmed: Confirmation, now: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """By metric what was confirmed and what is counted now, where the two differ: rows that came or changed since."""
    return {
        metric: (int(said), now.get(metric, 0))
        for metric, said in confirmed.figures.items()
        if int(said) != now.get(metric, 0)
    }


def reasons(codes: Collection[str], year: int, month: int) -> dict[tuple[str, str], ShortfallReason]:
    """By place and metric why less was done than planned by the end of the month. One query."""
    rows = ShortfallReason.objects.filter(year=year, month=month, area_code__in=sorted(codes)).order_by("pk")
    return {(one.area_code, one.metric): one for one in rows}

"""Plans of villages that advance as a whole: each village of a year with its works summed, the works of one, what is on file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Substr

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.assistance.models import VillageWork
from jiefa.assistance.queries.programmes import AT_ONCE

WorkKey = tuple[str, int, str]
"""Village, year, work."""

SUMS: dict[str, Any] = {
    "works": Count("pk"),
    "accepted": Count("pk", filter=Q(accepted_on__isnull=False)),
    "planned": Sum("planned_fen"),
    "spent": Sum("spent_fen"),
    "progress": Avg("percent"),
}


_WAITING = Count("pk", filter=Q(accepted_on__isnull=True))


def _of_year(within: Scope, year: int) -> QuerySet[VillageWork]:
    return gate(VillageWork.objects.filter(year=year), within)


def plans(within: Scope, year: int, after: str = "", work: str = "") -> QuerySet[VillageWork, Any]:
    """The villages with a plan of the year, by code, each with ``works, accepted, planned, spent, progress``; those after a code.

    ``work``: only this one of the works, and the villages that have it.
    """
    rows = _of_year(within, year).filter(village_code__gt=after)
    rows = rows.filter(work=work) if work else rows
    return rows.values("village_code").annotate(**SUMS).order_by("village_code")


def works(within: Scope, year: int, village: str | None = None) -> QuerySet[VillageWork]:
    """The works of the year's plans, or of one village's, in order of villages."""
    rows = _of_year(within, year)
    return (rows.filter(village_code=village) if village else rows).order_by("village_code", "pk")


@dataclass(frozen=True, slots=True)
class Work:
    """One of the works in the plans of a year: in how many villages, in how many of these accepted, and its money."""

    villages: int = 0
    accepted: int = 0
    planned_fen: int = 0
    spent_fen: int = 0


def by_work(within: Scope, year: int) -> dict[str, Work]:
    """The works of the year's plans summed; a work that no plan names is left out. One query."""
    rows: Any = _of_year(within, year).order_by().values("work").annotate(**SUMS)
    return {row["work"]: Work(row["works"], row["accepted"], row["planned"], row["spent"]) for row in rows}


def served(within: Scope, year: int, digits: int) -> dict[str, tuple[int, int]]:
    """By place of so many digits: villages with a plan of the year, and of these those in which a work was accepted. One query."""
    rows: Any = (
        _of_year(within, year)
        .order_by()
        .annotate(place=Substr("village_code", 1, digits))
        .values("place")
        .annotate(
            villages=Count("village_code", distinct=True),
            served=Count("village_code", distinct=True, filter=Q(accepted_on__isnull=False)),
        )
    )
    return {row["place"]: (row["villages"], row["served"]) for row in rows}


@dataclass(frozen=True, slots=True)
class Sums:
    """The plans of a place in a year. ``accepted``: villages of which every work was accepted."""

    villages: int
    works: int
    accepted: int
    planned_fen: int
    spent_fen: int


def sums(within: Scope, year: int) -> Sums:
    """The plans of a year summed. Two queries."""
    rows = _of_year(within, year)
    found = rows.aggregate(
        n=Count("village_code", distinct=True), works=Count("pk"), planned=Sum("planned_fen"), spent=Sum("spent_fen")
    )
    whole = rows.values("village_code").annotate(waiting=_WAITING).filter(waiting=0).count()
    return Sums(found["n"], found["works"], whole, found["planned"] or 0, found["spent"] or 0)


def advanced(within: Scope, years: Collection[int]) -> Iterator[tuple[str, int, dt.date]]:
    """Each village and year of which every work of the plan was accepted, with the day of the last. One query."""
    rows: Any = gate(VillageWork.objects.filter(year__in=sorted(years)), within).order_by()
    whole = rows.values("village_code", "year").annotate(waiting=_WAITING, last=Max("accepted_on")).filter(waiting=0)
    for row in whole:
        yield row["village_code"], row["year"], row["last"]


def on_file(villages: Iterable[str], years: set[int], *, lock: bool = False) -> dict[WorkKey, VillageWork]:
    """The works of these villages and years; ``lock``: held until the transaction ends."""
    wanted = sorted(villages)
    found: dict[WorkKey, VillageWork] = {}
    every = VillageWork.objects.select_for_update() if lock else VillageWork.objects.all()
    for first in range(0, len(wanted), AT_ONCE):
        rows = every.filter(year__in=years, village_code__in=wanted[first : first + AT_ONCE])
        found |= {(one.village_code, one.year, one.work): one for one in rows}
    return found

"""Complaints counted from the records: for keepers within their area, for everybody with small numbers left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Length, Substr

from jiefa.access.queries import Actor
from jiefa.hotline.models import Complaint
from jiefa.hotline.queries import complaints
from jiefa.hotline.rules import publishing
from jiefa.kernel.division_codes import LEVEL_OF_LENGTH, Level

PREFECTURE = 4
BY = ("category", "level", "prefecture")
LEVELS = (Level.PROVINCE, Level.PREFECTURE, Level.COUNTY, Level.TOWNSHIP)
"""The levels that look into complaints."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Complaints received in a year: answered ones, of these in time, of these found true wholly or partly. None: not told."""

    name: str
    received: int | None
    finished: int | None
    in_time: int | None
    true: int | None


def years(rows: QuerySet[Complaint]) -> list[int]:
    """The years in which complaints were received, the newest first."""
    return [day.year for day in rows.order_by().dates("received_on", "year", order="DESC")]


NAMES: Mapping[str, Combinable] = {
    "category": F("category"),
    "prefecture": Substr("about_code", 1, PREFECTURE),
    # By the level that looks into it; before it is routed, by the level that keeps it.
    "level": Case(When(unit_code="", then=Length("kept_at")), default=Length("unit_code")),
}


def counted(rows: QuerySet[Complaint], by: str) -> list[Counted]:
    """``rows`` counted by ``category``, ``level`` or ``prefecture``, by its code. One query."""
    finished = Q(answered_on__isnull=False)
    found = (
        rows.annotate(name=NAMES[by])
        .order_by()
        .values("name")
        .annotate(
            received=Count("pk"),
            finished=Count("pk", filter=finished),
            in_time=Count("pk", filter=finished & Q(answered_on__lte=F("finish_by"))),
            true=Count("pk", filter=finished & Q(verdict__in=("true", "partly"))),
        )
        .order_by("name")
    )
    return [
        Counted(
            LEVEL_OF_LENGTH[row["name"]].value if by == "level" else row["name"],
            *(row["received"], row["finished"], row["in_time"], row["true"]),
        )
        for row in found
    ]


def of_keeper(by: Actor, year: int, how: str) -> list[Counted]:
    """What a keeper's area received in the year, whole: no other role has these counts."""
    return counted(complaints.kept(by).filter(received_on__year=year), how)


@dataclass(frozen=True, slots=True)
class Told:
    """What everybody may read: lines, and their sum."""

    rows: tuple[Counted, ...]
    total: Counted


def told(year: int, how: str, names: Sequence[str], least: int) -> Told:
    """The counts of the province by ``how``, one line for each of ``names``, none below ``least`` and none that follows from others.

    A part (answered, in time, true) is told only where both it and the rest of its whole reach ``least``.
    """
    known = {row.name: row for row in counted(Complaint.objects.filter(received_on__year=year), how)}
    lines = [known.get(name, Counted(name, 0, 0, 0, 0)) for name in names]
    whole = [row.received or 0 for row in lines]
    shown = {"received": publishing.told([(count,) for count in whole], least)}
    shown["finished"] = _part(lines, whole, "finished", shown["received"], least)
    finished = [row.finished or 0 for row in lines]
    for part in ("in_time", "true"):
        shown[part] = _part(lines, finished, part, shown["finished"], least)
    rows = tuple(
        _row(row.name, row, {part: may[0][place] for part, may in shown.items()}) for place, row in enumerate(lines)
    )
    total = Counted("", *(sum(getattr(row, part) for row in lines) for part in shown))
    return Told(rows, _row("", total, {part: may[1] for part, may in shown.items()}))


def _part(
    lines: Sequence[Counted], whole: Sequence[int], part: str, of: tuple[list[bool], bool], least: int
) -> tuple[list[bool], bool]:
    own = [getattr(row, part) or 0 for row in lines]
    may, sum_may = publishing.told(
        [(one, rest - one) for one, rest in zip(own, whole, strict=True)], least, [not told for told in of[0]]
    )
    return may, sum_may and of[1]


def _row(name: str, row: Counted, may: Mapping[str, bool]) -> Counted:
    return Counted(name, *(getattr(row, part) if allowed else None for part, allowed in may.items()))

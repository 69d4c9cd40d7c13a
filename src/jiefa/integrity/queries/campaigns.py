"""Campaigns of self-inspection and how far they are: offices asked and answered, what was found and put right, by place."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.areas import queries as areas
from jiefa.integrity.models import Answer, Campaign, Offices, Violation
from jiefa.kernel import division_codes
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level

LEVELS: Mapping[str, tuple[Level, ...]] = {
    Offices.COUNTY: (Level.COUNTY,),
    Offices.TOWNSHIP: (Level.TOWNSHIP,),
    Offices.BOTH: (Level.COUNTY, Level.TOWNSHIP),
}


def concerning(within: Scope) -> QuerySet[Campaign]:
    """The campaigns that ask offices inside the scope, or were made there; the newest first."""
    above = {up for area in within.areas for up in division_codes.ancestors(area)}
    rows = gate(Campaign.objects.all(), within, "area_code") | Campaign.objects.filter(area_code__in=above)
    return rows.order_by("-pk")


def campaign(pk: int, within: Scope) -> Campaign | None:
    """The campaign, if it concerns the scope."""
    return concerning(within).filter(pk=pk).first()


def asks(found: Campaign, code: str) -> bool:
    """Whether the campaign asks the office of this place."""
    levels = {LENGTH_OF_LEVEL[level] for level in LEVELS[found.offices]}
    return len(code) in levels and code.startswith(found.area_code)


def offices_under(found: Campaign, code: str) -> list[str]:
    """The codes of the offices asked inside a place, ascending."""
    return sorted(
        one
        for level in LEVELS[found.offices]
        if LENGTH_OF_LEVEL[level] >= len(code)
        for one in areas.codes_under(code, level)
        if one.startswith(found.area_code)
    )


def answers(found: Campaign, code: str, project: str = "") -> dict[str, Answer]:
    """What the office answered, by item."""
    rows = Answer.objects.filter(campaign=found, area_code=code, project=project)
    return {row.item: row for row in rows}


def projects(found: Campaign, code: str) -> list[str]:
    """The projects of which the office answered apart, by number."""
    rows = Answer.objects.filter(campaign=found, area_code=code).exclude(project="").order_by("project")
    return list(rows.values_list("project", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the offices of a place are. Offices have answered when every item of the checklist is answered for the office itself."""

    place: str
    asked: int
    answered: int
    begun: int
    violations: int
    amount_fen: int
    rectified_fen: int
    settled: int
    overdue: int


def progress(found: Campaign, places: Sequence[str], within: Scope, items: int, on: dt.date) -> list[Progress]:
    """The progress of each of these places (prefixes), in their order. Four queries however many places.

    ``items``: how many the checklist has. ``on``: the day by which something is overdue.
    """
    asked: dict[str, int] = defaultdict(int)
    root = _common(places) or found.area_code
    for office in offices_under(found, root):
        asked[_place(office, places)] += 1
    answered: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    own = gate(Answer.objects.filter(campaign=found, project=""), within, "area_code").order_by()
    for row in own.values("area_code").annotate(count=Count("pk")):
        answered[_place(row["area_code"], places)][0 if row["count"] >= items else 1] += 1
    sums = _violations(found, within, places, on)
    nothing = dict.fromkeys(("violations", "amount_fen", "rectified_fen", "settled", "overdue"), 0)
    return [
        Progress(place, asked[place], answered[place][0], answered[place][1], **sums.get(place, nothing))
        for place in places
    ]


def _violations(found: Campaign, within: Scope, places: Sequence[str], on: dt.date) -> dict[str, dict[str, int]]:
    rows = gate(Violation.objects.filter(campaign=found), within, "area_code").order_by()
    late = Q(settled_on__isnull=True, due_on__lt=on)
    by_office = rows.values("area_code").annotate(
        violations=Count("pk"),
        amount=Sum("amount_fen"),
        rectified=Sum("rectified_fen"),
        settled=Count("pk", filter=Q(settled_on__isnull=False)),
        overdue=Count("pk", filter=late),
    )
    sums: dict[str, dict[str, int]] = {}
    for row in by_office:
        place = _place(row["area_code"], places)
        into = sums.setdefault(
            place, dict.fromkeys(("violations", "amount_fen", "rectified_fen", "settled", "overdue"), 0)
        )
        for name in ("violations", "settled", "overdue"):
            into[name] += row[name]
        into["amount_fen"] += row["amount"]
        into["rectified_fen"] += row["rectified"]
    return sums


def _place(code: str, places: Sequence[str]) -> str:
    """The place of the list in which the code lies, the narrowest; '' for none."""
    return max((place for place in places if code.startswith(place)), key=len, default="")


def _common(places: Sequence[str]) -> str:
    """The narrowest division that holds all the places."""
    if not places:
        return ""
    first = min(places, key=len)
    for code in (first, *reversed(division_codes.ancestors(first))):
        if all(place.startswith(code) for place in places):
            return code
    return ""

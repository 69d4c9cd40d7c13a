"""Figures for an assessment sent in by one office and accepted by the one above. A figure on file is never changed: a newer one stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.assessment.models import REASON_LENGTH, SOURCE_LENGTH, CountyFigure
from jiefa.audit import actions as audit
from jiefa.audit.actions import Said
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.lists.kinds import Say
from jiefa.lists.models import ReceivedList
from jiefa.lists.placed import OfPlaces, Row, text
from jiefa.lists.rules import Kept, Remark
from jiefa.policy import Pack

FIGURES = "assessment_figures"
LISTS = (FIGURES,)
LEVELS = (Level.PROVINCE, Level.PREFECTURE, Level.COUNTY)
"""Of which places figures are sent in."""
BATCH = 500


class OfFigures(OfPlaces):
    """The newest figure of a place, year and name; one that says the same as the one before adds nothing."""

    logged_as = "paper"
    digits = frozenset(LENGTH_OF_LEVEL[level] for level in LEVELS)
    identity = ("year", "area_code", "figure")

    def uploads(self, by: Actor) -> Permission:
        return Permission.ASSESSMENT_ANSWER

    def accepts(self, by: Actor) -> Permission:
        return Permission.ASSESSMENT_MAKE

    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, by: Actor, pack: Pack) -> None:
        standing = self.on_file([row for _line, row in rows])
        for line, row in rows:
            before = standing.get(self.key(row))
            if before is not None and before["value"] != row["value"] and not text(row, "reason"):
                say(line, _REASON)
            if len(text(row, "source")) > SOURCE_LENGTH or len(text(row, "reason")) > REASON_LENGTH:
                say(line, _LONG)

    def on_file(self, rows: Sequence[Row]) -> Mapping[tuple[Any, ...], Row]:
        years, codes = {row["year"] for row in rows}, {row["area_code"] for row in rows}
        figures = CountyFigure.objects.filter(year__in=sorted(years), area_code__in=sorted(codes))
        last = figures.order_by().values("area_code", "year", "figure").annotate(last=Max("id")).values("last")
        return {
            (one.year, one.area_code, one.figure): {"value": one.value, "source": one.source}
            for one in CountyFigure.objects.filter(pk__in=last)
        }

    def take(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: Actor, pack: Pack) -> Kept:
        new, changed = self.fresh(rows)
        now = timezone.now()
        CountyFigure.objects.bulk_create(
            [
                CountyFigure(
                    area_code=row["area_code"],
                    year=row["year"],
                    figure=row["figure"],
                    value=row["value"],
                    source=text(row, "source"),
                    reason=text(row, "reason"),
                    list_number=of_list.pk,
                    by=of_list.staged_by,
                    at=now,
                )
                for row in (*new, *changed)
            ],
            batch_size=BATCH,
        )
        counts: dict[str, int] = defaultdict(int)
        for row in (*new, *changed):
            counts[row["area_code"]] += 1
        audit.record_many(
            [
                Said(place, by.name, f"{self.id}.listed", self.logged_as, of_list.pk, {"rows": count, "place": place})
                for place, count in sorted(counts.items())
            ]
        )
        return Kept(len(new), len(changed), 0)

    def plain(self, row: Row) -> dict[str, object]:
        return super().plain(row) | {"value": str(row["value"])}

    def row(self, plain: Mapping[str, Any]) -> Row:
        return {**super().row(plain), "value": Decimal(plain["value"])}


def kind(name: str, pack: Pack) -> OfPlaces:
    """The list of that name."""
    assert name == FIGURES, name
    return OfFigures(name, pack)


_REASON = Remark(
    "error",
    "assessment.reason",
    "reason",
    "与在册的数不同，须写明理由。请填“理由”一栏。",
    "It differs from the figure on file: say why in the column Reason.",
)
_LONG = Remark(
    "error",
    "assessment.long",
    "source",
    f"来源最多 {SOURCE_LENGTH} 字，理由最多 {REASON_LENGTH} 字。请写短一些。",
    f"A source has {SOURCE_LENGTH} characters at most, a reason {REASON_LENGTH}. Write less.",
)

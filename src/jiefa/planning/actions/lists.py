"""Lists of targets and of capacities: sent in by one office, accepted by the one above. A target on file is never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.audit import actions as audit
from jiefa.audit.actions import Said
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.lists.kinds import Say
from jiefa.lists.models import ReceivedList
from jiefa.lists.placed import OfPlaces, Row, text
from jiefa.lists.rules import Kept, Remark
from jiefa.planning.models import Capacity, Target
from jiefa.planning.queries import asked
from jiefa.policy import Pack

TARGETS, CAPACITIES = "planning_targets", "planning_capacities"
LISTS = (TARGETS, CAPACITIES)
COUNTY = LENGTH_OF_LEVEL[Level.COUNTY]


class _OfPlans(OfPlaces):
    """Who makes plans sends such a list in and accepts it."""

    logged_as = "paper"

    def uploads(self, by: Actor) -> Permission:
        return Permission.PLAN_MAKE

    def accepts(self, by: Actor) -> Permission:
        return Permission.PLAN_MAKE

    def _log(self, rows: Sequence[Row], of_list: ReceivedList, by: Actor) -> None:
        counts: dict[str, int] = defaultdict(int)
        for row in rows:
            counts[row["area_code"][:COUNTY]] += 1
        audit.record_many(
            [
                Said(place, by.name, f"{self.id}.listed", self.logged_as, of_list.pk, {"rows": count})
                for place, count in sorted(counts.items())
            ]
        )


class OfTargets(_OfPlans):
    """The newest word on a place, year and metric; one that says the same as the word before adds nothing."""

    digits = frozenset(LENGTH_OF_LEVEL.values())
    identity = ("year", "area_code", "metric")

    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, by: Actor, pack: Pack) -> None:
        standing = self.on_file([row for _line, row in rows])
        for line, row in rows:
            before = standing.get(self.key(row))
            if row["metric"] == asked.LEAVES and (len(row["area_code"]) != COUNTY or row["value"] > 1):
                say(line, _ONLY_COUNTIES)
            if before is not None and before["value"] != row["value"] and not text(row, "reason"):
                say(line, _REASON)

    def on_file(self, rows: Sequence[Row]) -> Mapping[tuple[Any, ...], Row]:
        years, codes = sorted({row["year"] for row in rows}), sorted({row["area_code"] for row in rows})
        found: dict[tuple[Any, ...], Row] = {}
        for metric in sorted({row["metric"] for row in rows}):
            for one in asked.newest(metric, years, codes, asked.STATES):
                found[one.year, one.area_code, one.metric] = {
                    "value": one.value,
                    "state": one.state,
                    "document": one.document,
                }
        return found

    def take(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: Actor, pack: Pack) -> Kept:
        new, changed = self.fresh(rows)
        now = timezone.now()
        Target.objects.bulk_create(
            [
                Target(
                    area_code=row["area_code"],
                    year=row["year"],
                    metric=row["metric"],
                    value=row["value"],
                    state=row["state"],
                    document=text(row, "document"),
                    reason=text(row, "reason"),
                    by=by.name,
                    at=now,
                )
                for row in (*new, *changed)
            ],
            batch_size=500,
        )
        self._log([*new, *changed], of_list, by)
        return Kept(len(new), len(changed), 0)


class OfCapacities(_OfPlans):
    """How much of a resource a county has in a year; a newer list replaces the number."""

    digits = frozenset((COUNTY,))
    identity = ("year", "area_code", "resource")

    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, by: Actor, pack: Pack) -> None:
        """Nothing beside what holds of every row."""

    def on_file(self, rows: Sequence[Row]) -> Mapping[tuple[Any, ...], Row]:
        years, codes = {row["year"] for row in rows}, {row["area_code"] for row in rows}
        found = Capacity.objects.filter(year__in=years, area_code__in=codes)
        return {
            (one.year, one.area_code, one.resource): {"amount": one.amount, "document": one.document} for one in found
        }

    def take(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: Actor, pack: Pack) -> Kept:
        new, changed = self.fresh(rows)
        now = timezone.now()
        Capacity.objects.bulk_create(
            [
                Capacity(
                    area_code=row["area_code"],
                    year=row["year"],
                    resource=row["resource"],
                    amount=row["amount"],
                    document=text(row, "document"),
                    by=by.name,
                    at=now,
                )
                for row in (*new, *changed)
            ],
            update_conflicts=True,
            unique_fields=["area_code", "year", "resource"],
            update_fields=["amount", "document", "by", "at"],
            batch_size=500,
        )
        self._log([*new, *changed], of_list, by)
        return Kept(len(new), len(changed), 0)


_KINDS = {TARGETS: OfTargets, CAPACITIES: OfCapacities}


def kind(name: str, pack: Pack) -> OfPlaces:
    """The list of that name."""
    return _KINDS[name](name, pack)


_ONLY_COUNTIES = Remark(
    "error",
    "planning.only_counties",
    "value",
    "“县退出”只能写在县上，目标数只能是 1（不退出写 0）。请改正。",
    "That a county leaves can be said of a county alone, as 1 (0: it does not). Correct it.",
)
_REASON = Remark(
    "error",
    "planning.reason",
    "reason",
    "与在册的目标不同，须写明理由。请填“理由”一栏。",
    "It differs from the target on file: say why in the column Reason.",
)

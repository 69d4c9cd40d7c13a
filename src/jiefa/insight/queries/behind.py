"""The households behind a figure: the very rows of the very snapshot that the figure was summed from.

Of people, the households of the people; of movements, those that moved; of a balance that does not close, those whose
own entries and exits do not explain their change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
from django.conf import settings

from jiefa import snapshots
from jiefa.access.rules import Scope
from jiefa.insight.queries import figures
from jiefa.insight.rules.codes import IN_POVERTY
from jiefa.insight.rules.measures import condition_of
from jiefa.policy import Pack
from jiefa.policy.indicators import OF_PLACES, IndicatorDefinition, Measure
from jiefa.snapshots import Snapshot, SnapshotUnknown

CHUNK = 20_000


@dataclass(frozen=True)
class Behind:
    """Keys of households as a relation of one column, ``household_id``, each once."""

    keys: Any

    def count(self) -> int:
        """How many households there are."""
        return int(self.keys.count().to_pyarrow().as_py())

    def page(self, after: int | None, count: int) -> list[int]:
        """At most ``count`` keys, ascending after a key."""
        rows = self.keys if after is None else self.keys.filter(self.keys.household_id > after)
        found = rows.order_by("household_id").limit(count).to_pyarrow()
        return [int(key) for key in found["household_id"].to_pylist()]

    def chunks(self) -> Iterator[list[int]]:
        """All keys, ascending, ``CHUNK`` at a time."""
        after: int | None = None
        while keys := self.page(after, CHUNK):
            yield keys
            after = keys[-1]


def households_behind(snapshot: Snapshot, found: IndicatorDefinition, pack: Pack, within: Scope) -> Behind | None:
    """The households counted in an indicator inside the scope; None for what no household stands behind."""
    if found.kind in ("fgt", "gini"):
        rows = _depth(snapshot, found.kind, pack, within)
    elif found.kind == "balance":
        rows = _unbalanced(snapshot, found, pack, within)
    else:
        rows = None if found.numerator is None else _rows(snapshot, found.numerator, within)
    return None if rows is None else Behind(rows.select("household_id").distinct())


def _inside(rows: Any, within: Scope) -> Any:
    return rows.filter(within.condition(rows.village_code))


def _rows(snapshot: Snapshot, measure: Measure, within: Scope) -> Any:
    """The rows that a measure counts or to whose sum they add; None for places, and for a table that the snapshot lacks."""
    if measure.of in OF_PLACES:
        return None
    if measure.of == "opening":
        return _opening(snapshot, within)
    if measure.of == "money" and all(one.column != "household_id" for one in measure.where):
        return None
    if not figures.holds(snapshot, measure.of):
        return None
    rows = _inside(figures.added(snapshot, measure.of), within)
    condition = condition_of(rows, measure, snapshot.year)
    rows = rows if condition is None else rows.filter(condition)
    return rows if measure.column is None else rows.filter(rows[measure.column] != 0)


def _opening(snapshot: Snapshot, within: Scope) -> Any:
    try:
        before = snapshots.latest(Path(settings.JIEFA_HOME), snapshot.year - 1)
    except SnapshotUnknown:
        return None
    rows = _inside(snapshot.table_of(before, "households"), within)
    return rows.filter(rows.poverty_status.isin(IN_POVERTY))


def _depth(snapshot: Snapshot, kind: str, pack: Pack, within: Scope) -> Any:
    rows = _inside(snapshot.table("households"), within)
    rows = rows.filter(rows.net_income_fen.notnull() & (rows["size"] > 0))
    if kind == "gini":
        return rows
    line = pack.for_year(snapshot.year).fen("poverty_line.province")
    return rows.filter(rows.net_income_fen < rows["size"].cast("int64") * line)


def _unbalanced(snapshot: Snapshot, found: IndicatorDefinition, pack: Pack, within: Scope) -> Any:
    known = {definition.id: definition.numerator for definition in pack.indicators()}
    parts: list[ir.Table] = []
    for names, sign in ((found.plus, 1), (found.minus, -1)):
        for name in names:
            measure = known[name]
            rows = _rows(snapshot, measure, within) if measure else None
            if measure is None or rows is None:
                return None
            parts.append(_amounts(rows, measure, -sign if measure.negative else sign))
    every = reduce(lambda one, other: ibis.union(one, other), parts)
    sums = every.group_by("household_id").aggregate(amount=every.amount.sum())
    return sums.filter(sums.amount != 0)


def _amounts(rows: Any, measure: Measure, sign: int) -> Any:
    column = "size" if measure.of == "opening" else measure.column
    amount = ibis.literal(1, "int64") if column is None else rows[column].cast("int64")
    return rows.select("household_id", amount=(amount * sign).cast("int64"))

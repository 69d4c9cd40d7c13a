"""Triggers from the cards of a snapshot, as columns: for leads, and as the plain order that a score has to beat."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
from django.conf import settings

from jiefa import snapshots
from jiefa.exits.queries.household import MEDICAL
from jiefa.kernel.errors import JiefaError
from jiefa.monitoring.rules import triggers
from jiefa.monitoring.rules.triggers import Cards, Limits
from jiefa.policy import Pack
from jiefa.snapshots import Snapshot, SnapshotUnknown
from jiefa.stores.analysis import engine_name

FOUND = pa.schema(
    [("village_code", pa.string()), ("household_id", pa.int64()), ("trigger", pa.string()), ("found", pa.int64())]
)


class NoSnapshot(JiefaError):
    code = "monitoring.no_snapshot"
    zh = "没有 {year} 年的快照。请先运行 jiefa snapshot --year {year}。"
    en = "There is no snapshot of {year}. Make one first with jiefa snapshot --year {year}."


def limits(year: int, pack: Pack) -> Limits:
    """What the policy of a year asks the cards. Raises ``NotInForce`` where the monitoring line of the year is not known."""
    policy = pack.for_year(year)
    line = policy.fen("monitoring.line")
    youngest, oldest = int(policy.number("quality.ed01.age_from")), int(policy.number("quality.ed01.age_to"))
    return Limits(
        triggers=policy.texts("monitoring.card_triggers"),
        line_fen=line,
        born=(dt.date(year - oldest - 1, 12, 31), dt.date(year - youngest, 12, 31)),
        excused=MEDICAL,
        work_months_before=int(policy.number("monitoring.work_months_before")),
    )


def newest(year: int) -> Snapshot | None:
    """The newest snapshot of a year, if there is one."""
    try:
        return snapshots.latest(Path(settings.JIEFA_HOME), year)
    except SnapshotUnknown:
        return None


def cards_of(snapshot: Snapshot, on_engine_of: Snapshot | None = None, before: Snapshot | None = None) -> Cards:
    """The cards of a snapshot as tables, with the members of the year before where that is known."""
    engine = on_engine_of or snapshot
    return Cards(
        engine.table_of(snapshot, "households"),
        engine.table_of(snapshot, "persons"),
        engine.table_of(before, "persons") if before is not None else None,
    )


def rows(snapshot: Snapshot, table: ir.Table) -> pa.Table:
    """The rows of an expression over tables on the snapshot's engine."""
    if engine_name() != "duckdb":
        return table.to_pyarrow()
    backend: Any = snapshot.backend
    # What Ibis itself does, less its import of pandas.
    return backend.con.sql(backend.compile(table)).to_arrow_table().cast(table.schema().to_pyarrow())


def found(snapshot: Snapshot, pack: Pack) -> pa.Table:
    """Every trigger of a household outside poverty by its card (``FOUND``), by household and trigger. Raises ``NotInForce``."""
    of = triggers.on_cards(cards_of(snapshot, before=newest(snapshot.year - 1)), limits(snapshot.year, pack))
    return rows(snapshot, of).cast(FOUND).sort_by([("household_id", "ascending"), ("trigger", "ascending")])

"""Snapshots by the product's path, and the queries of which they are made."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from benchmarks.work.province import BY
from jiefa import policy
from jiefa.assistance.queries import readout as help_readout
from jiefa.casework.actions import beside
from jiefa.funds.queries import readout as money_readout
from jiefa.insight.actions.freeze import make_snapshot
from jiefa.monitoring.queries import readout as kept_readout
from jiefa.registry import cards
from jiefa.registry.queries import readout
from jiefa.truth.queries import readout as truth_readout

TABLES = {
    "households": (cards.HOUSEHOLD_CARD, readout._households_sql),
    "persons": (cards.PERSON_CARD, readout._persons_sql),
    "movements": (cards.MOVEMENT, readout._movements_sql),
    "villages": (cards.VILLAGE_FACTS, readout._village_facts_sql),
}
PROVINCE = "52"


def freeze(years: Sequence[int]) -> dict[str, Any]:
    """A snapshot of each year, nothing else on the shelf; seconds of each."""
    for folder in ("snapshots", "derived"):
        shutil.rmtree(Path(settings.JIEFA_HOME) / folder, ignore_errors=True)
    pack = policy.load()
    made: dict[str, Any] = {}
    for year in years:
        started = time.perf_counter()
        snapshot = make_snapshot(year=year, now=False, pack=pack, by=BY, beside=beside(pack))
        seconds = time.perf_counter() - started
        made[str(year)] = {
            "id": snapshot.id,
            "seconds": seconds,
            "rows": sum(table.rows for table in snapshot.manifest.tables),
            "bytes": sum(file.bytes for table in snapshot.manifest.tables for file in table.files),
        }
    return made


def again(year: int) -> dict[str, Any]:
    """One more snapshot of the year, removed at once."""
    pack = policy.load()
    started = time.perf_counter()
    snapshot = make_snapshot(year=year, now=False, pack=pack, by=BY, beside=beside(pack))
    seconds = time.perf_counter() - started
    rows = {table.name: table.rows for table in snapshot.manifest.tables}
    shutil.rmtree(snapshot.folder)
    return {"seconds": seconds, "rows": rows}


def queries(year: int) -> dict[str, Any]:
    """The same columns of the same rows as one query a table, in no order."""
    found = {}
    for name, (_schema, sql) in TABLES.items():
        found[name] = sql(year, "1 = 1").rsplit(" ORDER BY ", 1)[0]
    on, whole, pack = dt.date(year, 12, 31), {PROVINCE: 1}, policy.load()
    for source in (
        *help_readout.sources(year, on, whole, pack=pack),
        *kept_readout.sources(year, on, whole, pack=pack),
        *truth_readout.sources(year, on, whole),
    ):
        found[source.name] = source.queries[PROVINCE].rsplit("ORDER BY ", 1)[0]
    found["transfers"] = money_readout._sql(year, on, "1 = 1")
    return found

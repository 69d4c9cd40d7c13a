"""Rules and figures on one engine, kept under a name of their own; two engines' files compared to the last digit."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings

from jiefa import policy, snapshots
from jiefa.insight.actions import figures as product
from jiefa.insight.queries.figures import figures_file, violations_file


def compute(year: int, keep: str) -> dict[str, Any]:
    """Seconds of the rules and of the figures on this process's engine; the files are put into ``keep``."""
    snapshot, pack = snapshots.latest(Path(settings.JIEFA_HOME), year), policy.load()
    Path(keep).mkdir(parents=True, exist_ok=True)
    answer: dict[str, Any] = {"engine": snapshots.engine_name()}
    for name, place, make in (
        ("rules", violations_file(snapshot, pack), product.violations),
        ("figures", figures_file(snapshot, pack), product.figures),
    ):
        place.unlink(missing_ok=True)
        started = time.perf_counter()
        file = make(snapshot, pack)
        answer[name] = time.perf_counter() - started
        shutil.copy(file, Path(keep) / f"{name}-{answer['engine']}.parquet")
    return answer


def compare(keep: str) -> dict[str, Any]:
    """Rows that only one engine has, of either file; and how many rows there are."""
    answer: dict[str, Any] = {}
    for name in ("rules", "figures"):
        one, other = (f"SELECT * FROM read_parquet('{keep}/{name}-{engine}.parquet')" for engine in ("duckdb", "spark"))
        unlike = f"SELECT count(*) FROM (({one} EXCEPT ALL {other}) UNION ALL ({other} EXCEPT ALL {one}))"
        answer[name] = {
            "rows": duckdb.execute(f"SELECT count(*) FROM ({one})").fetchall()[0][0],
            "unlike": duckdb.execute(unlike).fetchall()[0][0],
        }
    return answer

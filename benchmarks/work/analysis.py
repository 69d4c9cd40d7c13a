"""A full scan, all rules, all figures, a few rules in pandas: each alone in its process."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
from django.conf import settings

from jiefa import policy, snapshots
from jiefa.insight.actions import figures as product
from jiefa.insight.queries import judging
from jiefa.insight.queries.figures import figures_file, violations_file
from jiefa.snapshots import Snapshot


def _newest(year: int) -> Snapshot:
    return snapshots.latest(Path(settings.JIEFA_HOME), year)


def scan(year: int) -> dict[str, Any]:
    """Seconds of counting the filled cells of every column of every table: each value is read and decoded, none is worked on.

    The second of two passes counts, so that files are in the system's cache as they are for whoever comes after.
    """
    snapshot = _newest(year)
    statements = []
    with duckdb.connect() as db:
        snapshot.views(db)
        for table in snapshot.manifest.tables:
            names = [row[0] for row in db.execute(f"DESCRIBE {table.name}").fetchall()]
            statements.append(
                f"SELECT {', '.join(f'count({chr(34)}{name}{chr(34)})' for name in names)} FROM {table.name}"
            )
        took = [_timed(db, statements) for _ in range(2)]
        hashed = _timed(db, [statement.replace("count(", "max(hash(").replace(")", "))") for statement in statements])
        columns = sum(statement.count("count(") for statement in statements)
        rows = sum(table.rows for table in snapshot.manifest.tables)
    return {
        "seconds": took[1],
        "first": took[0],
        "hashed": hashed,
        "columns": columns,
        "rows": rows,
    }


def _timed(db: duckdb.DuckDBPyConnection, statements: list[str]) -> float:
    started = time.perf_counter()
    for statement in statements:
        db.execute(statement).fetchall()
    return time.perf_counter() - started


def rules(year: int) -> dict[str, Any]:
    """Seconds from a snapshot to the file of all violations: the rules compiled, run, every violation written."""
    snapshot, pack = _newest(year), policy.load()
    violations_file(snapshot, pack).unlink(missing_ok=True)
    started = time.perf_counter()
    file = product.violations(snapshot, pack)
    seconds = time.perf_counter() - started
    return {
        "seconds": seconds,
        "violations": pq.read_metadata(file).num_rows,
        "rules": len(judging.rules_in_force(pack, year)),
        "by_rule": {
            row["values"]: row["counts"]
            for row in pq.read_table(file, columns=["rule"])["rule"].value_counts().to_pylist()
        },
    }


def indicators(year: int) -> dict[str, Any]:
    """Seconds from a snapshot to the file of all figures of all divisions."""
    snapshot, pack = _newest(year), policy.load()
    figures_file(snapshot, pack).unlink(missing_ok=True)
    started = time.perf_counter()
    file = product.figures(snapshot, pack)
    seconds = time.perf_counter() - started
    divisions = duckdb.execute(
        f"SELECT count(DISTINCT division), count(DISTINCT indicator) FROM read_parquet('{file}')"
    ).fetchall()[0]
    return {
        "seconds": seconds,
        "figures": pq.read_metadata(file).num_rows,
        "divisions": divisions[0],
        "indicators": divisions[1],
    }

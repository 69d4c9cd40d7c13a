"""What is computed from a snapshot and kept beside it: the violations of every rule, the figures of every division.

A derived file is named by what it was computed with (policy version), so it is never out of date and never overwritten.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from jiefa import snapshots
from jiefa.audit import queries as audit_queries
from jiefa.insight import rules
from jiefa.insight.actions import findings
from jiefa.insight.actions.freeze import Beside, make_snapshot
from jiefa.insight.queries import compiled, judging
from jiefa.insight.queries.figures import figures_file, opening_of, register_of, violations_file
from jiefa.policy import Pack
from jiefa.registry.queries import readout
from jiefa.snapshots import Snapshot, SnapshotUnknown
from jiefa.stores.analysis import duckdb_space, engine_name

Progress = Callable[[int, int], None]


def freeze(
    *, year: int, now: bool, pack: Pack, by: str, beside: Beside, on_progress: Progress | None = None
) -> Snapshot:
    """A new snapshot of ``year`` with its violations and figures computed; the findings of the latest year follow it.

    ``beside``: what stands in it beside the cards. Raises ``NoCards``.
    """
    snapshot = make_snapshot(year=year, now=now, pack=pack, by=by, beside=beside, on_progress=on_progress)
    found = violations(snapshot, pack)
    figures(snapshot, pack)
    if year == readout.years()[-1]:
        # An older year's cards are history: who mends them mends the latest.
        findings.follow(year=year, violations=found, snapshot=snapshot.id, pack=pack)
    return snapshot


def current(*, year: int, pack: Pack, by: str, beside: Beside) -> Snapshot:
    """The newest snapshot of ``year``; one of this moment where there is none or the records went on since. Raises ``NoCards``."""
    try:
        newest = snapshots.latest(Path(settings.JIEFA_HOME), year)
    except SnapshotUnknown:
        return freeze(year=year, now=True, pack=pack, by=by, beside=beside)
    if audit_queries.records_changed_since(newest.manifest.mark):
        return freeze(year=year, now=True, pack=pack, by=by, beside=beside)
    return newest


def violations(snapshot: Snapshot, pack: Pack) -> Path:
    """The file of all violations (``rule, household_id, person_id, village_code, detail, level``), computed once."""
    target = violations_file(snapshot, pack)
    if target.exists():
        return target
    year = snapshot.year
    limits, wanted = judging.limits_of(pack, year), judging.rules_in_force(pack, year)
    if engine_name() == "duckdb":
        sql = judging.leveled(compiled.rules_sql(year, limits, wanted))
        with duckdb_space() as db:
            snapshot.views(db)
            db.register("levels", judging.level_table(pack))
            _write(target, lambda path: db.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"))
        return target
    found = rules.violations(register_of(snapshot), limits, wanted).to_pyarrow()
    with duckdb_space() as db:
        db.register("found", found)
        db.register("levels", judging.level_table(pack))
        leveled = db.sql(judging.leveled("SELECT * FROM found")).to_arrow_table()
    _write(target, lambda path: pq.write_table(leveled, path, compression="zstd"))
    return target


def figures(snapshot: Snapshot, pack: Pack) -> Path:
    """The file of all indicators of all divisions (``rules.figures.FIGURE``), by division, computed once."""
    target = figures_file(snapshot, pack)
    if target.exists():
        return target
    register = register_of(snapshot)
    definitions = rules.computable(register, pack.indicators())
    line = pack.for_year(snapshot.year).fen("poverty_line.province")
    opening = opening_of(snapshot)
    sums = _rows(snapshot, rules.village_sums(register, definitions, line, opening))
    gini = rules.gini_sums(_rows(snapshot, rules.incomes(register.households)))
    table = rules.figures(sums, gini, definitions, line, opening_known=opening is not None)
    _write(target, lambda path: _write_figures(table, path))
    return target


def _write_figures(table: pa.Table, path: Path) -> None:
    """In row groups, as pages seek divisions. Numbers are mostly different: to look for those that repeat took a third of the time."""
    names = ["division", "indicator"]
    pq.write_table(
        table, path, compression="zstd", row_group_size=8_192, use_dictionary=names, write_statistics=["division"]
    )


def _rows(snapshot: Snapshot, table: ir.Table) -> pa.Table:
    """The rows of an expression over the snapshot's tables."""
    if engine_name() != "duckdb":
        return table.to_pyarrow()
    # What Ibis itself does, less its import of pandas (0.7 s), which nothing here needs.
    return snapshot.backend.con.sql(snapshot.backend.compile(table)).to_arrow_table().cast(table.schema().to_pyarrow())


def _write(target: Path, write: Callable[[Path], object]) -> None:
    """``target`` written aside and renamed: whole or not there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".writing-", suffix=".parquet", dir=target.parent)
    os.close(descriptor)
    scratch = Path(name)
    try:
        write(scratch)
        scratch.replace(target)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise

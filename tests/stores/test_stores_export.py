"""Reading out: the files are the rows, of one moment, and a break leaves a clear error instead of half a file set."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection, connections, transaction
from tests.stores import probe
from tests.stores.probe import SCHEMA

from jiefa.stores import bulk
from jiefa.stores.export import ExportFailed, Job, export

ALL = f"SELECT {', '.join(SCHEMA.names)} FROM probe"


@pytest.fixture
def _probe(transactional_db: None) -> None:
    probe.create()


def _rows(count: int, empty_until: int = 0) -> pa.Table:
    def value(one: int, made: object) -> object:
        return None if one < empty_until else made

    return pa.table(
        {
            "id": range(1, count + 1),
            "word": [value(one, f"苗\n岭\"{one}',") for one in range(count)],
            "number": [value(one, one * 2**40) for one in range(count)],
            "small": [value(one, one % 7) for one in range(count)],
            "flag": [value(one, one % 3 == 0) for one in range(count)],
            "day": [value(one, dt.date(1900, 1, 1) + dt.timedelta(one)) for one in range(count)],
            "amount": [value(one, Decimal(one) / 4) for one in range(count)],
            "sealed": [value(one, bytes([one % 256, 0, 255])) for one in range(count)],
            "version": [value(one, 1) for one in range(count)],
        },
        schema=SCHEMA,
    )


def _insert(rows: pa.Table) -> None:
    with transaction.atomic():
        bulk.insert("probe", rows)


def _job(path: Path, where: str = "id > 0", weight: int = 1) -> Job:
    return Job(f"{ALL} WHERE {where} ORDER BY id", SCHEMA, path, weight)


@pytest.mark.usefixtures("_probe")
@pytest.mark.parametrize("empty_until", [0, 1_500])
def test_files_are_the_rows_even_after_a_long_run_of_nulls(tmp_path: Path, empty_until: int) -> None:
    rows = _rows(3_000, empty_until)
    _insert(rows)
    done: list[tuple[int, int]] = []

    written = export(
        [_job(tmp_path / "low.parquet", "id <= 1000"), _job(tmp_path / "a" / "high.parquet", "id > 1000", 2)],
        lambda number, total: done.append((number, total)),
    )

    low, high = (pq.read_table(tmp_path / name) for name in ("low.parquet", "a/high.parquet"))
    assert low.schema == high.schema == SCHEMA
    assert pa.concat_tables([low, high]).to_pylist() == rows.to_pylist()
    assert {(file.path.name, file.rows) for file in written} == {("low.parquet", 1000), ("high.parquet", 2000)}
    assert done == [(1, 2), (2, 2)]
    for file in written:
        content = file.path.read_bytes()
        assert (file.bytes, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.usefixtures("_probe")
def test_no_rows_are_a_file_of_the_schema(tmp_path: Path) -> None:
    (written,) = export([_job(tmp_path / "none.parquet")])

    assert written.rows == 0
    assert pq.read_table(written.path) == SCHEMA.empty_table()


@pytest.mark.usefixtures("_probe")
def test_many_small_jobs_lose_no_file(tmp_path: Path) -> None:
    _insert(_rows(40))

    for attempt in range(3):
        jobs = [_job(tmp_path / str(attempt) / f"{one}.parquet", f"id = {one}") for one in range(1, 41)]
        written = export(jobs)
        assert sum(file.rows for file in written) == 40


@pytest.fixture
def _writer() -> Iterator[None]:
    """Somebody who all the while adds two rows in one transaction: the count stays even at any moment."""
    stop = threading.Event()

    def write() -> None:
        try:
            first = 1
            while not stop.is_set():
                with transaction.atomic():
                    bulk.insert("probe", pa.table({"id": [first], "number": [first]}))
                    bulk.insert("probe", pa.table({"id": [first + 1], "number": [-first]}))
                first += 2
                time.sleep(0.001)
        finally:
            connections.close_all()

    thread = threading.Thread(target=write)
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.mark.usefixtures("_probe", "_writer")
def test_all_files_show_one_moment_while_somebody_writes(tmp_path: Path) -> None:
    odd, even = "id % 2 = 1", "id % 2 = 0"

    for attempt in range(4):
        # Quick small jobs on one process, a late one on the other: the moments would differ if they could.
        jobs = [
            _job(tmp_path / f"{attempt}-{n}", where, 10 * n)
            for n, where in enumerate([odd, even, odd, even, odd, even])
        ]
        rows = {file.path.name: file.rows for file in export(jobs)}
        assert len(set(rows.values())) == 1, rows


@pytest.mark.sqlite
@pytest.mark.usefixtures("_probe")
def test_rows_written_before_and_after_are_there_for_a_stranger(tmp_path: Path) -> None:
    """Trap 1 of two copies of SQLite in one process: the -wal file must survive an export."""
    _insert(_rows(500))
    export([_job(tmp_path / "one"), _job(tmp_path / "two")])
    with transaction.atomic():
        bulk.insert("probe", pa.table({"id": [501]}))

    with sqlite3.connect(connection.settings_dict["NAME"]) as stranger:
        found = stranger.execute("SELECT count(*), max(id) FROM probe").fetchone()
    stranger.close()

    assert found == (501, 501)


@pytest.mark.usefixtures("_probe")
def test_wrong_query_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ExportFailed, match="no_such_column"):
        export([Job("SELECT no_such_column FROM probe", SCHEMA, tmp_path / "x", 1), _job(tmp_path / "y")])


def _workers() -> list[int]:
    """The export workers of this process, from /proc."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat, command = (folder / "stat").read_text(), (folder / "cmdline").read_text()
        except OSError:
            continue
        if int(stat.rpartition(")")[2].split()[1]) == os.getpid() and "export_worker" in command:
            found.append(int(folder.name))
    return found


@pytest.mark.usefixtures("_probe")
@pytest.mark.parametrize("wait", [0.0, 0.5])
def test_killed_worker_is_a_clear_error_and_leaves_no_process(tmp_path: Path, wait: float) -> None:
    # Twenty files of 60,000 rows each: far more than can be written before the kill.
    _insert(_rows(1_500))
    long = "SELECT a.* FROM probe a CROSS JOIN (SELECT id FROM probe WHERE id <= 40) b ORDER BY a.id, b.id"
    jobs = [Job(long, SCHEMA, tmp_path / str(one), 1) for one in range(20)]

    def kill() -> None:
        while not (running := _workers()):
            time.sleep(0.01)
        time.sleep(wait)
        for worker in running[:1]:
            os.kill(worker, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(ExportFailed) as caught:
        export(jobs)
    killer.join()

    assert "没有留下不完整的快照" in caught.value.message("zh")
    assert _workers() == []


@pytest.mark.usefixtures("_probe")
def test_nobody_waits_for_a_progress_bar_that_breaks(tmp_path: Path) -> None:
    def break_off(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export([_job(tmp_path / str(one)) for one in range(30)], break_off)

    assert _workers() == []


def test_export_inside_a_transaction_is_a_bug(db: None, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="committed rows"):
        export([Job("SELECT 1", pa.schema([("one", pa.int64())]), tmp_path / "x", 1)])

"""Query results out of the records into Parquet files, all of one moment, on two processes.

The processes are separate programs: a second copy of SQLite inside this one would lose data (measured.md trap 1). They share
one moment: PostgreSQL by an exported snapshot; SQLite because nobody may write until each has begun to read.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import pyarrow as pa
from django.db import connection, connections, transaction

from jiefa.kernel.errors import JiefaError
from jiefa.stores.engine import adbc_uri, is_postgres

PROCESSES = 2
"""One stream 34 s, two processes 21 s for 9.45 M rows from SQLite on 2 cores; more do not help there."""


class ExportFailed(JiefaError):
    code = "stores.export_failed"
    zh = "读出数据时中断：{reason}。没有留下不完整的快照，请重试；反复出现请联系系统管理员。"
    en = "Reading the records out broke off: {reason}. No half snapshot was left; try again, and ask the administrator if it recurs."


@dataclass(frozen=True, slots=True)
class Job:
    """One query (no parameters; identifiers and literals are the caller's own) whose rows become one file of ``schema``."""

    sql: str
    schema: pa.Schema
    path: Path
    weight: int


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written: where, how many rows and bytes, and the digest of its content."""

    path: Path
    rows: int
    bytes: int
    sha256: str


def _shares(jobs: Sequence[Job], processes: int) -> list[list[Job]]:
    """The jobs dealt to processes, largest first to the least loaded."""
    shares: list[list[Job]] = [[] for _ in range(processes)]
    loads = [0] * processes
    for job in sorted(jobs, key=lambda job: -job.weight):
        target = loads.index(min(loads))
        shares[target].append(job)
        loads[target] += job.weight + 1
    return [share for share in shares if share]


@contextlib.contextmanager
def _one_moment() -> Iterator[str | None]:
    """Holds the moment that all processes read; yields the PostgreSQL snapshot's name, ``None`` on SQLite."""
    own = connections.create_connection("default")
    try:
        with own.cursor() as cursor:
            if is_postgres():
                cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SELECT pg_export_snapshot()")
                yield str(cursor.fetchone()[0])
            else:
                cursor.execute("BEGIN IMMEDIATE")
                yield None
    finally:
        own.close()


def _message(share: list[Job], snapshot: str | None) -> str:
    jobs = [
        {
            "sql": job.sql,
            "path": str(job.path),
            "schema": base64.b64encode(job.schema.serialize().to_pybytes()).decode(),
        }
        for job in share
    ]
    settings = connection.settings_dict
    return json.dumps({"uri": adbc_uri(settings), "postgres": is_postgres(), "snapshot": snapshot, "jobs": jobs})


Line = tuple[int, str | None]
"""The number of a worker and what it said; ``None``: it ended."""


def export(jobs: Sequence[Job], on_progress: Callable[[int, int], None] | None = None) -> list[Written]:
    """The files of all ``jobs``, written; ``on_progress(done, total)`` after each. Raises ``ExportFailed``."""
    assert not transaction.get_connection().in_atomic_block, "an export reads committed rows only"
    shares = _shares(jobs, PROCESSES)
    lines: SimpleQueue[Line] = SimpleQueue()
    workers: list[subprocess.Popen[str]] = []
    try:
        with _one_moment() as snapshot:
            workers += [_start(share, snapshot) for share in shares]
            for number, worker in enumerate(workers):
                threading.Thread(target=_follow, args=(number, worker, lines), daemon=True).start()
            early = _until_all_read(lines, len(workers))
        return _collect(workers, early, lines, len(jobs), on_progress)
    finally:
        # After a failure nobody may go on writing into a folder that is being removed.
        for worker in workers:
            worker.kill()
            worker.wait()


def _start(share: list[Job], snapshot: str | None) -> subprocess.Popen[str]:
    worker = subprocess.Popen(
        [sys.executable, "-m", "jiefa.stores.export_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert worker.stdin is not None
    with contextlib.suppress(BrokenPipeError):  # it died at once: told by its end
        worker.stdin.write(_message(share, snapshot))
        worker.stdin.close()
    return worker


def _follow(number: int, worker: subprocess.Popen[str], lines: SimpleQueue[Line]) -> None:
    assert worker.stdout is not None
    for line in worker.stdout:
        lines.put((number, line.strip()))
    lines.put((number, None))


def _until_all_read(lines: SimpleQueue[Line], workers: int) -> list[Line]:
    """What was said until every worker reads the agreed moment or has ended. A quick one may have written files by then."""
    early: list[Line] = []
    begun: set[int] = set()
    while len(begun) < workers:
        number, line = lines.get()
        early.append((number, line))
        if line in ("ready", None):
            begun.add(number)
    return early


def _collect(
    workers: list[subprocess.Popen[str]],
    early: list[Line],
    lines: SimpleQueue[Line],
    total: int,
    on_progress: Callable[[int, int], None] | None,
) -> list[Written]:
    written: list[Written] = []
    ended = 0
    waiting = iter(early)
    while ended < len(workers):
        _, line = next(waiting, None) or lines.get()
        if line is None:
            ended += 1
        elif line != "ready":
            facts = json.loads(line)
            written.append(Written(Path(facts["path"]), facts["rows"], facts["bytes"], facts["sha256"]))
            if on_progress:
                on_progress(len(written), total)
    for worker in workers:
        assert worker.stderr is not None
        complaint = worker.stderr.read().strip()
        if worker.wait() != 0:
            raise ExportFailed(reason=complaint.splitlines()[-1] if complaint else "worker stopped")
    if len(written) != total:
        raise ExportFailed(reason=f"{len(written)} / {total}")
    return written

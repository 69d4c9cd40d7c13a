"""Building a snapshot: queries by county into files, a manifest, and one rename that makes it visible."""

from __future__ import annotations

import datetime as dt
import errno
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from jiefa import __version__
from jiefa.snapshots.manifest import FileFacts, Manifest, TableFacts
from jiefa.snapshots.opened import Snapshot
from jiefa.stores.export import Job, export

BUILDING = ".building-"
STALE_SECONDS = 86_400


def _sweep(shelf: Path) -> None:
    """What a killed process left behind goes after a day."""
    for left in shelf.glob(f"{BUILDING}*"):
        if left.stat().st_mtime < time.time() - STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class TableSource:
    """A table of a snapshot: its schema and the query of each part. Parts are counties; a file is named by its part."""

    name: str
    schema: pa.Schema
    queries: dict[str, str]
    weights: dict[str, int]


def build(
    home: Path,
    *,
    year: int,
    kind: str,
    as_of: dt.datetime,
    made_by: str,
    policy_version: str,
    mark: int,
    tables: Sequence[TableSource],
    on_progress: Callable[[int, int], None] | None = None,
) -> Snapshot:
    """The finished snapshot. A reader sees it whole or not at all: it is written aside and renamed into place."""
    shelf = home / "snapshots" / str(year)
    shelf.mkdir(parents=True, exist_ok=True)
    _sweep(shelf)
    scratch = Path(tempfile.mkdtemp(prefix=BUILDING, dir=shelf))
    try:
        jobs = [
            Job(sql, table.schema, scratch / table.name / f"{part}.parquet", table.weights.get(part, 1))
            for table in tables
            for part, sql in table.queries.items()
        ]
        written = {file.path: file for file in export(jobs, on_progress)}
        facts = []
        for table in tables:
            files = tuple(
                FileFacts(f"{table.name}/{part}.parquet", file.rows, file.bytes, file.sha256)
                for part in table.queries
                for file in [written[scratch / table.name / f"{part}.parquet"]]
            )
            facts.append(TableFacts(table.name, sum(file.rows for file in files), files))
        made_at = dt.datetime.now(dt.UTC)
        identity = f"{year}-{made_at:%Y%m%dT%H%M%S}-{kind}"
        manifest = Manifest(
            id=identity,
            year=year,
            kind=kind,
            as_of=as_of.isoformat(timespec="seconds"),
            made_at=made_at.isoformat(timespec="microseconds"),
            made_by=made_by,
            policy_version=policy_version,
            product_version=__version__,
            mark=mark,
            tables=tuple(facts),
        )
        return Snapshot(_put_in_place(scratch, shelf, manifest))
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise


def _put_in_place(scratch: Path, shelf: Path, manifest: Manifest) -> Path:
    """The finished folder under the manifest's name, with a number behind it when another of the same second was quicker."""
    identity, number = manifest.id, 1
    while True:
        replace(manifest, id=identity).write(scratch)
        try:
            return scratch.rename(shelf / identity)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            number += 1
            identity = f"{manifest.id}-{number}"

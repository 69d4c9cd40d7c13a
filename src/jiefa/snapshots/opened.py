"""A snapshot opened for reading: its tables as Ibis tables on DuckDB or Spark, and what was computed from it."""

from __future__ import annotations

import hashlib
import os
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import ibis

from jiefa.kernel.errors import JiefaError
from jiefa.snapshots.manifest import MANIFEST, Manifest
from jiefa.stores.analysis import engine_name, spark_session, spilling

MEMORY_LIMIT = "2GB"


class SnapshotUnknown(JiefaError):
    code = "snapshots.unknown"
    zh = "没有{what}的快照。请先运行 jiefa snapshot --year {year} 生成。"
    en = "There is no snapshot for {what}. Make one first with jiefa snapshot --year {year}."


MAP_EXTRACT_VALUE = """
    CREATE OR REPLACE TEMPORARY FUNCTION map_extract_value(entries MAP<STRING, BIGINT>, entry STRING)
    RETURNS BIGINT RETURN element_at(entries, entry)
"""
"""DuckDB's function for Spark, so that rules may call it on both (``insight.rules.masks``)."""


def duckdb_backend() -> Any:
    """A fresh in-memory DuckDB behind Ibis, bounded in memory, spilling to its own temporary folder."""
    backend = ibis.duckdb.connect()
    for statement in spilling():
        backend.raw_sql(statement)
    backend.raw_sql(f"SET memory_limit='{os.environ.get('JIEFA_DUCKDB_MEMORY', MEMORY_LIMIT)}'")
    backend.raw_sql("SET preserve_insertion_order=false")
    return backend


def spark_backend() -> Any:
    """Spark behind Ibis. Raises ``EngineUnknown`` without pyspark."""
    session = spark_session()
    session.sql(MAP_EXTRACT_VALUE)
    return ibis.pyspark.connect(session)


class Snapshot:
    """One finished snapshot. Opening it reads the manifest alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = Manifest.read(folder)

    @property
    def id(self) -> str:
        return self.manifest.id

    @property
    def year(self) -> int:
        return self.manifest.year

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest, which holds the digest of every file: one word for the whole snapshot."""
        return hashlib.sha256((self.folder / MANIFEST).read_bytes()).hexdigest()

    def holds(self, table: str) -> bool:
        """Whether it has a table of that name: earlier ones have fewer."""
        return any(facts.name == table for facts in self.manifest.tables)

    def files(self, table: str) -> list[Path]:
        """The files of one table, those without rows left out unless all are."""
        facts = self.manifest.table(table).files
        filled = [self.folder / file.path for file in facts if file.rows]
        return filled or [self.folder / facts[0].path]

    def part(self, table: str, part: str) -> Path:
        """The file of one county."""
        return self.folder / table / f"{part}.parquet"

    @cached_property
    def backend(self) -> Any:
        """The engine, opened on first use."""
        return duckdb_backend() if engine_name() == "duckdb" else spark_backend()

    def table(self, name: str) -> Any:
        """One table as an Ibis table on the engine."""
        return self.table_of(self, name)

    def table_of(self, other: Snapshot, name: str) -> Any:
        """A table of another snapshot on this one's engine, so that both can stand in one expression."""
        paths = [str(path) for path in other.files(name)]
        view = f"{name}_{other.id.replace('-', '_')}"
        if engine_name() == "duckdb":
            return self.backend.read_parquet(paths, table_name=view)
        self.backend._session.read.parquet(*paths).createOrReplaceTempView(view)
        return self.backend.table(view)

    def views(self, connection: duckdb.DuckDBPyConnection) -> None:
        """The tables as views of a bare DuckDB, under their own names."""
        for facts in self.manifest.tables:
            paths = ", ".join("'" + str(path).replace("'", "''") + "'" for path in self.files(facts.name))
            connection.execute(f"CREATE VIEW {facts.name} AS SELECT * FROM read_parquet([{paths}])")

    def derived(self, name: str) -> Path:
        """Where something computed from this snapshot is kept; the snapshot itself never changes."""
        return self.folder.parent.parent.parent / "derived" / self.id / name

"""The engine of analysis: DuckDB in the process, or Spark; which one the setting ``JIEFA_ENGINE`` says."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any

import duckdb

from jiefa.kernel.errors import JiefaError

MOST_SPILLED = "24GB"
"""What one DuckDB may put on disk, with all its spaces: a query that wants more fails, and leaves the disk to the records. Chosen, not
measured."""
_SPACES = count()


class EngineUnknown(JiefaError):
    code = "stores.engine"
    zh = "JIEFA_ENGINE={engine} 不可用（可选 duckdb、spark）。{reason}"
    en = "JIEFA_ENGINE={engine} cannot be used (choose duckdb or spark). {reason}"


def engine_name() -> str:
    """The engine of analysis: ``duckdb`` unless ``JIEFA_ENGINE`` says ``spark``. Raises ``EngineUnknown``."""
    name = os.environ.get("JIEFA_ENGINE", "duckdb")
    if name not in ("duckdb", "spark"):
        raise EngineUnknown(engine=name, reason="")
    return name


def duckdb_open(**config: str | int) -> duckdb.DuckDBPyConnection:
    """A fresh DuckDB in memory; what does not fit goes to a folder of this process alone, up to ``MOST_SPILLED``."""
    database = duckdb.connect(config={**config})
    for statement in spilling():
        database.execute(statement)
    return database


@contextmanager
def duckdb_space(threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB in memory of its own for as long as the block lasts; ``threads``: at most so many.

    It is a database attached to the one that the process keeps, since a fresh one takes twenty times as long (42 against 2 ms, DuckDB 2.0,
    2026-11) and an intake opens eleven: what is made in it, without a name before it, is found there and nowhere else.
    """
    kept = _kept(os.getpid(), threads)
    name = f"space_{next(_SPACES)}"
    with kept.cursor() as space:
        space.execute(f"ATTACH ':memory:' AS {name}")
        try:
            space.execute(f"USE {name}")
            yield space
        finally:
            # Closed first: whatever a broken statement left open keeps the database.
            space.close()
            with kept.cursor() as last:
                last.execute(f"DETACH {name}")


@cache
def _kept(process: int, threads: int | None) -> duckdb.DuckDBPyConnection:
    """A copy of the process (fork) has one of its own: threads do not come along."""
    return duckdb_open() if threads is None else duckdb_open(threads=threads)


def spilling(most: str = MOST_SPILLED) -> tuple[str, ...]:
    """The statements that tell DuckDB where to put what does not fit into memory, and how much: by itself it does so wherever the
    program was started. As settings of the connection it takes the second and does not keep to it (DuckDB 2.0, 2026-11)."""
    return f"SET temp_directory = '{_spill_folder(os.getpid())}'", f"SET max_temp_directory_size = '{most}'"


@cache
def _spill_folder(process: int) -> str:
    """A folder that nobody else may read, gone when the process ends."""
    folder = tempfile.mkdtemp(prefix="jiefa-duckdb-")
    atexit.register(_remove, folder, process)
    return folder


def _remove(folder: str, process: int) -> None:
    # A copy of the process (fork) runs what was registered before: the folder is not its own. DuckDB may have removed it itself.
    if os.getpid() == process and os.path.isdir(folder):
        shutil.rmtree(folder)


def spark_session() -> Any:
    """The process's one session of Spark; ``JIEFA_SPARK_MASTER`` (default ``local[2]``), ``JIEFA_SPARK_MEMORY``.

    It has Splink's similarities of texts beside its own functions: a session takes a jar when it begins and never again. Raises
    ``EngineUnknown`` without pyspark.
    """
    try:
        from pyspark.sql import SparkSession
        from splink.internals.spark.jar_location import similarity_jar_location
    except ImportError as error:
        raise EngineUnknown(engine="spark", reason="pip install 'jiefa[spark]'") from error
    session = (
        SparkSession.builder.appName("jiefa")
        .master(os.environ.get("JIEFA_SPARK_MASTER", "local[2]"))
        .config("spark.driver.memory", os.environ.get("JIEFA_SPARK_MEMORY", "3g"))
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "Asia/Shanghai")
        .config("spark.sql.shuffle.partitions", "8")
        # What follows from the words of the rules is a tree that Spark would walk for minutes, and nothing of it helps.
        .config("spark.sql.constraintPropagation.enabled", "false")
        .config("spark.jars", similarity_jar_location())
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    return session

"""DuckDB as the product opens it: what does not fit into memory goes to a folder of the process, and not without end."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from jiefa.stores import analysis

WIDE = "CREATE TABLE wide AS SELECT repeat(hash(range)::varchar, 20) AS words FROM range(500_000)"
"""Some 190 MB, compressed or not more than memory has."""
SPACES = "SELECT count(*) FROM duckdb_databases() WHERE database_name LIKE 'space%'"


def test_what_does_not_fit_goes_to_a_folder_that_nobody_else_reads() -> None:
    with analysis.duckdb_open(memory_limit="60MB", threads=1) as database:
        folder = Path(database.execute("SELECT current_setting('temp_directory')").fetchall()[0][0])
        assert folder.stat().st_mode & 0o777 == 0o700
        database.execute(WIDE)
        assert sum(file.stat().st_size for file in folder.iterdir()) > 0
        assert database.execute("SELECT count(*) FROM wide").fetchall() == [(500_000,)]
    assert list(folder.iterdir()) == []
    assert not Path(".tmp").exists()


def test_a_query_that_wants_the_whole_disk_fails() -> None:
    with analysis.duckdb_open(memory_limit="60MB", threads=1) as database:
        for statement in analysis.spilling("1MB"):
            database.execute(statement)
        with pytest.raises(duckdb.OutOfMemoryException):
            database.execute(WIDE)


def test_the_folder_is_gone_with_the_process() -> None:
    said = "from jiefa.stores import analysis; print(analysis.spilling()[0].split(chr(39))[1])"
    folder = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout.strip()

    assert folder.rpartition("/")[2].startswith("jiefa-duckdb-")
    assert not Path(folder).exists()


def test_spaces_know_nothing_of_each_other_and_leave_nothing() -> None:
    with analysis.duckdb_space() as one, analysis.duckdb_space() as other:
        one.execute("CREATE TABLE same AS SELECT 1 AS x")
        other.register("same", pa.table({"x": [2]}))
        assert one.execute("FROM same").fetchall() == [(1,)]
        assert other.execute("FROM same").fetchall() == [(2,)]

    with analysis.duckdb_space() as next_one:
        assert next_one.execute(SPACES).fetchall() == [(1,)]
        with pytest.raises(duckdb.CatalogException):
            next_one.execute("FROM same")


def test_a_space_that_broke_within_a_transaction_is_gone_too() -> None:
    def broken() -> None:
        with analysis.duckdb_space() as space:
            space.execute("BEGIN")
            space.execute("CREATE TABLE half AS SELECT 1 AS x")
            space.execute("FROM missing")

    with pytest.raises(duckdb.CatalogException):
        broken()

    with analysis.duckdb_space() as next_one:
        assert next_one.execute(
            "SELECT count(*) FROM duckdb_databases() WHERE database_name LIKE 'space%'"
        ).fetchall() == [(1,)]


def test_threads_have_spaces_at_once() -> None:
    def count(number: int) -> list[tuple[int]]:
        with analysis.duckdb_space() as space:
            space.execute(f"CREATE TABLE own AS SELECT {number} AS x")
            return space.execute("FROM own").fetchall()

    with ThreadPoolExecutor(8) as pool:
        assert [*pool.map(count, range(80))] == [[(number,)] for number in range(80)]

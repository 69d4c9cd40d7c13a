"""A program of its own that runs queries through ADBC and writes their rows as Parquet. Started by ``stores.export``.

Reads one JSON message on standard input, prints ``ready`` once it reads the agreed moment, then one JSON line per file.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import traceback
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROW_GROUP = 120_000
READING_BY_INDEX = ("jit = off", "max_parallel_workers_per_gather = 0", "random_page_cost = 1.1")
"""A county's cards follow the index, and two of these programs run already: compiling each query (0.25 s) and workers of the
server's own cost more than they bring, and disks of today need no fear of jumps (200,000 persons: 0.9 s, so 0.55 s)."""


def _connect(message: dict[str, Any]) -> Any:
    if message["postgres"]:
        import adbc_driver_postgresql.dbapi as postgres

        link = postgres.connect(message["uri"], autocommit=False)
        with link.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute(f"SET TRANSACTION SNAPSHOT '{message['snapshot']}'")
            for setting in READING_BY_INDEX:
                cursor.execute(f"SET LOCAL {setting}")
        return link
    import adbc_driver_sqlite.dbapi as sqlite

    link = sqlite.connect(message["uri"], autocommit=False)
    with link.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master")
        cursor.fetchall()
    return link


_SENTINELS = (
    (pa.types.is_string, "'x'"),
    (pa.types.is_date, "'2000-01-01'"),
    (pa.types.is_decimal, "0.5"),
    (pa.types.is_binary, "x'00'"),
)


def typed_for_sqlite(sql: str, schema: pa.Schema) -> str:
    """``sql`` behind one typed row, from which the SQLite driver infers the types (measured.md trap 2). Drop that row."""
    values = []
    for field in schema:
        literal = next((text for matches, text in _SENTINELS if matches(field.type)), "1")
        values.append(f'{literal} AS "{field.name}"')
    return f"SELECT {', '.join(values)} UNION ALL SELECT * FROM ({sql})"


def _as(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = []
    for index, field in enumerate(schema):
        column = batch.column(index)
        if column.type != field.type:
            if pa.types.is_boolean(field.type) and pa.types.is_integer(column.type):
                column = pc.not_equal(column, 0)
            column = pc.cast(column, field.type)
        columns.append(column)
    return pa.record_batch(columns, schema=schema)


def _run(link: Any, job: dict[str, str], postgres: bool) -> dict[str, object]:
    schema = pa.ipc.read_schema(pa.py_buffer(base64.b64decode(job["schema"])))
    path = Path(job["path"])
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = 0
    with link.cursor() as cursor:
        cursor.execute(job["sql"] if postgres else typed_for_sqlite(job["sql"], schema))
        reader = cursor.fetch_record_batch()
        with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
            pending: list[pa.RecordBatch] = []
            skip = 0 if postgres else 1
            for batch in reader:
                if skip and batch.num_rows:
                    batch, skip = batch.slice(1), 0
                if batch.num_rows == 0:
                    continue
                pending.append(_as(batch, schema))
                rows += batch.num_rows
                if sum(part.num_rows for part in pending) >= ROW_GROUP:
                    writer.write_table(pa.Table.from_batches(pending, schema))
                    pending = []
            if pending:
                writer.write_table(pa.Table.from_batches(pending, schema))
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return {"path": job["path"], "rows": rows, "bytes": path.stat().st_size, "sha256": digest.hexdigest()}


class _WithoutPandas(MetaPathFinder):
    """Arrow loads pandas wherever it is installed: most of this program's start-up, for nothing that is used here."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname, name=fullname)


def main() -> None:
    sys.meta_path.insert(0, _WithoutPandas())
    message = json.load(sys.stdin)
    link = _connect(message)
    try:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        for job in message["jobs"]:
            sys.stdout.write(json.dumps(_run(link, job, message["postgres"])) + "\n")
            sys.stdout.flush()
    except Exception as error:
        # One line for the user; the whole story stays above it.
        traceback.print_exc()
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        sys.exit(1)
    finally:
        link.close()


if __name__ == "__main__":
    main()

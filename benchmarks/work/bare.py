"""The raw limit of a snapshot: one ADBC stream a table, written as Parquet as it comes. No Django in this process."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi as postgres
import adbc_driver_sqlite.dbapi as sqlite
import pyarrow as pa
import pyarrow.parquet as pq

from jiefa import policy
from jiefa.assistance.rules import tables
from jiefa.funds.rules.tables import TRANSFERS
from jiefa.monitoring.rules.tables import KEPT
from jiefa.registry import cards
from jiefa.stores.export_worker import ROW_GROUP, typed_for_sqlite
from jiefa.truth.rules.tables import TARGETS, VISITS

SCHEMAS = {
    "households": cards.HOUSEHOLD_CARD,
    "persons": cards.PERSON_CARD,
    "movements": cards.MOVEMENT,
    "villages": cards.VILLAGE_FACTS,
    "help": tables.HELP,
    "cases": tables.cases_schema(policy.load()),
    "loans": tables.LOANS,
    "funds": tables.FUNDS,
    "links": tables.LINKS,
    "bodies": tables.BODIES,
    "transfers": TRANSFERS,
    "kept": KEPT,
    "visits": VISITS,
    "targets": TARGETS,
}


def stream(address: str, queries: dict[str, str], folder: str) -> dict[str, Any]:
    """Seconds from the connection to the last file closed. Types stay as the driver gives them."""
    on_sqlite = address.startswith("sqlite:///")
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    rows: dict[str, int] = {}
    started = time.perf_counter()
    link = sqlite.connect(address.removeprefix("sqlite:///")) if on_sqlite else postgres.connect(address)
    with link, link.cursor() as cursor:
        for name, sql in queries.items():
            cursor.execute(typed_for_sqlite(sql, SCHEMAS[name]) if on_sqlite else sql)
            rows[name] = _written(cursor.fetch_record_batch(), target / f"{name}.parquet") - int(on_sqlite)
    return {"seconds": time.perf_counter() - started, "rows": rows}


def _written(reader: pa.RecordBatchReader, path: Path) -> int:
    rows, pending = 0, []
    schema = pa.schema([field.remove_metadata().with_type(_plain(field.type)) for field in reader.schema])
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
        for batch in reader:
            pending.append(pa.record_batch([_storage(column) for column in batch.columns], schema=schema))
            rows += batch.num_rows
            if sum(part.num_rows for part in pending) >= ROW_GROUP:
                writer.write_table(pa.Table.from_batches(pending, schema))
                pending = []
        if pending:
            writer.write_table(pa.Table.from_batches(pending, schema))
    return rows


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind


def _storage(column: pa.Array) -> pa.Array:
    return column.storage if isinstance(column, pa.ExtensionArray) else column

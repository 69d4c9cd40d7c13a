"""Set-based reading and writing inside the current Django transaction.

``insert`` copies an Arrow table in (COPY on PostgreSQL, executemany on SQLite), ``read`` brings a query's rows out as
Arrow, ``new_ids`` reserves primary keys, ``staged`` lends a temporary table for set-based updates.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pgpq
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from django.db import DatabaseError, connection

from jiefa.stores import binary
from jiefa.stores.engine import is_postgres, quote

COPY_ROWS = 50_000
"""Rows in one piece handed to COPY or executemany: bounds memory; 10 k to 200 k measured within 3 % of each other."""

ROWS_PER_STATEMENT = 500
"""Rows in one INSERT of SQLite: a name index is written to its pages once a statement (300,000 names: 5.0 s one by one, 0.9 s so)."""

VARIABLES = 30_000
"""Values in one statement: SQLite takes 32,766."""


def insert(table: str, rows: pa.Table) -> int:
    """Rows written: all of ``rows`` into ``table``, columns matched by name. Raises Django's ``IntegrityError``."""
    if rows.num_rows == 0:
        return 0
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return _insert_postgres(table, rows) if is_postgres() else _insert_sqlite(table, rows)


GROWN = 1.2
"""A table whose pages grew by this factor since it was last looked at is looked at again (all tables of 38 M rows: 11 s)."""


def refresh_statistics(tables: Sequence[str]) -> list[str]:
    """Those of ``tables`` that grew so much that the planner's statistics were taken anew; none on SQLite, which needs none.

    Without them a part of a name over 7.8 M people took 22 s (p95 of 20 readers on 2 processors, 2026-11), with them 0.4 s;
    PostgreSQL's own housekeeping comes a minute later at best, and never inside the transaction that wrote the rows.
    """
    if not is_postgres():
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r' "
            "AND pg_relation_size(oid) > %s * 8192 * greatest(relpages, 1)",
            [list(tables), GROWN],
        )
        grown = [str(row[0]) for row in cursor.fetchall()]
        for table in grown:
            cursor.execute(f"ANALYZE {quote(table)}")
    return grown


def _insert_postgres(table: str, rows: pa.Table) -> int:
    columns = ", ".join(quote(name) for name in rows.column_names)
    fitted = binary.fitted(rows, _postgres_types(table))
    encoder = pgpq.ArrowToPostgresBinaryEncoder(fitted.schema)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(table)} ({columns}) FROM STDIN (FORMAT binary)") as copy,
    ):
        copy.write(encoder.write_header())
        for batch in fitted.to_batches(max_chunksize=COPY_ROWS):
            copy.write(encoder.write_batch(batch))
        copy.write(encoder.finish())
    return int(rows.num_rows)


def _postgres_types(table: str) -> dict[str, str]:
    """The type of each column of ``table``, as PostgreSQL calls it; temporary tables included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.attname, t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid "
            "WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped",
            [quote(table)],
        )
        return {str(name): str(kind) for name, kind in cursor.fetchall()}


def _insert_sqlite(table: str, rows: pa.Table) -> int:
    columns = ", ".join(quote(name) for name in rows.column_names)
    row = f"({', '.join('?' for _ in rows.column_names)})"
    rows_at_once = max(1, min(ROWS_PER_STATEMENT, VARIABLES // rows.num_columns))
    raw = connection.connection
    for batch in rows.to_batches(max_chunksize=COPY_ROWS):
        values = [_sqlite_values(batch.column(index)) for index in range(batch.num_columns)]
        whole = batch.num_rows - batch.num_rows % rows_at_once
        for first, last, at_once in ((0, whole, rows_at_once), (whole, batch.num_rows, batch.num_rows - whole)):
            if first < last:
                sql = f"INSERT INTO {quote(table)} ({columns}) VALUES {', '.join([row] * at_once)}"
                raw.executemany(sql, _laid_out(values, first, last, at_once))
    return int(rows.num_rows)


def _laid_out(values: Sequence[list[object]], first: int, last: int, at_once: int) -> Iterator[list[object]]:
    """The rows from ``first`` to ``last`` as the parameters of statements that take ``at_once`` rows each."""
    width = len(values)
    for start in range(first, last, at_once):
        laid: list[object] = [None] * (width * at_once)
        for place, column in enumerate(values):
            laid[place::width] = column[start : start + at_once]
        yield laid


def _sqlite_values(column: pa.Array) -> list[object]:
    """The column's values as SQLite keeps them: dates as text, decimals as numbers, flags as 0 and 1."""
    if pa.types.is_date(column.type):
        column = pc.cast(column, pa.string())
    elif pa.types.is_decimal(column.type):
        column = pc.cast(column, pa.float64())
    elif pa.types.is_boolean(column.type):
        column = pc.cast(column, pa.int8())
    elif pa.types.is_timestamp(column.type):
        column = pc.strftime(column, "%Y-%m-%d %H:%M:%S")
    values: list[object] = column.to_pylist()
    return values


def read(sql: str, parameters: Sequence[object], schema: pa.Schema) -> pa.Table:
    """The query's rows as an Arrow table of ``schema``. ``sql`` uses ``%s`` marks; columns in the schema's order."""
    return _read_postgres(sql, parameters, schema) if is_postgres() else _read_sqlite(sql, parameters, schema)


def _read_postgres(sql: str, parameters: Sequence[object], schema: pa.Schema) -> pa.Table:
    sink = io.BytesIO()
    with (
        connection.cursor() as cursor,
        # The driver's own cursor: Django's wrapper for debugging takes no parameters of a copy.
        cursor.cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)", parameters) as copy,
    ):
        for piece in copy:
            sink.write(piece)
    if sink.tell() == 0:
        return schema.empty_table()
    sink.seek(0)
    binaries = {field.name for field in schema if pa.types.is_binary(field.type)}
    types = {field.name: pa.string() if field.name in binaries else field.type for field in schema}
    table = pa_csv.read_csv(
        sink,
        read_options=pa_csv.ReadOptions(column_names=schema.names),
        # A row whose only column is NULL is an empty line.
        parse_options=pa_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=pa_csv.ConvertOptions(
            column_types=types,
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
        ),
    )
    for name in binaries:
        values = [None if text is None else bytes.fromhex(text[2:]) for text in table[name].to_pylist()]
        table = table.set_column(table.schema.get_field_index(name), name, pa.array(values, pa.binary()))
    return table.cast(schema)


def _read_sqlite(sql: str, parameters: Sequence[object], schema: pa.Schema) -> pa.Table:
    with connection.cursor() as cursor:
        cursor.execute(sql, list[Any](parameters))
        rows = cursor.fetchall()
    if not rows:
        return schema.empty_table()
    columns = [_from_sqlite(values, field.type) for values, field in zip(zip(*rows, strict=True), schema, strict=True)]
    return pa.table(columns, schema=schema)


def _from_sqlite(values: Sequence[object], wanted: pa.DataType) -> pa.Array:
    if pa.types.is_boolean(wanted):
        return pa.array([None if value is None else bool(value) for value in values], pa.bool_())
    if pa.types.is_date(wanted):
        return pa.array([None if value is None else str(value) for value in values], pa.string()).cast(wanted)
    if pa.types.is_decimal(wanted):
        return pa.array([None if value is None else float(str(value)) for value in values], pa.float64()).cast(wanted)
    return pa.array(values, wanted)


def new_ids(table: str, count: int) -> pa.Array:
    """``count`` fresh primary keys of ``table``, increasing. Call inside the transaction that inserts them."""
    if count == 0:
        return pa.array([], pa.int64())
    if is_postgres():
        return _new_ids_postgres(table, count)
    with connection.cursor() as cursor:
        # The transaction holds SQLite's one write lock (BEGIN IMMEDIATE), so nobody else can take these.
        cursor.execute(
            f"SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = %s), 0), coalesce((SELECT max(id) FROM {quote(table)}), 0))",
            [table],
        )
        first = int(cursor.fetchone()[0]) + 1
    return pa.array(range(first, first + count), pa.int64())


def _new_ids_postgres(table: str, count: int) -> pa.Array:
    with connection.cursor() as cursor:
        # By name: asked for in every row, the sequence is looked up in every row (5 of 6 us each).
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        sequence = cursor.fetchone()[0]
        drawn = "SELECT nextval(%s::regclass) AS id FROM generate_series(1, %s)"
        cursor.execute(f"SELECT min(id), max(id) FROM ({drawn}) AS drawn", [sequence, count])
        first, last = cursor.fetchone()
    if last - first + 1 == count:
        return pa.array(range(first, last + 1), pa.int64())
    # Somebody else drew from the sequence at the same time: these are left unused, others taken one by one.
    return read(drawn, [sequence, count], pa.schema([("id", pa.int64())]))["id"].combine_chunks()


_SQL_TYPES = (
    (pa.types.is_boolean, "boolean", "bool"),
    (pa.types.is_integer, "bigint", "integer"),
    (pa.types.is_date, "date", "date"),
    (pa.types.is_decimal, "numeric", "decimal"),
    (pa.types.is_binary, "bytea", "blob"),
)


def _sql_type(wanted: pa.DataType) -> str:
    for matches, postgres, sqlite in _SQL_TYPES:
        if matches(wanted):
            return postgres if is_postgres() else sqlite
    return "text"


@contextmanager
def staged(name: str, rows: pa.Table, key: str) -> Iterator[str]:
    """``rows`` in a temporary table called ``name`` with an index on ``key``, dropped at the end."""
    columns = ", ".join(f"{quote(field.name)} {_sql_type(field.type)}" for field in rows.schema)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {quote(name)}")
        cursor.execute(f"CREATE TEMPORARY TABLE {quote(name)} ({columns})")
    insert(name, rows)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX {quote(name + '_key')} ON {quote(name)} ({quote(key)})")
        if is_postgres():
            cursor.execute(f"ANALYZE {quote(name)}")
    refused = False
    try:
        yield name
    except DatabaseError:
        # PostgreSQL takes no further statement, whose error would hide the reason; the next use of the name drops the table.
        refused = True
        raise
    finally:
        if not (refused or connection.needs_rollback):
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE {quote(name)}")


def differing(table: str, rows: pa.Table, key: str) -> pa.Array:
    """The keys of those ``rows`` of which ``table`` says otherwise in any of their columns. Keys that it lacks are left out."""
    if rows.num_rows == 0:
        return pa.array([], pa.int64())
    unlike = "IS DISTINCT FROM" if is_postgres() else "IS NOT"
    with staged(f"seen_{table}", rows, key) as seen:
        differs = " OR ".join(
            f"{quote(seen)}.{quote(name)} {unlike} {quote(table)}.{quote(name)}"
            for name in rows.column_names
            if name != key
        )
        on_file = f"{quote(seen)} JOIN {quote(table)} ON {quote(table)}.{quote(key)} = {quote(seen)}.{quote(key)}"
        sql = f"SELECT {quote(seen)}.{quote(key)} FROM {on_file} WHERE {differs} ORDER BY 1"
        return read(sql, [], pa.schema([(key, pa.int64())]))[key].combine_chunks()


def update(table: str, rows: pa.Table, key: str, *, version: str | None = None) -> int:
    """Rows of ``table`` whose ``key`` stands in ``rows`` take the other columns of ``rows``; ``version`` goes up by one."""
    if rows.num_rows == 0:
        return 0
    changed = [name for name in rows.column_names if name != key]
    assignments = ", ".join(f"{quote(name)} = news.{quote(name)}" for name in changed)
    if version:
        assignments += f", {quote(version)} = {quote(table)}.{quote(version)} + 1"
    with staged(f"news_{table}", rows, key) as news, connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(table)} SET {assignments} FROM {quote(news)} AS news WHERE {quote(table)}.{quote(key)} = news.{quote(key)}"
        )
        return int(cursor.rowcount)

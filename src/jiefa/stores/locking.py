"""Rows taken for oneself until the transaction ends, however many, always in the order of their keys."""

from __future__ import annotations

import pyarrow as pa
from django.db import connection

from jiefa.stores import bulk
from jiefa.stores.engine import is_postgres, quote


def lock(table: str, keys: pa.Array, columns: pa.Schema) -> pa.Table:
    """``columns`` of the rows of ``table`` with these ``id``, by ``id`` (the first column), nobody else's until the end.

    In order of the keys, so that two who lock several never wait for each other in a circle. SQLite has one writer anyway.
    """
    assert connection.in_atomic_block, "a lock ends with its transaction"
    names = ", ".join(f"locked.{quote(name)}" for name in columns.names)
    with bulk.staged(f"locking_{table}", pa.table({"id": keys}), "id") as wanted:
        # Not by COPY, which takes no locks.
        sql = f"SELECT {names} FROM {quote(table)} AS locked JOIN {quote(wanted)} USING (id) ORDER BY locked.id"
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} FOR NO KEY UPDATE OF locked" if is_postgres() else sql)
            rows = cursor.fetchall()
    if not rows:
        return columns.empty_table()
    return pa.table(
        [pa.array(values, field.type) for values, field in zip(zip(*rows, strict=True), columns, strict=True)],
        schema=columns,
    )

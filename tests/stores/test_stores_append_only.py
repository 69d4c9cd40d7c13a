"""The database itself refuses to change or delete what may only grow."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from jiefa.audit import actions as audit

TABLES = ("audit_entry", "audit_read")


@pytest.fixture
def _rows(db: None) -> None:
    with transaction.atomic():
        audit.record(chain="520326", by="li", action="x.done", object_type="x", object_id=1, diff={})
        audit.record_read(by="li", household_id=1, village_code="520326001001", purpose="page")


@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET by = 'wang'",
        "DELETE FROM {}",
        "UPDATE {} SET by = by WHERE id < 0",
        "DELETE FROM {} WHERE id > 0",
    ],
)
def test_change_is_refused(table: str, statement: str) -> None:
    if connection.vendor == "sqlite" and "id < 0" in statement:
        statement = statement.replace("id < 0", "id > 0")  # its triggers are per row: no row, nothing to refuse
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


@pytest.mark.postgres
@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize("table", TABLES)
def test_truncate_is_refused(table: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {table}")


@pytest.mark.sqlite
@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize("table", TABLES)
def test_replacing_a_row_is_refused(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY id LIMIT 1")
        row = cursor.fetchone()
    with (
        pytest.raises(DatabaseError, match=r"append-only|UNIQUE"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join(['%s'] * len(row))})", list(row))


@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize("table", TABLES)
def test_new_rows_are_taken(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")

        assert cursor.fetchone()[0] > 0

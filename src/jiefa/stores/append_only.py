"""Tables that take new rows and nothing else: the database itself refuses UPDATE and DELETE."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations.base import Operation

from jiefa.stores.statements import Run, Statements


def _install(table: str) -> Run:
    def run(schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                "CREATE OR REPLACE FUNCTION jiefa_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
                params=None,
            )
            schema_editor.execute(
                f'CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}" '
                "FOR EACH STATEMENT EXECUTE FUNCTION jiefa_refuse_change()"
            )
            return
        for event in ("UPDATE", "DELETE"):
            schema_editor.execute(
                f'CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON "{table}" '
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        # INSERT OR REPLACE deletes the old row without asking the trigger on DELETE.
        schema_editor.execute(
            f'CREATE TRIGGER {table}_no_replace BEFORE INSERT ON "{table}" '
            f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE id = new.id) '
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )

    return run


def _remove(table: str) -> Run:
    def run(schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f'DROP TRIGGER IF EXISTS {table}_append_only ON "{table}"')
            return
        for event in ("update", "delete", "replace"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}")

    return run


def refuse_changes(table: str) -> Operation:
    """A migration step after which ``table`` refuses UPDATE, DELETE and (PostgreSQL) TRUNCATE."""
    return Statements(_install(table), _remove(table))

"""Tables of dated periods ``[from_date, to_date)`` whose history the database itself keeps.

A row may only be ended, once; nothing else of it changes and it never goes. With ``key``, no two rows of the same key hold
on the same day, whoever writes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation

from jiefa.stores.statements import Run, Statements


def keep_history(table: str, columns: Sequence[str], key: str = "") -> Operation:
    """The migration step that protects ``table``; ``columns``: all of it but those written at the end. Reversible."""
    return Statements(_install(table, columns, key), _remove(table, key))


def _install(table: str, columns: Sequence[str], key: str) -> Run:
    def run(schema_editor: Any) -> None:
        steps = _postgres if schema_editor.connection.vendor == "postgresql" else _sqlite
        for statement in steps(table, columns, key):
            schema_editor.execute(statement, params=None)

    return run


def _postgres(table: str, columns: Sequence[str], key: str) -> list[str]:
    changed = " OR ".join(f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in columns)
    function = (
        f"CREATE OR REPLACE FUNCTION {table}_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' OR OLD.to_date IS NOT NULL OR {changed} "
        f"THEN RAISE EXCEPTION '{table} keeps its history' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    statements = [
        function,
        f'CREATE TRIGGER {table}_history BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION {table}_only_ends()',
    ]
    if key:
        # Ranges of one number meet where the numbers are equal: an index over ranges alone, which needs no extension.
        statements.append(
            f'ALTER TABLE "{table}" ADD CONSTRAINT {table}_no_overlap EXCLUDE USING gist '
            f"(int8range(\"{key}\", \"{key}\", '[]') WITH &&, daterange(from_date, to_date, '[)') WITH &&)"
        )
    return statements


def _sqlite(table: str, columns: Sequence[str], key: str) -> list[str]:
    refuse = f"SELECT RAISE(ABORT, '{table} keeps its history')"
    changed = " OR ".join(f'new."{name}" IS NOT old."{name}"' for name in columns)
    statements = [
        f'CREATE TRIGGER {table}_no_delete BEFORE DELETE ON "{table}" BEGIN {refuse}; END',
        f'CREATE TRIGGER {table}_only_ends BEFORE UPDATE ON "{table}" WHEN old.to_date IS NOT NULL OR {changed} BEGIN {refuse}; END',
        # INSERT OR REPLACE deletes the old row without asking the trigger on DELETE.
        f'CREATE TRIGGER {table}_no_replace BEFORE INSERT ON "{table}" WHEN EXISTS (SELECT 1 FROM "{table}" WHERE id = new.id) BEGIN {refuse}; END',
    ]
    if key:
        until = "coalesce({0}.to_date, '9999-12-31')".format
        statements.append(
            f'CREATE TRIGGER {table}_no_overlap BEFORE INSERT ON "{table}" WHEN EXISTS (SELECT 1 FROM "{table}" AS there '
            f'WHERE there."{key}" = new."{key}" AND new.from_date < {until("new")} AND there.from_date < {until("there")} '
            f"AND there.from_date < {until('new')} AND new.from_date < {until('there')}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} would overlap'); END"
        )
    return statements


def _remove(table: str, key: str) -> Run:
    def run(schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            if key:
                schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS {table}_no_overlap')
            schema_editor.execute(f'DROP TRIGGER IF EXISTS {table}_history ON "{table}"')
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {table}_only_ends()")
            return
        for event in ("no_delete", "only_ends", "no_replace", "no_overlap"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_{event}")

    return run

"""What the database itself holds of rows that belong together: what an account is, which accounts a transfer may join.

Each function is a migration step, the same rule on both engines, reversible.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation

from jiefa.stores.statements import Run, Statements


def keep_columns(table: str, columns: Sequence[str]) -> Operation:
    """``columns`` of a row of ``table`` never change and no row goes; the others may change."""
    changed = " OR ".join(f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in columns)
    named = ", ".join(f'"{name}"' for name in columns)
    refuse = f"SELECT RAISE(ABORT, '{table} keeps what it is')"
    unlike = " OR ".join(f'new."{name}" IS NOT old."{name}"' for name in columns)
    return _step(
        [
            (
                f"CREATE OR REPLACE FUNCTION {table}_keeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"RAISE EXCEPTION '{table} keeps what it is' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            ),
            f'CREATE TRIGGER {table}_no_delete BEFORE DELETE OR TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION {table}_keeps()',
            (
                f'CREATE TRIGGER {table}_no_change BEFORE UPDATE OF {named} ON "{table}" FOR EACH ROW WHEN ({changed}) '
                f"EXECUTE FUNCTION {table}_keeps()"
            ),
        ],
        [
            f'DROP TRIGGER IF EXISTS {table}_no_delete ON "{table}"',
            f'DROP TRIGGER IF EXISTS {table}_no_change ON "{table}"',
            f"DROP FUNCTION IF EXISTS {table}_keeps()",
        ],
        [
            f'CREATE TRIGGER {table}_no_delete BEFORE DELETE ON "{table}" BEGIN {refuse}; END',
            f'CREATE TRIGGER {table}_no_change BEFORE UPDATE OF {named} ON "{table}" WHEN {unlike} BEGIN {refuse}; END',
            # INSERT OR REPLACE deletes the old row without asking the trigger on DELETE.
            (
                f'CREATE TRIGGER {table}_no_replace BEFORE INSERT ON "{table}" WHEN EXISTS (SELECT 1 FROM "{table}" WHERE id = new.id) '
                f"BEGIN {refuse}; END"
            ),
        ],
        [f"DROP TRIGGER IF EXISTS {table}_{name}" for name in ("no_delete", "no_change", "no_replace")],
    )


def refer_together(table: str, columns: Sequence[str], target: str, target_columns: Sequence[str]) -> Operation:
    """Every new row of ``table`` names, with ``columns`` taken together, a row of ``target``, whose own are unique and kept.

    A foreign key over several columns on PostgreSQL; SQLite, where a table is made with its keys or without, asks by trigger.
    """
    name = f"{table}_{columns[0]}"
    own, theirs = (", ".join(f'"{column}"' for column in several) for several in (columns, target_columns))
    same = " AND ".join(f'there."{there}" = new."{here}"' for here, there in zip(columns, target_columns, strict=True))
    return _step(
        [f'ALTER TABLE "{table}" ADD CONSTRAINT {name}_together FOREIGN KEY ({own}) REFERENCES "{target}" ({theirs})'],
        [f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS {name}_together'],
        [
            (
                f'CREATE TRIGGER {name}_together BEFORE INSERT ON "{table}" '
                f'WHEN NOT EXISTS (SELECT 1 FROM "{target}" AS there WHERE {same}) '
                f"BEGIN SELECT RAISE(ABORT, '{name} names no row of {target}'); END"
            )
        ],
        [f"DROP TRIGGER IF EXISTS {name}_together"],
    )


def demand(table: str, name: str, when: str, condition: str) -> Operation:
    """Every new row of ``table`` for which ``when`` holds meets ``condition``; both speak of the row as ``NEW``."""
    trigger = f"{table}_{name}"
    return _step(
        [
            (
                f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT ({condition}) THEN "
                f"RAISE EXCEPTION '{trigger} is not met' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
            ),
            f'CREATE TRIGGER {trigger} BEFORE INSERT ON "{table}" FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {trigger}()',
        ],
        [f'DROP TRIGGER IF EXISTS {trigger} ON "{table}"', f"DROP FUNCTION IF EXISTS {trigger}()"],
        [
            (
                f'CREATE TRIGGER {trigger} BEFORE INSERT ON "{table}" WHEN ({when}) AND NOT ({condition}) '
                f"BEGIN SELECT RAISE(ABORT, '{trigger} is not met'); END"
            )
        ],
        [f"DROP TRIGGER IF EXISTS {trigger}"],
    )


def _step(
    postgres: Sequence[str], postgres_back: Sequence[str], sqlite: Sequence[str], sqlite_back: Sequence[str]
) -> Operation:
    def runner(on_postgres: Sequence[str], on_sqlite: Sequence[str]) -> Run:
        def run(schema_editor: Any) -> None:
            for statement in on_postgres if schema_editor.connection.vendor == "postgresql" else on_sqlite:
                schema_editor.execute(statement, params=None)

        return run

    return Statements(runner(postgres, sqlite), runner(postgres_back, sqlite_back))

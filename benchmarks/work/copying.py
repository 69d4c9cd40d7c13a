"""The raw limit of loading: rows that are there already, copied into fresh tables with the same indices."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command

from benchmarks.work.province import BY, TABLES
from jiefa.areas import bundled

ROWS_AT_ONCE = 50_000
ROWS_PER_COMMIT = 500_000
NAMES = "registry_person_names"


def empty_tables() -> dict[str, Any]:
    """All tables with their indices, and the divisions."""
    call_command("migrate", verbosity=0)
    bundled.load(by=BY)
    return {}


def copy_postgres(source: str, target: str, folder: str, tables: Sequence[str] = TABLES) -> dict[str, Any]:
    """Seconds of COPY FROM and commit, table by table, from files in PostgreSQL's binary form."""
    took: dict[str, float] = {}
    rows = 0
    Path(folder).mkdir(parents=True, exist_ok=True)
    for table in tables:
        file = Path(folder) / f"{table}.copy"
        with psycopg.connect(source) as link, link.cursor() as cursor, file.open("wb") as out:
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
                [table],
            )
            columns = ", ".join(f'"{name}"' for (name,) in cursor.fetchall())
            with cursor.copy(f"COPY {table} ({columns}) TO STDOUT (FORMAT binary)") as copy:
                for piece in copy:
                    out.write(piece)
        with psycopg.connect(target) as link, link.cursor() as cursor, file.open("rb") as stream:
            started = time.perf_counter()
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT binary)") as copy:
                while piece := stream.read(1 << 20):
                    copy.write(piece)
            rows += cursor.rowcount
            link.commit()
            took[table] = time.perf_counter() - started
        file.unlink()
        print(f"{table}: {took[table]:.1f} s", flush=True)
    return {"seconds": sum(took.values()), "rows": rows, "tables": took}


def copy_sqlite(source: str, target: str, folder: str, tables: Sequence[str] = TABLES) -> dict[str, Any]:
    """Seconds of executemany and commit; reading the source and making tuples is not in them."""
    took: dict[str, float] = {}
    rows = 0
    with (
        contextlib.closing(_opened(source)) as there,
        contextlib.closing(_opened(target)) as here,
    ):
        for (trigger,) in here.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'registry_person'"
        ).fetchall():
            here.execute(f"DROP TRIGGER {trigger}")
        for table in tables:
            took[table], written = _copied(there, here, table)
            rows += written
            print(f"{table}: {took[table]:.1f} s", flush=True)
        if "registry_person" in tables:
            started = time.perf_counter()
            here.execute("BEGIN IMMEDIATE")
            here.execute(f"INSERT INTO {NAMES}(rowid, name_tokens) SELECT id, name_tokens FROM registry_person")
            here.execute("COMMIT")
            took[NAMES] = time.perf_counter() - started
    return {"seconds": sum(took.values()), "rows": rows, "tables": took}


def _opened(address: str) -> sqlite3.Connection:
    link = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None)
    link.executescript(settings.DATABASES["default"]["OPTIONS"]["init_command"])
    return link


def _copied(there: sqlite3.Connection, here: sqlite3.Connection, table: str) -> tuple[float, int]:
    read = there.execute(f"SELECT * FROM {table}")
    marks = ", ".join("?" for _ in read.description)
    columns = ", ".join(f'"{column[0]}"' for column in read.description)
    seconds, rows, pending = 0.0, 0, 0
    while piece := read.fetchmany(ROWS_AT_ONCE):
        started = time.perf_counter()
        if pending == 0:
            here.execute("BEGIN IMMEDIATE")
        here.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", piece)
        pending += len(piece)
        if pending >= ROWS_PER_COMMIT or len(piece) < ROWS_AT_ONCE:
            here.execute("COMMIT")
            pending = 0
        seconds += time.perf_counter() - started
        rows += len(piece)
    if here.in_transaction:
        here.execute("COMMIT")
    return seconds, rows

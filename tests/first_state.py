"""The state in which every test finds the records, and the way back to it after a test that committed."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg
from django.db import connection, connections
from psycopg import sql

import jiefa.areas
from jiefa.areas import actions as areas

DIVISIONS = Path(jiefa.areas.__file__).parent / "data" / "divisions_guizhou.csv"


class FirstState:
    """Migrated tables with the divisions of Guizhou. Copied as a file on SQLite, as a template on PostgreSQL."""

    def __init__(self, more: str = "") -> None:
        """``more``: what is in it besides, in a word."""
        self._name = str(connection.settings_dict["NAME"])
        self._postgres = connection.vendor == "postgresql"
        self._copy = (f"{self._name}_first" if self._postgres else f"{self._name}.first") + more

    def fill(self) -> None:
        """The divisions are loaded the way an office loads them."""
        areas.load_divisions(rows=areas.read_list(DIVISIONS), source="first state of tests", by="tests")

    def keep(self) -> None:
        """The state of now is the one to come back to."""
        if not self._postgres:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connections.close_all()
            shutil.copyfile(self._name, self._copy)
            return
        connections.close_all()
        self._replace(self._copy, self._name)

    def restore(self) -> None:
        """The records are those of the first state again."""
        connections.close_all()
        if self._postgres:
            self._replace(self._name, self._copy)
            return
        for suffix in ("-wal", "-shm"):
            Path(self._name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self._copy, self._name)

    def forget(self) -> None:
        """The copy goes."""
        if self._postgres:
            connections.close_all()
            with self._server() as server:
                server.execute(_drop(self._copy))
        else:
            Path(self._copy).unlink(missing_ok=True)

    def _server(self) -> psycopg.Connection[tuple[object, ...]]:
        parameters = connection.get_connection_params()
        return psycopg.connect(
            host=parameters.get("host"),
            port=parameters.get("port"),
            user=parameters.get("user"),
            password=parameters.get("password"),
            dbname="postgres",
            autocommit=True,
        )

    def _replace(self, target: str, source: str) -> None:
        with self._server() as server:
            server.execute(_drop(target))
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(target), sql.Identifier(source))
            )


def _drop(name: str) -> sql.Composed:
    return sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))

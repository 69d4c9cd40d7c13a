"""Which database this is, in one place."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote as escape

from django.db import connection


def is_postgres() -> bool:
    """Whether the records live in PostgreSQL (otherwise SQLite)."""
    return connection.vendor == "postgresql"


def reads_while_writing() -> bool:
    """Whether a transaction that reads, with temporary tables of its own, need not wait for one that writes."""
    return is_postgres()


def quote(name: str) -> str:
    """``name`` quoted as an identifier."""
    return connection.ops.quote_name(name)


def adbc_uri(settings: dict[str, Any]) -> str:
    """The address under which an ADBC driver reaches the database of these Django settings."""
    if settings["ENGINE"].endswith("sqlite3"):
        return str(settings["NAME"])
    user = escape(settings.get("USER") or "", safe="")
    password = f":{escape(settings['PASSWORD'], safe='')}" if settings.get("PASSWORD") else ""
    host = settings.get("HOST") or ""
    port = f":{settings['PORT']}" if settings.get("PORT") else ""
    if host.startswith("/") or not host:
        return (
            f"postgresql://{user}{password}@/{settings['NAME']}?host={escape(host or '/var/run/postgresql', safe='')}"
        )
    return f"postgresql://{user}{password}@{host}{port}/{settings['NAME']}"

"""What there is on this machine to test with: a PostgreSQL server, Chromium, Java."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

import psycopg

POSTGRES = os.environ.get("JIEFA_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/")
DATABASE = "jiefa"
"""Tests run in ``test_jiefa``; this one is only named, never made."""


def postgres_url() -> str:
    """What DATABASE_URL must be for tests on PostgreSQL."""
    return f"{POSTGRES.rstrip('/')}/{DATABASE}"


@cache
def postgres_answers() -> bool:
    """Whether a PostgreSQL server lets us in."""
    try:
        psycopg.connect(f"{POSTGRES.rstrip('/')}/postgres", connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def chromium() -> str | None:
    """The path of Chromium, ``None`` where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def java() -> str | None:
    """The path of Java, ``None`` where there is none."""
    home = os.environ.get("JAVA_HOME")
    if home and (Path(home) / "bin" / "java").exists():
        return str(Path(home) / "bin" / "java")
    return shutil.which("java")


def absent(markers: set[str]) -> str | None:
    """Why a test with these markers cannot run here; ``None``: it can."""
    if "postgres" in os.environ.get("JIEFA_TEST_ABSENT", ""):
        return "no PostgreSQL server (JIEFA_TEST_POSTGRES)"
    if "browser" in markers and not chromium():
        return "no Chromium"
    if "spark" in markers and not java():
        return "no Java"
    return None

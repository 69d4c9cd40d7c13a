"""The demonstration as the records of one test: the file that was built once for all workers (``journeys.office.province``), or a
database of PostgreSQL."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, connections
from django.test import override_settings
from tests.journeys.office import SCALE, SEED, UNTIL, Office
from tests.keeping import kept_records

from jiefa import policy
from jiefa.demo import build
from jiefa.kernel import vault

RECORDS = "jiefa.sqlite3"


@contextmanager
def adopted(office: Office, home: Path) -> Iterator[None]:
    """The test's records and home folder are a copy of the office's meanwhile, with its key. SQLite only; the test must be ``transactional_db``."""
    name = str(connection.settings_dict["NAME"])
    connections.close_all()
    for suffix in ("", "-wal", "-shm"):
        Path(name + suffix).unlink(missing_ok=True)
    # Others may be looking at the office at this moment: sqlite3's own backup is one state of it, a copied file need not be.
    with closing(sqlite3.connect(office.home / RECORDS)) as source, closing(sqlite3.connect(name)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=WAL")
    shutil.copytree(
        office.home, home, dirs_exist_ok=True, ignore=shutil.ignore_patterns(f"{RECORDS}*", "cache", "static")
    )
    with override_settings(JIEFA_VAULT_KEY=vault.master_key(office.home)):
        yield


def _build(folder: Path) -> None:
    build.build(scale=SCALE, seed=SEED, until=UNTIL, pack=policy.load(), on_step=lambda step: None)


demonstration_kept = kept_records("demonstration", _build)
"""The same demonstration built in this process's records, on PostgreSQL."""

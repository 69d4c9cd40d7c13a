"""The records of one moment as immutable Parquet files with a manifest; everything published is computed from these.

Knows no table's meaning: whoever builds says what the tables are.
"""

from __future__ import annotations

from jiefa.snapshots.build import TableSource, build
from jiefa.snapshots.opened import Snapshot, SnapshotUnknown
from jiefa.snapshots.shelf import find, latest, listing
from jiefa.snapshots.verify import FileFault, glance, verify

__all__ = [
    "FileFault",
    "Snapshot",
    "SnapshotUnknown",
    "TableSource",
    "build",
    "find",
    "glance",
    "latest",
    "listing",
    "verify",
]

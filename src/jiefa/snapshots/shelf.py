"""Which snapshots there are, and the one that speaks for a year."""

from __future__ import annotations

from pathlib import Path

from jiefa.snapshots.manifest import MANIFEST
from jiefa.snapshots.opened import Snapshot, SnapshotUnknown


def listing(home: Path) -> list[Snapshot]:
    """All finished snapshots, newest first."""
    folders = [
        path.parent for path in (home / "snapshots").glob(f"*/*/{MANIFEST}") if not path.parent.name.startswith(".")
    ]
    return sorted((Snapshot(folder) for folder in folders), key=lambda s: (s.manifest.made_at, s.id), reverse=True)


def latest(home: Path, year: int | None = None) -> Snapshot:
    """The newest snapshot of ``year``; of the latest year there is for ``None``. Raises ``SnapshotUnknown``."""
    years = sorted(
        (int(path.name) for path in (home / "snapshots").glob("[0-9]*") if path.name.isdecimal()), reverse=True
    )
    for candidate in years if year is None else [year]:
        folders = sorted((home / "snapshots" / str(candidate)).glob(f"[0-9]*/{MANIFEST}"))
        if folders:
            return max((Snapshot(path.parent) for path in folders), key=lambda s: (s.manifest.made_at, s.id))
    raise SnapshotUnknown(what="" if year is None else year, year=year or "YYYY")


def find(home: Path, identity: str) -> Snapshot:
    """The snapshot called ``identity``. Raises ``SnapshotUnknown``."""
    year = identity.split("-")[0]
    folder = home / "snapshots" / year / identity
    if not year.isdecimal() or "/" in identity or not (folder / MANIFEST).exists():
        raise SnapshotUnknown(what=identity, year="YYYY")
    return Snapshot(folder)

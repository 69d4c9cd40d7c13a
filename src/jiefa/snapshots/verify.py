"""Whether a snapshot's files are still those of its manifest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from jiefa.snapshots.opened import Snapshot


@dataclass(frozen=True, slots=True)
class FileFault:
    """A file that is ``missing``, ``altered`` or ``extra``."""

    path: str
    kind: str


def verify(snapshot: Snapshot) -> list[FileFault]:
    """The faults found; empty when every file is there, byte for byte, and no other."""
    faults = []
    expected = {"manifest.json"}
    for table in snapshot.manifest.tables:
        for file in table.files:
            expected.add(file.path)
            path = snapshot.folder / file.path
            if not path.exists():
                faults.append(FileFault(file.path, "missing"))
                continue
            digest = hashlib.sha256()
            with path.open("rb") as stream:
                while piece := stream.read(1 << 20):
                    digest.update(piece)
            if digest.hexdigest() != file.sha256:
                faults.append(FileFault(file.path, "altered"))
    for path in sorted(snapshot.folder.rglob("*")):
        relative = path.relative_to(snapshot.folder).as_posix()
        if path.is_file() and relative not in expected:
            faults.append(FileFault(relative, "extra"))
    return faults


def glance(snapshot: Snapshot) -> list[FileFault]:
    """The faults that sizes alone show: quick enough for a list; ``verify`` also reads every byte."""
    faults = []
    for table in snapshot.manifest.tables:
        for file in table.files:
            path = snapshot.folder / file.path
            if not path.exists():
                faults.append(FileFault(file.path, "missing"))
            elif path.stat().st_size != file.bytes:
                faults.append(FileFault(file.path, "altered"))
    return faults

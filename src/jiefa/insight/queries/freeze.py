"""Whether a snapshot is still the one that was made: its files against its manifest, its manifest against the log."""

from __future__ import annotations

import json

from jiefa import snapshots
from jiefa.audit import queries as audit
from jiefa.snapshots import FileFault, Snapshot
from jiefa.snapshots.manifest import MANIFEST


def verify(snapshot: Snapshot) -> list[FileFault]:
    """The faults found; empty when everything is as it was made. A snapshot that the log does not know is ``unknown``."""
    faults = snapshots.verify(snapshot)
    made = audit.history("snapshot", snapshot.id).filter(action="snapshot.made").first()
    if made is None:
        return [*faults, FileFault(MANIFEST, "unknown")]
    if json.loads(made.diff).get("digest") != snapshot.digest:
        return [*faults, FileFault(MANIFEST, "altered")]
    return faults

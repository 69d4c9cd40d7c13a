"""Where a staged roster waits for its decision: a folder of Parquet files under the home folder, made whole by one rename."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from jiefa.kernel.vault import Vault

HOUSEHOLDS, MEMBERS, REMARKS, SOURCE, FACTS = (
    "households.parquet",
    "members.parquet",
    "remarks.parquet",
    "source.sealed",
    "facts.json",
)

REMARK_COLUMNS = pa.schema(
    [
        ("sheet", pa.string()),
        ("row", pa.int64()),
        ("household", pa.string()),
        ("column", pa.string()),
        ("level", pa.string()),
        ("rule", pa.string()),
        ("zh", pa.string()),
        ("en", pa.string()),
    ]
)
"""One remark on one row of the user's file. ``row`` and ``household`` NULL: the remark is about the sheet."""


@dataclass(frozen=True)
class StagedFolder:
    """The files of one staged roster. ``households`` carries ``held`` and ``unchanged`` for every household."""

    path: Path

    def households(self) -> pa.Table:
        return pq.read_table(self.path / HOUSEHOLDS)

    def members(self) -> pa.Table:
        return pq.read_table(self.path / MEMBERS)

    def remarks(self) -> pa.Table:
        return pq.read_table(self.path / REMARKS)

    def facts(self) -> dict[str, object]:
        facts: dict[str, object] = json.loads((self.path / FACTS).read_text(encoding="utf-8"))
        return facts

    def has_source(self) -> bool:
        """Whether the uploaded file was kept."""
        return (self.path / SOURCE).exists()

    def source(self, vault: Vault) -> bytes | None:
        """The uploaded file's bytes, None where it was not kept."""
        sealed = self.path / SOURCE
        return vault.open_bytes(sealed.read_bytes()) if sealed.exists() else None


WRITING = ".writing-"
STALE_SECONDS = 86_400


def _sweep(shelf: Path) -> None:
    """What a killed process left behind goes after a day."""
    for left in shelf.glob(f"{WRITING}*"):
        if left.stat().st_mtime < time.time() - STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def keep(
    home: Path,
    households: pa.Table,
    members: pa.Table,
    remarks: pa.Table,
    source: bytes | None,
    facts: dict[str, object],
) -> StagedFolder:
    """A new folder with these files, there whole or not at all."""
    shelf = home / "staged"
    shelf.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(shelf)
    scratch = Path(tempfile.mkdtemp(prefix=WRITING, dir=shelf))
    try:
        pq.write_table(households, scratch / HOUSEHOLDS, compression="zstd")
        pq.write_table(members, scratch / MEMBERS, compression="zstd")
        pq.write_table(remarks, scratch / REMARKS, compression="zstd")
        (scratch / FACTS).write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
        if source is not None:
            (scratch / SOURCE).write_bytes(source)
        final = shelf / scratch.name.removeprefix(WRITING)
        scratch.rename(final)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    return StagedFolder(final)

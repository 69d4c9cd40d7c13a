"""What a snapshot says of itself: its year, moment, policy, and every file with its rows and digest."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class FileFacts:
    path: str  # relative to the snapshot's folder
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TableFacts:
    name: str
    rows: int
    files: tuple[FileFacts, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    id: str
    year: int
    kind: str  # "freeze" of a year's end or "now"
    as_of: str  # ISO time up to which the records are included
    made_at: str
    made_by: str
    policy_version: str
    product_version: str
    mark: int  # how far the records had come: whoever builds says what it counts
    tables: tuple[TableFacts, ...]

    def table(self, name: str) -> TableFacts:
        """The facts of one table. Raises ``KeyError``."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)

    def write(self, folder: Path) -> None:
        (folder / MANIFEST).write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest in ``folder``. One that was read before is not read again unless its file changed since."""
        state = (folder / MANIFEST).stat()
        return _read(folder, state.st_mtime_ns, state.st_size)

    @classmethod
    def parsed(cls, folder: Path) -> Manifest:
        facts = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        tables = tuple(
            TableFacts(table["name"], table["rows"], tuple(FileFacts(**file) for file in table["files"]))
            for table in facts.pop("tables")
        )
        return cls(**facts, tables=tables)

    @property
    def moment(self) -> dt.datetime:
        """``as_of`` as a time."""
        return dt.datetime.fromisoformat(self.as_of)


@lru_cache(maxsize=256)
def _read(folder: Path, changed_ns: int, size: int) -> Manifest:
    return Manifest.parsed(folder)

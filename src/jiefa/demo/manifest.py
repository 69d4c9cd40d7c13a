"""What a generated province consists of: its roster files, its facts, its flows and the truth about its faults."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from jiefa.demo.years import Flow

FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class RosterPart:
    """One year of one or more whole counties: two Parquet files in the columns of the roster form.

    ``people`` counts members present at year end; ``member_rows`` also those who left in the year.
    """

    year: int
    households: Path
    members: Path
    counties: tuple[str, ...]
    household_rows: int
    member_rows: int
    people: int


@dataclass(frozen=True)
class Manifest:
    """Everything that ``generate`` wrote. Paths are inside ``folder``."""

    folder: Path
    seed: int
    scale: float
    until: int
    faulty: bool
    parts: tuple[RosterPart, ...]
    designations: Path
    village_facts: Path
    flows: Path
    truth: Path
    totals: tuple[Flow, ...]
    """Flows of the whole province, one for each year, ``county`` = ``52``."""

    def save(self) -> Path:
        """The manifest as JSON beside the files."""

        def plain(value: object) -> str:
            if isinstance(value, Path):
                return value.relative_to(self.folder).as_posix() if value.is_relative_to(self.folder) else str(value)
            raise TypeError(type(value).__name__)

        content = asdict(self)
        content["folder"] = "."
        path = self.folder / FILE
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=plain) + "\n", encoding="utf-8")
        return path

"""What there is to say of the rows of a list, whatever it is about: from cells, from rules, as a table, as a report.

Knows no kind of list; whoever reads one says what its rows mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from jiefa import sheets
from jiefa.lists.rules import Remark
from jiefa.policy import Form, Pack
from jiefa.registry.intake import folder
from jiefa.sheets.forms import specs_of

LEVELS = {"error": "error", "warning": "warn", "fixed": "fixed"}


@dataclass
class Remarks:
    """What is said of which row, None for the sheet; rows with an error are held back."""

    said: list[tuple[int | None, Remark]] = field(default_factory=list)
    held: set[int] = field(default_factory=set)

    def say(self, row: int, remark: Remark) -> None:
        self.said.append((row, remark))
        if remark.level == "error":
            self.held.add(row)

    def say_of_cells(self, read: sheets.ReadResult) -> None:
        """What reading the file found."""
        for said in read.remarks:
            remark = Remark(LEVELS[said.severity], f"cell.{said.code}", said.column or "", said.zh, said.en)
            if said.severity == "fixed" or not said.rows:
                self.said.append((None, remark))
            for row in said.rows if said.severity != "fixed" else ():
                self.say(row, remark)

    @property
    def warnings(self) -> int:
        return sum(remark.level == "warn" for _row, remark in self.said)


def named(form: Form, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row that was read, by the columns' identifiers: the sheet calls money ``…_fen``."""
    money = {one.id for one in form.sheets[0].fields if one.type == "money"}
    return {"row": row["row"]} | {
        one.id: row[f"{one.id}_fen" if one.id in money else one.id] for one in form.sheets[0].fields
    }


def as_table(remarks: Remarks, sheet: str) -> pa.Table:
    """The remarks as they are kept beside a list that waits."""
    rows = [
        {
            "sheet": sheet,
            "row": row,
            "household": None,
            "column": remark.column or None,
            "level": remark.level,
            "rule": remark.rule,
            "zh": remark.zh,
            "en": remark.en,
        }
        for row, remark in remarks.said
    ]
    return pa.Table.from_pylist(rows, folder.REMARK_COLUMNS)


def write_report(kept: folder.StagedFolder, form: Form, pack: Pack, source: Path, target: Path) -> bool:
    """The owner's workbook with what is wrong beside it; False where there is nothing to say of any row."""
    marks = [
        sheets.Mark(one["sheet"], one["row"], one["column"], one["level"], one["rule"], one["zh"])
        for one in kept.remarks().to_pylist()
        if one["row"] is not None
    ]
    if marks:
        sheets.write_report(source, specs_of(pack, form), marks, target)
    return bool(marks)


def tally(kept: folder.StagedFolder) -> list[tuple[str, str, str, str, int]]:
    """``(level, rule, zh, en, rows)`` of the remarks, the gravest and most frequent first; words of one of them."""
    counts: Counter[tuple[str, str]] = Counter()
    words: dict[tuple[str, str], tuple[str, str]] = {}
    for one in kept.remarks().to_pylist():
        key = (one["level"], one["rule"])
        counts[key] += 1
        words.setdefault(key, (one["zh"], one["en"]))
    order = ("error", "warn", "fixed")
    ranked = sorted(counts, key=lambda key: (order.index(key[0]), -counts[key]))
    return [(*key, *words[key], counts[key]) for key in ranked]

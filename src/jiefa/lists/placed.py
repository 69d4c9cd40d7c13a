"""Lists whose rows are about places: the code is looked up, rows that say the same twice are held back."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from jiefa.access.queries import Actor
from jiefa.access.rules import Scope
from jiefa.areas import queries as areas
from jiefa.lists.kinds import Judged, Kind, Say
from jiefa.lists.rules import Remark
from jiefa.policy import Pack

Row = Mapping[str, Any]
AT_ONCE = 1_000
"""Codes looked up in one statement."""


class OfPlaces(Kind[Row]):
    """A list about places. ``digits``: of the codes that it may name; ``identity``: the columns by which a row is told from others."""

    digits: ClassVar[frozenset[int]]
    identity: ClassVar[tuple[str, ...]]

    def __init__(self, name: str, pack: Pack) -> None:
        self.form = pack.form(name)
        self.id, self.zh, self.en = name, self.form.zh, self.form.en

    @abstractmethod
    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, by: Actor, pack: Pack) -> None:
        """Says what there is to say of rows whose place is known."""

    @abstractmethod
    def on_file(self, rows: Sequence[Row]) -> Mapping[tuple[Any, ...], Row]:
        """What stands on file of these rows, by identity."""

    def examine(self, rows: Sequence[Row], judged: Judged[Row], within: Scope, by: Actor, pack: Pack) -> None:
        codes = sorted({row["area_code"] for row in rows if row["area_code"]})
        known = {
            code
            for first in range(0, len(codes), AT_ONCE)
            for code in areas.named(codes[first : first + AT_ONCE])
            if len(code) in self.digits and within.covers(code)
        }
        placed = []
        for row in rows:
            if row["row"] in judged.held:
                continue
            if row["area_code"] in known:
                placed.append((row["row"], row))
            else:
                judged.say(row["row"], _NO_PLACE)
        self.judge(placed, judged.say, by, pack)
        seen: dict[tuple[Any, ...], int] = {}
        for line, row in placed:
            key = self.key(row)
            if key in seen:
                judged.say(line, _twice(seen[key]))
            seen.setdefault(key, line)
        judged.found = placed
        spoken = {row["area_code"][:6] for _line, row in placed}
        judged.areas = {area for code in spoken for area in within.narrowed(code).areas}

    def key(self, row: Row) -> tuple[Any, ...]:
        return tuple(text(row, name) if isinstance(row[name], str | None) else row[name] for name in self.identity)

    def unchanged(self, rows: Sequence[Row]) -> int:
        standing = self.on_file(rows)
        return sum(self.same(standing.get(self.key(row)), row) for row in rows)

    def same(self, standing: Row | None, row: Row) -> bool:
        """Whether what stands on file says all that the row says."""
        return standing is not None and all((row[name] or "") == (value or "") for name, value in standing.items())

    def fresh(self, rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
        """The rows that are new, and those that say something else than what is on file."""
        standing = self.on_file(rows)
        new = [row for row in rows if self.key(row) not in standing]
        changed = [row for row in rows if self.key(row) in standing and not self.same(standing[self.key(row)], row)]
        return new, changed

    def plain(self, row: Row) -> dict[str, object]:
        return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in row.items()}

    def row(self, plain: Mapping[str, Any]) -> Row:
        days = {one.id for one in self.form.sheets[0].fields if one.type == "date"}
        return {
            name: dt.date.fromisoformat(value) if name in days and value else value for name, value in plain.items()
        }


def text(row: Row, column: str) -> str:
    """What the cell says, without blanks around it; '' for an empty one."""
    return (row[column] or "").strip()


_NO_PLACE = Remark(
    "error",
    "list.no_place",
    "area_code",
    "您管辖范围内没有这个代码的地方，或级别不对。请核对代码的位数和管辖范围。",
    "No place of your area has this code, or it is of another level. Check its digits and your area.",
)


def _twice(line: int) -> Remark:
    return Remark(
        "error", "list.twice", "", f"与第 {line} 行重复。请删去一行。", f"The same as row {line}. Delete one."
    )

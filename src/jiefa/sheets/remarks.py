"""What is said about single cells and rows: severity, wording in both languages, and how many remarks become one.

Harmless repairs are told once per column and kind; doubts and mistakes cell by cell, up to a limit, and then together.
Nothing is dropped: ``Remark.rows`` is always complete.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from jiefa.kernel import id_numbers
from jiefa.sheets.columns import Column, Limits
from jiefa.sheets.wording import WORDINGS, Severity

FIRST_ROWS = 5


class Note(NamedTuple):
    """What typing one cell found: a code of the catalogue and the text it fills in."""

    code: str
    detail: str = ""
    detail_en: str = ""


@dataclass(frozen=True)
class Remark:
    """One thing to tell. ``sheet`` is the spec's id, ``row`` the first of ``rows`` (1-based, in the user's file).

    ``column`` is the column's id or None for a row or the sheet. ``original`` is the first cell's text, masked for
    certificate and sealed columns.
    """

    sheet: str
    row: int | None
    column: str | None
    severity: Severity
    code: str
    zh: str
    en: str
    original: str = ""
    rows: Sequence[int] = ()

    @property
    def count(self) -> int:
        return max(1, len(self.rows))


@dataclass(frozen=True)
class Skipped:
    """Rows that are no data, with the reason (blank, total, note, repeated_header)."""

    sheet: str
    reason: str
    zh: str
    en: str
    rows: Sequence[int]


@dataclass
class _Group:
    rows: array[int] = field(default_factory=lambda: array("q"))
    originals: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def _shown_rows(rows: Sequence[int], language: str) -> str:
    first = ("、" if language == "zh" else ", ").join(str(row) for row in rows[:FIRST_ROWS])
    if len(rows) <= FIRST_ROWS:
        return f"{first} 行" if language == "zh" else first
    return f"{first} 等 {len(rows)} 行" if language == "zh" else f"{first} and others, {len(rows)} in all"


class Collector:
    """Gathers what one sheet's cells gave rise to, then words it."""

    def __init__(self, sheet: str, limits: Limits) -> None:
        self.sheet = sheet
        self.limits = limits
        self.error_texts: list[tuple[str, str]] = []
        """(column id, original text) of each wrong cell, in order of reading; goes into the digest."""
        self._groups: dict[tuple[str | None, str], _Group] = {}
        self._columns: dict[str, Column] = {}

    def cell(self, row: int, column: Column, note: Note, original: object) -> None:
        self.cells([row], column, note, original)

    def cells(self, rows: Iterable[int], column: Column, note: Note, original: object) -> None:
        """The same note and the same text in many rows of one column."""
        self._columns[column.id] = column
        group = self._groups.setdefault((column.id, note.code), _Group())
        text = _text(original)
        wrong = WORDINGS[note.code].severity == "error"
        for row in rows:
            group.rows.append(row)
            if wrong:
                self.error_texts.append((column.id, text))
            if len(group.originals) < self.limits.single_remarks:
                group.originals.append(id_numbers.mask(text) if column.secret else text)
                group.notes.append(note)

    def whole(self, code: str, detail: str = "", detail_en: str = "", rows: Sequence[int] = ()) -> None:
        """Something about the sheet or whole rows, not a cell."""
        group = self._groups.setdefault((None, code), _Group())
        group.notes.append(Note(code, detail, detail_en or detail))
        group.originals.append("")
        group.rows.extend(rows)

    def remarks(self) -> Iterator[Remark]:
        for (column_id, code), group in self._groups.items():
            if column_id is None:
                yield from self._sheet_remarks(code, group)
            elif WORDINGS[code].severity == "fixed":
                yield self._cell_remark(column_id, code, group, 0, group.rows)
            else:
                yield from self._single_remarks(column_id, code, group)

    def _sheet_remarks(self, code: str, group: _Group) -> Iterator[Remark]:
        wording = WORDINGS[code]
        for note in group.notes:
            filling = {"column": "", "text": "", "detail": note.detail}
            yield Remark(
                sheet=self.sheet,
                row=group.rows[0] if group.rows else None,
                column=None,
                severity=wording.severity,
                code=code,
                zh=wording.zh.format(**filling, rows=_shown_rows(group.rows, "zh")),
                en=wording.en.format(**{**filling, "detail": note.detail_en}, rows=_shown_rows(group.rows, "en")),
                rows=tuple(group.rows),
            )

    def _single_remarks(self, column_id: str, code: str, group: _Group) -> Iterator[Remark]:
        told = len(group.originals)
        for index in range(told):
            yield self._cell_remark(column_id, code, group, index, group.rows[index : index + 1])
        if len(group.rows) > told:
            yield self._cell_remark(column_id, code, group, told - 1, group.rows[told:])

    def _cell_remark(self, column_id: str, code: str, group: _Group, index: int, rows: Sequence[int]) -> Remark:
        wording, note, column = WORDINGS[code], group.notes[index], self._columns[column_id]
        text = group.originals[index]
        zh = wording.zh.format(column=column.zh, text=text, detail=note.detail, rows=_shown_rows(rows, "zh"))
        en = wording.en.format(
            column=column.en, text=text, detail=note.detail_en or note.detail, rows=_shown_rows(rows, "en")
        )
        if len(rows) > 1 and wording.severity != "fixed":
            zh += f"（另有同类：第 {_shown_rows(rows, 'zh')}）"
            en += f" (also in rows {_shown_rows(rows, 'en')})"
        return Remark(self.sheet, rows[0], column_id, wording.severity, code, zh, en, text, rows)


def _text(original: object) -> str:
    if original is None:
        return ""
    if isinstance(original, float):
        return format(original, ".15g")
    return str(original)

"""The report as a new xlsx with the same rows at the same places, for sources whose look cannot be kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jiefa.sheets.export import BAD_IN_SHEET_NAMES, CELL_CHARACTERS, SHEET_ROWS
from jiefa.sheets.headers import PROBLEM_COLUMN, RESULT_COLUMN, ROW_COLUMN
from jiefa.sheets.layouts import EXCERPT_SHEET, SUMMARY_SHEET, Match
from jiefa.sheets.report_rows import COLOURS, PASSED, RowVerdict, Summary
from jiefa.sheets.rows import is_blank

Verdicts = Mapping[str, Mapping[int, RowVerdict]]


class _Book:
    def __init__(self, path: Path) -> None:
        self.book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self.text = self.book.add_format({"num_format": "@"})
        self.date = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.bold = self.book.add_format({"bold": True})
        self.wrap = self.book.add_format({"text_wrap": True, "valign": "top"})
        self._filled: dict[tuple[str, bool], Format] = {}

    def filled(self, level: str, date: bool = False) -> Format:
        if (level, date) not in self._filled:
            form = {"bg_color": f"#{COLOURS[level]}", "num_format": "yyyy-mm-dd" if date else "@"}
            self._filled[level, date] = self.book.add_format(form)
        return self._filled[level, date]


def write(found: Sequence[Match], verdicts: Verdicts, summary: Summary, target: Path) -> None:
    """Writes the workbook; with ``summary.excerpt`` only rows that have a verdict, each with its original number."""
    book = _Book(target)
    try:
        _write_summary(book, summary)
        for entry in found:
            _write_sheet(book, entry, verdicts.get(entry.layout.spec.id, {}), summary.excerpt)
    finally:
        book.book.close()


def _write_summary(book: _Book, summary: Summary) -> None:
    sheet = book.book.add_worksheet(EXCERPT_SHEET if summary.excerpt else SUMMARY_SHEET)
    for position, width in enumerate((16, 24, 90, 10)):
        sheet.set_column(position, position, width)
    for index, line in enumerate(summary.lines()):
        for position, value in enumerate(line):
            form = book.bold if index == 0 else book.wrap if position == 2 else None
            _put(book, sheet, index, position, value, form)


def _write_sheet(book: _Book, entry: Match, verdicts: Mapping[int, RowVerdict], excerpt: bool) -> None:
    layout, head = entry.layout, entry.source.head
    sheet = book.book.add_worksheet(layout.spec.zh.translate(BAD_IN_SHEET_NAMES)[:31])
    above = [list(head[0])] if entry.source.typed else [list(row) for row in head[: layout.first_row - 1]]
    width = max([len(row) for row in above] + [found.position + 1 for found in layout.fields])
    numbered = excerpt or entry.source.typed
    for position in range(width):
        sheet.set_column(position, position, 14)
    sheet.set_column(width + 1, width + 1, 70)
    for index, cells in enumerate(above):
        for position, value in enumerate(cells):
            _put(book, sheet, index, position, _ours(value), book.bold)
    titles = (RESULT_COLUMN, PROBLEM_COLUMN, *((ROW_COLUMN,) if numbered else ()))
    for offset, title in enumerate(titles):
        sheet.write_string(len(above) - 1, width + offset, title, book.bold)
    line = len(above)
    columns = {found.position: found.column.id for found in layout.fields}
    for chunk in entry.source.chunks(layout):
        for index in range(chunk.length):
            row, verdict = chunk.first_row + index, verdicts.get(chunk.first_row + index)
            if (excerpt and verdict is None) or line >= SHEET_ROWS:
                continue
            _write_row(book, sheet, line, chunk.cells(index), verdict, columns, width)
            if numbered:
                sheet.write_number(line, width + 2, row)
            line += 1


def _write_row(
    book: _Book,
    sheet: Worksheet,
    line: int,
    cells: Sequence[object],
    verdict: RowVerdict | None,
    columns: Mapping[int, str],
    width: int,
) -> None:
    for position, value in enumerate(cells[:width]):
        level = verdict.cells.get(columns.get(position, "")) if verdict else None
        form = book.filled(level, isinstance(value, dt.date)) if level else None
        if form and is_blank(value):
            sheet.write_blank(line, position, None, form)
        else:
            _put(book, sheet, line, position, value, form)
    if verdict:
        sheet.write_string(line, width, verdict.word, book.filled(verdict.level))
        sheet.write_string(line, width + 1, verdict.text, book.wrap)
    elif not all(is_blank(cell) for cell in cells):
        sheet.write_string(line, width, PASSED)


def _ours(value: object) -> object:
    return None if value in (RESULT_COLUMN, PROBLEM_COLUMN, ROW_COLUMN) else value


def _put(book: _Book, sheet: Worksheet, row: int, position: int, value: object, form: Format | None) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(row, position, "是" if value else "否", form)
    elif isinstance(value, (int, float, Decimal)) and abs(float(value)) < 10**15:
        sheet.write_number(row, position, float(value), form)
    elif isinstance(value, dt.date) and value.year >= 1900:
        stamp = value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001
        sheet.write_datetime(row, position, stamp.replace(tzinfo=None), form or book.date)
    else:
        text = "、".join(map(str, value)) if isinstance(value, list) else str(value)
        sheet.write_string(row, position, text[:CELL_CHARACTERS], form or book.text)

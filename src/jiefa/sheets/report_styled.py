"""The report inside the user's own xlsx: cells and formats stay, two columns and a summary sheet are added."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Font, PatternFill

from jiefa.sheets.columns import Layout
from jiefa.sheets.headers import PROBLEM_COLUMN, RESULT_COLUMN
from jiefa.sheets.layouts import SUMMARY_SHEET
from jiefa.sheets.report_rows import COLOURS, PASSED, RowVerdict, Summary
from jiefa.sheets.rows import is_blank

NO_FILL = PatternFill()


def write(
    source: Path,
    layouts: Sequence[Layout],
    verdicts: Mapping[str, Mapping[int, RowVerdict]],
    summary: Summary,
    target: Path,
) -> bool:
    """True when written; False when openpyxl cannot open the workbook and a plain copy must do."""
    try:
        book = openpyxl.load_workbook(source)
    except (ValueError, KeyError, TypeError, AttributeError, OSError, IndexError, zipfile.BadZipFile):
        return False
    fills = {level: PatternFill("solid", fgColor=colour) for level, colour in COLOURS.items()}
    for layout in layouts:
        _write_sheet(book[layout.sheet], layout, verdicts.get(layout.spec.id, {}), fills)
    if SUMMARY_SHEET in book.sheetnames:
        del book[SUMMARY_SHEET]
    _write_summary(book.create_sheet(SUMMARY_SHEET, 0), summary)
    book.active = 0
    for sheet in book.worksheets[1:]:
        sheet.sheet_view.tabSelected = False
    book.save(target)
    return True


def _write_sheet(
    sheet: Any, layout: Layout, verdicts: Mapping[int, RowVerdict], fills: Mapping[str, PatternFill]
) -> None:
    header = layout.header_rows[-1]
    result, problem = _report_columns(sheet, layout)
    for position, title, width in ((result, RESULT_COLUMN, 10), (problem, PROBLEM_COLUMN, 70)):
        cell = sheet.cell(header, position, title)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    for row in range(layout.first_row, sheet.max_row + 1):
        verdict = verdicts.get(row)
        cells = [sheet.cell(row, found.position + 1) for found in layout.fields]
        _clear_old_colours(cells)
        if verdict is None:
            blank = all(is_blank(cell.value) for cell in cells)
            _put(sheet, row, result, None if blank else PASSED)
            _put(sheet, row, problem, None)
            continue
        _put(sheet, row, result, verdict.word)
        _put(sheet, row, problem, verdict.text)
        sheet.cell(row, result).fill = fills[verdict.level]
        sheet.cell(row, problem).alignment = Alignment(wrap_text=True, vertical="top")
        for found in layout.fields:
            if level := verdict.cells.get(found.column.id):
                sheet.cell(row, found.position + 1).fill = fills[level]


def _report_columns(sheet: Any, layout: Layout) -> tuple[int, int]:
    """The columns of an earlier report if there are any, else the first two free ones at the right."""
    titles = {str(cell.value): cell.column for row in layout.header_rows for cell in sheet[row] if cell.value}
    free = sheet.max_column + 1
    result = titles.get(RESULT_COLUMN, free)
    return result, titles.get(PROBLEM_COLUMN, max(free, result + 1))


def _clear_old_colours(cells: Sequence[Any]) -> None:
    for cell in cells:
        if cell.has_style and cell.fill.fill_type == "solid" and str(cell.fill.fgColor.rgb)[-6:] in COLOURS.values():
            cell.fill = NO_FILL


def _put(sheet: Any, row: int, position: int, text: str | None) -> None:
    cell = sheet.cell(row, position)
    if isinstance(cell, MergedCell):
        return
    cell.value = text
    cell.data_type = "s" if text is not None else "n"
    if text is None or text == PASSED:
        cell.fill = NO_FILL


def _write_summary(sheet: Any, summary: Summary) -> None:
    for index, line in enumerate(summary.lines(), start=1):
        for position, value in enumerate(line, start=1):
            cell = sheet.cell(index, position, value)
            if isinstance(value, str):
                cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=position == 3, vertical="top")
    sheet["A1"].font = Font(bold=True, size=14)
    for letter, width in (("A", 16), ("B", 24), ("C", 90), ("D", 10)):
        sheet.column_dimensions[letter].width = width

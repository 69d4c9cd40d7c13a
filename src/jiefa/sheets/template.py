"""The workbook that officers fill in: headers, drop-downs, a note per column, formats that keep 18 digits.

What it writes, ``read`` reads without a remark when it is filled in correctly. It may come pre-filled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jiefa.sheets.columns import Column, ColumnType, SheetSpec
from jiefa.sheets.export import text_of, write_cell
from jiefa.sheets.headers import column_letter
from jiefa.sheets.layouts import CHOICES_SHEET, GUIDE_SHEET

LAST_ROW = 1_048_575
INLINE_CHOICES = 200
"""Excel takes at most 255 characters of choices within a rule; longer lists live on a hidden sheet."""
YES_NO = ("是", "否")
TYPE_WORDS = {
    ColumnType.TEXT: "文字",
    ColumnType.CODE: "从下拉框选一项",
    ColumnType.CODES: "可选多项，用顿号“、”分隔",
    ColumnType.INT: "整数",
    ColumnType.MONEY: "金额，最多两位小数",
    ColumnType.MEASURE: "数量，最多两位小数",
    ColumnType.DATE: "日期，如 2015-03-01",
    ColumnType.BOOL: "是 或 否",
    ColumnType.CERTIFICATE: "证件号码，单元格为文本格式",
    ColumnType.SEALED: "号码，单元格为文本格式",
}
NUMBER_FORMATS = {
    ColumnType.INT: "0",
    ColumnType.MONEY: "0.00",
    ColumnType.MEASURE: "0.00",
    ColumnType.DATE: "yyyy-mm-dd",
}
WIDTHS = {ColumnType.CERTIFICATE: 24, ColumnType.SEALED: 22, ColumnType.DATE: 12, ColumnType.CODES: 22}


class _Book:
    def __init__(self, path: Path) -> None:
        self.book = xlsxwriter.Workbook(
            str(path), {"constant_memory": False, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self.header = self._format(bold=True, bg_color="#DCE6F1", border=1, text_wrap=True, valign="vcenter")
        self.required = self._format(bold=True, bg_color="#FCE4D6", border=1, text_wrap=True, valign="vcenter")
        self.title = self._format(bold=True, font_size=14)
        self.bold = self._format(bold=True, bg_color="#DCE6F1", border=1)
        self.wrap = self._format(text_wrap=True, valign="top", border=1)
        self._cells: dict[str, Format] = {}
        self._choices: Worksheet | None = None
        self._lists: dict[tuple[str, ...], str] = {}

    def _format(self, **properties: object) -> Format:
        return self.book.add_format(properties)

    def cell_format(self, column: Column) -> Format:
        number_format = NUMBER_FORMATS.get(column.type, "@")
        if number_format not in self._cells:
            self._cells[number_format] = self._format(num_format=number_format)
        return self._cells[number_format]

    def choice_source(self, labels: tuple[str, ...]) -> object:
        """What a drop-down draws from: the labels themselves or a named range of the hidden sheet."""
        if len(",".join(labels)) <= INLINE_CHOICES and not any("," in label for label in labels):
            return list(labels)
        if labels not in self._lists:
            name = f"choices_{len(self._lists) + 1}"
            letter = column_letter(len(self._lists))
            self._lists[labels] = name
            self._choices_sheet().write_column(0, len(self._lists) - 1, labels)
            self.book.define_name(name, f"='{CHOICES_SHEET}'!${letter}$1:${letter}${len(labels)}")
        return f"={self._lists[labels]}"

    def _choices_sheet(self) -> Worksheet:
        if self._choices is None:
            self._choices = self.book.add_worksheet(CHOICES_SHEET)
            self._choices.hide()
        return self._choices


def write_template(
    path: Path | str,
    specs: Sequence[SheetSpec],
    *,
    title: str,
    notes: Sequence[str] = (),
    extra_sheets: Mapping[str, Sequence[Sequence[str]]] | None = None,
    rows: Mapping[str, Iterable[Mapping[str, object]]] | None = None,
) -> None:
    """Writes the workbook. ``rows``: pre-filled rows by spec id, keyed by stored name, codes as ids, money in fen.

    ``extra_sheets`` (name -> rows of text) follow the guide; the reader ignores them with a remark unless hidden, so
    they are written hidden.
    """
    book = _Book(Path(path))
    try:
        for spec in specs:
            sheet = book.book.add_worksheet(spec.zh)
            _write_sheet(book, sheet, spec)
            _write_rows(book, sheet, spec, (rows or {}).get(spec.id, ()))
        _write_guide(book, specs, title, notes)
        for name, lines in (extra_sheets or {}).items():
            extra = book.book.add_worksheet(name)
            for index, line in enumerate(lines):
                extra.write_row(index, 0, line)
            extra.hide()
        book.book.set_properties({"title": title})
    finally:
        book.book.close()


def header_text(column: Column) -> str:
    """The header as the template writes it: name, unit in brackets, a star if required."""
    unit = f"（{column.unit}）" if column.unit and column.unit not in column.zh else ""
    return f"{column.zh}{unit}{'*' if column.required else ''}"


def _write_sheet(book: _Book, sheet: Worksheet, spec: SheetSpec) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 36)
    for position, column in enumerate(spec.columns):
        width = max(WIDTHS.get(column.type, 10), min(24, 2 * len(column.zh) + 4))
        sheet.set_column(position, position, width, book.cell_format(column))
        sheet.write_string(0, position, header_text(column), book.required if column.required else book.header)
        sheet.write_comment(0, position, _note(column), {"x_scale": 2, "y_scale": 1.5})
        rule = _validation(book, column)
        if rule:
            sheet.data_validation(1, position, LAST_ROW, position, rule)


def _note(column: Column) -> str:
    lines = [column.zh, TYPE_WORDS[column.type], column.note_zh, column.note_en]
    if column.required:
        lines.insert(1, "必填")
    if column.unit:
        lines.append(f"单位：{column.unit}")
    return "\n".join(line for line in lines if line)


def _validation(book: _Book, column: Column) -> dict[str, object] | None:
    common: dict[str, object] = {
        "ignore_blank": True,
        "error_title": column.zh[:32],
        "error_message": "填写内容不合要求",
    }
    if column.type is ColumnType.BOOL:
        return {**common, "validate": "list", "source": list(YES_NO)}
    if column.choice_labels and column.type in (ColumnType.CODE, ColumnType.CODES):
        several = column.type is ColumnType.CODES
        return {
            **common,
            "validate": "list",
            "source": book.choice_source(column.choice_labels),
            "show_error": not several,
        }
    if column.type in (ColumnType.INT, ColumnType.MONEY, ColumnType.MEASURE):
        low = (
            column.minimum
            if isinstance(column.minimum, int)
            else -(10**9)
            if column.minimum is None
            else float(str(column.minimum))
        )
        high = (
            column.maximum
            if isinstance(column.maximum, int)
            else 10**12
            if column.maximum is None
            else float(str(column.maximum))
        )
        kind = "integer" if column.type is ColumnType.INT else "decimal"
        return {
            **common,
            "validate": kind,
            "criteria": "between",
            "minimum": low,
            "maximum": high,
            "error_type": "warning",
        }
    return None


def _write_rows(book: _Book, sheet: Worksheet, spec: SheetSpec, rows: Iterable[Mapping[str, object]]) -> None:
    for index, row in enumerate(rows, start=1):
        for position, column in enumerate(spec.columns):
            write_cell(sheet, index, position, column, row.get(column.stored_name), book.cell_format(column))


def _write_guide(book: _Book, specs: Sequence[SheetSpec], title: str, notes: Sequence[str]) -> None:
    sheet = book.book.add_worksheet(GUIDE_SHEET)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 2, 26)
    sheet.set_column(3, 4, 60)
    sheet.write_string(0, 0, title, book.title)
    line = 1
    for note in notes:
        sheet.write_string(line, 0, note)
        line += 1
    line += 1
    for position, heading in enumerate(("工作表", "列", "填什么", "说明", "可选的值")):
        sheet.write_string(line, position, heading, book.bold)
    for spec in specs:
        for column in spec.columns:
            line += 1
            texts = (spec.zh, header_text(column), TYPE_WORDS[column.type], column.note_zh, _choices_text(column))
            for position, text in enumerate(texts):
                sheet.write_string(line, position, text, book.wrap)


def _choices_text(column: Column) -> str:
    if column.type is ColumnType.BOOL:
        return text_of(column, True) + "、" + text_of(column, False)
    return "、".join(column.choice_labels)

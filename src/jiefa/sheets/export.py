"""Lists out of the system: xlsx and CSV, row by row, whole. Text stays text, nothing is cut, no cell is a formula.

``stream_xlsx`` keeps one row in memory and goes on to a further sheet when one is full.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jiefa.sheets.columns import Column, ColumnType, SheetSpec

SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
CSV_BLOCK_ROWS = 500
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
BAD_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


NUMERIC: dict[ColumnType, tuple[type, ...]] = {
    ColumnType.INT: (int, Decimal),
    ColumnType.MEASURE: (int, Decimal),
    ColumnType.NUMBER: (int, float, Decimal),
}


class CellTooLong(ValueError):
    """A text beyond what an xlsx cell can hold; nothing is cut in silence."""


def text_of(column: Column, value: object) -> str:
    """The value as the form writes it: labels for codes, 是/否, yuan for fen, ISO dates; empty for None."""
    if value is None:
        return ""
    if column.type is ColumnType.BOOL:
        return "是" if value else "否"
    if column.type is ColumnType.CODE:
        return column.label_of_id.get(str(value), str(value))
    if column.type is ColumnType.CODES and isinstance(value, (list, tuple)):
        return "、".join(column.label_of_id.get(str(code), str(code)) for code in value)
    if column.type is ColumnType.MONEY and isinstance(value, int):
        return str(Decimal(value).scaleb(-2))
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else str(value)


def write_cell(sheet: Worksheet, row: int, position: int, column: Column, value: object, form: Format) -> None:
    """One typed value: numbers as numbers, dates as dates, all else as text. ``None`` writes nothing."""
    if value is None:
        return
    if column.type is ColumnType.DATE and isinstance(value, dt.date) and value.year >= 1900:
        sheet.write_datetime(row, position, dt.datetime(value.year, value.month, value.day), form)  # noqa: DTZ001
    elif column.type is ColumnType.MONEY and isinstance(value, int) and abs(value) < 10**15:
        sheet.write_number(row, position, value / 100, form)
    elif column.type in NUMERIC and isinstance(value, NUMERIC[column.type]):
        sheet.write_number(row, position, float(cast(Decimal, value)), form)
    else:
        text = text_of(column, value)
        if len(text) > CELL_CHARACTERS:
            raise CellTooLong(column.id)
        sheet.write_string(row, position, text, form)


def stream_xlsx(
    rows: Iterable[Sequence[object]],
    columns: Sequence[Column],
    target: Path | str | BinaryIO,
    *,
    sheet_name: str = "名单",
    language: str = "zh",
    sheet_rows: int = SHEET_ROWS,
) -> int:
    """Writes every row (in the order of ``columns``; codes as ids, money in fen) and returns how many there were."""
    destination = target if not isinstance(target, (str, Path)) else str(target)
    book = xlsxwriter.Workbook(destination, {"constant_memory": True})
    forms = _forms(book)
    count, sheets, line = 0, 0, sheet_rows
    sheet: Worksheet | None = None
    try:
        for row in rows:
            if sheet is None or line >= sheet_rows:
                sheets, line = sheets + 1, 1
                sheet = _new_sheet(book, sheet_name, sheets, columns, forms, language)
            for position, (column, value) in enumerate(zip(columns, row, strict=True)):
                write_cell(sheet, line, position, column, value, forms[column.type])
            line, count = line + 1, count + 1
        if sheet is None:
            _new_sheet(book, sheet_name, 1, columns, forms, language)
    finally:
        book.close()
    return count


def opened_xlsx(
    rows: Iterable[Sequence[object]], columns: Sequence[Column], *, sheet_name: str, language: str
) -> tuple[BinaryIO, int]:
    """The workbook as an open file that goes when it is closed, to be streamed from its beginning; and how many rows it holds."""
    # Unlinked as soon as it is made; whoever sends it closes it.
    stream = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 (whoever sends it closes it)
    count = stream_xlsx(rows, columns, stream, sheet_name=sheet_name, language=language)
    stream.seek(0)
    return stream, count


def _forms(book: xlsxwriter.Workbook) -> dict[ColumnType | None, Format]:
    formats = {
        ColumnType.INT: "0",
        ColumnType.MONEY: "#,##0.00",
        ColumnType.MEASURE: "0.00",
        ColumnType.DATE: "yyyy-mm-dd",
        ColumnType.NUMBER: "General",
    }
    forms: dict[ColumnType | None, Format] = {
        kind: book.add_format({"num_format": formats.get(kind, "@")}) for kind in ColumnType
    }
    forms[None] = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1})
    return forms


def _new_sheet(
    book: xlsxwriter.Workbook,
    name: str,
    number: int,
    columns: Sequence[Column],
    forms: dict[ColumnType | None, Format],
    language: str,
) -> Worksheet:
    plain = name.translate(BAD_IN_SHEET_NAMES).strip("' ")[:24] or "名单"
    sheet = book.add_worksheet(plain if number == 1 else f"{plain} ({number})")
    sheet.freeze_panes(1, 0)
    for position, column in enumerate(columns):
        sheet.set_column(position, position, 22 if column.secret else 14)
        sheet.write_string(0, position, column.zh if language == "zh" else column.en, forms[None])
    return sheet


def stream_csv(rows: Iterable[Sequence[object]], columns: Sequence[Column], *, language: str = "zh") -> Iterator[bytes]:
    """The same rows as blocks of UTF-8 with a mark, which Excel needs. What it would compute gets a quote."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([column.zh if language == "zh" else column.en for column in columns])
    yield b"\xef\xbb\xbf"
    for count, row in enumerate(rows, start=1):
        writer.writerow([_safe(column, text_of(column, value)) for column, value in zip(columns, row, strict=True)])
        if count % CSV_BLOCK_ROWS == 0:
            yield _drained(buffer)
    yield _drained(buffer)


def _drained(buffer: io.StringIO) -> bytes:
    block = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return block


def _safe(column: Column, text: str) -> str:
    """Numbers may begin with a minus; words that begin like a formula are disarmed."""
    numeric = column.type in (ColumnType.INT, ColumnType.MONEY, ColumnType.MEASURE, ColumnType.DATE, ColumnType.NUMBER)
    return f"'{text}" if not numeric and text.startswith(FORMULA_SIGNS) else text


def rows_of(table: pa.Table, spec: SheetSpec) -> Iterator[tuple[object, ...]]:
    """A typed table's rows in the order of the spec's columns, for the streams above."""
    names = [column.stored_name for column in spec.columns]
    for batch in table.select(names).to_batches(max_chunksize=10_000):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)

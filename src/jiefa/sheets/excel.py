"""xlsx, xlsm, xls and ods as sources of rows, read by calamine; the XML is scanned for what values do not tell."""

from __future__ import annotations

import xml.parsers.expat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from xml.etree.ElementTree import ParseError

from jiefa.sheets import errors, markup
from jiefa.sheets.columns import Layout, Limits
from jiefa.sheets.guard import Format
from jiefa.sheets.headers import column_letter
from jiefa.sheets.rows import is_blank
from jiefa.sheets.sources import Chunk, ColumnChunk, Source
from jiefa.sheets.workbook import Workbook

DAMAGE = (
    ParseError,
    xml.parsers.expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    OSError,
    EOFError,
    NotImplementedError,
    LookupError,
)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """What a damaged zip or XML raises becomes one refusal."""
    try:
        yield
    except DAMAGE as error:
        raise errors.CorruptFile(file=path.name, reason=type(error).__name__) from error


class ExcelSource(Source):
    """One sheet of a workbook. The grid lies in the reader's memory; here it is seen by chunks."""

    def __init__(self, book: _Book, index: int) -> None:
        name, hidden = book.workbook.sheets[index]
        super().__init__(name=name, file=book.path, head=[], hidden=hidden, epoch_1904=book.epoch_1904)
        self._book, self._index = book, index
        self.markup = book.markup_of(name)
        _check_extent(name, self.markup, book.limits)
        self._shape, chunks = book.workbook.rows(index, book.limits.header_search_rows)
        self._left = self._shape.start[1] if self._shape.start else 0
        heads = [ColumnChunk(1, length, self._left, columns) for length, columns in chunks]
        self.head = [head.cells(row) for head in heads for row in range(head.length)]

    def open(self) -> None:
        rows = self._shape.total_height
        if rows > self._book.limits.excel_rows:
            raise errors.TooManyRows(sheet=self.name, rows=rows, limit=self._book.limits.excel_rows)
        self.markup.merged = self.markup.merged if self._shape.merged is None else self._shape.merged

    def chunks(self, layout: Layout) -> Iterator[Chunk]:
        """Blank rows at the very end are no rows of the user's: they wait until a filled one follows."""
        first, blank = 1, 0
        for length, columns in self._book.workbook.rows(self._index)[1]:
            chunk = ColumnChunk(first, length, self._left, columns)
            first += length
            chunk = chunk.cut(max(0, layout.first_row - chunk.first_row), length)
            end = self._end_of_filled(chunk)
            if end and blank:
                yield ColumnChunk(chunk.first_row - blank, blank, self._left, [[None] * blank for _ in columns])
            blank = chunk.length - end + (0 if end else blank)
            if end:
                yield chunk.cut(0, end)

    def _end_of_filled(self, chunk: ColumnChunk) -> int:
        end = chunk.length
        while end and chunk.first_row + end - 2 not in self._marked_rows and all(map(is_blank, chunk.cells(end - 1))):
            end -= 1
        return end

    @cached_property
    def _marked_rows(self) -> set[int]:
        return {row for row, _ in self.markup.formulas | self.markup.errors}


def _check_extent(name: str, found: markup.Markup, limits: Limits) -> None:
    rows, columns = found.last_row + 1, found.last_column + 1
    if rows * columns > limits.excel_cells:
        cell = f"{column_letter(columns - 1)}{rows}"
        raise errors.SheetTooWide(sheet=name, cell=cell, cells=rows * columns, limit=limits.excel_cells)


class _Book:
    def __init__(self, path: Path, kind: Format, limits: Limits) -> None:
        self.path, self.limits, self.epoch_1904 = path, limits, False
        self._markups: dict[str, markup.Markup] = {}
        self._members: dict[str, str] = {}
        if kind is not Format.XLS:
            with _refusing(path), zipfile.ZipFile(path) as archive:
                self._scan(archive, kind)
        # calamine reads all of an ods at once, so its sheets are measured before.
        for name, found in self._markups.items():
            _check_extent(name, found, limits)
        self.workbook = Workbook(path)

    def _scan(self, archive: zipfile.ZipFile, kind: Format) -> None:
        if kind is Format.ODS:
            self._markups = markup.scan_ods(archive)
        else:
            self._members = markup.xlsx_members(archive)
            self.epoch_1904 = markup.epoch_is_1904(archive)

    def markup_of(self, name: str) -> markup.Markup:
        if name in self._members:
            with _refusing(self.path), zipfile.ZipFile(self.path) as archive:
                return markup.scan_xlsx(archive, self._members[name])
        return self._markups.get(name, markup.Markup())


def sources(path: Path, kind: Format, limits: Limits) -> list[Source]:
    """The worksheets of the workbook, in order. Raises ``SheetsError``."""
    book = _Book(path, kind, limits)
    return [ExcelSource(book, index) for index in range(len(book.workbook.sheets))]

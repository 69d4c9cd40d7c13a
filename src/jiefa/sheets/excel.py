"""xlsx, xlsm, xls and ods as sources of rows, read by calamine; the XML is scanned for what values do not tell."""

from __future__ import annotations

import xml.parsers.expat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree.ElementTree import ParseError

import python_calamine as calamine

from jiefa.sheets import errors, markup
from jiefa.sheets.columns import Layout, Limits
from jiefa.sheets.guard import Format
from jiefa.sheets.headers import column_letter
from jiefa.sheets.rows import is_blank
from jiefa.sheets.sources import Chunk, RowChunk, Source

CHUNK_ROWS = 20_000


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Whatever the readers raise on a damaged file becomes one refusal; a panic of calamine's is no ``Exception``."""
    try:
        yield
    except errors.SheetsError:
        raise
    except calamine.PasswordError as error:
        raise errors.PasswordProtected(file=path.name) from error
    except (ParseError, xml.parsers.expat.ExpatError) as error:
        raise errors.CorruptFile(file=path.name, reason="XML") from error
    except (KeyboardInterrupt, SystemExit, AssertionError, MemoryError):
        raise
    except BaseException as error:
        if "password" in str(error).lower():
            raise errors.PasswordProtected(file=path.name) from error
        raise errors.CorruptFile(file=path.name, reason=type(error).__name__) from error


class ExcelSource(Source):
    """One sheet of a workbook. The grid lies in calamine's memory; Python sees it by chunks."""

    def __init__(self, book: _Book, name: str, hidden: bool) -> None:
        super().__init__(name=name, file=book.path, head=[], hidden=hidden, epoch_1904=book.epoch_1904)
        self._book = book
        self.markup = book.markup_of(name)
        self._check_extent()
        with _refusing(book.path):
            self._sheet = book.workbook.get_sheet_by_name(name)
            self._left = self._sheet.start[1] if self._sheet.start else 0
        self.head = [row for _, row in zip(range(book.limits.header_search_rows), self._rows(), strict=False)]

    def _check_extent(self) -> None:
        rows, columns = self.markup.last_row + 1, self.markup.last_column + 1
        if rows * columns > self._book.limits.excel_cells:
            raise errors.SheetTooWide(
                sheet=self.name,
                cell=f"{column_letter(columns - 1)}{rows}",
                cells=rows * columns,
                limit=self._book.limits.excel_cells,
            )

    def open(self) -> None:
        rows = self._sheet.total_height
        if rows > self._book.limits.excel_rows:
            raise errors.TooManyRows(sheet=self.name, rows=rows, limit=self._book.limits.excel_rows)
        with _refusing(self._book.path):
            merged = self._sheet.merged_cell_ranges
        self.markup.merged = merged if merged is not None else self.markup.merged

    def _rows(self) -> Iterator[list[object]]:
        pad: list[object] = [None] * self._left
        with _refusing(self._book.path):
            for row in self._sheet.iter_rows():
                yield [*pad, *row]

    def chunks(self, layout: Layout) -> Iterator[Chunk]:
        number, first, rows = 0, layout.first_row, list[list[object]]()
        blanks_held = 0
        for row in self._rows():
            number += 1
            if number < layout.first_row:
                continue
            rows.append(row)
            # Blank rows at the very end are no rows of the user's; they wait until a filled one follows.
            blanks_held = blanks_held + 1 if all(map(is_blank, row)) and number - 1 not in self._marked_rows else 0
            if len(rows) - blanks_held >= CHUNK_ROWS:
                yield RowChunk(first, rows)
                first, rows, blanks_held = number + 1, [], 0
        if kept := rows[: len(rows) - blanks_held]:
            yield RowChunk(first, kept)

    @property
    def _marked_rows(self) -> set[int]:
        if not hasattr(self, "_marked"):
            self._marked = {row for row, _ in self.markup.formulas | self.markup.errors}
        return self._marked


class _Book:
    def __init__(self, path: Path, kind: Format, limits: Limits) -> None:
        self.path, self.limits, self.epoch_1904 = path, limits, False
        self._markups: dict[str, markup.Markup] = {}
        self._members: dict[str, str] = {}
        self._kind = kind
        with _refusing(path):
            if kind is not Format.XLS:
                self._scan()
            # By stream, so that calamine judges by content and not by extension.
            self.workbook = calamine.CalamineWorkbook.from_filelike(path.open("rb"))
            self.sheets = self.workbook.sheets_metadata

    def _scan(self) -> None:
        with zipfile.ZipFile(self.path) as archive:
            if self._kind is Format.ODS:
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
    visible = calamine.SheetVisibleEnum.Visible
    return [
        ExcelSource(book, sheet.name, sheet.visible != visible)
        for sheet in book.sheets
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet
    ]

"""What every kind of file is turned into before typing: a named grid with a head to search and chunks to type.

``ColumnChunk`` and ``RowChunk`` carry Python values (spreadsheets, uneven CSV), ``ArrowChunk`` arrays (CSV, Parquet).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jiefa.sheets.columns import Layout
from jiefa.sheets.markup import Markup
from jiefa.sheets.rows import is_blank

BoolArray = npt.NDArray[np.bool_]


class Chunk(Protocol):
    """Some consecutive rows. ``first_row`` is 1-based in the user's file."""

    first_row: int

    @property
    def length(self) -> int: ...

    def blank(self, position: int) -> BoolArray:
        """Which cells of the column are empty or hold blanks only."""
        ...

    def equals(self, position: int, text: str) -> BoolArray: ...

    def cells(self, index: int) -> list[object]: ...

    def column(self, position: int, keep: BoolArray) -> list[object] | pa.Array:
        """The kept cells of a column."""
        ...


@dataclass
class RowChunk:
    first_row: int
    rows: list[list[object]]

    @property
    def length(self) -> int:
        return len(self.rows)

    def _values(self, position: int) -> list[object]:
        return [row[position] if position < len(row) else None for row in self.rows]

    def blank(self, position: int) -> BoolArray:
        return np.fromiter((is_blank(cell) for cell in self._values(position)), dtype=bool, count=len(self.rows))

    def equals(self, position: int, text: str) -> BoolArray:
        return np.fromiter((cell == text for cell in self._values(position)), dtype=bool, count=len(self.rows))

    def cells(self, index: int) -> list[object]:
        return self.rows[index]

    def column(self, position: int, keep: BoolArray) -> list[object]:
        values = self._values(position)
        return values if keep.all() else [value for value, kept in zip(values, keep.tolist(), strict=True) if kept]


@dataclass
class ColumnChunk:
    """Rows of a spreadsheet, column by column; ``left`` empty columns stand before the first."""

    first_row: int
    length: int
    left: int
    columns: list[list[object]]

    def _values(self, position: int) -> list[object]:
        index = position - self.left
        return self.columns[index] if 0 <= index < len(self.columns) else [None] * self.length

    def blank(self, position: int) -> BoolArray:
        return np.fromiter((is_blank(cell) for cell in self._values(position)), dtype=bool, count=self.length)

    def equals(self, position: int, text: str) -> BoolArray:
        return np.fromiter((cell == text for cell in self._values(position)), dtype=bool, count=self.length)

    def cells(self, index: int) -> list[object]:
        return [*[None] * self.left, *(column[index] for column in self.columns)]

    def column(self, position: int, keep: BoolArray) -> list[object]:
        values = self._values(position)
        return values if keep.all() else [value for value, kept in zip(values, keep.tolist(), strict=True) if kept]

    def cut(self, start: int, end: int) -> ColumnChunk:
        """The rows from ``start`` to before ``end``, counted within the chunk."""
        start = min(start, self.length)
        if start == 0 and end == self.length:
            return self
        columns = [column[start:end] for column in self.columns]
        return ColumnChunk(self.first_row + start, max(0, end - start), self.left, columns)


@dataclass
class ArrowChunk:
    first_row: int
    batch: pa.RecordBatch

    @property
    def length(self) -> int:
        return int(self.batch.num_rows)

    def blank(self, position: int) -> BoolArray:
        array = self.batch.column(position)
        empty = array.is_null()
        if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
            hollow = pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(array)), 0)
            empty = pc.or_(empty, pc.fill_null(hollow, True))
        return _mask(empty)

    def equals(self, position: int, text: str) -> BoolArray:
        array = self.batch.column(position)
        if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
            return np.zeros(self.length, dtype=bool)
        return _mask(pc.fill_null(pc.equal(array, pa.scalar(text, array.type)), False))

    def cells(self, index: int) -> list[object]:
        return [column[index].as_py() for column in self.batch.columns]

    def column(self, position: int, keep: BoolArray) -> pa.Array:
        array = self.batch.column(position)
        return array if keep.all() else array.filter(pa.array(keep))


def _mask(array: pa.Array) -> BoolArray:
    return np.asarray(array.to_numpy(zero_copy_only=False), dtype=bool)


@dataclass
class Source:
    """One sheet or one flat file. ``head`` holds its first rows for the search of the header."""

    name: str
    file: Path
    head: Sequence[Sequence[object]]
    plain_text: bool = False
    typed: bool = False
    """Parquet: column names instead of a header row; row 1 is the first record."""
    hidden: bool = False
    epoch_1904: bool = False
    markup: Markup = field(default_factory=Markup)
    remarks: list[tuple[str, str, str]] = field(default_factory=list)
    """(code, detail zh, detail en) about the file as a whole."""

    def open(self) -> None:
        """Reads what typing needs beyond the head; called once for a source that is used."""

    def chunks(self, layout: Layout) -> Iterator[Chunk]:
        """The rows under the header, in order."""
        raise NotImplementedError

    def count_rows(self, layout: Layout) -> int:
        """How many rows there are under the header, blank ones within included."""
        return sum(chunk.length for chunk in self.chunks(layout))

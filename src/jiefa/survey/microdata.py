"""Microdata of any origin: CSV (UTF-8, UTF-16, GB18030), Parquet or Excel, as columns of numbers and of labels.

The first row that is not empty is the header, names are taken as they stand. A cell that is empty or says NA, NaN, null or "." is
missing; what a missing value does is the rule of the statistic. Anything else that should be a number and is none is refused
with file, column and row: a code for "refused to answer" must not become an income. A column of TRUE and FALSE (as R and pandas write
them) is one of 1 and 0; among other numbers TRUE is refused.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jiefa.sheets.columns import DEFAULT_LIMITS, Column, ColumnType, Field, Layout, SheetSpec
from jiefa.sheets.read import open_sources
from jiefa.sheets.sources import Chunk, Source
from jiefa.survey import errors

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

MISSING = ("", ".", "na", "n/a", "#n/a", "nan", "null")
"""How files of statistics programs write that there is no value, in lower case."""

TRUTH = {"true": 1.0, "false": 0.0, "1": 1.0, "0": 0.0}
"""What a column of truth values may hold, in lower case."""

THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d*)?\Z")


@dataclass(frozen=True)
class Labels:
    """A column of labels: ``codes`` point into ``names`` (in order), -1 where there is none."""

    names: tuple[str, ...]
    codes: IntArray

    @property
    def missing(self) -> BoolArray:
        return self.codes < 0

    def kept(self, keep: BoolArray) -> Labels:
        """The same for some of the rows."""
        return Labels(self.names, self.codes[keep])


@dataclass(frozen=True)
class Microdata:
    """``rows`` are the numbers of the rows in the user's file (of the records in a Parquet file)."""

    file: str
    rows: IntArray
    columns: Mapping[str, pa.Array]

    def __len__(self) -> int:
        return len(self.rows)

    def numbers(self, name: str) -> FloatArray:
        """The column as numbers, NaN where missing. Raises ``NotANumber``."""
        array = self.columns[name]
        if pa.types.is_string(array.type):
            array = self._parsed(name, array)
        values = np.asarray(array.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
        if np.isinf(values).any():
            at = int(np.flatnonzero(np.isinf(values))[0])
            raise errors.NotANumber(file=self.file, column=name, row=int(self.rows[at]), text=str(values[at]))
        return values

    def _parsed(self, name: str, array: pa.Array) -> pa.Array:
        text = pc.utf8_trim_whitespace(array)
        known = pc.invert(pc.is_in(pc.utf8_lower(text), value_set=pa.array(MISSING)))
        text = pc.if_else(pc.fill_null(known, False), text, pa.scalar(None, pa.string()))
        try:
            return text.cast(pa.float64())
        except pa.ArrowInvalid:
            found = pc.index_in(pc.utf8_lower(text), value_set=pa.array(list(TRUTH)))
            if found.null_count == text.null_count:
                return pa.array(list(TRUTH.values())).take(found)
            return pa.array([self._number(name, at, one) for at, one in enumerate(text.to_pylist())], pa.float64())

    def _number(self, name: str, at: int, text: str | None) -> float | None:
        if text is None:
            return None
        try:
            # Python reads 1_000 as a number; in a survey it is a slip.
            return float(text.replace(",", "") if THOUSANDS.match(text) else text.replace("_", "?"))
        except ValueError as error:
            raise errors.NotANumber(file=self.file, column=name, row=int(self.rows[at]), text=text) from error

    def labels(self, name: str) -> Labels:
        """The column as labels: numbers by value if all are numbers, else by text."""
        array = self.columns[name].dictionary_encode()
        texts = [_label(value) for value in array.dictionary.to_pylist()]
        names = sorted({text for text in texts if text is not None}, key=_order)
        places = {text: place for place, text in enumerate(names)}
        code_of = np.array([-1 if text is None else places[text] for text in texts] + [-1], dtype=np.int64)
        indices = pc.fill_null(array.indices, len(texts)).to_numpy(zero_copy_only=False)
        return Labels(tuple(names), code_of[indices])

    def texts(self, name: str) -> list[str | None]:
        """The column as cleaned texts, for what is neither a number nor a label."""
        found = self.labels(name)
        return [None if code < 0 else found.names[code] for code in found.codes.tolist()]


def _label(value: object) -> str | None:
    text = _text(value)
    return None if text is None or text.strip().lower() in MISSING else text.strip()


def _order(text: str) -> tuple[int, float, str]:
    try:
        return (0, float(text), text)
    except ValueError:
        return (1, 0.0, text)


def _text(cell: object) -> str | None:
    """A cell as text that gives the number back exactly; whole numbers without a point."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat()
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


def read(path: Path, wanted: Sequence[str]) -> Microdata:
    """The ``wanted`` columns of the file. In a workbook the first sheet that has them all.

    Raises ``ColumnsMissing``, ``ColumnTwice``, ``NoRows`` and what ``sheets`` says of files that cannot be read.
    """
    names = list(dict.fromkeys(wanted))
    headers = [(source, *_header(source)) for source in open_sources(path, DEFAULT_LIMITS)]
    headers = [one for one in headers if one[2]]
    source, row, header = next((one for one in headers if set(names) <= set(one[2])), headers[0])
    missing = [name for name in names if name not in header]
    if missing:
        known = [name for name in header if name]
        raise errors.ColumnsMissing(file=path.name, missing="、".join(missing), known="、".join(known))
    for name in names:
        if header.count(name) > 1:
            raise errors.ColumnTwice(file=path.name, column=name)
    return _microdata(path.name, source, _layout(source, row, header, names), names)


def _header(source: Source) -> tuple[int, list[str]]:
    """The 1-based row of the header and its names; no names where the sheet is empty."""
    for number, cells in enumerate(source.head, start=1):
        names = ["" if (text := _text(cell)) is None else text.strip() for cell in cells]
        if any(names):
            return number, names
    return 0, []


def _layout(source: Source, row: int, header: Sequence[str], names: Sequence[str]) -> Layout:
    found = tuple(Column(name, name, name, ColumnType.TEXT) for name in names)
    spec = SheetSpec("microdata", "微观数据", "Microdata", found)
    # Parquet reads by title: as it stands in the file.
    fields = tuple(
        Field(column, header.index(column.id), str(source.head[row - 1][header.index(column.id)])) for column in found
    )
    rows = () if source.typed else (row,)
    return Layout(spec, source.name, rows, 1 if source.typed else row + 1, fields)


def _microdata(file: str, source: Source, layout: Layout, names: Sequence[str]) -> Microdata:
    source.open()
    width = len(source.head[layout.header_rows[-1] - 1]) if layout.header_rows else 0
    parts: dict[str, list[pa.Array]] = {name: [] for name in names}
    rows: list[IntArray] = []
    for chunk in source.chunks(layout):
        # A line with nothing in any column is no record; in Parquet every row is one.
        keep = ~_blank(chunk, width) if width else np.ones(chunk.length, dtype=bool)
        rows.append(chunk.first_row + np.flatnonzero(keep))
        for name in names:
            parts[name].append(_array(chunk.column(layout.position_of[name], keep)))
    if not rows or not sum(map(len, rows)):
        raise errors.NoRows(file=file)
    return Microdata(file, np.concatenate(rows), {name: _joined(parts[name]) for name in names})


def _blank(chunk: Chunk, width: int) -> BoolArray:
    empty = np.ones(chunk.length, dtype=bool)
    for position in range(width):
        if not empty.any():
            break
        empty &= chunk.blank(position)
    return empty


def _array(cells: list[object] | pa.Array) -> pa.Array:
    if isinstance(cells, list):
        return pa.array([_text(cell) for cell in cells], pa.string())
    return cells.dictionary_decode() if pa.types.is_dictionary(cells.type) else cells


def _joined(parts: Sequence[pa.Array]) -> pa.Array:
    """One array of numbers or of texts."""
    whole = pa.chunked_array(parts).combine_chunks()
    whole = pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole
    if pa.types.is_boolean(whole.type):
        return whole.cast(pa.int8())
    if pa.types.is_integer(whole.type) or pa.types.is_floating(whole.type) or pa.types.is_string(whole.type):
        return whole
    if pa.types.is_decimal(whole.type):
        return whole.cast(pa.float64())
    if pa.types.is_null(whole.type) or pa.types.is_large_string(whole.type):
        return whole.cast(pa.string())
    return pa.array([_text(cell) for cell in whole.to_pylist()], pa.string())

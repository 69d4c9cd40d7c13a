"""The digest of a roster's content: SHA-256 over typed, normalised rows, whatever file they came in.

Canonical form, sheet by sheet in the order of the specs: the sheet's id; for every column its stored name and type;
then blocks of 65,536 rows, each column as validity bits (only where something is null) and little-endian values with
nulls zeroed; words as byte lengths and bytes. Row numbers, header texts, column order and formatting leave no trace. A
missing optional column is a column of nulls, a missing sheet one without rows. Cells that could not be typed enter with
their column and original text, so that a mended file is another file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiefa.sheets.columns import SheetSpec

BLOCK_ROWS = 65_536
VERSION = b"jiefa.sheets.digest.1"


class _Hash:
    """The part of hashlib's object that is used here."""

    def __init__(self) -> None:
        self._sha = hashlib.sha256(VERSION)

    def mark(self, text: str) -> None:
        data = text.encode()
        self._sha.update(len(data).to_bytes(8, "little"))
        self._sha.update(data)

    def number(self, value: int) -> None:
        self._sha.update(value.to_bytes(8, "little", signed=True))

    def data(self, values: object) -> None:
        self._sha.update(values)  # type: ignore[arg-type]

    def hexdigest(self) -> str:
        return self._sha.hexdigest()


def content_digest(
    tables: Mapping[str, pa.Table],
    specs: Sequence[SheetSpec],
    wrong_cells: Mapping[str, Iterable[tuple[str, str]]] | None = None,
) -> str:
    """64 hex digits. ``wrong_cells``: per sheet the (column, original text) of cells that could not be typed."""
    sha = _Hash()
    for spec in specs:
        table = tables.get(spec.id)
        rows = 0 if table is None else table.num_rows
        sha.mark(spec.id)
        sha.number(rows)
        for column in spec.columns:
            sha.mark(column.stored_name)
            sha.mark(str(column.arrow_type))
        if table is not None:
            _add_rows(sha, table.select([column.stored_name for column in spec.columns]))
        for column_id, text in sorted((wrong_cells or {}).get(spec.id, ())):
            sha.mark(column_id)
            sha.mark(text)
    return sha.hexdigest()


def _add_rows(sha: _Hash, table: pa.Table) -> None:
    for start in range(0, table.num_rows, BLOCK_ROWS):
        block = table.slice(start, BLOCK_ROWS)
        for column in block.columns:
            chunks = column.chunks
            _add_array(sha, chunks[0] if len(chunks) == 1 else pa.concat_arrays(chunks))


def _add_array(sha: _Hash, array: pa.Array) -> None:
    if array.null_count == 0:
        sha.number(0)
    else:
        sha.number(array.null_count)
        sha.data(np.packbits(array.is_valid().to_numpy(zero_copy_only=False)))
    kind = array.type
    if pa.types.is_list(kind):
        lengths = pc.fill_null(pc.list_value_length(array), 0)
        sha.data(lengths.to_numpy(zero_copy_only=False).astype("<i4"))
        _add_array(sha, array.flatten())
    elif pa.types.is_string(kind):
        _add_words(sha, array)
    elif pa.types.is_boolean(kind):
        sha.data(np.packbits(pc.fill_null(array, False).to_numpy(zero_copy_only=False)))
    else:
        _add_fixed(sha, array, kind)


def _add_words(sha: _Hash, array: pa.Array) -> None:
    filled = array if array.null_count == 0 else pc.fill_null(array, "")
    _, offset_buffer, data = filled.buffers()
    offsets = np.frombuffer(offset_buffer, dtype=np.int32)[filled.offset : filled.offset + len(filled) + 1]
    sha.data(np.diff(offsets).astype("<i4"))
    if data is not None and len(offsets):
        sha.data(memoryview(data)[int(offsets[0]) : int(offsets[-1])])


def _add_fixed(sha: _Hash, array: pa.Array, kind: pa.DataType) -> None:
    zero = pa.scalar(Decimal(0), kind) if pa.types.is_decimal(kind) else pa.scalar(0, pa.int32()).cast(kind)
    filled = array if array.null_count == 0 else pc.fill_null(array, zero)
    width = kind.bit_width // 8
    buffer = filled.buffers()[1]
    sha.data(memoryview(buffer)[filled.offset * width : (filled.offset + len(filled)) * width])

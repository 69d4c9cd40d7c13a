"""Arrow columns in the types that PostgreSQL's binary COPY expects: it converts nothing, each value has to be of the column's own type."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

_ARROW_TYPES: Mapping[str, pa.DataType] = {
    "bool": pa.bool_(),
    "int2": pa.int16(),
    "int4": pa.int32(),
    "int8": pa.int64(),
    "float8": pa.float64(),
    "text": pa.string(),
    "varchar": pa.string(),
    "bytea": pa.binary(),
    "date": pa.date32(),
    "timestamptz": pa.timestamp("us", "UTC"),
    "jsonb": pa.string(),
}
_WHOLE_NUMBER = pa.decimal128(20, 0)
_JSONB_VERSION = b"\x01"
"""What stands before the text of a jsonb value on the wire."""


def fitted(rows: pa.Table, types: Mapping[str, str]) -> pa.Table:
    """``rows`` with every column as ``types`` (column -> PostgreSQL's name of its type) want it.

    Raises ``KeyError`` for a column or a type that is not known, Arrow's errors where a value does not fit.
    """
    return pa.table({name: _fitted(rows[name], types[name]) for name in rows.column_names})


def _fitted(column: pa.ChunkedArray, wanted: str) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, column.type.value_type)
    if wanted == "numeric":
        return column if pa.types.is_decimal(column.type) else pc.cast(column, _WHOLE_NUMBER)
    column = pc.cast(column, _ARROW_TYPES[wanted])
    if wanted == "jsonb":
        column = pc.binary_join_element_wise(_JSONB_VERSION, pc.cast(column, pa.binary()), b"")
    return column

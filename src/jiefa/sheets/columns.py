"""What a sheet should hold: columns with a type, accepted words and limits. Plain values; knows no domain.

The caller turns its form description into these; reading, templates, reports and exports all work from them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

import pyarrow as pa


class ColumnType(StrEnum):
    TEXT = "text"
    CODE = "code"
    CODES = "codes"
    INT = "int"
    MONEY = "money"
    MEASURE = "measure"
    DATE = "date"
    BOOL = "bool"
    CERTIFICATE = "certificate"
    SEALED = "sealed"
    NUMBER = "number"  # any number with all its digits: only in lists that go out


ARROW_TYPES: Mapping[ColumnType, pa.DataType] = {
    ColumnType.TEXT: pa.string(),
    ColumnType.CODE: pa.string(),
    ColumnType.CODES: pa.list_(pa.string()),
    ColumnType.INT: pa.int32(),
    ColumnType.MONEY: pa.int64(),
    ColumnType.MEASURE: pa.decimal128(10, 2),
    ColumnType.DATE: pa.date32(),
    ColumnType.BOOL: pa.bool_(),
    ColumnType.CERTIFICATE: pa.string(),
    ColumnType.SEALED: pa.string(),
    ColumnType.NUMBER: pa.float64(),
}

SECRET_TYPES = frozenset({ColumnType.CERTIFICATE, ColumnType.SEALED})
"""Their cells are shown masked in every remark."""

WORD_TYPES = frozenset({ColumnType.TEXT, ColumnType.CODE, ColumnType.CODES, ColumnType.CERTIFICATE, ColumnType.SEALED})
FEN_SUFFIX = "_fen"

Bound = int | Decimal | dt.date


@dataclass(frozen=True)
class Column:
    """One column. ``choices`` maps every accepted text to a code id; ``choice_labels`` are the labels to offer.

    ``unit`` is the zh unit (元, 亩, 平方米, 公里, 月). ``minimum`` and ``maximum`` are in the unit as typed (yuan
    for money). A money column is stored as ``<id>_fen`` unless ``fen_name`` is false; its values are fen either way.
    """

    id: str
    zh: str
    en: str
    type: ColumnType
    required: bool = False
    choices: Mapping[str, str] | None = None
    choice_labels: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    note_zh: str = ""
    note_en: str = ""
    minimum: Bound | None = None
    maximum: Bound | None = None
    unit: str | None = None
    fen_name: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "type", ColumnType(self.type))
        if self.type in (ColumnType.CODE, ColumnType.CODES):
            assert self.choices, f"column {self.id} has type {self.type} but no choices"

    @property
    def stored_name(self) -> str:
        """The name of the column in the Arrow table."""
        return self.id + FEN_SUFFIX if self.type is ColumnType.MONEY and self.fen_name else self.id

    @property
    def arrow_type(self) -> pa.DataType:
        return ARROW_TYPES[self.type]

    @property
    def secret(self) -> bool:
        return self.type in SECRET_TYPES

    @cached_property
    def label_of_id(self) -> Mapping[str, str]:
        """Code id -> the label to write; the first of ``choice_labels`` that means it, else the id itself."""
        labels: dict[str, str] = {}
        for label in self.choice_labels:
            labels.setdefault((self.choices or {}).get(label, label), label)
        return labels


@dataclass(frozen=True)
class SheetSpec:
    """One sheet: its id, its names, and its columns in the order of the template."""

    id: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    synonyms: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        ids = [column.id for column in self.columns]
        assert len(set(ids)) == len(ids), f"sheet {self.id} names a column twice"

    @property
    def names(self) -> tuple[str, ...]:
        return (self.zh, self.id, self.en, *self.synonyms)

    @property
    def required(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.required)

    @property
    def schema(self) -> pa.Schema:
        """The schema of the typed table: ``row`` (1-based row in the user's file), then every column of the spec."""
        typed = [(column.stored_name, column.arrow_type) for column in self.columns]
        return pa.schema([("row", pa.int64()), *typed])


@dataclass(frozen=True)
class Limits:
    """How much is read from a stranger's file."""

    file_bytes: int = 300 * 1024 * 1024
    # Rosters of 100,000 x 40 unpack to 8-12 times their size; sheets of one repeated value reach about 100.
    unpacked_ratio: int = 250
    unpacked_bytes: int = 6 * 1024**3
    ratio_free_bytes: int = 50 * 1024 * 1024
    excel_rows: int = 500_000
    # calamine holds a dense grid of 24 bytes a cell in memory.
    excel_cells: int = 60_000_000
    header_search_rows: int = 40
    single_remarks: int = 1_000
    """As many cells of one column and kind are told one by one; those beyond share one remark (rows complete)."""


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Field:
    """Where one column of the spec stands in the user's sheet. ``position`` is 0-based, ``in_fen`` if typed in fen."""

    column: Column
    position: int
    title: str
    in_fen: bool = False


@dataclass(frozen=True)
class Layout:
    """How a sheet of the file answers to a spec. Rows are 1-based; ``header_rows`` is empty for Parquet."""

    spec: SheetSpec
    sheet: str
    header_rows: tuple[int, ...]
    first_row: int
    fields: tuple[Field, ...]
    unknown: tuple[str, ...] = field(default=())
    file: str = ""

    @cached_property
    def position_of(self) -> Mapping[str, int]:
        return {found.column.id: found.position for found in self.fields}

"""Typing whole columns: each distinct value is typed once, and what is surely clean passes as Arrow arrays.

The rules are those of ``cells``; nothing here decides differently, it only decides faster. One chunk at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jiefa.sheets.cells import Circumstances, Typed, Typer, typer
from jiefa.sheets.columns import Bound, Column, ColumnType
from jiefa.sheets.remarks import Note
from jiefa.sheets.text_cells import CJK

MEMORY_OF_VALUES = 200_000
"""Distinct values remembered per column; beyond, the memory starts afresh."""

CLEAN: Mapping[ColumnType, str] = {
    ColumnType.TEXT: rf"^[!-&(-*,\-/-~{CJK}·（），、。：；《》“”]+$",
    # Longer than any scientific notation, and not ending in 000.
    ColumnType.CERTIFICATE: r"^[0-9A-Z]{6,}[1-9A-Z][0-9A-Z]{0,2}$",
    ColumnType.SEALED: r"^[0-9A-Za-z]{6,}[1-9A-Za-z][0-9A-Za-z]{0,2}$",
}
AMOUNT = r"^-?[0-9]{1,8}(\.[0-9]{1,2})?$"
AMOUNT_TYPE = pa.decimal128(12, 2)

Found = tuple[Note, Sequence[int], object]
"""A note, the indices in the chunk that it is about, the original value."""


@dataclass
class ColumnTyper:
    """Types one column chunk after chunk."""

    column: Column
    circumstances: Circumstances
    _memory: dict[object, Typed] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._type: Typer = typer(self.column, self.circumstances)

    def convert(self, values: Sequence[object] | pa.Array) -> tuple[pa.Array, list[Found]]:
        """The typed array and what there is to say, by index."""
        if isinstance(values, pa.Array):
            return self._convert_arrow(values)
        typed, notes = self._convert_list(values)
        found: list[Found] = [(note, (index,), values[index]) for index, said in notes for note in said]
        return pa.array(typed, type=self.column.arrow_type), found

    def _convert_list(self, values: Sequence[object]) -> tuple[list[object], list[tuple[int, tuple[Note, ...]]]]:
        memory = self._memory
        typed: list[object] = []
        notes: list[tuple[int, tuple[Note, ...]]] = []
        if len(memory) > MEMORY_OF_VALUES:
            memory.clear()
        for index, value in enumerate(values):
            if value is None or value == "":
                typed.append(None)
                continue
            kind = type(value)
            # 1, 1.0 and True are equal as keys but not alike as cells.
            key = value if kind is str or kind is float else (kind, value)
            known = memory.get(key)
            if known is None:
                known = memory[key] = self._type(value)
            typed.append(known[0])
            if known[1]:
                notes.append((index, known[1]))
        return typed, notes

    def _convert_arrow(self, array: pa.Array) -> tuple[pa.Array, list[Found]]:
        array = _plain(array)
        if array.null_count == len(array):
            return pa.nulls(len(array), self.column.arrow_type), []
        if (whole := self._same_type(array)) is not None:
            return whole, list(self._out_of_bounds(whole))
        if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
            return self._convert_lists(array)
        if pa.types.is_string(array.type):
            return self._convert_strings(array)
        return self._convert_distinct(array)

    def _same_type(self, array: pa.Array) -> pa.Array | None:
        """The array if its type alone makes every value right."""
        kind, wanted = self.column.type, self.column.arrow_type
        if kind is ColumnType.INT and pa.types.is_integer(array.type):
            low, high = pc.min_max(array).as_py().values()
            return array.cast(wanted) if low > -(2**31) and high < 2**31 else None
        if kind is ColumnType.BOOL and pa.types.is_boolean(array.type):
            return array
        if kind is ColumnType.DATE and pa.types.is_date(array.type):
            return array.cast(wanted)
        if kind is ColumnType.MONEY:
            return self._same_money(array)
        if kind is ColumnType.MEASURE and pa.types.is_decimal(array.type) and array.type.scale <= 2:
            return _try_cast(array, wanted)
        return None

    def _same_money(self, array: pa.Array) -> pa.Array | None:
        in_fen = self.circumstances.in_fen
        if pa.types.is_integer(array.type):
            low, high = pc.min_max(array).as_py().values()
            if max(abs(low), abs(high)) > 10**12:
                return None
            fen = array.cast(pa.int64())
            return fen if in_fen else pc.multiply(fen, 100)
        if pa.types.is_decimal(array.type) and array.type.scale <= 2 and not in_fen:
            return _fen(array)
        return None

    def _out_of_bounds(self, array: pa.Array) -> Iterator[Found]:
        for bound, compare, code in (
            (self.column.minimum, pc.less, "below_minimum"),
            (self.column.maximum, pc.greater, "above_maximum"),
        ):
            limit = _bound_as(bound, self.column)
            if limit is None:
                continue
            outside = _indices(compare(array, pa.scalar(limit, array.type)))
            for index in outside:
                yield Note(code, str(bound)), (index,), _shown(array[index].as_py(), self.column)

    def _convert_lists(self, array: pa.Array) -> tuple[pa.Array, list[Found]]:
        values = array.flatten()
        ids = pa.array(sorted(set((self.column.choices or {}).values())), pa.string())
        of_words = self.column.type is ColumnType.CODES and pa.types.is_string(values.type) and not values.null_count
        if of_words and pc.all(pc.is_in(values, ids)).as_py() is not False:
            empty = pc.equal(pc.list_value_length(array), 0)
            return pc.if_else(empty, pa.scalar(None, array.type), array).cast(self.column.arrow_type), []
        joined = ["、".join(map(str, item)) if item else None for item in array.to_pylist()]
        return self._convert_strings(pa.array(joined, pa.string()))

    def _convert_strings(self, array: pa.Array) -> tuple[pa.Array, list[Found]]:
        kind = self.column.type
        if kind in CLEAN:
            clean = pc.fill_null(pc.match_substring_regex(array, CLEAN[kind]), True)
            return self._patched(array, array, clean)
        if kind in (ColumnType.MONEY, ColumnType.MEASURE) and self._plain_amounts:
            clean = pc.fill_null(pc.match_substring_regex(array, AMOUNT), True)
            amounts = pc.if_else(clean, array, pa.scalar(None, pa.string())).cast(AMOUNT_TYPE)
            typed = _fen(amounts) if kind is ColumnType.MONEY else amounts.cast(self.column.arrow_type)
            outcome, found = self._patched(array, typed, clean)
            return outcome, found + list(self._out_of_bounds(typed))
        return self._convert_distinct(array)

    @property
    def _plain_amounts(self) -> bool:
        return self.circumstances.plain_text and not self.circumstances.in_fen

    def _patched(self, array: pa.Array, typed: pa.Array, clean: pa.Array) -> tuple[pa.Array, list[Found]]:
        """``typed`` where ``clean``, elsewhere what the cell rules make of ``array``."""
        if pc.all(clean).as_py() is not False:
            return typed, []
        doubtful = _indices(pc.invert(clean))
        values, found = self._convert_distinct(array.take(pa.array(doubtful)))
        positions = doubtful.tolist()
        patched = pc.replace_with_mask(typed, pc.invert(clean), values)
        return patched, [(note, [positions[i] for i in indices], value) for note, indices, value in found]

    def _convert_distinct(self, array: pa.Array) -> tuple[pa.Array, list[Found]]:
        encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        values = encoded.dictionary.to_pylist()
        outcomes = [self._type(value) for value in values]
        typed = pa.array([outcome[0] for outcome in outcomes], type=self.column.arrow_type)
        result = typed.take(encoded.indices)
        noted = [index for index, outcome in enumerate(outcomes) if outcome[1]]
        if not noted:
            return result, []
        codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        places: dict[int, list[int]] = defaultdict(list)
        for position in np.nonzero(np.isin(codes, noted))[0].tolist():
            places[int(codes[position])].append(position)
        found: list[Found] = []
        for index in noted:
            found += [(note, places[index], values[index]) for note in outcomes[index][1] if index in places]
        return result, found


def _plain(array: pa.Array) -> pa.Array:
    """Strings of any layout as ``string`` or dictionary of it, timestamps without zone."""
    kind = array.type
    if pa.types.is_dictionary(kind) and not pa.types.is_string(kind.value_type):
        return _plain(array.dictionary_decode())
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return array.cast(pa.string())
    if pa.types.is_timestamp(kind) and kind.tz:
        return array.cast(pa.timestamp(kind.unit))
    return array


def _try_cast(array: pa.Array, wanted: pa.DataType) -> pa.Array | None:
    try:
        return array.cast(wanted)
    except pa.ArrowInvalid:
        return None


def _fen(yuan: pa.Array) -> pa.Array | None:
    """Decimals with at most two places as whole fen, exactly; None if they are too many for int64."""
    cents = _try_cast(yuan, pa.decimal128(20, 2))
    if cents is None:
        return None
    return _try_cast(pc.multiply(cents, pa.scalar(Decimal(100), pa.decimal128(3, 0))), pa.int64())


def _bound_as(bound: Bound | None, column: Column) -> object:
    if bound is None or column.type in (ColumnType.BOOL, ColumnType.CODES):
        return None
    if column.type is ColumnType.DATE:
        return None if isinstance(bound, (int, Decimal)) else bound
    if not isinstance(bound, (int, Decimal)):
        return None
    if column.type is ColumnType.MONEY:
        return int(bound * 100)
    return int(bound) if column.type is ColumnType.INT else Decimal(bound).quantize(Decimal("0.01"))


def _shown(value: object, column: Column) -> object:
    return Decimal(value).scaleb(-2) if column.type is ColumnType.MONEY and isinstance(value, int) else value


def _indices(mask: pa.Array) -> npt.NDArray[np.int64]:
    flags = mask.fill_null(False).to_numpy(zero_copy_only=False)
    return np.nonzero(flags)[0]

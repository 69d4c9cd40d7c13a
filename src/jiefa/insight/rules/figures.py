"""From sums to figures: one row per division and indicator with numerator, denominator and value.

The only division of the whole calculation happens here, in Python, on sums that are exact on every engine; a
quotient of equal sums is the same float everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import reduce
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jiefa.insight.rules.measures import Plan, plan
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL
from jiefa.policy.indicators import IndicatorDefinition, Measure

EXACT = pa.decimal128(38, 2)
FIGURE = pa.schema(
    [
        ("division", pa.string()),
        ("indicator", pa.string()),
        ("numerator", EXACT),
        ("denominator", EXACT),  # NULL for counts
        ("value", pa.float64()),  # NULL where the denominator is 0
    ]
)
Column: TypeAlias = Any
"""A ``pyarrow.ChunkedArray``, which has no types of its own."""


def figures(
    sums: pa.Table,
    gini: pa.Table | None,
    definitions: Sequence[IndicatorDefinition],
    line_fen: int,
    *,
    opening_known: bool,
) -> pa.Table:
    """Rows of ``FIGURE`` by division and indicator, for every division of any level that ``sums`` has a village of.

    ``sums`` and ``gini`` are the results of ``village_sums`` and ``gini_sums``. Indicators that need the snapshot of
    the year before are left out unless ``opening_known``, the Gini if ``gini`` is None.
    """
    known = [d for d in definitions if opening_known or not d.needs_opening]
    wanted = sorted((d for d in known if gini is not None or d.kind != "gini"), key=lambda d: d.id)
    sums = _with_gini(_by_division(sums), gini).sort_by("division")
    calculation = _Calculation(sums, definitions, line_fen)
    grid = _Grid(sums.num_rows, len(wanted))
    for place, definition in enumerate(wanted):
        numerator, denominator = calculation.parts(definition)
        values = _values(numerator, denominator, float(definition.scale))
        grid.fill(place, numerator, denominator, values)
    return grid.table(sums.column("division"), [definition.id for definition in wanted])


class _Grid:
    """Figures laid out division by division while they come indicator by indicator: 2.5 million rows need no sorting so."""

    def __init__(self, divisions: int, indicators: int) -> None:
        self.shape = divisions, indicators
        self.numerators = np.zeros((divisions, indicators, 2), np.int64)
        self.denominators = np.zeros((divisions, indicators, 2), np.int64)
        self.divided = np.zeros(indicators, np.bool_)
        self.values = np.zeros((divisions, indicators))

    def fill(self, place: int, numerator: Column, denominator: Column | None, values: npt.NDArray[np.float64]) -> None:
        """The figures of one indicator, in order of division."""
        self.numerators[:, place] = _halves(numerator)
        if denominator is not None:
            self.denominators[:, place] = _halves(denominator)
            self.divided[place] = True
        self.values[:, place] = values

    def table(self, divisions: Column, indicators: Sequence[str]) -> pa.Table:
        """Rows of ``FIGURE``."""
        count, width = self.shape
        down = np.repeat(np.arange(count, dtype=np.int32), width)
        across = np.tile(np.arange(width, dtype=np.int32), count)
        there = pa.array(np.tile(self.divided, count)).buffers()[1]
        columns = [
            divisions.combine_chunks().take(pa.array(down)),
            pa.array(indicators, pa.string()).take(pa.array(across)),
            _decimals(self.numerators, None),
            _decimals(self.denominators, there),
            pa.array(self.values.ravel(), from_pandas=True),
        ]
        return pa.table(columns, schema=FIGURE)


def _halves(column: Column) -> npt.NDArray[np.int64]:
    """A column of ``EXACT`` as two 64-bit numbers a row."""
    decimals = column.cast(EXACT).combine_chunks()
    assert decimals.null_count == 0, "sums have no NULL"
    halves: npt.NDArray[np.int64] = np.frombuffer(decimals.buffers()[1], np.int64).reshape(-1, 2)
    return halves[decimals.offset : decimals.offset + len(decimals)]


def _decimals(halves: npt.NDArray[np.int64], there: pa.Buffer | None) -> pa.Array:
    """The other way round; ``there``: the bits of the rows that are not NULL, None for all."""
    count = halves.shape[0] * halves.shape[1]
    return pa.Decimal128Array.from_buffers(EXACT, count, [there, pa.py_buffer(halves)])


class _Calculation:
    """Numerator and denominator of a definition, one number per division."""

    def __init__(self, sums: pa.Table, definitions: Sequence[IndicatorDefinition], line_fen: int) -> None:
        self.sums = sums
        self.planned: Plan = plan(definitions)
        self.by_id = {definition.id: definition for definition in definitions}
        self.line_fen = line_fen

    def parts(self, definition: IndicatorDefinition) -> tuple[Column, Column | None]:
        if definition.kind == "gini":
            return self.sums.column("gini_over"), self.sums.column("gini_whole")
        if definition.kind == "fgt":
            alpha = definition.alpha or 0
            line = pa.scalar(Decimal(self.line_fen**alpha), pa.decimal128(18, 0))
            people = self.sums.column("fgt_people").cast(pa.decimal128(19, 0))
            return self.sums.column(f"fgt{alpha}"), pc.multiply(people, line)
        if definition.kind == "balance":
            up = [self._measure(self.by_id[name].numerator) for name in definition.plus]
            down = [self._measure(self.by_id[name].numerator) for name in definition.minus]
            return reduce(pc.subtract, down, reduce(pc.add, up)), None
        numerator = self._measure(definition.numerator)
        return numerator, self._measure(definition.denominator) if definition.denominator else None

    def _measure(self, measure: Measure | None) -> Column:
        assert measure is not None
        return self.sums.column(self.planned.columns[measure])


def _by_division(villages: pa.Table) -> pa.Table:
    """One row per division, province first, with the sum of its villages' rows."""
    columns = [name for name in villages.column_names if name != "village_code"]
    levels = []
    for length in LENGTH_OF_LEVEL.values():
        # What is kept by county alone (a fund) counts for counties and those above them.
        deep = villages.filter(pc.greater_equal(pc.utf8_length(villages.column("village_code")), length))
        codes = pc.utf8_slice_codeunits(deep.column("village_code"), 0, length)
        inside = deep.drop_columns("village_code").append_column("division", codes)
        summed = inside.group_by("division").aggregate([(name, "sum") for name in columns])
        named = summed.rename_columns({f"{name}_sum": name for name in columns})
        levels.append(named.sort_by("division").select(["division", *columns]))
    schema = levels[0].schema
    return pa.concat_tables([level.cast(schema) for level in levels])


def _with_gini(sums: pa.Table, gini: pa.Table | None) -> pa.Table:
    """``sums`` with ``gini_over`` and ``gini_whole``, 0 where no household has an income."""
    if gini is None:
        return sums
    names = ("gini_people", "gini_income", "gini_area")
    numbers = zip(*(map(int, gini.column(name).to_pylist()) for name in names), strict=True)
    known = dict(zip(gini.column("division").to_pylist(), numbers, strict=True))
    found = [known.get(division, (0, 0, 0)) for division in sums.column("division").to_pylist()]
    whole = [Decimal(people * income) for people, income, _ in found]
    over = [all_of - area for all_of, (_, _, area) in zip(whole, found, strict=True)]
    wide = pa.decimal128(36, 0)
    return sums.append_column("gini_over", pa.array(over, wide)).append_column("gini_whole", pa.array(whole, wide))


def _values(numerator: Column, denominator: Column | None, scale: float) -> npt.NDArray[np.float64]:
    """NaN where the denominator is not positive; it becomes NULL."""
    top: npt.NDArray[np.float64] = numerator.cast(pa.float64()).to_numpy()
    if denominator is None:
        return top * scale
    bottom: npt.NDArray[np.float64] = denominator.cast(pa.float64()).to_numpy()
    value: npt.NDArray[np.float64] = np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)
    return value * scale

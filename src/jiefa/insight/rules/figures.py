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
    """Rows of ``FIGURE`` by indicator and division, for every division of any level that ``sums`` has a village of.

    ``sums`` and ``gini`` are the results of ``village_sums`` and ``gini_sums``. Indicators that need the snapshot of
    the year before are left out unless ``opening_known``, the Gini if ``gini`` is None.
    """
    known = [d for d in definitions if opening_known or not d.needs_opening]
    wanted = [d for d in known if gini is not None or d.kind != "gini"]
    sums = _with_gini(_by_division(sums), gini)
    calculation = _Calculation(sums, definitions, line_fen)
    parts = []
    for definition in wanted:
        numerator, denominator = calculation.parts(definition)
        columns = [
            sums.column("division"),
            pa.array([definition.id], pa.string()).take(pa.array([0] * sums.num_rows, pa.int32())),
            numerator.cast(EXACT),
            pa.nulls(sums.num_rows, EXACT) if denominator is None else denominator.cast(EXACT),
            pa.array(_values(numerator, denominator, float(definition.scale)), from_pandas=True),
        ]
        parts.append(pa.table(columns, schema=FIGURE))
    return pa.concat_tables(parts) if parts else FIGURE.empty_table()


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
        codes = pc.utf8_slice_codeunits(villages.column("village_code"), 0, length)
        inside = villages.drop_columns("village_code").append_column("division", codes)
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

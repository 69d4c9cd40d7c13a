"""Small samples, the variance written out from the book, and microdata without a file."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from jiefa.survey.microdata import Microdata

Row = Mapping[str, object]


def microdata(**columns: Sequence[object]) -> Microdata:
    length = len(next(iter(columns.values())))
    return Microdata("sample.csv", np.arange(2, length + 2), {name: pa.array(one) for name, one in columns.items()})


def by_hand(rows: Sequence[Row], z: Sequence[float], stages: int) -> float:
    """√V of the sum of ``z`` over strata ``h``, units ``i`` of ``N`` and, with two stages, rows of ``M`` in a unit: the sums of squares
    written out as in Cochran 1977, 11.21, one loop for each sum."""
    variance = 0.0
    for h in sorted({str(row["h"]) for row in rows}):
        inside = [(row, value) for row, value in zip(rows, z, strict=True) if row["h"] == h]
        units = sorted({str(row["i"]) for row, _ in inside})
        values = {unit: [value for row, value in inside if row["i"] == unit] for unit in units}
        sizes = {unit: next(row for row, _ in inside if row["i"] == unit) for unit in units}
        n, fraction = len(units), len(units) / float(str(sizes[units[0]]["N"]))
        totals = [sum(values[unit]) for unit in units]
        middle = sum(totals) / n
        variance += (1 - fraction) * n / (n - 1) * sum((total - middle) ** 2 for total in totals)
        for unit in units if stages == 2 else ():
            m = len(values[unit])
            inner = sum(values[unit]) / m
            below = 1 - m / float(str(sizes[unit]["M"]))
            variance += fraction * below * m / (m - 1) * sum((value - inner) ** 2 for value in values[unit])
    return math.sqrt(variance)


def two_stages(seed: int = 5) -> list[Row]:
    """Two strata of 10 and 8 villages, 3 and 4 drawn, 2 to 4 households in each; weights N/n · M/m."""
    random = np.random.default_rng(seed)
    rows: list[Row] = []
    for h, many, drawn in (("a", 10, 3), ("b", 8, 4)):
        for number in range(drawn):
            size, m = int(random.integers(5, 9)), int(random.integers(2, 5))
            for _ in range(m):
                y = float(random.normal(10 + number, 2))
                known = {"h": h, "i": f"{h}{number}", "N": many, "M": size, "w": many / drawn * size / m, "y": y}
                rows.append({**known, "x": float(random.uniform(1, 3)), "g": str(random.choice(["east", "west"]))})
    return rows


def going_down(rows: Sequence[Row], z: Sequence[float], within: str, stages: Sequence[tuple[str, str | None]]) -> float:
    """The variance of the sum of ``z`` as the definition says it, one stage inside the other: Särndal, Swensson & Wretman 1992, 4.4.

    ``stages``: the column of the units and that of how many there are, none for without end; ``within``: the column of the strata.
    """
    if not stages:
        return 0.0
    (unit, size), variance = stages[0], 0.0
    for place in sorted({str(row[within]) for row in rows}):
        inside = [(row, value) for row, value in zip(rows, z, strict=True) if str(row[within]) == place]
        units = sorted({str(row[unit]) for row, _ in inside})
        parts = [[one for one in inside if str(one[0][unit]) == name] for name in units]
        sums = [sum(value for _, value in part) for part in parts]
        n, fraction = len(units), 0.0 if size is None else len(units) / float(str(inside[0][0][size]))
        if n > 1:
            variance += (1 - fraction) * n / (n - 1) * sum((one - sum(sums) / n) ** 2 for one in sums)
        for part in parts:
            below = going_down([row for row, _ in part], [value for _, value in part], unit, stages[1:])
            variance += fraction * below
    return variance

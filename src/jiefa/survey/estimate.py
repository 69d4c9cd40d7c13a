"""Means, totals, proportions and ratios of a sample, as a whole and by group, with design-based errors and 95 % intervals.

mean Σwy / Σw; total Σwy; proportion, for each category the mean of "is it"; ratio Σwy / Σwx. Errors: ``design``. Intervals: t with
clusters less strata degrees of freedom, for proportions on the log-odds (``intervals``).

**Missing values.** A row without a weight above 0 is not in the sample. A row in the sample without a value (or, for a ratio, without
denominator) stays in the design and is left out as outside the domain: means are of those who answered, totals of those who did;
both kinds are counted in ``missing``. A row whose group is missing counts in the total alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from jiefa.survey import intervals
from jiefa.survey.design import Design, Moment
from jiefa.survey.microdata import BoolArray, FloatArray, Labels


class Asked(StrEnum):
    MEAN = "mean"
    TOTAL = "total"
    PROPORTION = "proportion"
    RATIO = "ratio"


@dataclass(frozen=True)
class Estimate:
    """``group`` is none for the whole file, ``category`` for all but proportions; ``value`` is none where no row is left."""

    group: str | None
    category: str | None
    value: float | None
    se: float | None
    ci_low: float | None
    ci_high: float | None
    df: int
    n: int
    missing: int


def domains(design: Design, groups: Labels | None) -> Iterator[tuple[str | None, BoolArray, BoolArray]]:
    """Each group's name, its rows among those of the design, and its rows in the file; first the whole."""
    every = np.ones(len(design.used), dtype=bool)
    yield None, every[design.used], every
    for code, name in enumerate(() if groups is None else groups.names):
        rows = np.asarray(groups.codes == code, dtype=bool) if groups is not None else every
        yield name, rows[design.used], rows


def numbers(
    design: Design,
    asked: Asked,
    values: FloatArray,
    denominator: FloatArray | None = None,
    groups: Labels | None = None,
) -> list[Estimate]:
    """Mean, total or ratio of ``values``, one for each row of the file."""
    values = values[design.used]
    by = None if denominator is None else denominator[design.used]
    known = ~np.isnan(values) if by is None else ~np.isnan(values) & ~np.isnan(by)
    found = []
    for group, domain, rows in domains(design, groups):
        answered = domain & known
        n, missing = int(answered.sum()), int(rows.sum() - answered.sum())
        if n == 0 or (by is not None and not float(design.weight[answered] @ by[answered])):
            found.append(Estimate(group, None, None, None, None, None, 0, n, missing))
            continue
        one = _moment(design, asked, values, by, answered)
        interval = intervals.symmetric(one.value, one.se, one.df)
        found.append(Estimate(group, None, one.value, one.se, *interval, one.df, n, missing))
    return found


def _moment(design: Design, asked: Asked, values: FloatArray, by: FloatArray | None, domain: BoolArray) -> Moment:
    if asked is Asked.RATIO:
        assert by is not None
        return design.ratios([values], by, domain)[0]
    return (design.totals if asked is Asked.TOTAL else design.means)([values], domain)[0]


def proportions(design: Design, categories: Labels, groups: Labels | None = None) -> list[Estimate]:
    """The share of each category, one for each group and category in order; shares of a group add up to 1."""
    codes = categories.codes[design.used]
    is_it = [(codes == code).astype(np.float64) for code in range(len(categories.names))]
    found = []
    for group, domain, rows in domains(design, groups):
        answered = domain & (codes >= 0)
        n, missing = int(answered.sum()), int(rows.sum() - answered.sum())
        shares = design.means(is_it, answered) if n else [None] * len(is_it)
        for category, one in zip(categories.names, shares, strict=True):
            if one is None:
                found.append(Estimate(group, category, None, None, None, None, 0, 0, missing))
                continue
            interval = intervals.logit(one.value, one.se, one.df)
            found.append(Estimate(group, category, one.value, one.se, *interval, one.df, n, missing))
    return found

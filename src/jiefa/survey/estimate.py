"""Means, totals, proportions and ratios of a sample, as a whole and by group, with design-based errors and 95 % intervals.

mean Σwy / Σw; total Σwy; proportion, for each category the mean of "is it"; ratio Σwy / Σwx. Errors: ``variance``. Intervals: t with
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
from jiefa.survey.design import Design
from jiefa.survey.microdata import FloatArray, IntArray, Labels
from jiefa.survey.variance import Moment, Part


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


def domains(design: Design, groups: Labels | None) -> Iterator[tuple[str | None, IntArray, int]]:
    """Each group's name, its rows among those of the design in their order, and how many it has in the file; first the whole."""
    yield None, design.order, len(design.used)
    if groups is None:
        return
    codes = groups.codes[design.used][design.order]
    sorted_by_group = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[sorted_by_group], np.arange(len(groups.names) + 1))
    counts = np.bincount(groups.codes[groups.codes >= 0], minlength=len(groups.names))
    for code, name in enumerate(groups.names):
        yield name, design.order[sorted_by_group[ends[code] : ends[code + 1]]], int(counts[code])


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
    for group, rows, count in domains(design, groups):
        answered = rows[known[rows]]
        n, missing = len(answered), count - len(answered)
        if n == 0 or (by is not None and not float(design.weight[answered] @ by[answered])):
            found.append(Estimate(group, None, None, None, None, None, 0, n, missing))
            continue
        one = _moment(design.part(answered), asked, values, by)
        interval = intervals.symmetric(one.value, one.se, one.df)
        found.append(Estimate(group, None, one.value, one.se, *interval, one.df, n, missing))
    return found


def _moment(part: Part, asked: Asked, values: FloatArray, by: FloatArray | None) -> Moment:
    inside = values[None, part.rows]
    if asked is Asked.RATIO:
        assert by is not None
        return part.ratios(inside, by[part.rows])[0]
    return (part.totals if asked is Asked.TOTAL else part.means)(inside)[0]


def proportions(design: Design, categories: Labels, groups: Labels | None = None) -> list[Estimate]:
    """The share of each category, one for each group and category in order; shares of a group add up to 1."""
    codes = categories.codes[design.used]
    each = np.arange(len(categories.names))
    found = []
    for group, rows, count in domains(design, groups):
        answered = rows[codes[rows] >= 0]
        n, missing = len(answered), count - len(answered)
        if not n:
            found += [Estimate(group, name, None, None, None, None, 0, 0, missing) for name in categories.names]
            continue
        shares = design.part(answered).means((codes[answered] == each[:, None]).astype(np.float64))
        for category, one in zip(categories.names, shares, strict=True):
            interval = intervals.logit(one.value, one.se, one.df)
            found.append(Estimate(group, category, one.value, one.se, *interval, one.df, n, missing))
    return found

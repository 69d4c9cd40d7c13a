"""Income poverty and inequality of a file, as a whole and by group, with standard errors.

Poor is who has an income strictly below the line. The line is an amount, or a share (0.6 unless said otherwise) of the median of
the whole file: groups are measured by the same line as everybody, as Eurostat does.

**Missing values.** A row without income, or without a weight above 0, is left out and counted in ``missing``; ``n`` is the number of
rows used. Theil leaves out incomes below 0 and Watts those not above 0, and say so in their own ``n`` and ``missing``. A row whose
group is missing counts in the total alone.

**Standard errors.** Linearisation, rows taken as drawn independently with these weights (one stage, with replacement):
n/(n-1) Σ(u - ū)², u the weighted influence (``linearised``). A group is a domain of the file; a line that is a share of the median
brings the variability of the median. For a survey in clusters these errors are too small: use ``estimate`` and ``mpi`` there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from jiefa.survey import linearised
from jiefa.survey.linearised import Incomes, Linearised
from jiefa.survey.microdata import BoolArray, FloatArray, IntArray, Labels

SHARE = 0.6
STATISTICS = ("headcount", "gap", "severity", "gini", "mean", "median", "arpt", "arpr", "s80s20", "theil", "watts")


@dataclass(frozen=True)
class Statistic:
    """``group`` is none for the whole file; ``value`` and ``se`` are none where they are not defined."""

    group: str | None
    statistic: str
    value: float | None
    se: float | None
    n: int
    missing: int


@dataclass(frozen=True)
class _Line:
    """A poverty line; ``shift`` is the weighted influence of each row of the file on it, none for a fixed one.

    ``first`` and ``second`` are the sums of the shifts and of their squares.
    """

    value: float
    shift: FloatArray | None = None
    first: float = 0.0
    second: float = 0.0


@dataclass(frozen=True)
class _Survey:
    income: FloatArray
    weight: FloatArray
    usable: BoolArray

    @cached_property
    def n(self) -> int:
        return int(self.usable.sum())

    def incomes(self, rows: IntArray) -> tuple[Incomes, IntArray]:
        """The incomes of usable ``rows`` in order, and the rows in that order."""
        rows = rows[np.argsort(self.income[rows], kind="stable")]
        return Incomes(self.income[rows], self.weight[rows]), rows


def statistics(
    income: FloatArray,
    weight: FloatArray | None = None,
    groups: Labels | None = None,
    *,
    line: float | None = None,
    share: float = SHARE,
) -> list[Statistic]:
    """All of ``STATISTICS``, first of the whole file, then of each group in order."""
    weights = np.ones(len(income)) if weight is None else weight
    survey = _Survey(income, weights, ~np.isnan(income) & (weights > 0))
    lines = _lines(survey, line, share)
    found = list(_of(survey, lines, None, np.arange(len(income))))
    if groups is not None:
        order = np.argsort(groups.codes, kind="stable")
        ends = np.searchsorted(groups.codes[order], np.arange(len(groups.names) + 1))
        for code, name in enumerate(groups.names):
            found += _of(survey, lines, name, order[ends[code] : ends[code + 1]])
    return found


def _lines(survey: _Survey, line: float | None, share: float) -> tuple[_Line, _Line]:
    """The line of headcount, gap, severity and Watts, and the at-risk-of-poverty threshold."""
    rows = np.flatnonzero(survey.usable)
    if not len(rows):
        nowhere = _Line(math.nan)
        return nowhere, nowhere
    incomes, order = survey.incomes(rows)
    found = linearised.median(incomes)
    shift = np.zeros(len(survey.income))
    shift[order] = share * incomes.w * found.influence
    threshold = _Line(share * found.value, shift, float(shift.sum()), float(shift @ shift))
    return threshold if line is None else _Line(line), threshold


def _of(survey: _Survey, lines: tuple[_Line, _Line], group: str | None, rows: IntArray) -> Iterator[Statistic]:
    usable = rows[survey.usable[rows]]
    incomes, order = survey.incomes(usable)
    line, threshold = lines
    for name in STATISTICS:
        if name == "arpt":
            yield _threshold(survey, threshold, group, len(usable), len(rows))
            continue
        start = _first_allowed(name, incomes.y)
        part, used = Incomes(incomes.y[start:], incomes.w[start:]), order[start:]
        against = threshold if name == "arpr" else line
        found = _functions(against.value)[name](part) if len(used) else None
        value = None if found is None or math.isnan(found.value) else found.value
        # One observation says nothing of the spread: its influence on a mean is 0.
        se = None if found is None or len(used) < 2 else _error(survey, found, part.w, used, against)
        yield Statistic(group, name, value, se, len(used), len(rows) - len(used))


def _first_allowed(name: str, incomes: FloatArray) -> int:
    """From which of the ordered incomes on the statistic is defined."""
    if name == "theil":
        return int(np.searchsorted(incomes, 0.0, side="left"))
    return int(np.searchsorted(incomes, 0.0, side="right")) if name == "watts" else 0


def _threshold(survey: _Survey, line: _Line, group: str | None, n: int, rows: int) -> Statistic:
    """The same for every group: the threshold of the whole file."""
    if n == 0:
        return Statistic(group, "arpt", None, None, 0, rows)
    moves = Linearised(line.value, np.zeros(0), 1.0)
    se = _error(survey, moves, np.zeros(0), np.zeros(0, dtype=np.int64), line)
    return Statistic(group, "arpt", line.value, se, n, rows - n)


def _functions(line: float) -> dict[str, Callable[[Incomes], Linearised | None]]:
    return {
        "headcount": partial(linearised.headcount, line=line),
        "arpr": partial(linearised.headcount, line=line),
        "gap": partial(linearised.gap, line=line, alpha=1),
        "severity": partial(linearised.gap, line=line, alpha=2),
        "watts": partial(linearised.watts, line=line),
        "gini": linearised.gini,
        "mean": linearised.mean,
        "median": linearised.median,
        "s80s20": linearised.quintile_share_ratio,
        "theil": linearised.theil,
    }


def _error(survey: _Survey, found: Linearised, weight: FloatArray, rows: IntArray, line: _Line) -> float | None:
    """√(n/(n-1) Σ(u - ū)²) over all usable rows of the file: u is 0 outside the group but for what moves the line."""
    n = survey.n
    if n < 2:
        return None
    u = weight * found.influence
    first, second = float(u.sum()), float(u @ u)
    if line.shift is not None and found.by_line:
        second += 2 * found.by_line * float(u @ line.shift[rows]) + found.by_line**2 * line.second
        first += found.by_line * line.first
    variance = n / (n - 1) * (second - first**2 / n)
    return None if math.isnan(variance) else math.sqrt(max(0.0, variance))

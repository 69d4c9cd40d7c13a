"""Multidimensional poverty by the method of Alkire and Foster, as a whole and by group, with design-based errors.

Alkire & Foster 2011 (J. Public Economics 95); names of measures as in the Stata toolbox mpitb (Suppa 2023, Stata Journal 23). With g_ij
1 where household i is deprived in j, weights v_j that add up to 1 and the score c_i = Σ_j v_j g_ij, a household is poor if c_i >= k:

    H     share of the poor                          hd    share deprived in j (uncensored headcount)
    M0    mean of c_i over the poor, 0 for others    hdk   share poor and deprived in j (censored headcount)
    A     M0 / H, the poor's mean score              actb  v_j hdk_j; adds up to M0
                                                     pctb  actb_j / M0; a share, adds up to 1

**Missing values.** ``exclude``: a row in which any indicator is missing is left out; ``not_deprived``: the missing one counts as not
deprived. A row without a weight above 0 is left out. Both are counted in ``missing``; a row left out stays in the design.

**Errors.** Means and ratios by Taylor linearisation (``variance``); intervals on the log-odds, all measures being shares. A measure of
exactly 0 or 1 has no interval; A and pctb have no value where nobody is poor, and no error where all the poor are in one cluster.
Degrees of freedom are those of the group, clusters less strata in which it has rows, for A and pctb as for the others: both are
ratios over all rows of the group. The R package mpitbR 1.0.1 (``mpitb.A.R``) takes the subset of the poor, which gives the same error, and
counts the clusters less strata of the whole sample, ``degf`` of the design, for each measure and each group; of the whole file this
is the same. Groups here get the smaller number of their own clusters, as R's ``degf`` of a subset.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from jiefa.survey import errors, intervals
from jiefa.survey.design import Design
from jiefa.survey.estimate import domains
from jiefa.survey.microdata import BoolArray, FloatArray, Labels, Microdata
from jiefa.survey.spec import TOLERANCE, Comparison, Indicator, Missing, Spec
from jiefa.survey.variance import Moment, Part


@dataclass(frozen=True)
class Measured:
    """One measure: of the whole file where ``group`` is none, of all indicators where ``indicator`` is. ``hd`` knows no ``k``."""

    group: str | None
    measure: str
    indicator: str | None
    value: float | None
    se: float | None
    ci_low: float | None
    ci_high: float | None
    k: float | None
    by: str | None
    n: int
    missing: int


@dataclass(frozen=True)
class Deprivations:
    """``matrix``: a row for each row of the file, a column for each indicator, 1 where deprived; ``known`` rows can be judged."""

    matrix: FloatArray
    known: BoolArray


def deprivations(data: Microdata, spec: Spec) -> Deprivations:
    """Who is deprived of what. Raises ``NotDeprivation``, ``NotANumber``."""
    matrix = np.stack([_deprived(data, one) for one in spec.indicators], axis=1)
    gaps = np.isnan(matrix)
    if spec.missing is Missing.NOT_DEPRIVED:
        return Deprivations(np.where(gaps, 0.0, matrix), np.ones(len(data), dtype=bool))
    return Deprivations(matrix, np.asarray(~gaps.any(axis=1), dtype=bool))


def _deprived(data: Microdata, indicator: Indicator) -> FloatArray:
    """1, 0 or NaN for each row."""
    rule = indicator.deprived_if
    if isinstance(rule, frozenset):
        labels = data.labels(indicator.column)
        is_it = np.array([name in rule for name in labels.names] + [False])
        return np.where(labels.missing, np.nan, is_it[labels.codes])
    values = data.numbers(indicator.column)
    gaps = np.isnan(values)
    if isinstance(rule, Comparison):
        return np.where(gaps, np.nan, _compared(values, rule))
    strange = ~gaps & (values != 0) & (values != 1)
    if strange.any():
        at = int(np.flatnonzero(strange)[0])
        raise errors.NotDeprivation(
            file=data.file, column=indicator.column, row=int(data.rows[at]), text=f"{values[at]:g}"
        )
    return values


def _compared(values: FloatArray, rule: Comparison) -> BoolArray:
    compare = {
        "<": np.less,
        "<=": np.less_equal,
        ">": np.greater,
        ">=": np.greater_equal,
        "==": np.equal,
        "!=": np.not_equal,
    }
    return np.asarray(compare[rule.sign](values, rule.value), dtype=bool)


def measures(
    design: Design, found: Deprivations, spec: Spec, groups: Sequence[tuple[str, Labels]] = ()
) -> list[Measured]:
    """All measures for each cut-off: of the whole file, then of the groups of each column in order."""
    matrix, known = found.matrix[design.used].T, found.known[design.used]
    rows: list[Measured] = []
    whole_file: tuple[None, None] = (None, None)
    for by, labels in (whole_file, *groups):
        for group, every, count in domains(design, labels):
            if by is not None and group is None:
                continue
            inside = every[known[every]]
            one = _Domain(spec, design.part(inside), matrix[:, inside], by, group, count - len(inside))
            rows += one.measured()
    return rows


@dataclass(frozen=True)
class _Domain:
    """``matrix``: a row for each indicator, a column for each row of the part."""

    spec: Spec
    part: Part
    matrix: FloatArray
    by: str | None
    group: str | None
    missing: int

    def measured(self) -> Iterator[Measured]:
        names = self.spec.columns
        weights = np.array([one.weight for one in self.spec.indicators])
        score = weights @ self.matrix
        yield from (self._row("hd", name, one, None) for name, one in zip(names, self._means(self.matrix), strict=True))
        for k in self.spec.cutoffs:
            poor = (score >= k - TOLERANCE).astype(np.float64)
            intensity = score * poor
            share, adjusted, *censored = self._means(np.vstack([poor, intensity, self.matrix * poor]))
            contributions = self._ratios(self.matrix * poor * weights[:, None], intensity)
            yield self._row("H", None, share, k)
            yield self._row("A", None, self._ratios(intensity[None], poor)[0], k)
            yield self._row("M0", None, adjusted, k)
            absolute = [_times(one, weight) for one, weight in zip(censored, weights.tolist(), strict=True)]
            for measure, several in (("hdk", censored), ("actb", absolute), ("pctb", contributions)):
                yield from (self._row(measure, name, one, k) for name, one in zip(names, several, strict=True))

    @property
    def _n(self) -> int:
        return len(self.part.rows)

    def _means(self, values: FloatArray) -> Sequence[Moment | None]:
        return self.part.means(values) if self._n else [None] * len(values)

    def _ratios(self, values: FloatArray, by: FloatArray) -> Sequence[Moment | None]:
        return self.part.ratios(values, by) if by.any() else [None] * len(values)

    def _row(self, measure: str, indicator: str | None, one: Moment | None, k: float | None) -> Measured:
        value, se = (None, None) if one is None else (one.value, one.se)
        low, high = (None, None) if one is None else intervals.logit(one.value, one.se, one.df)
        return Measured(self.group, measure, indicator, value, se, low, high, k, self.by, self._n, self.missing)


def _times(one: Moment | None, weight: float) -> Moment | None:
    return None if one is None else Moment(one.value * weight, None if one.se is None else one.se * weight, one.df)

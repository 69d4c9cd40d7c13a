"""Totals, means and ratios of a part of a sample, with the variance of its design: many variables of many groups at once.

Estimates are weighted sums. Of a ratio R = Σwy / Σwx the error is that of the sum of z = w (y - R x) / Σwx (Taylor linearisation:
Särndal, Swensson & Wretman 1992, Model Assisted Survey Sampling, 5.5 and 5.6; Wolter 2007, Introduction to Variance Estimation, ch. 6), of
a mean the same with x = 1, of a total z = wy. The variance of a sum of z goes down the stages (Särndal et al. 4.3 and 4.4; Lumley 2010,
Complex Surveys, ch. 3; R survey's ``multistage``). n of N units were drawn from a place p, a stratum or a unit of the stage above; t_i
is the sum of z in unit i and t̄ the mean of the n sums:

    V(p) = (1 - n/N) n/(n-1) Σ_i (t_i - t̄)² + n/N Σ_i V(i)

Unrolled, each stage adds Σ_p c_p Σ_i (t_i - t̄_p)² with c_p = (1 - n/N) n/(n-1) times the n/N of all places above p. A size that is not
known counts as without end: drawn with replacement, n/N = 0, so that nothing below it adds anything.

A part (a group, a domain) has z = 0 outside (Särndal et al. ch. 10): a unit without rows of the part is a sum of 0, and a place without
any adds nothing. So a part costs what its own rows cost: the spread is Σ over units with rows of (t_i - t̄)², and t̄² for each of
the others. 20,000 rows in 1,000 clusters, 9 strata and 88 groups, on two cores that others used too: multidimensional poverty with 10
indicators and 2 cut-offs (6,764 figures) takes 1.0 s, and took 117 s with a call of svy for each group and kind of figure; means of the
groups 0.2 s instead of 7.8 s. All 6,764 figures, errors and limits of intervals agreed to 1e-13.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jiefa.survey.microdata import BoolArray, FloatArray, IntArray

NOISE = 1e-12
"""An error smaller than this share of what was added up is rounding: it is 0."""


@dataclass(frozen=True)
class Moment:
    """A mean, total or ratio of one domain. ``se`` is none where all that varies lies in a single unit."""

    value: float
    se: float | None
    df: int


@dataclass(frozen=True)
class Stage:
    """For each row: the place from which its unit was drawn, the unit, and how many units that place has (none: not known).

    The place is a stratum at the first stage, and the unit of the stage above at the others.
    """

    above: IntArray
    unit: IntArray
    size: FloatArray | None = None


@dataclass(frozen=True)
class Level:
    """A stage made ready: for each row its unit and place; for each place the units drawn and by what a square counts.

    ``factor``: c_p, 0 where a single unit was drawn. ``centred``: what the square of a single unit about the mean of all units counts
    instead, 0 where it counts nothing.
    """

    unit: IntArray
    place: IntArray
    drawn: FloatArray
    factor: FloatArray
    centred: FloatArray


def levels(stages: Sequence[Stage], centre: bool) -> tuple[Level, ...]:
    """The stages that add to the variance. ``centre``: a single unit of the first stage is taken about the mean of all units, as R's
    ``lonely.psu="adjust"`` and Stata's ``singleunit(centered)``; below, a single unit is its own mean. Else it adds nothing."""
    found: list[Level] = []
    above = np.ones(len(stages[0].unit))
    for stage in stages:
        _, first, place = np.unique(stage.above, return_index=True, return_inverse=True)
        _, one_of, unit = np.unique(stage.unit, return_index=True, return_inverse=True)
        drawn = np.bincount(place[one_of], minlength=len(first)).astype(np.float64)
        taken = np.zeros(len(first)) if stage.size is None else drawn / stage.size[first]
        left = np.maximum(1 - taken, 0.0)
        factor = np.where(drawn > 1, left * drawn / np.maximum(drawn - 1, 1), 0.0)
        centred = np.where((drawn == 1) & centre & (not found), left, 0.0)
        found.append(Level(unit, place, drawn, above[first] * factor, above[first] * centred))
        above = above * taken[place]
    return tuple(found)


def order(found: Sequence[Level]) -> IntArray:
    """All rows, so that those of a unit stand together at every level."""
    return np.lexsort((*(level.unit for level in reversed(found)), found[0].place))


@dataclass(frozen=True)
class _Spot:
    """Where in the rows of a part units begin, where in its units places begin, and which places these are."""

    units: IntArray
    places: IntArray
    codes: IntArray
    inside: IntArray

    @staticmethod
    def of(level: Level, rows: IntArray) -> _Spot:
        units = _starts(level.unit[rows])
        place = level.place[rows[units]]
        places = _starts(place)
        return _Spot(units, places, place[places], np.diff(np.append(places, len(units))))


def _starts(codes: IntArray) -> IntArray:
    """Where equal codes that stand together begin."""
    return np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]])) if len(codes) else np.zeros(0, np.int64)


class Part:
    """Some rows of a sample, in the order of ``order``: what is asked of them has a column for each of ``rows``."""

    def __init__(self, found: Sequence[Level], weight: FloatArray, rows: IntArray) -> None:
        self.rows = rows
        self._weight = weight[rows]
        self._levels = found
        self._spots = [_Spot.of(level, rows) for level in found]

    @property
    def df(self) -> int:
        """Units of the first stage less strata, of those in which the part has rows."""
        return len(self._spots[0].units) - len(self._spots[0].places)

    def means(self, values: FloatArray) -> list[Moment]:
        """Σwy / Σw of each row of ``values``. The part must have rows."""
        return self.ratios(values, np.ones(len(self.rows)))

    def totals(self, values: FloatArray) -> list[Moment]:
        """Σwy of each row of ``values``."""
        z = values * self._weight
        return self._moments(z.sum(axis=1), z, np.abs(z).sum(axis=1), self.df)

    def ratios(self, values: FloatArray, by: FloatArray) -> list[Moment]:
        """Σwy / Σwx of each row of ``values``, x being ``by``, whose weighted sum must not be 0."""
        below = self._weight * by
        total = float(below.sum())
        found = values @ self._weight / total
        z = (values * self._weight - found[:, None] * below) / total
        added = (np.abs(values) @ self._weight + np.abs(found) * np.abs(below).sum()) / abs(total)
        return self._moments(found, z, added, self._df_of(by != 0))

    def _df_of(self, concerned: BoolArray) -> int:
        """``df`` of some of the rows."""
        if concerned.all():
            return self.df
        spot = self._spots[0]
        units = np.logical_or.reduceat(concerned, spot.units)
        return int(units.sum()) - int(np.logical_or.reduceat(units, spot.places).sum())

    def _moments(self, found: FloatArray, z: FloatArray, added: FloatArray, df_of_z: int) -> list[Moment]:
        """An error of 0 with nothing to differ from (all of the denominator in one unit) is not known rather than 0."""
        errors = np.sqrt(self._variances(z))
        errors[errors <= NOISE * added] = 0.0
        return [
            Moment(value, error if error > 0 or df_of_z > 0 else None, self.df)
            for value, error in zip(found.tolist(), errors.tolist(), strict=True)
        ]

    def _variances(self, z: FloatArray) -> FloatArray:
        variance = np.zeros(len(z))
        for level, spot in zip(self._levels, self._spots, strict=True):
            sums = np.add.reduceat(z, spot.units, axis=1)
            of_places = np.add.reduceat(sums, spot.places, axis=1)
            drawn = level.drawn[spot.codes]
            mean = of_places / drawn
            squares = (sums - np.repeat(mean, spot.inside, axis=1)) ** 2
            spread = np.add.reduceat(squares, spot.places, axis=1) + (drawn - spot.inside) * mean**2
            variance += spread @ level.factor[spot.codes]
            if level.centred.any():
                centred = level.centred[spot.codes]
                middle = of_places.sum(axis=1) / level.drawn.sum()
                variance += (of_places - middle[:, None]) ** 2 @ centred
                variance += (level.centred.sum() - centred.sum()) * middle**2
        return variance

"""A logistic score with a ridge, calibrated on households that it was not fitted to. Deterministic: no number is drawn.

Logistic and not boosted: on the dozen-odd columns of a card a straight line of log-odds can be read by whoever asks why.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jiefa.monitoring.rules.measuring import Flags, Real

RIDGE = 1.0
"""Of standardised columns, the household being the unit: holds back columns that tell the same twice."""
STEPS, ENOUGH = 100, 1e-10
NONE = 1e-6
"""A ridge that holds nothing back."""
FOLDS = 5
CLOSE = 1e-6
"""A chance is kept so far from 0 and 1: nothing is certain of a household."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A score of households: log-odds as a sum over standardised columns, and the line that calibrates it."""

    mean: Real
    spread: Real
    weights: Real
    constant: float
    slope: float = 1.0
    shift: float = 0.0

    def score(self, columns: Real) -> Real:
        """The log-odds before calibration: what orders. One number a household; higher is the greater risk."""
        return ((columns - self.mean) / self.spread) @ self.weights + self.constant

    def chance(self, columns: Real) -> Real:
        """The calibrated chance of falling back within the year."""
        return np.clip(_logistic(self.slope * self.score(columns) + self.shift), CLOSE, 1 - CLOSE)


def fit(columns: Real, fell: Flags, keys: Ints) -> Fitted:
    """The score fitted to households (one row each, no blanks) and calibrated out of fold; ``keys`` choose the folds.

    Asks for at least one household that fell and one that did not.
    """
    assert 0 < fell.sum() < len(fell), "nothing to learn from one kind alone"
    whole = _fit(columns, fell)
    fold = keys % FOLDS
    outside = np.zeros(len(fell))
    for one in range(FOLDS):
        own, rest = fold == one, fold != one
        learned = _fit(columns[rest], fell[rest]) if fell[rest].any() and not fell[rest].all() else whole
        outside[own] = learned.score(columns[own])
    slope, shift = _line(outside, fell)
    return Fitted(whole.mean, whole.spread, whole.weights, whole.constant, slope, shift)


def _fit(columns: Real, fell: Flags) -> Fitted:
    mean, spread = columns.mean(axis=0), columns.std(axis=0)
    spread[spread == 0] = 1.0
    return Fitted(mean, spread, *_regressed((columns - mean) / spread, fell, RIDGE))


def _line(score: Real, fell: Flags) -> tuple[float, float]:
    """Slope and shift (Platt) that bring scores to chances. A slope below 0 would turn the order round: then the mean is said."""
    slope, shift = _regressed(score[:, None], fell, NONE)
    if slope[0] > 0:
        return float(slope[0]), shift
    share = float(np.clip(fell.mean(), CLOSE, 1 - CLOSE))
    return 0.0, float(np.log(share / (1 - share)))


def _regressed(columns: Real, fell: Flags, ridge: float) -> tuple[Real, float]:
    """Weights and constant with the greatest penalised likelihood."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1 / ridge, solver="newton-cholesky", tol=ENOUGH, max_iter=STEPS)
    model.fit(columns, fell)
    return model.coef_[0], float(model.intercept_[0])


def _logistic(odds: Real) -> Real:
    return 1 / (1 + np.exp(-np.clip(odds, -700, 700)))

"""Whether more households stand just over the poverty line than the incomes around it let expect.

The density beside the line is foretold from the bins farther off by a log-quadratic Poisson regression that leaves the window out (the
counterfactual of Chetty, Friedman, Olsen and Pistaferri 2011; Kleven 2016); how the households inside the window divide is then
binomial (Cattaneo, Titiunik and Vazquez-Bare 2017), its share as uncertain as the regression is. A test of the density at a cutoff after McCrary (2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jiefa.truth.rules import chance
from jiefa.truth.rules.chance import Ints, Real

ROUNDS = 50
SETTLED = 1e-9


@dataclass(frozen=True, slots=True)
class Window:
    """Where the test looks: ``bins`` on each side of the line, the ``near`` ones next to it inside the window.

    ``least_near``, ``least_far``: households inside and outside of the window without which nothing is said.
    """

    bins: int
    near: int
    least_near: int
    least_far: int


@dataclass(frozen=True, slots=True)
class Bunched:
    """``above``: households just over the line; ``expected``: how many of those inside the window would be by the curve; ``curve``: by bin."""

    near: int
    above: int
    expected: float
    p: float
    curve: Real


def test(counts: Ints, window: Window) -> Bunched | None:
    """The test of one place. ``counts``: households by bin of income, the lowest first, the line in the middle; None where there are too few."""
    assert len(counts) == 2 * window.bins, len(counts)
    middle, near = window.bins, window.near
    inside = np.zeros(len(counts), np.bool_)
    inside[middle - near : middle + near] = True
    within = int(counts[inside].sum())
    if within < window.least_near or int(counts[~inside].sum()) < window.least_far:
        return None
    at = (np.arange(len(counts)) - middle + 0.5) / middle
    terms = np.stack([np.ones_like(at), at, at**2], axis=1)
    fitted = _fit(counts[~inside].astype(np.float64), terms[~inside])
    if fitted is None:
        return None
    weights, spread = fitted
    curve: Real = np.exp(terms @ weights)
    below, above = slice(middle - near, middle), slice(middle, middle + near)
    slope = _mean(curve[above], terms[above]) - _mean(curve[below], terms[below])
    deviation = float(np.sqrt(max(0.0, float(slope @ spread @ slope))))
    log_odds = float(np.log(curve[above].sum() / curve[below].sum()))
    over = int(counts[above].sum())
    p = chance.at_least_uncertain(over, within, log_odds, deviation)
    share = 1 / (1 + np.exp(-log_odds))
    return Bunched(within, over, float(within * share), p, curve)


def _mean(curve: Real, terms: Real) -> Real:
    """How the log of a sum of the curve follows its weights."""
    found: Real = (curve[:, None] * terms).sum(axis=0) / curve.sum()
    return found


def _fit(counts: Real, terms: Real) -> tuple[Real, Real] | None:
    """``(weights, covariance)`` of the Poisson regression by iterated least squares; None where it does not settle.

    Counts that scatter more than Poisson's make the covariance as much larger.
    """
    weights = np.array([np.log(counts.mean()), 0.0, 0.0])
    for _round in range(ROUNDS):
        mean = np.exp(np.clip(terms @ weights, -30, 30))
        information = terms.T @ (mean[:, None] * terms)
        try:
            step = np.linalg.solve(information, terms.T @ (counts - mean))
        except np.linalg.LinAlgError:
            return None
        weights = weights + step
        if float(np.abs(step).max()) < SETTLED:
            mean = np.exp(terms @ weights)
            scatter = float(((counts - mean) ** 2 / mean).sum()) / (len(counts) - terms.shape[1])
            information = terms.T @ (mean[:, None] * terms)
            return weights, np.linalg.inv(information) * max(1.0, scatter)
    return None

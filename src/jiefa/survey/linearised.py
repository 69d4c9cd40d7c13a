"""Inequality and poverty statistics of one set of incomes, each with its influence function.

The influence function says how much one more observation moves the statistic; the variance of the statistic is that of the
weighted total of its influence values (Deville 1999, Survey Methodology 25; Osier 2009, Survey Research Methods 3). Every function
returns ``Linearised``: the value, the influence of each observation, and how the value moves with the poverty line.
Undefined statistics (no income, a line of nothing) are ``None``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from jiefa.survey.microdata import FloatArray

TIES = 1e-12
"""Cumulated weights that differ by less, as a share of all, are the same."""


@dataclass(frozen=True)
class Linearised:
    """``by_line``: the derivative by the poverty line, for a line that is itself estimated."""

    value: float
    influence: FloatArray
    by_line: float = 0.0


@dataclass(frozen=True)
class Incomes:
    """Incomes in ascending order with their weights; ``total`` is the sum of the weights."""

    y: FloatArray
    w: FloatArray

    @property
    def total(self) -> float:
        return float(self.w.sum())

    @property
    def sum(self) -> float:
        return float(self.w @ self.y)


def quantile(of: Incomes, p: float) -> float:
    """The weighted quantile of Eurostat and of the R package laeken (Alfons & Templ 2013, J. Stat. Software 54).

    The first income at which the cumulated weight exceeds ``p`` of all; the mean of the two where it hits it exactly.
    """
    reached = np.cumsum(of.w) / of.total
    at = int(np.searchsorted(reached, p - TIES))
    at = min(at, len(of.y) - 1)
    if abs(reached[at] - p) <= TIES and at + 1 < len(of.y):
        return float((of.y[at] + of.y[at + 1]) / 2)
    return float(of.y[at])


def density(of: Incomes, at: float) -> float | None:
    """The density of incomes at a point by a Gaussian kernel, bandwidth 0.9 min(s, IQR/1.34) n^-1/5 (Silverman 1986, 3.31).

    ``n`` is Kish's effective number, so that the scale of the weights does not matter.
    """
    mean = of.sum / of.total
    deviation = math.sqrt(float(of.w @ (of.y - mean) ** 2) / of.total)
    between = (quantile(of, 0.75) - quantile(of, 0.25)) / 1.34
    spread = min(deviation, between) if between > 0 else deviation
    if spread <= 0:
        return None
    width = float(0.9 * spread * (of.total**2 / (of.w @ of.w)) ** -0.2)
    kernel = np.exp(-0.5 * ((of.y - at) / width) ** 2)
    return float(of.w @ kernel / (of.total * width * math.sqrt(2 * math.pi)))


def mean(of: Incomes) -> Linearised:
    """Σwy / Σw."""
    value = of.sum / of.total
    return Linearised(value, (of.y - value) / of.total)


def median(of: Incomes) -> Linearised:
    """The quantile of one half; influence -(1[y <= m] - 1/2) / (f(m) N), f the density (Osier 2009, 4.1)."""
    value = quantile(of, 0.5)
    found = density(of, value)
    if not found:
        return Linearised(value, np.full(len(of.y), np.nan))
    below = (of.y <= value).astype(np.float64)
    return Linearised(value, (0.5 - below) / (found * of.total))


def headcount(of: Incomes, line: float) -> Linearised:
    """The share of those with an income strictly below the line. By the line it moves with the density there."""
    poor = (of.y < line).astype(np.float64)
    value = float(of.w @ poor) / of.total
    return Linearised(value, (poor - value) / of.total, density(of, line) or 0.0)


def gap(of: Incomes, line: float, alpha: int) -> Linearised | None:
    """Σw ((z - y)/z)^alpha over the poor, by N: gap for 1, severity for 2 (Foster, Greer & Thorbecke 1984, Econometrica 52).

    By the line: (alpha / z)(P[alpha-1] - P[alpha]). A negative income has a gap above 1. Undefined for a line that is not above 0.
    """
    if line <= 0:
        return None
    poor = of.y < line
    short = np.where(poor, (line - of.y) / line, 0.0)
    powered = short**alpha
    value = float(of.w @ powered) / of.total
    before = float(of.w @ np.where(poor, short ** (alpha - 1), 0.0)) / of.total
    return Linearised(value, (powered - value) / of.total, alpha / line * (before - value))


def watts(of: Incomes, line: float) -> Linearised | None:
    """Σw ln(z / y) over the poor, by N (Watts 1968); incomes must be above 0. By the line: headcount / z."""
    if line <= 0:
        return None
    poor = of.y < line
    logs = np.where(poor, np.log(line / of.y), 0.0)
    value = float(of.w @ logs) / of.total
    return Linearised(value, (logs - value) / of.total, float(of.w @ poor) / of.total / line)


def gini(of: Incomes) -> Linearised | None:
    """[2 Σ w y W - Σ w² y] / (N Y) - 1, W the cumulated weight: a share from 0 to below 1, as laeken without its factor 100.

    Influence (2(N_k y_k - Y_k) + Y - N y_k) / (N Y) - G / N - G y_k / Y, N_k and Y_k weights and incomes up to y_k (Langel & Tillé
    2013, J. R. Statist. Soc. A 176). Undefined where incomes do not add up to more than 0.
    """
    total, income = of.total, of.sum
    if income <= 0:
        return None
    reached, earned = np.cumsum(of.w), np.cumsum(of.w * of.y)
    value = float(2 * (of.w * of.y) @ reached - (of.w**2) @ of.y) / (total * income) - 1
    distance = 2 * (reached * of.y - earned) + income - total * of.y
    return Linearised(value, distance / (total * income) - value / total - value * of.y / income)


def quintile_share_ratio(of: Incomes) -> Linearised | None:
    """S80/S20: the income of those above the fourth quintile over the income of those up to the first (Eurostat).

    Sums, not means: laeken's ``qsr`` divides means, which differ where weights do not cut at exactly a fifth, by the weight above the
    fourth quintile over that up to the first. Influence
    (I80 - R I20) / L with I80 = y 1[y > q80] + q80 (1[y <= q80] - 0.8) and I20 = y 1[y <= q20] - q20 (1[y <= q20] - 0.2): the
    densities cancel (Osier 2009, 4.3; Langel & Tillé 2011, Metron 69). Undefined where the poorest fifth has nothing or where so
    few rows stand that none is above the fourth quintile.
    """
    low, high = quantile(of, 0.2), quantile(of, 0.8)
    poorest, richest = of.y <= low, of.y > high
    bottom, top = float(of.w @ (of.y * poorest)), float(of.w @ (of.y * richest))
    if bottom <= 0 or not richest.any():
        return None
    value = top / bottom
    above = of.y * richest + high * (~richest - 0.8)
    below = of.y * poorest - low * (poorest - 0.2)
    return Linearised(value, (above - value * below) / bottom)


def theil(of: Incomes) -> Linearised | None:
    """Theil's T: Σw (y/m) ln(y/m) / N with m the mean (Theil 1967); an income of 0 adds 0, its limit; none may be below.

    Influence ((y ln y - A) / m - (A / m² + 1 / m)(y - m)) / N, A the mean of y ln y. Undefined where all are 0.
    """
    average = of.sum / of.total
    if average <= 0:
        return None
    # In units of the mean: incomes in fen and in millions give the same to the last digit.
    relative = of.y / average
    logs = relative * np.log(np.where(relative > 0, relative, 1.0))
    value = float(of.w @ logs) / of.total
    return Linearised(value, (logs - value - (value + 1) * (relative - 1)) / of.total)

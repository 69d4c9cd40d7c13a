"""Array types of the generator, and the few column operations that every step needs. Knows nothing of the domain."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiefa.kernel.allocation import largest_remainder

IntArray = NDArray[np.int64]
RealArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
AnyArray = NDArray[Any]
Random = np.random.Generator

NULL = np.int64(-(2**40))
"""Not filled in, for every column that is held as integers (codes, fen, days, hundredths)."""

NO, YES = np.int64(0), np.int64(1)


def generator(seed: int, *path: int) -> Random:
    """An independent stream of random numbers for (seed, path)."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *path])))


def whole(values: AnyArray) -> IntArray:
    """``values`` rounded half to even, as integers."""
    return np.rint(values).astype(np.int64)


def day(year: int, month: int = 1, day_of_month: int = 1) -> int:
    """Days from 1970-01-01 to that date."""
    return (dt.date(year, month, day_of_month) - dt.date(1970, 1, 1)).days


def years_of(days: IntArray) -> IntArray:
    """The calendar year in which each day falls."""
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def starts_of(sizes: IntArray) -> IntArray:
    """Where each group begins when groups of ``sizes`` stand one after another."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)[:-1]]) if len(sizes) else np.zeros(0, np.int64)


def ranks_within(groups: AnyArray) -> IntArray:
    """0, 1, 2, ... within each group of equal values, in order of appearance."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    fresh = np.ones(len(groups), bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    positions = np.arange(len(groups), dtype=np.int64)
    first = np.maximum.accumulate(np.where(fresh, positions, 0))
    ranks = np.empty(len(groups), np.int64)
    ranks[order] = positions - first
    return ranks


def sums(groups: IntArray, values: AnyArray, count: int) -> IntArray:
    """Sum of ``values`` by group 0..count-1, exact for amounts below 2^53."""
    return whole(np.bincount(groups, weights=values, minlength=count))


def counts(groups: IntArray, chosen: BoolArray, count: int) -> IntArray:
    """How many of ``chosen`` are in each group 0..count-1."""
    return np.bincount(groups[chosen], minlength=count).astype(np.int64)


def pick(random: Random, shares: RealArray | list[float], count: int) -> IntArray:
    """``count`` draws of 0..n-1 with these shares (which need not sum to 1)."""
    steps = np.cumsum(np.asarray(shares, dtype=np.float64))
    return np.asarray(np.searchsorted(steps, random.random(count) * steps[-1], side="right"), dtype=np.int64)


def searched(steps: RealArray, values: RealArray) -> IntArray:
    """For each value how many of the ascending ``steps`` it has reached."""
    return np.asarray(np.searchsorted(steps, values, side="right").astype(np.int64))


def share_out(total: int, weights: AnyArray) -> IntArray:
    """``total`` split by whole weights with the largest remainder."""
    return np.array(largest_remainder(total, [int(weight) for weight in weights]), dtype=np.int64)

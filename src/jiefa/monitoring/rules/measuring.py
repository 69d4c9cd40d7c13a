"""How good an order of households is: area under the curve, what the first visits find, calibration. Arrays of one length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Real = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NORMAL_99 = 2.3263478740408408
"""What lies above the mean of a normal variable by so many deviations has one chance in a hundred: a score is tried every year, and at
one in twenty a register without any signal would have one within a dozen years."""


def midranks(values: Real) -> Real:
    """The place of every value among all, from 1; those that are equal share the middle of their places."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    ends = np.append(starts[1:], len(values))
    ranks = np.empty(len(values))
    ranks[order] = np.repeat((starts + ends + 1) / 2, ends - starts)
    return ranks


def auc(score: Real, fell: Flags) -> float | None:
    """The chance that a household which fell stands above one which did not; None without both kinds."""
    cases, others = int(fell.sum()), int((~fell).sum())
    if not cases or not others:
        return None
    return float((midranks(score)[fell].sum() - cases * (cases + 1) / 2) / (cases * others))


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much one order is better than another on the same households, with its standard error (DeLong 1988)."""

    difference: float
    error: float

    @property
    def lowest(self) -> float:
        """What the difference exceeds with a chance of 99 in 100."""
        return self.difference - NORMAL_99 * self.error


def auc_difference(score: Real, other: Real, fell: Flags) -> Difference | None:
    """How much better ``score`` orders than ``other``; None without at least two households of both kinds."""
    cases, others = int(fell.sum()), int((~fell).sum())
    if cases < 2 or others < 2:
        return None
    of_cases, of_others, areas = [], [], []
    for one in (score, other):
        together = midranks(one)
        above = (together[fell] - midranks(one[fell])) / others
        below = 1 - (together[~fell] - midranks(one[~fell])) / cases
        of_cases.append(above)
        of_others.append(below)
        areas.append(float(above.mean()))
    variance = float(
        np.var(of_cases[0] - of_cases[1], ddof=1) / cases + np.var(of_others[0] - of_others[1], ddof=1) / others
    )
    return Difference(areas[0] - areas[1], variance**0.5)


def visited_first(score: Real, visits: int) -> Flags:
    """The households that so many visits reach in the order of the score; equal ones in the order given."""
    chosen = np.zeros(len(score), bool)
    chosen[np.argsort(-score, kind="stable")[:visits]] = True
    return chosen


def recall(score: Real, fell: Flags, visits: int) -> float | None:
    """The share of those who fell that so many visits reach; None where nobody fell."""
    cases = int(fell.sum())
    return float((fell & visited_first(score, visits)).sum() / cases) if cases else None


@dataclass(frozen=True, slots=True)
class Band:
    """A tenth of the households by their chance: how many, what was said of them on the average, what came."""

    households: int
    expected: float
    observed: float


def calibration(chance: Real, fell: Flags, bands: int = 10) -> tuple[Band, ...]:
    """What was said and what came, by tenths from the least chance to the greatest; fewer bands for few households."""
    order = np.argsort(chance, kind="stable")
    parts = [part for part in np.array_split(order, min(bands, len(order))) if len(part)] if len(order) else []
    return tuple(Band(len(part), float(chance[part].mean()), float(fell[part].mean())) for part in parts)


def brier(chance: Real, fell: Flags) -> float | None:
    """The mean square of what was said against what came; None for nobody."""
    return float(np.mean((chance - fell) ** 2)) if len(chance) else None


@dataclass(frozen=True, slots=True)
class OfGroup:
    """How a score treats one group: what it says of it, what came, and whether it finds those who fell as it does elsewhere.

    ``auc`` and ``recall`` are None where too few fell to say anything.
    """

    households: int
    fell: int
    expected: float | None
    observed: float | None
    auc: float | None
    recall: float | None


def of_group(score: Real, chance: Real, fell: Flags, member: Flags, visits: int, least: int) -> OfGroup:
    """The measures over the households of a group; ``visits``: of all households, not of the group alone."""
    count, cases = int(member.sum()), int((fell & member).sum())
    enough = cases >= least
    reached = visited_first(score, visits)
    return OfGroup(
        count,
        cases,
        float(chance[member].mean()) if count else None,
        float(fell[member].mean()) if count else None,
        auc(score[member], fell[member]) if enough else None,
        float((fell & member & reached).sum() / cases) if enough else None,
    )

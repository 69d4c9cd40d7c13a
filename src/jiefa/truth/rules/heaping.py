"""Whether amounts were rounded rather than counted: how many end in 00, against last digits that are all as likely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from jiefa.truth.rules import chance
from jiefa.truth.rules.chance import Ints

STEPS = (1000, 500, 100)
"""Yuan: multiples of the first, else of the second, else of the third; the rest are all others."""
SHARES = (1 / 1000, 1 / 500 - 1 / 1000, 1 / 100 - 1 / 500, 1 - 1 / 100)
"""What each class has of whole yuan whose last three digits are all as likely."""
LEAST_EXPECTED = 1.0
"""Amounts expected in the rarest class below which chi-square is not said."""


@dataclass(frozen=True, slots=True)
class Heaped:
    """``round``: amounts that end in 00; ``expected``: how many would; ``chi_square``: of the four classes, None for too few amounts."""

    n: int
    round: int
    expected: float
    p: float
    chi_square: float | None
    chi_square_p: float | None


def test(classes: Ints) -> Heaped:
    """The test of one place. ``classes``: amounts by the classes of ``SHARES``. p is the exact tail of those that end in 00."""
    n = int(classes.sum())
    rounded = int(classes[:-1].sum())
    share = sum(SHARES[:-1])
    p = float(chance.at_least(np.array([rounded]), np.array([n]), np.array([share]))[0])
    if n * SHARES[0] < LEAST_EXPECTED:
        return Heaped(n, rounded, n * share, p, None, None)
    expected = n * np.array(SHARES)
    statistic = float(((classes - expected) ** 2 / expected).sum())
    return Heaped(n, rounded, n * share, p, statistic, float(chdtrc(len(SHARES) - 1, statistic)))

"""How likely something is by chance, and which of many questions are asked: exact binomial tails, ties among many kinds, false shares."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import bdtrc, expit

Real = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NODES = 24
"""Of Gauss and Hermite: the tail below changes by less than 1e-6 with more, from 12 on (2026-11)."""


def at_least(count: Ints, n: Ints, share: Real) -> Real:
    """The chance that so many or more of ``n`` fall in a share: P(Binomial(n, share) >= count)."""
    # More than there are is nowhere in the distribution's own domain.
    found: Real = np.where(count > n, 0.0, bdtrc(np.minimum(count - 1, n), n, share))
    return found


def at_least_uncertain(count: int, n: int, log_odds: float, deviation: float) -> float:
    """The same where the share is itself an estimate: its log-odds normal around ``log_odds``."""
    at, weight = np.polynomial.hermite_e.hermegauss(NODES)
    share = expit(log_odds + deviation * at)
    tails = bdtrc(min(count - 1, n), n, share)
    return float(min(1.0, (tails * weight).sum() / weight.sum()))


def tied(own: Ints, n: Ints, elsewhere: Ints, all_elsewhere: Ints, kinds: Ints) -> Real:
    """The chance that among ``n`` some kind comes so often together as the one that came ``own`` times.

    How often a kind comes is what the rest of the county gives, itself counted once more, so that what was never seen there is rare and not
    impossible; the chance of the single kind is multiplied by how many kinds there are (Bonferroni), so that the answer is never too small.
    """
    share = np.minimum(1.0, (elsewhere + 1) / (all_elsewhere + 1))
    return np.minimum(1.0, at_least(own, n, share) * kinds)


def false_shares(p: Real) -> Real:
    """The q-values of Benjamini and Hochberg (1995): among all with a q of 5 % or less, one in twenty is expected to be chance."""
    count = len(p)
    order = np.argsort(p, kind="stable")
    scaled = p[order] * count / np.arange(1, count + 1)
    q = np.empty(count)
    q[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return q

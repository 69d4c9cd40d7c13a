"""How many must be asked for a share to be known within a margin."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special


@dataclass(frozen=True)
class Needed:
    """``simple``: of a simple random sample; ``answers``: with the design effect and the population; ``drawn``: with those who do not answer."""

    simple: int
    answers: int
    drawn: int
    deff: float


def design_effect(households: float, correlation: float) -> float:
    """1 + (m - 1) ρ: m households asked in a village, ρ the correlation of two of the same village (Kish 1965, 5.4)."""
    return 1 + (households - 1) * correlation


def needed(
    share: float,
    margin: float,
    *,
    population: int | None = None,
    deff: float = 1.0,
    response: float = 1.0,
    confidence: float = 0.95,
) -> Needed:
    """n0 = z² p (1 - p) / e²; times the design effect; n = n1 / (1 + (n1 - 1) / N); by the share who answer (Cochran 1977, 4.4, 4.6).

    ``margin`` is half the width of the interval, as a share. Never more than the population.
    """
    z = float(special.ndtri(0.5 + confidence / 2))
    simple = z**2 * share * (1 - share) / margin**2
    answers = max(1.0, simple * deff)
    if population is not None:
        answers = answers / (1 + (answers - 1) / population)
    drawn = _up(_up(answers) / response)
    return Needed(_up(simple), _up(answers), drawn if population is None else min(drawn, population), deff)


def _up(value: float) -> int:
    # 385.0000000001 is 385.
    return max(1, math.ceil(value - 1e-9))

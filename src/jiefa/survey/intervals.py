"""95 % confidence intervals from an estimate, its standard error and its degrees of freedom.

``symmetric``: value ± t se. ``logit``: the same on the log-odds, for shares strictly between 0 and 1, as Stata's ``svy: proportion`` and
R's ``svyciprop``; without limits at 0 and 1, where a standard error of 0 says nothing. ``korn_graubard``: the exact interval of
Clopper and Pearson with the effective number of observations (Korn & Graubard 1998, Survey Methodology 24), for rare things and
for none found at all.
"""

from __future__ import annotations

import math
from functools import lru_cache

from scipy import special

LEVEL = 0.95

Interval = tuple[float | None, float | None]


@lru_cache(maxsize=1024)
def quantile(df: int, level: float = LEVEL) -> float:
    """The two-sided quantile of Student's t. Kept, since thousands of figures of a file have the same few degrees of freedom."""
    return float(special.stdtrit(df, 0.5 + level / 2))


def symmetric(value: float, se: float | None, df: int) -> Interval:
    if se is None or df <= 0:
        return None, None
    half = quantile(df) * se
    return value - half, value + half


def logit(value: float, se: float | None, df: int) -> Interval:
    if se is None or df <= 0 or not 0 < value < 1:
        return None, None
    if se == 0:
        return value, value
    odds = math.log(value / (1 - value))
    half = quantile(df) * se / (value * (1 - value))
    return 1 / (1 + math.exp(half - odds)), 1 / (1 + math.exp(-half - odds))


def korn_graubard(value: float, se: float | None, df: int, n: int) -> Interval:
    """With ``n`` observations; the effective number is at most that, and just that where all or none are counted."""
    if n < 1 or df <= 0 or se is None:
        return None, None
    effective = float(n)
    if se and 0 < value < 1 and n > 1:
        effective = min(effective, value * (1 - value) / se**2 * (quantile(n - 1) / quantile(df)) ** 2)
    hits = effective * value
    beyond = (1 - LEVEL) / 2
    low = 0.0 if value <= 0 else float(special.betaincinv(hits, effective - hits + 1, beyond))
    high = 1.0 if value >= 1 else float(special.betaincinv(hits + 1, effective - hits, 1 - beyond))
    return low, high

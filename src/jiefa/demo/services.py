"""When each village got its road, clinic and the other services that it needs to leave, and what its collective earns.

Made up, and the same at every scale: no source says it village by village. A poor village has everything at the latest in
the year in which its county left, so that services alone keep no village poor beyond that.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from jiefa.demo import geography, reference
from jiefa.demo.arrays import IntArray, generator

SERVICES = ("hardened_road", "bus", "safe_water", "electricity", "clinic", "doctor", "culture_room", "broadband")
ALWAYS_THERE = 2010
"""Before the register begins."""
EARLIEST_COMPLETE, LATEST_ELSEWHERE = 2013, 2018
INCOME_FROM_YUAN, INCOME_SPAN_YUAN, INCOME_BEFORE_YUAN = 12_000, 60_000, 9_000


@cache
def complete() -> IntArray:
    """The year in which each village had everything; poor villages later than others."""
    area, random = geography.land(), generator(geography.LAND_SEED, 3)
    left = np.array([county.delisted_year or LATEST_ELSEWHERE for county in reference.counties()])[area.county]
    span = np.where(area.poor_village, left - EARLIEST_COMPLETE, 3)
    drawn = random.random(len(area.code)) * (span + 1)
    return np.asarray(EARLIEST_COMPLETE + np.floor(drawn), dtype=np.int64)


@cache
def arrivals() -> dict[str, IntArray]:
    """The year in which each service came, by village; one of them is the last one to come."""
    whole, random = complete(), generator(geography.LAND_SEED, 4)
    last = random.integers(0, len(SERVICES), len(whole))
    found = {}
    for place, name in enumerate(SERVICES):
        came = ALWAYS_THERE + np.floor(random.random(len(whole)) * (whole - ALWAYS_THERE)).astype(np.int64)
        found[name] = np.where(last == place, whole, came)
    return found


def collective_income_fen(year: int) -> IntArray:
    """What each village's collective earned in ``year``: nothing or little until the village had everything, then enough."""
    whole, random = complete(), generator(geography.LAND_SEED, 5)
    enough = INCOME_FROM_YUAN + INCOME_SPAN_YUAN * random.random(len(whole))
    little = np.maximum(INCOME_BEFORE_YUAN * (1.8 * random.random(len(whole)) - 0.8), 0)
    return np.asarray(np.rint(np.where(year >= whole, enough, little)) * 100, dtype=np.int64)

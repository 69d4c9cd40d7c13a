"""When each village got its road, clinic and the other services that it needs to leave; what its collective and its people earn.

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
BASE_YEAR = 2013
PROVINCE_NET_INCOME_FEN = 543_400
"""Net income of rural people in Guizhou in 2013: the province's statistical communiqué."""
DISPOSABLE_YEAR, KEY_COUNTY_DISPOSABLE_YUAN = 2015, 6_964
"""Mean disposable income of rural people in the 50 key counties: the province's plan for 2016 to 2020, chapter 1."""
GROWTH = 1.1
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
    earned = np.where(year >= whole, enough, little)
    # 一无: in the base year a poor village has none.
    earned = np.where(geography.land().poor_village & (year <= BASE_YEAR), 0, earned)
    return np.asarray(np.rint(earned) * 100, dtype=np.int64)


def net_income_per_person_fen(year: int) -> IntArray:
    """What the people of each village earned in ``year``: in poor villages well below three fifths of the province's mean."""
    poor, random = geography.land().poor_village, generator(geography.LAND_SEED, 6)
    drawn = random.random(len(poor))
    share = np.where(poor, 0.36 + 0.2 * drawn, 0.65 + 0.7 * drawn)
    return np.asarray(np.rint(share * province_net_income_fen(year) / 100) * 100, dtype=np.int64)


def province_net_income_fen(year: int) -> int:
    """The province's mean: as published for the base year, with a round growth after it that is made up."""
    return round(PROVINCE_NET_INCOME_FEN * GROWTH ** (year - BASE_YEAR))


def county_incomes(until: int) -> list[dict[str, object]]:
    """``code, year, disposable_income_per_person_fen`` of the poor counties from 2015 on; of the key counties the mean is as published."""
    poor = [county for county in reference.counties() if county.poor_county]
    drawn = 0.85 + 0.3 * generator(geography.LAND_SEED, 7).random(len(poor))
    mean = drawn[[county.key_county for county in poor]].mean()
    return [
        {
            "code": county.code,
            "year": year,
            "disposable_income_per_person_fen": round(
                KEY_COUNTY_DISPOSABLE_YUAN * GROWTH ** (year - DISPOSABLE_YEAR) * share / mean
            )
            * 100,
        }
        for year in range(DISPOSABLE_YEAR, until + 1)
        for county, share in zip(poor, drawn.tolist(), strict=True)
    ]

"""How many people are poor, in the province and in each county, year by year: published totals, scaled exactly."""

from __future__ import annotations

from functools import cache

import numpy as np

from jiefa.demo import reference
from jiefa.demo.arrays import IntArray, RealArray, generator, share_out

FIRST_YEAR, LAST_YEAR = 2013, 2020

POOR_PEOPLE = {
    2013: 7_450_000, 2014: 6_230_000, 2015: 4_930_000, 2016: 3_722_000, 2017: 2_803_200, 2018: 1_551_200,
    2019: 308_300, 2020: 0,
}  # fmt: skip
"""Registered poor people of Guizhou at the end of the year (method.md 2; from 2016 on reported or own figures)."""

RURAL_REGISTERED = {
    2013: 34_977_000, 2014: 34_611_000, 2015: 34_476_000, 2016: 35_113_000, 2017: 36_170_000, 2018: 36_074_000,
    2019: 36_271_000, 2020: 36_271_000,
}  # fmt: skip
"""Rural registered people that give the published incidence: 21.3, 18, 14.3, 10.6, 7.75, 4.3, 0.85 per cent, 0."""

WITHOUT_TASK = 0.01
"""Five urban counties of the 88 have no task of poverty relief (83 have, S12): their incidence is below this."""
URBAN_COUNTIES = ("520102", "520103", "520111", "520113", "520115")
EXIT_INCIDENCE = 0.022
"""What is left at most when a county leaves the list; the western standard is below 3 per cent."""


def scaled(total: int, scale: float) -> int:
    """``total`` at ``scale``, rounded half up to whole people."""
    return int(total * scale + 0.5)


def rural_weights() -> IntArray:
    """Rural registered people by county (census of 2010), as weights."""
    return np.array([county.rural_registered for county in reference.counties()], dtype=np.int64)


@cache
def county_incidence() -> RealArray:
    """Relative incidence of each county at the end of 2013."""
    random = generator(5200)
    rates = []
    for county in reference.counties():
        if county.code in URBAN_COUNTIES:
            rates.append(0.004)
        elif county.code.startswith("5201"):
            rates.append(0.045)
        elif county.key_county:
            rates.append(0.27 + (0.05 if (county.delisted_year or 0) >= 2019 else 0))
        elif county.poor_county:
            rates.append(0.19)
        else:
            rates.append(0.095)
    return np.array(rates) * np.exp(random.normal(0, 0.08, len(rates)))


@cache
def _weights(year: int) -> IntArray:
    """Poor people by county at scale 1, summing to the provincial total; never more than the year before."""
    if year == FIRST_YEAR:
        return share_out(POOR_PEOPLE[year], np.rint(rural_weights() * county_incidence() * 1000))
    before = _weights(year - 1)
    left = np.array(
        [county.delisted_year is not None and county.delisted_year <= year for county in reference.counties()]
    )
    cap = np.where(left, np.minimum(before * 0.8, rural_weights() * EXIT_INCIDENCE), before * 0.97)
    pull = POOR_PEOPLE[year] / POOR_PEOPLE[year - 1]
    held = np.minimum(before * np.where(left, pull * 0.8, 1.0), cap)
    free = ~left
    rest = POOR_PEOPLE[year] - held[left].sum()
    if rest <= 0 or not free.any():
        return share_out(POOR_PEOPLE[year], before)
    weights = held.copy()
    weights[free] = before[free] * (rest / before[free].sum())
    return share_out(POOR_PEOPLE[year], np.rint(weights * 1000))


def county_poor(scale: float, years: tuple[int, ...]) -> dict[int, IntArray]:
    """Poor people by county and year at ``scale``: the scaled provincial total by the largest remainder."""
    return {year: share_out(scaled(POOR_PEOPLE[year], scale), _weights(year)) for year in years}

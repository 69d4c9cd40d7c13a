"""Where the people of the synthetic province live: poor counties, townships and villages, and how many in each.

Designations are the same at every scale; at a small scale people live in a part of the villages only, so that a
village that has people has enough of them to look like one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from jiefa.demo import reference, targets
from jiefa.demo.arrays import AnyArray, BoolArray, IntArray, RealArray, generator, share_out

LAND_SEED = 52
POOR_TOWNSHIPS, POOR_VILLAGES = 934, 9_000
GRADES = 3
PILOTS, DEMONSTRATIONS = ("520324", "520526", "522322"), 7
"""Zheng'an, Weining, Xingren: the pilots of the lump-sum contract, one in each contiguous area (method.md 7)."""
"""Ledger I10, I11."""
PEOPLE_PER_VILLAGE = 64
"""Rural people that a populated village must have on average before another village is populated."""
HIGHEST_INCIDENCE = 0.6
PEOPLE_PER_HOUSEHOLD = 3.9
FIRST_VILLAGE_COMMITTEE = 200
"""Villages have 200 and above in the last three digits of the code, residents' committees less (GB/T 10114 use)."""


@dataclass(frozen=True)
class Land:
    """The villages of the province in code order, with what does not depend on the scale."""

    code: AnyArray
    name: AnyArray
    township: AnyArray
    township_name: AnyArray
    county: IntArray
    """Index into ``reference.counties()``."""
    rural: BoolArray
    incidence: RealArray
    """Relative poverty of the village in 2013."""
    people: RealArray
    """Relative number of rural registered people."""
    poor_village: BoolArray
    poor_township: BoolArray


@dataclass(frozen=True)
class Plan:
    """How many people a province at a scale has, where and when."""

    land: Land
    scale: float
    years: tuple[int, ...]
    county_poor: dict[int, IntArray]
    """Poor people at the end of the year by county; sums exactly to the scaled provincial total."""
    village_poor: IntArray
    """Poor people at the end of 2013 by village, as nearly as whole households allow."""
    rural_people: dict[int, IntArray]
    """Rural registered people at the end of the year by village; sums exactly to the scaled total."""


def _poor_townships(townships: AnyArray, scores: RealArray, known: AnyArray) -> BoolArray:
    """The poorest townships: ``scores`` by village, ``known`` the township of each village."""
    mean = np.zeros(len(townships))
    index = np.searchsorted(townships, known)
    weight = np.bincount(index, minlength=len(townships))
    mean = np.bincount(index, weights=scores, minlength=len(townships)) / np.maximum(weight, 1)
    chosen = np.zeros(len(townships), bool)
    chosen[np.argsort(-mean, kind="stable")[:POOR_TOWNSHIPS]] = True
    return chosen


@cache
def land() -> Land:
    """The villages with their designations; the same on every call."""
    random = generator(LAND_SEED)
    names = {division.code: division.name for division in reference.divisions()}
    code = np.array(sorted(code for code in names if len(code) == 12))
    township = code.astype("U9")
    counties = np.array([county.code for county in reference.counties()])
    county = np.searchsorted(counties, code.astype("U6"))
    town_name = np.array([names[key] for key in township.tolist()])
    rural = np.array([int(key[9:]) >= FIRST_VILLAGE_COMMITTEE for key in code.tolist()])
    townships, town_of = np.unique(township, return_inverse=True)
    in_county = targets.county_incidence()[county]
    # a city's street offices and community centres hold few poor people
    street = np.array([name.endswith(("办事处", "服务中心")) for name in town_name.tolist()])
    incidence = (
        in_county * np.exp(random.normal(0, 0.28, len(townships)))[town_of] * np.exp(random.normal(0, 0.38, len(code)))
    )
    incidence *= np.where(street, 0.45, 1.0)
    eligible = rural & ~street & (in_county > targets.WITHOUT_TASK)
    poor_towns = _poor_townships(townships, np.where(eligible, incidence, 0.0), township)[town_of]
    score = np.where(eligible, incidence * np.where(poor_towns, 1.35, 1.0), 0.0)
    poor = np.zeros(len(code), bool)
    poor[np.argsort(-score, kind="stable")[:POOR_VILLAGES]] = True
    people = np.exp(random.normal(0, 0.45, len(code)))
    # villages of urban townships and residents' committees have few rural registered people
    people *= np.where(rural, 1.0, 0.25)
    return Land(
        code=code,
        name=np.array([names[key] for key in code.tolist()]),
        township=township,
        township_name=town_name,
        county=county,
        rural=rural,
        incidence=incidence * np.where(poor, 1.25, 0.85),
        people=people,
        poor_village=poor,
        poor_township=poor_towns,
    )


def _populated(area: Land, rural_of_county: IntArray) -> BoolArray:
    """Which villages have people at this scale: poor and large ones first, never a county without any."""
    random = generator(LAND_SEED, 1)
    key = random.exponential(1.0, len(area.code)) / (area.people * np.where(area.poor_village, 3.0, 1.0))
    populated = np.zeros(len(area.code), bool)
    for county, people in enumerate(rural_of_county):
        villages = np.flatnonzero(area.county == county)
        wanted = min(len(villages), max(1, int(people) // PEOPLE_PER_VILLAGE))
        populated[villages[np.argsort(key[villages], kind="stable")[:wanted]]] = True
    return populated


def _capped_share(total: int, weights: RealArray, cap: IntArray) -> IntArray:
    """``total`` split by ``weights`` with no part above ``cap`` as long as the caps hold the total."""
    parts = np.zeros(len(weights), np.int64)
    for _ in range(20):
        left = total - int(parts.sum())
        room = parts < cap
        if left <= 0 or not room.any():
            break
        step = share_out(left, np.where(room, weights * 1e6, 0).astype(np.int64) + room)
        parts = np.minimum(parts + step, np.maximum(cap, parts))
    left = total - int(parts.sum())
    return parts + share_out(left, np.maximum(cap, 1)) if left else parts


def plan(scale: float, years: tuple[int, ...]) -> Plan:
    """The people of a province at ``scale`` (0.001 to 1) for these years, 2013 first."""
    area = land()
    rural_of_county = share_out(targets.scaled(targets.RURAL_REGISTERED[years[0]], scale), targets.rural_weights())
    populated = _populated(area, rural_of_county)
    weights = np.where(populated, area.people, 0.0)
    county_poor = targets.county_poor(scale, years)
    rural = {year: np.zeros(len(area.code), np.int64) for year in years}
    poor = np.zeros(len(area.code), np.int64)
    for county in range(len(rural_of_county)):
        villages = np.flatnonzero((area.county == county) & populated)
        size = share_out(int(rural_of_county[county]), (weights[villages] * 1e6).astype(np.int64))
        rural[years[0]][villages] = size
        limit = (size * HIGHEST_INCIDENCE).astype(np.int64)
        poor[villages] = _capped_share(
            int(county_poor[years[0]][county]), size * area.incidence[villages], np.maximum(limit, 1)
        )
    for year in years[1:]:
        rural[year] = share_out(targets.scaled(targets.RURAL_REGISTERED[year], scale), rural[years[0]])
    return Plan(area, scale, years, county_poor, poor, rural)


def designations() -> list[dict[str, str | int]]:
    """Rows ``code, kind, from_year, detail, source`` of everything that a division was declared to be."""
    area = land()
    published, made = "published list of counties (method.md 18)", "synthetic: chosen by the demo's own poverty scores"
    rows: list[dict[str, str | int]] = []
    for county in reference.counties():
        if county.key_county:
            rows.append(_designation(county.code, "key_county", 2011, "", published))
        if county.contiguous_area:
            rows.append(_designation(county.code, "area_county", 2011, county.contiguous_area, published))
    rows += _ahead(made)
    for kind, known, chosen in (
        ("poor_township", area.township, area.poor_township),
        ("poor_village", area.code, area.poor_village),
    ):
        for code, grade in _grades(known[chosen], area.incidence[chosen]):
            rows.append(_designation(code, kind, 2013, str(grade), made))
    return rows


def _ahead(source: str) -> list[dict[str, str | int]]:
    """The counties named in 2015 to go ahead (ledger I10, I11): the pilots are published, of the others how many, which ones is made up."""
    key = [county.code for county in reference.counties() if county.key_county and county.code not in PILOTS]
    others = key[:: len(key) // DEMONSTRATIONS][:DEMONSTRATIONS]
    return [_designation(code, "contract_pilot", 2015, "", source) for code in PILOTS] + [
        _designation(code, "demo_county", 2015, "", source) for code in others
    ]


def _grades(known: AnyArray, incidence: RealArray) -> list[tuple[str, int]]:
    """The places in order of code, each with its grade: 1 the poorest third, 3 the third that is least poor (made up)."""
    codes, of = np.unique(known, return_inverse=True)
    mean = np.bincount(of, weights=incidence) / np.bincount(of)
    grade = np.empty(len(codes), np.int64)
    grade[np.argsort(-mean, kind="stable")] = np.arange(len(codes)) * GRADES // len(codes) + 1
    return list(zip(codes.tolist(), grade.tolist(), strict=True))


def _designation(code: str, kind: str, from_year: int, detail: str, source: str) -> dict[str, str | int]:
    return {"code": code, "kind": kind, "from_year": from_year, "detail": detail, "source": source}

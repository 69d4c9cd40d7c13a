"""Work and income: the poor stand below the line of the year, those who left above it, smoothly and without heaping.

All amounts are whole yuan in here and become fen at the end; the parts add up to the net income exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from jiefa import policy
from jiefa.demo.arrays import NULL, AnyArray, BoolArray, IntArray, Random, RealArray, counts, ranks_within, sums
from jiefa.demo.families import R
from jiefa.demo.hardships import Household, is_dibao, is_tekun
from jiefa.demo.luck import Luck
from jiefa.demo.people import LABOUR, STAGE, YULU_FEN, Condition, Traits

PLACES = ("township", "county", "province", "outside")
OUTSIDE_COUNTIES = (
    "440306", "440307", "440605", "440606", "330282", "330782", "330482", "330109", "350582", "350583", "320583",
    "320205", "310115", "310117", "430102", "450103", "500103", "510107", "530102",
)  # fmt: skip
MARGIN_YUAN = 5
POOR_MEDIAN, POOR_SPREAD = 0.76, 0.32
LEFT_MEDIAN, LEFT_SPREAD = 1.20, 0.24
LOWEST_YUAN = 420
PENSION_YUAN = {2013: 660, 2014: 660, 2015: 840, 2016: 840, 2017: 840, 2018: 1056, 2019: 1116, 2020: 1116}
"""Basic pension of rural residents, 55 yuan a month at first (national minimum; later rises as own knowledge)."""
DIBAO_YUAN = {2013: 1150, 2014: 1250, 2015: 1450, 2016: 1800, 2017: 2150, 2018: 2500, 2019: 2800, 2020: 3100}
TEKUN_YUAN = {year: int(amount * 1.5) for year, amount in DIBAO_YUAN.items()}
MOST_FIXED_SHARE = 0.78

_GRID = np.linspace(0.0005, 0.9995, 2000)
_QUANTILES = np.array([NormalDist().inv_cdf(float(share)) for share in _GRID])


def normal_share(values: RealArray) -> RealArray:
    """The share of a normal(0, 1) below each value."""
    return np.asarray(np.interp(values, _QUANTILES, _GRID))


def normal_quantile(shares: RealArray) -> RealArray:
    return np.asarray(np.interp(shares, _GRID, _QUANTILES))


@dataclass(frozen=True, slots=True)
class Lines:
    """The two lines of a year, yuan per person."""

    national: int
    province: int


def lines(year: int) -> Lines:
    """What the policy pack holds for the end of ``year``."""
    held = policy.load().for_year(year)
    return Lines(held.fen("poverty_line.national") // 100, held.fen("poverty_line.province") // 100)


def net_incomes(
    prospect: RealArray, luck: Luck, random: Random, since_exit: IntArray, size: IntArray, year: int
) -> IntArray:
    """Net income of each household in yuan: below both lines while poor, above both from the year of exit.

    ``since_exit`` is -1 for the poor, 0 in the year of exit; the distance to the line grows in the years after it.
    """
    poor = since_exit < 0
    held = lines(year)
    low, high = min(held.national, held.province), max(held.national, held.province)
    noise = random.normal(0, 1, len(size))
    rank = normal_share(0.80 * prospect + 0.55 * luck.normal("income") + 0.24 * noise)
    top = np.log((low - MARGIN_YUAN) / low / POOR_MEDIAN) / POOR_SPREAD
    below = low * POOR_MEDIAN * np.exp(POOR_SPREAD * normal_quantile(rank * NormalDist().cdf(float(top))))
    most = np.floor(size * float(low - MARGIN_YUAN)).astype(np.int64)
    poor_net = np.clip(np.rint(np.maximum(below, LOWEST_YUAN) * size).astype(np.int64), 1, most)
    bottom = NormalDist().cdf(float(np.log((high + MARGIN_YUAN) / high / LEFT_MEDIAN) / LEFT_SPREAD))
    steady = normal_share(0.45 * prospect + 0.85 * luck.normal("after") + 0.27 * noise)
    full = LEFT_MEDIAN * np.exp(LEFT_SPREAD * normal_quantile(bottom + steady * (1 - bottom)))
    grown = np.minimum(1.0, 0.42 + 0.22 * np.maximum(since_exit, 0))
    above = high * (1 + (full - 1) * grown)
    left_net = np.maximum(np.rint(above * size).astype(np.int64), size * (high + MARGIN_YUAN))
    return np.where(poor, poor_net, left_net)


@dataclass(frozen=True)
class Workers:
    """Who goes out to work in a year; one row per person."""

    works: BoolArray
    place: IntArray
    months: IntArray
    monthly_wage: IntArray


def _place(lasting: Traits) -> IntArray:
    return np.searchsorted([0.17, 0.29, 0.45], lasting.place, side="right").astype(np.int64)


def would_work(lasting: Traits, state: Condition, present: BoolArray, random: Random) -> BoolArray:
    """Who looks for work away from the own fields: fit people of 16 to 63, the young more than the old."""
    chance = np.where(state.age < 45, 0.58, np.where(state.age < 55, 0.38, 0.16))
    wish = 0.85 * lasting.work + 0.15 * random.random(len(lasting.work))
    return np.asarray(present & state.fit & (state.age >= 16) & (state.age < 64) & (wish < chance))


@dataclass
class Incomes:
    """Household income of a year in fen, and the workers behind its wages."""

    columns: dict[str, IntArray]
    workers: Workers


def incomes(
    net: IntArray, luck: Luck, kind: IntArray, family: Household, household: IntArray, present: BoolArray,
    dibao: BoolArray, lasting: Traits, state: Condition, pension: BoolArray, year: int, random: Random,
) -> Incomes:  # fmt: skip
    """``net`` split into its parts: allowances and pensions first, then wages, farming and the rest."""
    count = len(net)
    elders = counts(household, present & pension & (state.age >= 60), count)
    rate = DIBAO_YUAN[year] * (0.7 + 0.5 * luck("dibao_rate"))
    fixed = np.vstack([
        np.where(is_dibao(kind), counts(household, dibao, count) * rate, 0),
        np.where(is_tekun(kind), family.size * TEKUN_YUAN[year], 0),
        elders * PENSION_YUAN[year],
        np.where(luck("birth_plan") < 0.07, 480 + 480 * (luck("birth_plan_kind") < 0.4), 0),
        np.where(luck("ecology") < 0.30, 80 + 500 * luck("ecology_amount"), 0),
        np.where(luck("property") < 0.16, 60 + 700 * luck("property_amount"), 0),
    ])  # fmt: skip
    total = np.maximum(fixed.sum(axis=0), 1)
    fixed = np.floor(fixed * np.minimum(1.0, MOST_FIXED_SHARE * net / total))
    fixed[0] = np.where(is_dibao(kind), np.maximum(fixed[0], 1), 0)
    fixed[1] = np.where(is_tekun(kind), np.maximum(fixed[1], 1), 0)
    rest = net - fixed.sum(axis=0).astype(np.int64)
    looking = would_work(lasting, state, present, random)
    workers, wages = _workers(rest, luck, looking, household, lasting, family)
    gifts = np.where(
        luck("gifts") < np.where(family.able == 0, 0.7, 0.25), np.floor((rest - wages) * 0.6 * luck("gift_size")), 0
    ).astype(np.int64)
    farming = rest - wages - gifts
    # who cannot farm lives on allowances and gifts
    idle = family.able == 0
    gifts, farming = np.where(idle, gifts + farming, gifts), np.where(idle, 0, farming)
    cost_share = 0.15 + 0.33 * luck("farming_cost")
    cost = np.where(farming > 0, np.maximum(np.rint(farming * cost_share / (1 - cost_share)), 1), 0).astype(np.int64)
    yuan = {
        "wage_income": wages,
        "business_income": farming + cost,
        "property_income": fixed[5].astype(np.int64),
        "birth_plan_grant": fixed[3].astype(np.int64),
        "dibao_income": fixed[0].astype(np.int64),
        "tekun_income": fixed[1].astype(np.int64),
        "pension_income": fixed[2].astype(np.int64),
        "ecology_income": fixed[4].astype(np.int64),
        "other_transfer": gifts,
        "business_cost": cost,
    }
    return Incomes({f"{name}_fen": amount * 100 for name, amount in yuan.items()}, workers)


def _workers(
    rest: IntArray, luck: Luck, looking: BoolArray, household: IntArray, lasting: Traits, family: Household
) -> tuple[Workers, IntArray]:
    """The workers and each household's wages: months times monthly wage, never more than what is left to earn."""
    count = len(rest)
    # a poor household cannot have more wages than its income holds: so many find work, and for so long
    share = np.where(
        family.able > counts(household, looking, count),
        0.35 + 0.45 * luck("wage_share"),
        0.7 + 0.25 * luck("wage_share"),
    )
    budget = np.floor(rest * share)
    most = np.minimum(np.floor(budget / 900).astype(np.int64), 4)
    rank = np.full(len(household), 99)
    rows = np.flatnonzero(looking)
    rows = rows[np.lexsort((lasting.work[rows], household[rows]))]
    rank[rows] = ranks_within(household[rows])
    works = looking & (rank < most[household])
    number = np.maximum(counts(household, works, count), 1)
    each = (budget / number)[household]
    place = _place(lasting)
    usual = np.array([900.0, 1250.0, 1600.0, 2000.0])[place] * (0.75 + 0.6 * lasting.skill)
    months = np.clip(np.rint(each / usual), 1, 11).astype(np.int64)
    wage = np.floor(each / months / 10).astype(np.int64) * 10
    works &= (wage >= 150) & (months >= 1)
    months, wage = np.where(works, months, NULL), np.where(works, wage, NULL)
    earned = sums(household[works], (months * wage)[works], count) if works.any() else np.zeros(count, np.int64)
    return Workers(works, np.where(works, place, NULL), months, wage), earned


def member_columns(
    workers: Workers, lasting: Traits, state: Condition, county_codes: AnyArray, province_counties: AnyArray, year: int
) -> dict[str, AnyArray]:
    """Columns of work, insurance and grants for every person."""
    works = workers.works
    away = np.array(OUTSIDE_COUNTIES)[(lasting.insured * 7919).astype(np.int64) % len(OUTSIDE_COUNTIES)]
    inside = province_counties[(lasting.insured * 104729).astype(np.int64) % len(province_counties)]
    where = np.select([workers.place <= 1, workers.place == 2], [county_codes, inside], away)
    ill = state.health != 0
    employed = works & (workers.place == len(PLACES) - 1) & (lasting.insured < 0.04)
    post_share = 0.04 if year < 2016 else 0.25
    post = works & (workers.place == 0) & (lasting.welfare < post_share)
    eligible = np.isin(state.stage, (STAGE["vocational"], STAGE["higher_voc"]))
    return {
        "work_place": workers.place,
        "work_county": np.where(works, where, ""),
        "work_months": workers.months,
        "monthly_wage_fen": np.where(works, workers.monthly_wage * 100, NULL),
        "welfare_post": post.astype(np.int64),
        "resident_medical": (~employed).astype(np.int64),
        "employee_medical": employed.astype(np.int64),
        "serious_illness_insurance": (ill | (lasting.insured < 0.82)).astype(np.int64),
        "pension": has_pension(lasting, state).astype(np.int64),
        "yulu_grant_fen": np.where(eligible, YULU_FEN, NULL),
    }


def has_pension(lasting: Traits, state: Condition) -> BoolArray:
    """Who is in the pension insurance: nearly all old people, most others of 16 and more who are not pupils."""
    grown = (state.age >= 16) & ~state.pupil
    return np.asarray(grown & (lasting.schooling < np.where(state.age >= 60, 0.985, 0.74)))


HEAD = R["head"]
NO_LABOUR = LABOUR["none"]

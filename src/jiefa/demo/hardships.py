"""Why a household is poor and what class it is, so that both agree with its members of that year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jiefa.demo.arrays import NULL, AnyArray, BoolArray, IntArray, counts
from jiefa.demo.luck import Luck
from jiefa.demo.people import HEALTH, LABOUR, STAGE, Condition

CAUSES = (
    "illness", "disability", "schooling", "disaster", "land", "water", "skill", "labour", "funds", "transport",
    "motivation", "marriage", "funeral", "other",
)  # fmt: skip
CAUSE = {name: index for index, name in enumerate(CAUSES)}
# weights among the causes that fit the household (assumption; chosen so that 缺资金, 缺技术 and 因病 lead)
CAUSE_WEIGHTS = (1.5, 1.3, 1.0, 0.05, 0.5, 0.6, 0.75, 3.2, 1.0, 0.13, 0.16, 0.02, 0.01, 0.05)
MARRIAGE_AND_FUNERAL_FROM = 2017
FEW_ABLE_SHARE = 0.25
LITTLE_LAND_MU = 0.55
CLASSES = ("general", "dibao", "dibao_poor", "wubao", "wubao_poor", "tekun_poor", "ordinary")
CLASS = {name: index for index, name in enumerate(CLASSES)}
TEKUN_FROM = 2017
STANDARDS = ("national", "province", "city")


@dataclass(frozen=True)
class Household:
    """What the members of a year make of a household; one value per household."""

    size: IntArray
    fit: IntArray
    """Members of ordinary or skilled labour."""
    able: IntArray
    """The same with weak labour."""
    pupils: IntArray
    advanced_pupils: IntArray
    ill: IntArray
    disabled: IntArray
    children: IntArray
    elders: IntArray


def summarise(household: IntArray, present: BoolArray, state: Condition, count: int) -> Household:
    """The members who are present, counted by household."""

    def of(chosen: BoolArray) -> IntArray:
        return counts(household, present & chosen, count)

    return Household(
        size=of(np.ones(len(household), bool)),
        fit=of(state.fit),
        able=of(state.able),
        pupils=of(state.pupil),
        advanced_pupils=of(state.stage >= STAGE["senior"]),
        ill=of((state.health != HEALTH["healthy"]) & (state.health != HEALTH["disabled"])),
        disabled=of(np.isin(state.health, (HEALTH["disabled"], HEALTH["chronic_dis"], HEALTH["serious_dis"]))),
        children=of(state.age < 18),
        elders=of(state.age >= 60),
    )


def causes(
    luck: Luck, family: Household, dwelling: dict[str, AnyArray], year: int
) -> tuple[IntArray, IntArray, IntArray]:
    """Main cause and two others (``NULL`` for none). A household keeps its causes while they fit its members."""
    count = luck.count
    fits = np.ones((len(CAUSES), count), bool)
    fits[CAUSE["illness"]] = family.ill > 0
    fits[CAUSE["disability"]] = family.disabled > 0
    fits[CAUSE["schooling"]] = family.pupils > 0
    fits[CAUSE["labour"]] = family.fit <= FEW_ABLE_SHARE * family.size
    fits[CAUSE["land"]] = dwelling["cultivated_land_mu"] < LITTLE_LAND_MU * 100 * family.size
    fits[CAUSE["water"]] = (dwelling["water_difficult"] == 1) | (dwelling["water_safe"] == 0)
    if year < MARRIAGE_AND_FUNERAL_FROM:
        fits[CAUSE["marriage"]] = fits[CAUSE["funeral"]] = False
    weights = np.array(CAUSE_WEIGHTS)[:, None] * np.ones((1, count))
    weights[CAUSE["schooling"]] *= np.where(family.advanced_pupils > 0, 2.2, 0.35)
    # Gumbel's trick: a lasting draw per cause, the highest of those that fit wins
    draws = np.vstack([luck(f"cause_{name}") for name in CAUSES])
    score = np.where(fits, np.log(weights) - np.log(-np.log(np.clip(draws, 1e-12, 1 - 1e-12))), -np.inf)
    order = np.argsort(-score, axis=0, kind="stable")[:3]
    others = np.where(luck("other_causes") < 0.35, 0, np.where(luck("other_causes") < 0.78, 1, 2))
    second = np.where(others >= 1, order[1], NULL)
    third = np.where(others >= 2, order[2], NULL)
    return order[0], second, third


def classes(luck: Luck, family: Household, year: int) -> IntArray:
    """The class of each household: nobody without labour is left without an allowance."""
    nobody = family.able == 0
    helpless = nobody & (family.size <= 2) & (family.pupils == 0) & (family.children == 0)
    cared_for = helpless & (luck("tekun") < 0.5)
    allowance = nobody | (luck("dibao") < 0.24)
    old = year < TEKUN_FROM
    plain = old & (luck("plain_class") < 0.06)
    kind = np.where(allowance, np.where(plain, CLASS["dibao"], CLASS["dibao_poor"]), CLASS["general"])
    full = np.where(plain, CLASS["wubao"], CLASS["wubao_poor"]) if old else np.full(len(kind), CLASS["tekun_poor"])
    return np.where(cared_for, full, kind)


def is_dibao(kind: IntArray) -> BoolArray:
    return np.isin(kind, (CLASS["dibao"], CLASS["dibao_poor"]))


def is_tekun(kind: IntArray) -> BoolArray:
    return np.isin(kind, (CLASS["wubao"], CLASS["wubao_poor"], CLASS["tekun_poor"]))


def allowances(
    luck: Luck, kind: IntArray, household: IntArray, present: BoolArray, head: BoolArray, state: Condition
) -> tuple[BoolArray, BoolArray]:
    """Which members receive 低保 and 五保 (特困); at least one, and only in households of that class."""
    whole = (luck("whole_household") < 0.55)[household]
    dibao = present & is_dibao(kind)[household] & (whole | (state.labour >= LABOUR["lost"]) & (state.age >= 16))
    none_yet = is_dibao(kind) & (counts(household, dibao, len(kind)) == 0)
    dibao |= present & head & none_yet[household]
    return dibao, present & is_tekun(kind)[household]

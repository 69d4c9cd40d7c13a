"""Names of people and their ethnic groups. Family and given names come from Faker's zh_CN lists, by its weights."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from faker.providers.person.zh_CN import Provider

from jiefa.demo import reference
from jiefa.demo.arrays import AnyArray, IntArray, Random, RealArray, pick
from jiefa.demo.families import FEMALE
from jiefa.demo.population import Homes, People

HAN, HUI, MIAO, YI, BUYEI, DONG, BAI, TUJIA, SHUI, GELAO, OTHERS, YAO, ZHUANG = (
    "01", "03", "06", "07", "09", "12", "14", "15", "25", "37", "97", "13", "08",
)  # fmt: skip
"""GB/T 3304 codes; 97 also holds 穿青人."""
MINORITIES: dict[str, dict[str, float]] = {
    "5201": {BUYEI: 0.45, MIAO: 0.40, HUI: 0.05, TUJIA: 0.05, OTHERS: 0.05},
    "5202": {YI: 0.38, MIAO: 0.24, BUYEI: 0.22, BAI: 0.08, HUI: 0.04, SHUI: 0.02, OTHERS: 0.02},
    "5203": {GELAO: 0.45, MIAO: 0.28, TUJIA: 0.25, BUYEI: 0.02},
    "5204": {BUYEI: 0.52, MIAO: 0.36, GELAO: 0.07, HUI: 0.05},
    "5205": {YI: 0.36, MIAO: 0.30, OTHERS: 0.17, BUYEI: 0.05, BAI: 0.04, HUI: 0.05, GELAO: 0.03},
    "5206": {TUJIA: 0.48, MIAO: 0.22, DONG: 0.16, GELAO: 0.13, YI: 0.01},
    "5223": {BUYEI: 0.68, MIAO: 0.22, HUI: 0.05, YI: 0.05},
    "5226": {MIAO: 0.55, DONG: 0.38, SHUI: 0.02, BUYEI: 0.02, YAO: 0.02, ZHUANG: 0.01},
    "5227": {BUYEI: 0.60, MIAO: 0.22, SHUI: 0.15, YAO: 0.02, ZHUANG: 0.01},
}
"""Who the minorities of a prefecture are (assumption in the order of the 2010 census)."""
NAMED = {"布依": BUYEI, "苗族": MIAO, "彝族": YI, "回族": HUI, "侗族": DONG, "水族": SHUI, "土家": TUJIA, "仡佬": GELAO}
ETHNIC = tuple(sorted({HAN, *(code for group in MINORITIES.values() for code in group)}))
YI_GIVEN = ("阿木", "拉则", "木呷", "曲比", "尔古", "阿依", "阿支", "吉克", "伍果", "石布", "克哈", "依洛")
YI_CLANS = ("阿鲁", "吉木", "沙马", "曲木", "阿侯", "苏呷", "马海", "罗洪")
DOTTED_SHARE = 0.06
POOR_MINORITY = 1.15
"""Registered households are minorities more often than the county's people."""


def _shares_of(county: reference.County) -> RealArray:
    groups = MINORITIES[county.code[:4]]
    weights = np.array([groups.get(code, 0.0) for code in ETHNIC])
    for text, code in NAMED.items():
        if text in county.name:
            weights[ETHNIC.index(code)] += 0.9
    weights *= min(0.985, county.minority_share * POOR_MINORITY) / weights.sum()
    weights[ETHNIC.index(HAN)] = 1 - weights.sum()
    return weights


def ethnic_groups(people: People, homes: Homes, random: Random) -> IntArray:
    """Index into ``ETHNIC`` for each person: a household shares one, those who married in may have another."""
    of_home = np.zeros(len(homes), np.int64)
    own = np.zeros(len(people), np.int64)
    county = homes.county[people.household]
    for index in np.unique(homes.county).tolist():
        shares = _shares_of(reference.counties()[index])
        rows = np.flatnonzero(homes.county == index)
        of_home[rows] = pick(random, shares, len(rows))
        others = np.flatnonzero(county == index)
        own[others] = pick(random, shares, len(others))
    mixed = people.married_in & (random.random(len(people)) < 0.35)
    return np.where(mixed, own, of_home[people.household])


@cache
def _lists() -> tuple[pa.Array, RealArray, tuple[pa.Array, pa.Array], tuple[AnyArray, AnyArray]]:
    surnames = dict(Provider.last_names)
    given = tuple(pa.array(list(names)) for names in (Provider.first_names_male, Provider.first_names_female))
    single = tuple(np.array([len(name) == 1 for name in names.to_pylist()]) for names in given)
    return (
        pa.array(list(surnames)), np.array(list(surnames.values()), dtype=np.float64),
        (given[0], given[1]), (single[0], single[1]),
    )  # fmt: skip


def full_names(people: People, homes: Homes, ethnic: IntArray, random: Random) -> pa.Array:
    """One name per person; children bear the name of the household, those who married in their own."""
    surnames, weights, given, single = _lists()
    count = len(people)
    family = pick(random, weights, len(homes))[people.household]
    family = np.where(people.married_in, pick(random, weights, count), family)
    parts = []
    for sex in (0, 1):
        names, alone = given[sex], single[sex]
        first = (random.random(count) * len(names)).astype(np.int64)
        second = np.flatnonzero(alone)[(random.random(count) * alone.sum()).astype(np.int64)]
        both = alone[first] & (first != second) & (random.random(count) < 0.62)
        tail = pc.if_else(pa.array(both), names.take(pa.array(second)), pa.scalar(""))
        parts.append(pc.binary_join_element_wise(names.take(pa.array(first)), tail, ""))
    plain = pc.binary_join_element_wise(
        surnames.take(pa.array(family)), pc.if_else(pa.array(people.sex == FEMALE), parts[1], parts[0]), ""
    )
    dotted = (ethnic == ETHNIC.index(YI)) & (random.random(count) < DOTTED_SHARE)
    yi = pc.binary_join_element_wise(
        pa.array(YI_GIVEN).take(pa.array((random.random(count) * len(YI_GIVEN)).astype(np.int64))),
        pa.array(YI_CLANS).take(pa.array((random.random(count) * len(YI_CLANS)).astype(np.int64))),
        "·",
    )
    return pc.if_else(pa.array(dotted), yi, plain)

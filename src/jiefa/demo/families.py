"""Families: who lives together, how old, how related. A pool of coherent families, weighted to the census pyramid.

Every household of the province is a copy of a pool family with its own birthdays, so relations, ages and sexes fit
by construction. Knows nothing of places, years or poverty.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from jiefa.demo import reference
from jiefa.demo.arrays import AnyArray, BoolArray, IntArray, Random, RealArray, generator, pick, starts_of
from jiefa.demo.calibration import tilted_weights

RELATIONS = (
    "head", "spouse", "son", "daughter", "son_wife", "daughter_hus", "grandson", "granddaugh", "dgrandson",
    "dgranddaugh", "father", "mother", "hus_father", "hus_mother", "wife_father", "wife_mother", "pat_gfather",
    "pat_gmother", "mat_gfather", "mat_gmother", "ggrandson", "ggranddau", "sibling", "sibling_wife", "uncle",
    "nephew", "niece", "other",
)  # fmt: skip
R = {name: index for index, name in enumerate(RELATIONS)}
MALE, FEMALE = 0, 1

MEAN_SIZE = 4.28
"""People per household of the relocation plan, 204.3 / 47.71 (method.md 14.1 row 22)."""

SIZE_SHARES = (0.062, 0.098, 0.158, 0.244, 0.204, 0.138, 0.058, 0.024, 0.010, 0.004)
"""Households of 1, 2, ... 10 people before they are tilted to ``MEAN_SIZE`` (assumption)."""

POOL_SEED, POOL_HOUSEHOLDS = 20131231, 48_000
SLOTS = (
    "head", "spouse", "father", "mother", "wife_father", "wife_mother", "pat_gmother", "child_1", "child_2", "child_3",
    "child_4", "child_5", "married", "in_law", "grand_1", "grand_2", "grand_3", "sibling", "nephew", "great",
)  # fmt: skip
S = {name: index for index, name in enumerate(SLOTS)}
CHILDREN = ("child_1", "child_2", "child_3", "child_4", "child_5")
GRANDCHILDREN = ("grand_1", "grand_2", "grand_3")


@dataclass(frozen=True)
class Pool:
    """Families one after another: ``start[i] .. start[i] + size[i]`` are the rows of family ``i``, head first."""

    size: IntArray
    start: IntArray
    relation: IntArray
    sex: IntArray
    age: RealArray
    youngest: RealArray
    of_size: tuple[tuple[IntArray, RealArray], ...]
    """For each size 1, 2, ...: the families of that size and their cumulated weights."""

    def draw(self, sizes: IntArray, random: Random) -> IntArray:
        """One family for each wanted size."""
        chosen = np.empty(len(sizes), np.int64)
        for size, (families, steps) in enumerate(self.of_size, start=1):
            wanted = sizes == size
            at = np.searchsorted(steps, random.random(int(wanted.sum())) * steps[-1], side="right")
            chosen[wanted] = families[np.minimum(at, len(families) - 1)]
        return chosen


@dataclass
class _Draft:
    """The pool while it is built: one row per family, one column per slot."""

    present: BoolArray
    age: RealArray
    sex: IntArray
    relation: IntArray

    def put(self, slot: str, where: BoolArray, age: RealArray, sex: AnyArray | int, relation: AnyArray | int) -> None:
        column = S[slot]
        self.present[where, column] = True
        self.age[:, column] = np.where(where, age, self.age[:, column])
        self.sex[:, column] = np.where(where, sex, self.sex[:, column])
        self.relation[:, column] = np.where(where, relation, self.relation[:, column])


# couple with children, the same with his parents, old head with a married child, one parent, old couple or alone,
# grandparents with grandchildren, unmarried man
TYPE_SHARES = [0.36, 0.22, 0.19, 0.05, 0.08, 0.05, 0.05]
COUPLE, WITH_PARENTS, STEM, ONE_PARENT, OLD, SKIPPED, SINGLE = range(7)
AGES_OF_HEAD = {
    COUPLE: (24, 62), WITH_PARENTS: (24, 56), STEM: (44, 84), ONE_PARENT: (26, 66), OLD: (55, 92), SKIPPED: (52, 84),
    SINGLE: (19, 75),
}  # fmt: skip


def _heads(draft: _Draft, kinds: IntArray, random: Random) -> tuple[BoolArray, RealArray]:
    """Heads and spouses put in; who has a spouse, and the age of the wife (or of the head without one)."""
    count = len(kinds)
    low = np.array([AGES_OF_HEAD[kind][0] for kind in range(7)])[kinds]
    high = np.array([AGES_OF_HEAD[kind][1] for kind in range(7)])[kinds]
    age = low + (high - low) * random.random(count)
    couple = np.isin(kinds, (COUPLE, WITH_PARENTS)) | (
        np.isin(kinds, (STEM, OLD, SKIPPED)) & (random.random(count) < 0.66)
    )
    woman = (couple & (random.random(count) < 0.06)) | (~couple & (kinds != SINGLE) & (random.random(count) < 0.55))
    draft.put("head", np.ones(count, bool), age, np.where(woman, FEMALE, MALE), R["head"])
    gap = np.clip(random.normal(2.2, 2.6, count), -4, 11)
    other = np.clip(np.where(woman, age + gap, age - gap), 21, 96)
    draft.put("spouse", couple, other, np.where(woman, MALE, FEMALE), R["spouse"])
    return couple, np.where(couple & ~woman, other, age)


def _stays(age: RealArray, sex: IntArray, random: Random) -> BoolArray:
    """Whether an unmarried child of that age still lives at home."""
    falling = np.where(
        sex == MALE, 1 / (1 + np.exp((age - 26.5) / 2.5)) + 0.09, 1 / (1 + np.exp((age - 22.5) / 1.6)) + 0.015
    )
    return (age >= 0) & (age < 46) & ((age < 18) | (random.random(len(age)) < falling))


def _children(draft: _Draft, kinds: IntArray, mother: RealArray, random: Random) -> None:
    """Children put in, and for old heads the eldest as a married child with a family of its own."""
    count = len(kinds)
    wanted = pick(random, [0.05, 0.20, 0.40, 0.23, 0.09, 0.03], count)
    birth_at = np.clip(19.5 + random.gamma(2.2, 1.9, count), 19, 36)
    parent = np.isin(kinds, (COUPLE, WITH_PARENTS, STEM, ONE_PARENT))
    for number, slot in enumerate(CHILDREN):
        age = mother - birth_at
        sex = (random.random(count) > 0.523).astype(np.int64)
        here = parent & (number < wanted) & (birth_at < 45) & _stays(age, sex, random)
        if number == 0:
            here &= kinds != STEM
            married_age = np.where(kinds == STEM, age, 0)
        draft.put(slot, here, age, sex, np.where(sex == MALE, R["son"], R["daughter"]))
        birth_at = birth_at + 1.1 + random.gamma(2.0, 1.1, count)
    _married_child(draft, (kinds == STEM) & (married_age >= 21.5), married_age, random)
    _grandchildren_alone(draft, kinds == SKIPPED, mother, random)


def _married_child(draft: _Draft, here: BoolArray, age: RealArray, random: Random) -> None:
    count = len(here)
    daughter = random.random(count) < 0.06
    draft.put("married", here, age, np.where(daughter, FEMALE, MALE), np.where(daughter, R["daughter"], R["son"]))
    gap = np.clip(random.normal(1.8, 2.2, count), -4, 8)
    in_law = np.maximum(np.where(daughter, age + gap, age - gap), 20.3)
    alone = random.random(count) < 0.14  # the partner died, left or was never registered here
    draft.put(
        "in_law",
        here & ~alone,
        in_law,
        np.where(daughter, MALE, FEMALE),
        np.where(daughter, R["daughter_hus"], R["son_wife"]),
    )
    mother = np.where(daughter, age, np.where(alone, age - 1, in_law))
    birth_at = np.clip(19.3 + random.gamma(2.2, 1.8, count), 19, 34)
    wanted = pick(random, [0.08, 0.28, 0.42, 0.22], count)
    for number, slot in enumerate(GRANDCHILDREN):
        child = mother - birth_at
        sex = (random.random(count) > 0.53).astype(np.int64)
        relation = np.where(
            daughter,
            np.where(sex == MALE, R["dgrandson"], R["dgranddaugh"]),
            np.where(sex == MALE, R["grandson"], R["granddaugh"]),
        )
        draft.put(slot, here & (number < wanted) & _stays(child, sex, random), child, sex, relation)
        birth_at = birth_at + 1.1 + random.gamma(2.0, 1.2, count)
    _great_grandchild(draft, here, random)


def _great_grandchild(draft: _Draft, here: BoolArray, random: Random) -> None:
    count = len(here)
    parent = draft.age[:, S["grand_1"]]
    sex = (random.random(count) > 0.52).astype(np.int64)
    age = parent - 20.5 - 3 * random.random(count)
    found = here & draft.present[:, S["grand_1"]] & (age >= 0)
    draft.put("great", found, age, sex, np.where(sex == MALE, R["ggrandson"], R["ggranddau"]))


def _grandchildren_alone(draft: _Draft, here: BoolArray, woman: RealArray, random: Random) -> None:
    """Grandchildren who live with their grandparents without their parents."""
    count = len(here)
    wanted = pick(random, [0.0, 0.36, 0.42, 0.22], count)
    for number, slot in enumerate(GRANDCHILDREN):
        age = 17.5 * random.random(count)
        fits = woman - age >= 39
        sex = (random.random(count) > 0.53).astype(np.int64)
        draft.put(
            slot, here & (number < wanted) & fits, age, sex, np.where(sex == MALE, R["grandson"], R["granddaugh"])
        )


def _elders(draft: _Draft, kinds: IntArray, random: Random) -> None:
    """Parents, grandmothers and parents-in-law put in where they live with the head."""
    count = len(kinds)
    head_age, head_woman = draft.age[:, S["head"]], draft.sex[:, S["head"]] == FEMALE
    man = np.where(head_woman, draft.age[:, S["spouse"]], head_age)
    lives = (kinds == WITH_PARENTS) | ((kinds == SINGLE) & (man < 62) & (random.random(count) < 0.72))
    mother = man + np.clip(19.5 + random.gamma(2.6, 2.1, count), 19, 42)
    father = mother + np.clip(random.normal(2.6, 2.8, count), -3, 12)
    married = draft.present[:, S["spouse"]] & head_woman
    for slot, age, sex, alive, names in (
        ("father", father, MALE, 0.72, ("father", "hus_father")),
        ("mother", mother, FEMALE, 0.86, ("mother", "hus_mother")),
    ):
        here = lives & (age < 96) & (random.random(count) < alive * np.clip((100 - age) / 28, 0.1, 1))
        draft.put(slot, here, age, sex, np.where(married, R[names[1]], R[names[0]]))
    grandmother = np.maximum(father, mother) + 19 + 3 * random.random(count)
    here = (kinds == WITH_PARENTS) & ~head_woman & (grandmother < 95) & (random.random(count) < 0.10)
    draft.put("pat_gmother", here, grandmother, FEMALE, R["pat_gmother"])
    for slot, sex, share in (("wife_father", MALE, 0.006), ("wife_mother", FEMALE, 0.009)):
        age = draft.age[:, S["spouse"]] + np.clip(19.5 + random.gamma(2.6, 2.1, count), 19, 42)
        here = (kinds == COUPLE) & ~head_woman & (age < 92) & (random.random(count) < share)
        draft.put(slot, here, age, sex, R[slot])


def _side_relatives(draft: _Draft, kinds: IntArray, random: Random) -> None:
    """A brother, sister, nephew or niece of the head in a few households."""
    count = len(kinds)
    head = draft.age[:, S["head"]]
    sex = (random.random(count) > 0.68).astype(np.int64)
    age = np.clip(head + random.normal(-2, 4, count), 16.5, 88)
    share = np.where(kinds == SINGLE, 0.16, np.where(kinds == WITH_PARENTS, 0.05, np.where(kinds == OLD, 0.04, 0.006)))
    # no brother or sister older than a parent in the household would allow
    youngest_parent = np.where(draft.present[:, S["mother"]], draft.age[:, S["mother"]], 200)
    youngest_parent = np.minimum(
        youngest_parent, np.where(draft.present[:, S["father"]], draft.age[:, S["father"]], 200)
    )
    here = (random.random(count) < share) & (youngest_parent - age >= 18)
    draft.put("sibling", here, age, sex, R["sibling"])
    child = np.where(here, age - 20 - 4 * random.random(count), head - 20 - 12 * random.random(count))
    child_sex = (random.random(count) > 0.52).astype(np.int64)
    found = (child >= 0) & (child < 26) & (random.random(count) < np.where(here, 0.12, 0.006))
    draft.put("nephew", found, child, child_sex, np.where(child_sex == MALE, R["nephew"], R["niece"]))


def size_shares() -> RealArray:
    """Shares of households by size, tilted so that their mean is ``MEAN_SIZE`` exactly."""
    sizes = np.arange(1, len(SIZE_SHARES) + 1)
    low, high = -1.0, 1.0
    for _ in range(80):
        middle = (low + high) / 2
        shares = np.asarray(SIZE_SHARES) * np.exp(middle * sizes)
        low, high = (middle, high) if (shares * sizes).sum() / shares.sum() < MEAN_SIZE else (low, middle)
    return np.asarray(shares / shares.sum(), dtype=np.float64)


def _draft() -> _Draft:
    random = generator(POOL_SEED)
    count = POOL_HOUSEHOLDS
    kinds = pick(random, TYPE_SHARES, count)
    shape = (count, len(SLOTS))
    draft = _Draft(np.zeros(shape, bool), np.zeros(shape), np.zeros(shape, np.int64), np.zeros(shape, np.int64))
    _, woman = _heads(draft, kinds, random)
    _children(draft, kinds, woman, random)
    _elders(draft, kinds, random)
    _side_relatives(draft, kinds, random)
    return draft


@cache
def pool() -> Pool:
    """The weighted pool; the same on every call."""
    draft = _draft()
    size = draft.present.sum(axis=1)
    kept = size <= len(SIZE_SHARES)
    present = draft.present[kept]
    size = size[kept]
    relation, sex, age = draft.relation[kept][present], draft.sex[kept][present], draft.age[kept][present]
    household = np.repeat(np.arange(len(size)), size)
    bands = np.minimum(age.astype(np.int64) // 5, len(reference.AGE_BANDS) - 1) * 2 + sex
    features = np.zeros((len(size), 2 * len(reference.AGE_BANDS)))
    np.add.at(features, (household, bands), 1.0)
    by_size = (size[:, None] == np.arange(1, len(SIZE_SHARES) + 1)[None, :]).astype(np.float64)
    shares = size_shares()
    weights = tilted_weights(
        np.hstack([features, by_size]), np.concatenate([reference.census_shares().ravel() * MEAN_SIZE, shares])
    )
    of_size = []
    for wanted in range(1, len(SIZE_SHARES) + 1):
        families = np.flatnonzero(size == wanted)
        of_size.append((families, np.cumsum(weights[families])))
    start = starts_of(size)
    return Pool(size, start, relation, sex, age, np.minimum.reduceat(age, start), tuple(of_size))

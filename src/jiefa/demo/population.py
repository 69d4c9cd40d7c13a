"""The register of one part of the province: its households and people, and who they are in relation to each other.

Rows are only ever added; who has left keeps a row with the year and reason. Nothing here decides who is poor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jiefa.demo import families
from jiefa.demo.arrays import BoolArray, IntArray, Random, RealArray, day, ranks_within, starts_of
from jiefa.demo.families import MEAN_SIZE, R
from jiefa.demo.geography import Plan

POOR, PRE_EXIT, EXITED, RETURNED = 0, 1, 2, 3
STATUSES = ("poor", "pre_exit", "exited", "returned")
MEMBER_CHANGES = (
    "birth", "marriage_in", "moved_in", "released", "demobilised", "correct_in", "other_in",
    "death", "marriage_out", "moved_out", "imprisoned", "missing", "correct_out", "other_out",
)  # fmt: skip
CHANGE = {name: index for index, name in enumerate(MEMBER_CHANGES)}
NEVER = 9999
LARGEST_SHIFT_YEARS = 1.0


@dataclass
class People:
    """One row per person who ever belonged to a household of this part."""

    household: IntArray
    relation: IntArray
    sex: IntArray
    birth: IntArray
    married_in: BoolArray
    """Not of the head's own family name: spouses, children's spouses, mothers."""
    joined: IntArray
    """Year in which the person came to a household that was there before; 0: with the household."""
    join_change: IntArray
    joined_on: IntArray
    left: IntArray
    """Year in which the person left, ``NEVER`` if not."""
    leave_change: IntArray
    left_on: IntArray

    def __len__(self) -> int:
        return len(self.household)

    def add(self, more: People) -> None:
        for name in self.__dataclass_fields__:
            setattr(self, name, np.concatenate([getattr(self, name), getattr(more, name)]))


@dataclass
class Homes:
    """One row per household that ever was on the register of this part."""

    village: IntArray
    county: IntArray
    serial: IntArray
    entered: IntArray
    prospect: RealArray
    """Standing of the household among the poor, normal(0, 1); high ones leave the register early."""

    def __len__(self) -> int:
        return len(self.village)

    def add(self, more: Homes) -> None:
        for name in self.__dataclass_fields__:
            setattr(self, name, np.concatenate([getattr(self, name), getattr(more, name)]))


def sizes_for(people: int, random: Random) -> IntArray:
    """Household sizes in random order that sum to ``people`` exactly, with a mean of 4.28 where there are enough."""
    if people == 0:
        return np.zeros(0, np.int64)
    shares = np.cumsum(families.size_shares())
    count = max(1, round(people / MEAN_SIZE), -(-people // len(shares)))
    at = (np.arange(count) + random.random()) / count
    sizes = np.minimum(np.searchsorted(shares, at, side="right"), len(shares) - 1).astype(np.int64) + 1
    random.shuffle(sizes)
    while (gap := people - int(sizes.sum())) != 0:
        step = 1 if gap > 0 else -1
        able = np.flatnonzero((sizes + step >= 1) & (sizes + step <= len(shares)))
        chosen = random.permutation(able)[: abs(gap)]
        sizes[chosen] += step
    return sizes


def people_of(first_household: int, sizes: IntArray, year: int, random: Random) -> People:
    """Families for households ``first_household, ...`` of these sizes, with ages at the end of ``year``."""
    pool = families.pool()
    chosen = pool.draw(sizes, random)
    rows = np.repeat(pool.start[chosen] - starts_of(sizes), sizes) + np.arange(int(sizes.sum()))
    shift = random.uniform(-LARGEST_SHIFT_YEARS, LARGEST_SHIFT_YEARS, len(sizes))
    shift = np.where(pool.youngest[chosen] + shift < 0.01, np.abs(shift), shift)
    ages = pool.age[rows] + np.repeat(shift, sizes)
    birth = day(year, 12, 31) - np.floor(ages * 365.2425).astype(np.int64)
    relation = pool.relation[rows]
    nobody = np.zeros(len(rows), np.int64)
    return People(
        household=first_household + np.repeat(np.arange(len(sizes)), sizes),
        relation=relation.copy(),
        sex=pool.sex[rows],
        birth=birth,
        married_in=_own_name(relation),
        joined=nobody.copy(),
        join_change=nobody - 1,
        joined_on=nobody.copy(),
        left=nobody + NEVER,
        leave_change=nobody - 1,
        left_on=nobody.copy(),
    )


OWN_NAME = np.isin(
    np.arange(len(families.RELATIONS)),
    [
        R[name]
        for name in (
            "spouse", "son_wife", "daughter_hus", "dgrandson", "dgranddaugh", "mother", "hus_father", "hus_mother",
            "wife_father", "wife_mother", "pat_gmother", "mat_gfather", "mat_gmother", "sibling_wife", "other",
        )
    ],
)  # fmt: skip


def _own_name(relation: IntArray) -> BoolArray:
    return np.asarray(OWN_NAME[relation], dtype=np.bool_)


@dataclass
class Register:
    """Households and people of one part, and how many households each village has had."""

    plan: Plan
    counties: tuple[int, ...]
    homes: Homes
    people: People
    serials: IntArray

    def settle(self, villages: IntArray, sizes: IntArray, year: int, random: Random) -> IntArray:
        """New households put into these villages; their row numbers."""
        first = len(self.homes)
        order = np.argsort(villages, kind="stable")
        villages, sizes = villages[order], sizes[order]
        serial = self.serials[villages] + ranks_within(villages) + 1
        np.maximum.at(self.serials, villages, serial)
        count = len(villages)
        self.homes.add(
            Homes(villages, self.plan.land.county[villages], serial, np.full(count, year), random.normal(0, 1, count))
        )
        self.people.add(people_of(first, sizes, year, random))
        return first + np.arange(count)

    def present(self) -> BoolArray:
        """Who belongs to a household now."""
        return np.asarray(self.people.left == NEVER)

    def sizes(self) -> IntArray:
        """People per household now."""
        return np.bincount(self.people.household[self.present()], minlength=len(self.homes)).astype(np.int64)


def empty_register(plan: Plan, counties: tuple[int, ...]) -> Register:
    """A register with nobody on it."""
    none = np.zeros(0, np.int64)
    homes = Homes(none, none, none, none, np.zeros(0))
    people = People(none, none, none, none, np.zeros(0, bool), none, none, none, none, none, none)
    return Register(plan, counties, homes, people, np.zeros(len(plan.land.code), np.int64))


def baseline(plan: Plan, counties: tuple[int, ...], random: Random) -> Register:
    """The register at the end of the first year: every county has exactly its number of people."""
    register = empty_register(plan, counties)
    villages, sizes = [], []
    for county in counties:
        total = int(plan.county_poor[plan.years[0]][county])
        here = np.flatnonzero((plan.land.county == county) & (plan.village_poor > 0))
        size = sizes_for(total, random)
        middles = np.cumsum(size) - size / 2
        at = np.searchsorted(np.cumsum(plan.village_poor[here]), middles, side="left")
        villages.append(here[np.minimum(at, len(here) - 1)] if len(here) else here)
        sizes.append(size)
    register.settle(np.concatenate(villages), np.concatenate(sizes), plan.years[0], random)
    return register

"""What happens to the register in a year: births, deaths, marriages, moves, exits, returns and new households.

Each county ends the year with exactly its number of poor people: exits are chosen until it is undershot, and the
newly identified households make up the difference. opening + new + returned - exited + gain - loss = closing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jiefa.demo import changes, population
from jiefa.demo.arrays import BoolArray, IntArray, Random, RealArray, counts, sums, years_of
from jiefa.demo.population import EXITED, NEVER, POOR, PRE_EXIT, RETURNED, Register

NEW_SHARE = {2014: 0.015, 2015: 0.03, 2016: 0.025, 2017: 0.02, 2018: 0.01, 2019: 0.004, 2020: 0.0}
"""Newly identified people as a share of the poor at year end (assumption; the look-back of 2015-16 found many)."""
RETURN_SHARE = 0.003
"""Share of exited households that fall back within a year (assumption)."""
HIGHEST_RETURN = 0.02
PRE_EXIT_SHARE = 0.06


@dataclass(frozen=True)
class YearEnd:
    """The register at the end of a year: one value per household, and each person's relation to the head then."""

    year: int
    status: IntArray
    entered: IntArray
    """Year of the latest entry or return."""
    exited: IntArray
    """Year of the exit, 0 while poor."""
    relation: IntArray


@dataclass(frozen=True, slots=True)
class Flow:
    """One county's poor people (and households at the end) in one year."""

    year: int
    county: str
    opening: int
    new: int
    returned: int
    exited: int
    natural_gain: int
    natural_loss: int
    correction_in: int
    correction_out: int
    closing: int
    households: int

    @property
    def balance(self) -> int:
        """Zero when the flows explain the difference between the two stocks."""
        return (
            self.opening + self.new + self.returned - self.exited + self.natural_gain - self.natural_loss
            + self.correction_in - self.correction_out - self.closing
        )  # fmt: skip


def in_poverty(status: IntArray) -> BoolArray:
    """Whether a household counts as poor."""
    return np.asarray(status != EXITED)


def first_year(register: Register) -> YearEnd:
    """The baseline: everybody is poor and newly identified."""
    count = len(register.homes)
    year = register.plan.years[0]
    return YearEnd(
        year, np.full(count, POOR), np.full(count, year), np.zeros(count, np.int64), register.people.relation.copy()
    )


def next_year(register: Register, before: YearEnd, random: Random) -> YearEnd:
    """The register moved on by a year; new people and households are added to it."""
    year = before.year + 1
    homes = register.homes
    status, entered, exited = before.status.copy(), before.entered.copy(), before.exited.copy()
    target = register.plan.county_poor[year]
    returning = _returning(register, before, target, random)
    changes.happen(register, year, ~returning, random)
    size = register.sizes()
    leaving = _leaving(register, before, returning, size, target, random)
    status[leaving], exited[leaving] = EXITED, year
    status[returning], entered[returning], exited[returning] = RETURNED, year, 0
    wanted = _missing_people(register, in_poverty(status), size, target)
    villages, sizes = _new_homes(register, wanted, random)
    register.settle(villages, sizes, year, random)
    more = len(homes) - len(status)
    status = np.concatenate([status, np.full(more, POOR)])
    entered = np.concatenate([entered, np.full(more, year)])
    exited = np.concatenate([exited, np.zeros(more, np.int64)])
    _mark_pre_exit(status, entered, homes.prospect, year, random)
    return YearEnd(year, status, entered, exited, register.people.relation.copy())


def _returning(register: Register, before: YearEnd, target: IntArray, random: Random) -> BoolArray:
    """Exited households that fall back this year: few, and never more people than a share of the target."""
    size, county = register.sizes(), register.homes.county
    chosen = (before.status == EXITED) & (before.exited < before.year + 1)
    chosen &= random.random(len(size)) < RETURN_SHARE * np.exp(-0.6 * register.homes.prospect)
    for index in register.counties:
        rows = np.flatnonzero(chosen & (county == index))
        over = np.cumsum(size[rows]) > max(int(target[index] * HIGHEST_RETURN), 10 if target[index] > 60 else 0)
        chosen[rows[over]] = False
    return np.asarray(chosen, dtype=np.bool_)


def _leaving(
    register: Register, before: YearEnd, returning: BoolArray, size: IntArray, target: IntArray, random: Random
) -> BoolArray:
    """Households that exit: the strongest of each county, until its target less the new ones is reached."""
    homes, people = register.homes, register.people
    able = in_poverty(before.status) & ~returning
    age = before.year + 1 - years_of(people.birth)
    workers = counts(people.household, (people.left == NEVER) & (age >= 18) & (age < 60), len(homes))
    key: RealArray = homes.prospect + 0.55 * random.normal(0, 1, len(homes)) + np.where(workers > 0, 0.6, 0.0)
    key += np.where(before.status == PRE_EXIT, 2.5, 0.0)
    leaving = np.zeros(len(homes), bool)
    new_share = NEW_SHARE[before.year + 1]
    for index in register.counties:
        rows = np.flatnonzero(able & (homes.county == index))
        rows = rows[np.argsort(-key[rows], kind="stable")]
        stock = int(size[rows].sum() + size[returning & (homes.county == index)].sum())
        goal = stock - int(target[index] * (1 - new_share))
        if goal > 0:
            leaving[rows[: int(np.searchsorted(np.cumsum(size[rows]), goal)) + 1]] = True
    return leaving


def _missing_people(register: Register, poor: BoolArray, size: IntArray, target: IntArray) -> IntArray:
    """How many people the newly identified households of each county must have."""
    stock = sums(register.homes.county[poor], size[poor], len(target))
    missing = target - stock
    missing[[index for index in range(len(target)) if index not in register.counties]] = 0
    if (missing < 0).any():
        raise AssertionError("exits did not bring a county below its target")
    return missing


def _new_homes(register: Register, wanted: IntArray, random: Random) -> tuple[IntArray, IntArray]:
    plan = register.plan
    villages, sizes = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for index in register.counties:
        size = population.sizes_for(int(wanted[index]), random)
        here = np.flatnonzero((plan.land.county == index) & (plan.village_poor > 0))
        weights = plan.village_poor[here] / plan.village_poor[here].sum()
        villages.append(here[np.searchsorted(np.cumsum(weights)[:-1], random.random(len(size)))])
        sizes.append(size)
    return np.concatenate(villages), np.concatenate(sizes)


def _mark_pre_exit(status: IntArray, entered: IntArray, prospect: RealArray, year: int, random: Random) -> None:
    """A few of the strongest poor households are marked as about to exit; last year's marks end."""
    status[status == PRE_EXIT] = POOR
    rows = np.flatnonzero((status == POOR) & (entered < year))
    if len(rows):
        key = prospect[rows] + 0.3 * random.normal(0, 1, len(rows))
        status[rows[key >= np.quantile(key, 1 - PRE_EXIT_SHARE)]] = PRE_EXIT


def flows(register: Register, ends: list[YearEnd], codes: list[str]) -> list[Flow]:
    """The flows of every county and year, counted from who joined, left, entered and exited when."""
    found: list[Flow] = []
    people, homes = register.people, register.homes
    total = len(codes)
    opening = np.zeros(total, np.int64)
    for end in ends:
        known = len(end.status)
        here = people.household < known
        # people of households added later are not on the register yet
        county = homes.county[:known]
        present = here & (people.left > end.year) & (people.joined <= end.year)
        size = np.bincount(people.household[present], minlength=known)[:known]
        poor = in_poverty(end.status)
        out = end.exited == end.year
        concerned = (poor | out) & (end.entered < end.year)
        parts = {
            "new": (end.entered == end.year) & (end.status != RETURNED),
            "returned": (end.entered == end.year) & (end.status == RETURNED),
            "exited": out,
        }
        amounts = {name: sums(county[rows], size[rows], total) for name, rows in parts.items()}
        for name, year_of, change in (
            ("in", people.joined, people.join_change),
            ("out", people.left, people.leave_change),
        ):
            rows = here & (year_of == end.year)
            rows[rows] = concerned[people.household[rows]]
            corrected = change == population.CHANGE[f"correct_{name}"]
            at = homes.county[people.household]
            amounts[f"natural_{name}"] = np.bincount(at[rows & ~corrected], minlength=total)
            amounts[f"correction_{name}"] = np.bincount(at[rows & corrected], minlength=total)
        closing = sums(county[poor], size[poor], total)
        households = np.bincount(county[poor], minlength=total)
        for index in register.counties:
            found.append(
                Flow(
                    year=end.year,
                    county=codes[index],
                    opening=int(opening[index]),
                    new=int(amounts["new"][index]),
                    returned=int(amounts["returned"][index]),
                    exited=int(amounts["exited"][index]),
                    natural_gain=int(amounts["natural_in"][index]),
                    natural_loss=int(amounts["natural_out"][index]),
                    correction_in=int(amounts["correction_in"][index]),
                    correction_out=int(amounts["correction_out"][index]),
                    closing=int(closing[index]),
                    households=int(households[index]),
                )
            )
        opening = closing
    return found

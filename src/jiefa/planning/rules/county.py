"""The plan of one county: every household its year and pathway, so that the county takes its part of each target within its capacities.

At the prices of the whole most households have one year that is clearly the cheapest; those keep it. The others are decided together
by a linear programme, and what it splits between two years by whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jiefa.planning.rules.pricing import Pricing
from jiefa.planning.rules.problem import FREE, Classes, FlagArray, IntArray, Prices, Problem, RealArray
from jiefa.planning.rules.programme import INFINITE, Programme

UNDECIDED = 3_000
"""Households that the programme of a county decides, at first; four times as many until its limits can be kept. Nine counties with
13,000 households each: 16 s so, 28 s with all of them undecided, the same plan (2026-11)."""
OVER = 1e6
"""Yuan for one of a resource that is not there: far more than a household costs on any pathway of the pack (at most some 200,000), so
that only what cannot be avoided is over."""
APART = 4.0
"""What a person beyond or short of the county's part costs, in prices of a person: more than going to another year is worth, and no
more, since the last people are exchanged afterwards. Chosen, not measured."""
WHOLE = 1e-6


@dataclass(frozen=True)
class Part:
    """What the whole asks of a county: people by year, of these of the poorest fifth, people to guarantee (infinite: any number)."""

    people: RealArray
    poorest: RealArray
    guaranteed: float


@dataclass(frozen=True)
class Decided:
    """By household of the county (``rows``: its numbers in the problem) the year and the pathway; what of resources was not there.

    ``over``: years x resources, and people who may not stay.
    """

    rows: IntArray
    year: IntArray
    pathway: IntArray
    over: RealArray
    staying: float


class CountyPlan:
    """The programme of one county at given prices."""

    def __init__(
        self, problem: Problem, classes: Classes, pricing: Pricing, prices: Prices, paid: RealArray, county: int
    ) -> None:
        self.problem, self.classes, self.county = problem, classes, county
        first, last = np.searchsorted(problem.county, [county, county + 1])
        self.rows = np.arange(first, last, dtype=np.int64)
        self.of = classes.of[first:last]
        self.kinds = np.unique(self.of)
        self.at = np.searchsorted(self.kinds, self.of)
        self.paid = paid[self.kinds]
        self.real, self.slots = len(problem.years), problem.slots
        self.pricing, self.prices = pricing, prices
        self.own = pricing.own
        self.person = max(1.0, float(np.abs(prices.target).max(initial=0.0)), float(np.median(problem.late)))

    def decide(self, part: Part, village_year: IntArray) -> Decided:
        """The county's plan; what cannot be kept is in ``over``."""
        undecided, upto = UNDECIDED, village_year[self.problem.village[self.rows]]
        while True:
            own = self._own(upto)
            best = own.min(axis=1)
            regret = own - best[:, None]
            second = np.sort(regret, axis=1)[:, 1] if self.slots > 1 else np.full(len(own), np.inf)
            free = second <= _nth(second, undecided)
            found = self._decided(own, free, part)
            everybody = bool((free | np.isinf(second)).all())
            if not (found.over.any() or found.staying):
                return found
            if everybody and (upto == self.slots - 1).all():
                return found
            if everybody:
                # The years in which villages would best be through leave no room: they may be through whenever it fits.
                upto = np.full_like(upto, self.slots - 1)
            undecided *= 4

    def _own(self, upto: IntArray) -> RealArray:
        """What each household pays in each year up to ``upto`` at the prices, infinite after it."""
        own = self.paid.min(axis=2)[self.at] + self.pricing.wait[self.rows]
        found: RealArray = np.where(np.arange(self.slots)[None, :] <= upto[:, None], own, np.inf)
        return found

    def _decided(self, own: RealArray, free: FlagArray, part: Part) -> Decided:
        """The programme with the free households undecided; all others take their cheapest year."""
        settled = own.argmin(axis=1)
        kinds, slots = len(self.kinds), self.slots
        still = np.bincount(self.at[~free] * slots + settled[~free], minlength=kinds * slots).reshape(kinds, slots)
        programme = Programme()
        who, when = np.nonzero(free[:, None] & np.isfinite(own))
        # Costs without prices: the limits stand in the programme itself, and what couples counties in the part that it takes.
        chosen = programme.more_columns(self.pricing.wait[self.rows[who], when], 1.0)
        place = np.full(len(own), -1, np.int64)
        place[free] = np.arange(int(free.sum()))
        one = programme.more_rows(np.ones(int(free.sum())), np.ones(int(free.sum())))
        programme.enter(one[place[who]], chosen, 1.0)
        reach = (still > 0) | (
            np.bincount(self.at[who] * slots + when, minlength=kinds * slots).reshape(kinds, slots) > 0
        )
        kind, slot, way = np.nonzero(reach[:, :, None] & np.isfinite(self.paid))
        count = programme.more_columns(self._true(kind, slot, way))
        balance_of = np.full((kinds, slots), -1, np.int64)
        balance_of[reach] = np.arange(int(reach.sum()))
        balance = programme.more_rows(still[reach].astype(np.float64), still[reach].astype(np.float64))
        programme.enter(balance[balance_of[kind, slot]], count, 1.0)
        programme.enter(balance[balance_of[self.at[who], when]], chosen, -1.0)
        over, staying = self._limits(programme, count, kind, slot, way)
        self._part(programme, count, kind, slot, way, part)
        values = programme.solve()
        assert values is not None, "every county has a plan when what is not there may be counted"
        values = self._whole(programme, values, chosen, count, np.append(over, staying))
        year = settled.copy()
        taken = values[chosen] > 0.5
        year[who[taken]] = when[taken]
        pathway = self._pathways(year, kind, slot, way, np.rint(values[count]).astype(np.int64))
        lacking = values[over].reshape(self.real, -1)
        return Decided(
            self.rows, year, pathway, np.where(lacking > 1e-6, lacking, 0.0), max(0.0, round(values[staying], 6))
        )

    def _true(self, kind: IntArray, slot: IntArray, way: IntArray) -> RealArray:
        """What a household of the class costs on a pathway: nothing in nobody's year."""
        return np.where(slot < self.real, self.classes.yuan[self.kinds[kind], way], 0.0)

    def _limits(
        self, programme: Programme, count: IntArray, kind: IntArray, slot: IntArray, way: IntArray
    ) -> tuple[IntArray, int]:
        capacity = self.problem.limits.capacity[self.county]
        resources = capacity.shape[1]
        over = programme.more_columns(np.full(self.real * resources, OVER))
        rows = programme.more_rows(np.full(self.real * resources, -INFINITE), capacity.ravel())
        programme.enter(rows, over, -1.0)
        for resource in range(resources):
            use = self.classes.use[self.kinds[kind], way, resource]
            here = (use > 0) & (slot < self.real)
            programme.enter(rows[slot[here] * resources + resource], count[here], use[here])
        staying = programme.more_columns(np.array([OVER]))
        may = self.problem.limits.may_stay[self.county]
        row = programme.more_rows(np.array([-INFINITE]), np.array([may]))
        late = slot > self.problem.limits.leaves[self.county]
        programme.enter(np.repeat(row, late.sum()), count[late], self.classes.size[self.kinds[kind[late]]])
        programme.enter(row, staying, -1.0)
        return over, int(staying[0])

    def _part(
        self, programme: Programme, count: IntArray, kind: IntArray, slot: IntArray, way: IntArray, part: Part
    ) -> None:
        size = self.classes.size[self.kinds[kind]].astype(np.float64)
        own = self.own[way] & (slot < self.real)
        for wanted, chosen in (
            (part.people, own),
            (part.poorest, own & self.classes.poorest[self.kinds[kind]]),
        ):
            known = np.isfinite(wanted)
            rows = programme.more_rows(np.where(known, wanted, -INFINITE), np.where(known, wanted, INFINITE))
            programme.enter(rows[slot[chosen]], count[chosen], size[chosen])
            self._elastic(programme, rows)
        if np.isfinite(part.guaranteed):
            sure = ~self.own[way] & (slot < self.real)
            row = programme.more_rows(np.array([part.guaranteed]), np.array([part.guaranteed]))
            programme.enter(np.repeat(row, sure.sum()), count[sure], size[sure])
            self._elastic(programme, row)

    def _elastic(self, programme: Programme, rows: IntArray) -> None:
        for sign in (1.0, -1.0):
            apart = programme.more_columns(np.full(len(rows), APART * self.person))
            programme.enter(rows, apart, sign)

    def _whole(
        self, programme: Programme, values: RealArray, chosen: IntArray, count: IntArray, over: IntArray
    ) -> RealArray:
        """The same with whole households: what is whole already is settled, unless more would be over by it."""
        flags = np.zeros(programme.columns, np.bool_)
        flags[chosen] = flags[count] = True
        split = np.abs(values - np.rint(values)) > WHOLE
        if not (split & flags).any():
            return np.where(flags, np.rint(values), values)
        done = chosen[~split[chosen]]
        found = programme.solve(flags, (done, np.rint(values[done])))
        if found is None or (found[over] - values[over] > WHOLE).any():
            # What is settled may leave no room for the rest: then nothing is.
            found = programme.solve(flags, any_answer=found is None)
        assert found is not None, "whole households fit where what is not there may be counted"
        return found

    def _pathways(self, year: IntArray, kind: IntArray, slot: IntArray, way: IntArray, count: IntArray) -> IntArray:
        """Households of a class and a year are alike: they take its pathways in order, so that neighbours go together."""
        pathway = np.full(len(year), FREE, np.int64)
        group = self.at * self.slots + year
        order = np.argsort(group, kind="stable")
        starts = np.searchsorted(group[order], kind * self.slots + slot)
        cell = kind * self.slots + slot
        begins = np.concatenate(([True], cell[1:] != cell[:-1]))
        before = np.cumsum(count) - count
        offset = before - np.maximum.accumulate(np.where(begins, before, 0))
        for start, off, number, taken in zip(starts, offset, count, way, strict=True):
            pathway[order[start + off : start + off + number]] = taken
        pathway[year >= self.real] = FREE
        return pathway


def _nth(values: RealArray, number: int) -> float:
    """The ``number``-th smallest of the finite values; the largest where there are fewer."""
    finite = values[np.isfinite(values)]
    if len(finite) == 0:
        return -1.0
    number = min(number, len(finite)) - 1
    return float(np.partition(finite, number)[number])

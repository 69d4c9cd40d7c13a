"""A bound that no plan can beat, and the prices behind it: what a place in a year's target and each scarce resource is worth.

At given prices every village decides alone, in arrays: each household takes its cheapest year and pathway up to the year in which
its village is through. The sum is a bound of the best plan for any prices; the prices are moved until it stops growing
(Lagrangian relaxation; Polyak 1969, Barahona and Anbil 2000 for the averaged answer).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from jiefa.planning.rules.problem import Classes, IntArray, Prices, Problem, RealArray

ROUNDS = 200
KEPT = 0.92
"""Share of the direction that is kept from one round to the next, so that prices do not swing. Of the best bound that 2,000 rounds
found for the demonstration at 1/100 (11,593 households) 300 rounds missed 0.00000 % with it and 0.0055 % without (2026-11)."""
STEP, LAST_STEP = 2.0, 0.004
"""First and last step, as a share of what a price usually is. With a first step of 0.5 the same 300 rounds missed 0.0051 %, with 0.1
0.064 %; 150 rounds from 2.0 missed 0.0023 %, of a drawn province of 50,000 households 0.00003 %."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What all villages choose at some prices, and what of it the limits say.

    ``year``: by household; ``village_year``: by village; ``pathway``: classes x slots, the cheapest one; ``left``: people by slot who
    leave by their own means; ``poorest``: of these, of the poorest fifth; ``use``: counties x years x resources; ``stay``: people by
    county who are late for its year; ``guaranteed``: people.
    """

    bound: float
    year: IntArray
    village_year: IntArray
    pathway: IntArray
    left: RealArray
    poorest: RealArray
    use: RealArray
    stay: RealArray
    guaranteed: float


class Pricing:
    """The bound of one problem at any prices. Holds what does not change between two rounds."""

    def __init__(self, problem: Problem, classes: Classes) -> None:
        self.problem, self.classes = problem, classes
        self.first = np.concatenate(([0], np.flatnonzero(np.diff(problem.village)) + 1))
        years, slots = len(problem.years), problem.slots
        self.real = years
        self.wait = problem.late[:, None] * np.arange(slots)[None, :]
        self.village_wait = problem.village_yuan[:, None] * np.arange(slots)[None, :]
        self.own = np.array([place != problem.guaranteed_by for place in range(len(problem.pathways))])
        late = np.arange(slots)[None, :] > problem.limits.leaves[classes.county][:, None]
        self.late = late.astype(np.float64)
        self.closed = np.zeros((classes.count, slots))
        fixed = classes.year >= 0
        self.closed[fixed] = np.inf
        self.closed[fixed, classes.year[fixed]] = 0.0
        if problem.limits.guarantee is None:
            # Whoever can only be guaranteed is, whatever the targets say of the others.
            only = np.isinf(classes.yuan[:, self.own]).all(axis=1)
            self.closed[only, years:] = np.inf

    def reduced(self, prices: Prices) -> RealArray:
        """Classes x slots x pathways: what a household of the class pays, its own wait left out."""
        found = self.classes
        size = found.size.astype(np.float64)
        paid = np.broadcast_to(found.yuan[:, None, :], (found.count, self.problem.slots, found.yuan.shape[1])).copy()
        paid += self.closed[:, :, None]
        scarce = np.einsum("kpr,ktr->ktp", found.use, prices.capacity[found.county])
        paid[:, : self.real] += scarce
        worth = np.broadcast_to(-prices.target, (found.count, self.real)).copy()
        worth += np.outer(found.poorest, prices.poorest_most - prices.poorest_least)
        paid[:, : self.real] += (size[:, None] * worth)[:, :, None] * self.own
        if self.problem.guaranteed_by >= 0:
            paid[:, :, self.problem.guaranteed_by] -= size[:, None] * prices.guarantee
        paid += (size[:, None] * self.late * prices.stay[found.county][:, None])[:, :, None]
        if self.real < self.problem.slots:
            # Nobody's year costs nothing but the wait.
            known = np.where(np.isinf(found.yuan), 0.0, found.yuan)
            paid[:, self.real :] -= known[:, None, :]
        return paid

    def answer(self, prices: Prices) -> Answer:
        """What everybody chooses at these prices."""
        problem, found = self.problem, self.classes
        paid = self.reduced(prices)
        pathway = paid.argmin(axis=2)
        cheapest = np.take_along_axis(paid, pathway[:, :, None], axis=2)[:, :, 0]
        own = cheapest[found.of] + self.wait
        upto = np.minimum.accumulate(own, axis=1)
        village = np.add.reduceat(upto, self.first, axis=0) + self.village_wait
        village_year = village.argmin(axis=1)
        upto_year = village_year[problem.village]
        masked = np.where(np.arange(problem.slots)[None, :] <= upto_year[:, None], own, np.inf)
        year = masked.argmin(axis=1)
        bound = float(village.min(axis=1).sum()) + self.constant(prices)
        return self._counted(bound, year, village_year, pathway)

    def constant(self, prices: Prices) -> float:
        """What the limits themselves are worth at these prices."""
        limits = self.problem.limits
        capacity = np.where(np.isinf(limits.capacity), 0.0, limits.capacity)
        low, high = limits.band
        return float(
            prices.target @ limits.targets
            - (prices.capacity * capacity).sum()
            - prices.stay @ np.where(np.isinf(limits.may_stay), 0.0, limits.may_stay)
            + (prices.poorest_least * low - prices.poorest_most * high) @ limits.targets
            + prices.guarantee * (limits.guarantee or 0)
        )

    def _counted(self, bound: float, year: IntArray, village_year: IntArray, pathway: IntArray) -> Answer:
        found, slots = self.classes, self.problem.slots
        households = np.bincount(found.of * slots + year, minlength=found.count * slots).reshape(found.count, slots)
        people = households * found.size[:, None]
        by_own = self.own[pathway]
        left = (people * by_own).sum(axis=0)[: self.real].astype(np.float64)
        poorest = (people * by_own * found.poorest[:, None]).sum(axis=0)[: self.real].astype(np.float64)
        taken = np.take_along_axis(found.use[:, None, :, :], pathway[:, : self.real, None, None], axis=2)[:, :, 0, :]
        use = np.zeros((self.problem.counties, self.real, found.use.shape[2]))
        np.add.at(use, found.county, taken * households[:, : self.real, None])
        staying = (people * self.late).sum(axis=1)
        stay = np.bincount(found.county, staying, minlength=self.problem.counties).astype(np.float64)
        guaranteed = float((people[:, : self.real] * ~by_own[:, : self.real]).sum())
        return Answer(bound, year, village_year, pathway, left, poorest, use, stay, guaranteed)


@dataclass(frozen=True, slots=True)
class Priced:
    """The best prices found, their bound and answer; and how much every county took of each target on average of the last rounds.

    ``share``: counties x years, people who leave by their own means; ``poorest``: of these of the poorest fifth.
    """

    prices: Prices
    bound: float
    share: RealArray
    poorest: RealArray
    guaranteed: RealArray


def nothing(problem: Problem) -> Prices:
    """Prices at which nothing is scarce."""
    years, none = len(problem.years), np.zeros(len(problem.years))
    capacity = np.zeros((problem.counties, years, len(problem.resources)))
    return Prices(none, capacity, np.zeros(problem.counties), none, none, 0.0)


def prices_of(pricing: Pricing, rounds: int = ROUNDS) -> Priced:
    """The prices after so many rounds. Deterministic."""
    problem = pricing.problem
    limits = problem.limits
    usual = _usual(pricing)
    prices = nothing(problem)
    best, best_bound = prices, -np.inf
    direction = _Direction.of(problem)
    kept, weight = _Average(pricing), 0.0
    for number in range(rounds):
        answer = pricing.answer(prices)
        if answer.bound > best_bound:
            best, best_bound = prices, answer.bound
        step = STEP * (LAST_STEP / STEP) ** (number / max(1, rounds - 1))
        direction = direction.turned(_missed(problem, answer))
        prices = direction.moved(prices, usual, step, limits.guarantee is not None)
        if number >= rounds // 2:
            kept.add(answer)
            weight += 1
    return Priced(best, best_bound, *kept.of(weight))


def _usual(pricing: Pricing) -> tuple[float, RealArray]:
    """What a person in a target usually costs; and what one of each resource may be worth."""
    found = pricing.classes
    counts = np.bincount(found.of, minlength=found.count)
    cheapest = np.where(np.isinf(found.yuan), np.nan, found.yuan)
    lowest = np.nanmin(cheapest, axis=1)
    person = float((lowest * counts).sum() / max(1, (found.size * counts).sum()))
    person = max(person, float(pricing.problem.late.sum() / max(1, pricing.problem.size.sum())), 1.0)
    used = np.where(np.isinf(found.yuan)[:, :, None], 0.0, found.use)
    per_unit = np.array(
        [
            float(np.nan_to_num(cheapest[:, :, None] * (used > 0)).max(initial=0.0, axis=(0, 1))[place])
            / max(1.0, float(used[:, :, place].max(initial=0.0)))
            for place in range(used.shape[2])
        ]
    )
    return person, np.maximum(per_unit, 1e-6)


@dataclass(frozen=True, slots=True)
class _Direction:
    """How far the limits are missed, as shares of themselves, smoothed over the rounds."""

    target: RealArray
    capacity: RealArray
    stay: RealArray
    least: RealArray
    most: RealArray
    guarantee: float

    @classmethod
    def of(cls, problem: Problem) -> _Direction:
        none = nothing(problem)
        return cls(none.target, none.capacity, none.stay, none.target, none.target, 0.0)

    def turned(self, missed: _Direction) -> _Direction:
        return _Direction(*(KEPT * getattr(self, name) + (1 - KEPT) * getattr(missed, name) for name in self.__slots__))

    def moved(self, prices: Prices, usual: tuple[float, RealArray], step: float, guaranteed: bool) -> Prices:
        person, unit = usual
        return Prices(
            target=prices.target + step * person * self.target,
            capacity=np.maximum(0.0, prices.capacity + step * unit * self.capacity),
            stay=np.maximum(0.0, prices.stay + step * person * self.stay),
            poorest_least=np.maximum(0.0, prices.poorest_least + step * person * self.least),
            poorest_most=np.maximum(0.0, prices.poorest_most + step * person * self.most),
            guarantee=prices.guarantee + (step * person * self.guarantee if guaranteed else 0.0),
        )


def _missed(problem: Problem, answer: Answer) -> _Direction:
    limits = problem.limits
    targets = np.maximum(1.0, limits.targets.astype(np.float64))
    low, high = limits.band
    none = np.isinf(limits.capacity)
    capacity = np.where(none, 1.0, limits.capacity)
    over = np.where(none, -1.0, np.clip((answer.use - capacity) / np.maximum(1.0, capacity), -1.0, 3.0))
    free = np.isinf(limits.may_stay)
    stay = np.where(free, 0.0, limits.may_stay)
    late = np.where(free, -1.0, np.clip((answer.stay - stay) / np.maximum(1.0, stay), -1.0, 3.0))
    return _Direction(
        target=(limits.targets - answer.left) / targets,
        capacity=over,
        stay=late,
        least=(low * limits.targets - answer.poorest) / targets,
        most=(answer.poorest - high * limits.targets) / targets,
        guarantee=0.0
        if limits.guarantee is None
        else (limits.guarantee - answer.guaranteed) / max(1.0, limits.guarantee),
    )


class _Average:
    """What every county took on average of several answers."""

    def __init__(self, pricing: Pricing) -> None:
        self._pricing = pricing
        counties, years = pricing.problem.counties, pricing.real
        self._left, self._poorest = np.zeros((counties, years)), np.zeros((counties, years))
        self._guaranteed = np.zeros(counties)

    def add(self, answer: Answer) -> None:
        found, slots, real = self._pricing.classes, self._pricing.problem.slots, self._pricing.real
        households = np.bincount(found.of * slots + answer.year, minlength=found.count * slots)
        people = households.reshape(found.count, slots)[:, :real] * found.size[:, None]
        own = self._pricing.own[answer.pathway[:, :real]]
        np.add.at(self._left, found.county, people * own)
        np.add.at(self._poorest, found.county, people * own * found.poorest[:, None])
        self._guaranteed += np.bincount(
            found.county, (people * ~own).sum(axis=1), minlength=self._pricing.problem.counties
        )

    def of(self, rounds: float) -> tuple[RealArray, RealArray, RealArray]:
        return self._left / rounds, self._poorest / rounds, self._guaranteed / rounds


def cleaned(prices: Prices) -> Prices:
    """Prices without what is too small to matter, for keeping with a plan."""
    return replace(prices, capacity=np.where(prices.capacity < 1e-9, 0.0, prices.capacity))

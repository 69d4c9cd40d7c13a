"""From a problem to a plan: prices for the whole, one programme for each county, the last people exchanged, the gap to the bound."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from jiefa.kernel.errors import JiefaError
from jiefa.planning.rules import exact
from jiefa.planning.rules.county import CountyPlan, Decided, Part
from jiefa.planning.rules.exact import State
from jiefa.planning.rules.pricing import Priced, Pricing, cleaned, prices_of
from jiefa.planning.rules.problem import Classes, Problem, RealArray, Solution, classes

Progress = Callable[[int, int], None]
WORKERS = 2


class NoPlan(JiefaError):
    code = "planning.no_plan"
    zh = "按现有目标和能力排不出规划：{why}。请调整目标、能力或已定的户，再试。没有改动任何数据。"
    en = "No plan keeps these targets and capacities: {why}. Change targets, capacities or decided households and try again. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Shortage:
    """What is not there: of a resource in a county and year; ``resource`` '' for people who may not stay, ``county`` -1 for the whole."""

    county: int
    year: int
    resource: str
    amount: float


def solve(problem: Problem, on_progress: Progress | None = None) -> tuple[Solution, list[Shortage]]:
    """The plan, and what it lacks; with anything lacking it is no plan. Deterministic."""
    found = classes(problem)
    pricing = Pricing(problem, found)
    priced = prices_of(pricing)
    state, lacking = _by_county(problem, found, pricing, priced, on_progress)
    state = exact.exact(problem, found, state)
    left, poorest = exact.people_by_year(problem, state)
    for slot in np.flatnonzero(left != problem.limits.targets):
        lacking.append(Shortage(-1, int(slot), "people", float(problem.limits.targets[slot] - left[slot])))
    low, high = problem.limits.band
    for number, (target, of_poorest) in enumerate(zip(problem.limits.targets.tolist(), poorest.tolist(), strict=True)):
        apart = max(math.ceil(low * target) - of_poorest, of_poorest - math.floor(high * target), 0)
        if apart:
            lacking.append(Shortage(-1, number, "poorest", float(apart)))
    objective = cost(problem, found, state)
    return Solution(
        state.year, state.pathway, state.village_year, objective, priced.bound, cleaned(priced.prices)
    ), lacking


def cost(problem: Problem, found: Classes, state: State) -> float:
    """What a plan costs in yuan: the measures, every year of waiting, every year in which a village is not through."""
    real = len(problem.years)
    planned = state.year < real
    measures = found.yuan[found.of[planned], state.pathway[planned]].sum()
    return float(measures + (problem.late * state.year).sum() + (problem.village_yuan * state.village_year).sum())


def _by_county(
    problem: Problem, found: Classes, pricing: Pricing, priced: Priced, on_progress: Progress | None
) -> tuple[State, list[Shortage]]:
    answer = pricing.answer(priced.prices)
    paid = pricing.reduced(priced.prices)
    wanted = _parts(problem, priced)
    year = np.full(problem.households, len(problem.years), np.int64)
    pathway = np.full(problem.households, -1, np.int64)
    lacking: list[Shortage] = []

    def decide(county: int) -> Decided:
        own = CountyPlan(problem, found, pricing, priced.prices, paid, county)
        return own.decide(wanted[county], answer.village_year)

    counties = [int(one) for one in np.unique(problem.county)]
    with ThreadPoolExecutor(WORKERS) as pool:
        for done, (county, one) in enumerate(zip(counties, pool.map(decide, counties), strict=True), start=1):
            year[one.rows], pathway[one.rows] = one.year, one.pathway
            lacking += [
                Shortage(county, int(slot), problem.resources[resource], float(one.over[slot, resource]))
                for slot, resource in zip(*np.nonzero(one.over), strict=True)
            ]
            if one.staying:
                lacking.append(Shortage(county, int(problem.limits.leaves[county]), "", one.staying))
            if on_progress is not None:
                on_progress(done, len(counties))
    return State(year, pathway, exact.through(problem, year)), lacking


def _parts(problem: Problem, priced: Priced) -> list[Part]:
    """Each county's part of every target, in whole people that add up to it."""
    limits = problem.limits
    people = np.stack(
        [_whole(priced.share[:, slot], int(target)) for slot, target in enumerate(limits.targets)], axis=1
    )
    active = (priced.prices.poorest_least > 1e-6) | (priced.prices.poorest_most > 1e-6)
    poorest = np.where(active[None, :], priced.poorest, np.inf)
    free = limits.guarantee is None
    sure = np.full(problem.counties, np.inf) if free else _whole(priced.guaranteed, int(limits.guarantee or 0))
    return [Part(people[county], poorest[county], float(sure[county])) for county in range(problem.counties)]


def _whole(shares: RealArray, total: int) -> RealArray:
    """Shares as whole numbers that add up to ``total``: the largest remainders are rounded up."""
    scaled = shares * (total / shares.sum()) if shares.sum() > 0 else np.full(len(shares), total / max(1, len(shares)))
    floors: RealArray = np.floor(scaled)
    order = np.argsort(-(scaled - floors), kind="stable")
    floors[order[: int(total - floors.sum())]] += 1
    return floors

"""Plans of random provinces: every limit kept by an independent check, the bound below every plan, near the best one."""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np
import pytest
from tests.planning import provinces
from tests.reference import plan_checks

from jiefa.planning.rules.pricing import Pricing, nothing, prices_of
from jiefa.planning.rules.problem import Problem, classes
from jiefa.planning.rules.programme import SOLVER
from jiefa.planning.rules.solving import solve


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_plan_keeps_every_limit(seed: int) -> None:
    problem = provinces.drawn(1_500, 6, seed)

    solution, lacking = solve(problem)

    assert not lacking
    assert plan_checks.faults(problem, solution) == []
    assert solution.objective == pytest.approx(plan_checks.cost(problem, solution))
    assert solution.bound <= solution.objective
    assert solution.gap < 0.01


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("households", [7, 30])
def test_a_plan_is_found_where_one_exists(households: int, seed: int) -> None:
    """With capacities, targets and people who may stay that leave no room at all."""
    problem = provinces.with_a_plan(households, 1 + households // 20, seed)

    solution, lacking = solve(problem)

    assert not lacking
    assert plan_checks.faults(problem, solution) == []


def test_the_same_problem_gives_the_same_plan() -> None:
    problem = provinces.drawn(600, 3, 7)

    one, other = solve(problem)[0], solve(problem)[0]

    assert (one.year == other.year).all()
    assert (one.pathway == other.pathway).all()
    assert (one.objective, one.bound) == (other.objective, other.bound)


def test_people_beyond_the_targets_get_no_year() -> None:
    problem = provinces.drawn(600, 3, 11, spare=200)

    solution, lacking = solve(problem)

    assert not lacking
    assert plan_checks.faults(problem, solution) == []
    assert problem.size[solution.year == 4].sum() == 200


def test_what_an_officer_decided_is_kept() -> None:
    problem = provinces.drawn(600, 3, 5)
    rich = np.flatnonzero(problem.allowed[:, 1])[:8]
    year, pathway = problem.year.copy(), problem.pathway.copy()
    year[rich], pathway[rich[:4]] = 3, 2
    problem = replace(problem, year=year, pathway=pathway)

    solution, lacking = solve(problem)

    assert not lacking
    assert plan_checks.faults(problem, solution) == []
    assert (solution.year[rich] == 3).all()
    assert (solution.pathway[rich[:4]] == 2).all()


def test_what_is_not_there_is_named() -> None:
    """With no place of training and no loan many households have nothing left that they could do."""
    problem = provinces.drawn(400, 2, 3)
    capacity = problem.limits.capacity.copy()
    capacity[:, :, :3] = 0
    problem = replace(problem, limits=replace(problem.limits, capacity=capacity))

    _solution, lacking = solve(problem)

    assert {one.resource for one in lacking} & {"training", "credit", "relocation"}


def test_a_share_of_the_poorest_that_cannot_be_is_named() -> None:
    problem = provinces.drawn(400, 2, 3)
    problem = replace(problem, limits=replace(problem.limits, band=(0.9, 1.0)))

    _solution, lacking = solve(problem)

    assert "poorest" in {one.resource for one in lacking}


def test_the_bound_is_below_the_relaxation_and_near_it() -> None:
    """The exact linear relaxation, without villages, stated row by row."""
    problem = provinces.drawn(300, 2, 13)
    problem = replace(problem, village_yuan=np.zeros_like(problem.village_yuan))

    exact = _relaxed(problem)
    found = prices_of(Pricing(problem, classes(problem)), 400).bound

    assert found <= exact + 1e-6
    assert found >= exact * 0.998


def test_any_prices_give_a_bound() -> None:
    problem = provinces.drawn(500, 3, 17)
    pricing = Pricing(problem, classes(problem))
    random = np.random.default_rng(3)
    solution, _ = solve(problem)

    for _ in range(20):
        prices = replace(
            nothing(problem),
            target=random.normal(0, 3_000, 4),
            capacity=random.gamma(1, 500, (problem.counties, 4, 4)),
            poorest_least=random.gamma(1, 300, 4),
        )
        assert pricing.answer(prices).bound <= solution.objective


def _relaxed(problem: Problem) -> float:
    """Every household split as it likes, all limits kept: columns are household, year, pathway."""
    years = len(problem.years)
    who, way = np.nonzero(problem.allowed)
    columns = [(i, t, p) for i, p in zip(who, way, strict=True) for t in range(years)]
    cost: list[float] = []
    equal: dict[tuple[object, ...], dict[int, float]] = {}
    at_most: dict[tuple[object, ...], dict[int, float]] = {}
    for column, (i, t, p) in enumerate(columns):
        pathway, size = problem.pathways[p], int(problem.size[i])
        bare = pathway.household_yuan + pathway.person_yuan * size
        lack = problem.lacks[i, 0] and pathway.id not in problem.lacking[0].not_by
        cost.append(bare + lack * problem.lacking[0].household_yuan + problem.late[i] * t)
        equal.setdefault(("one", i), {})[column] = 1.0
        if p != problem.guaranteed_by:
            equal.setdefault(("year", t), {})[column] = size
            if problem.poorest[i]:
                at_most.setdefault(("least", t), {})[column] = -size
                at_most.setdefault(("most", t), {})[column] = size
        for r in range(len(problem.resources)):
            use = pathway.per_household[r] + pathway.per_person[r] * size
            use += problem.lacking[0].per_household[r] * lack
            if use and np.isfinite(problem.limits.capacity[problem.county[i], t, r]):
                at_most.setdefault(("use", problem.county[i], t, r), {})[column] = use
        if t > problem.limits.leaves[problem.county[i]]:
            at_most.setdefault(("stay", problem.county[i]), {})[column] = size
    low, high = problem.limits.band
    targets = problem.limits.targets

    def right(key: tuple[object, ...]) -> float:
        kind, *where = key
        if kind in ("least", "most"):
            return float(-low * targets[where[0]] if kind == "least" else high * targets[where[0]])
        if kind == "use":
            return float(problem.limits.capacity[tuple(where)])
        if kind == "stay":
            return float(problem.limits.may_stay[where[0]])
        return float(targets[where[0]]) if kind == "year" else 1.0

    solver = SOLVER()
    solver.setOptionValue("output_flag", False)
    solver.addVars(len(columns), np.zeros(len(columns)), np.full(len(columns), highspy.kHighsInf))
    solver.changeColsCost(len(columns), np.arange(len(columns), dtype=np.int32), np.array(cost, np.float64))
    for rows, least in ((equal, None), (at_most, -highspy.kHighsInf)):
        for key, own in rows.items():
            bound = right(key)
            places, values = np.array(list(own), np.int32), np.array(list(own.values()), np.float64)
            solver.addRow(bound if least is None else least, bound, len(own), places, values)
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(solver.getObjectiveValue())

"""The last few people: households exchanged between years so that every target of the whole is met exactly.

After the counties planned, each target is a few people off, because households are whole. Of all exchanges that keep every limit
the cheapest few hundred are offered to a programme of whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jiefa.planning.rules.problem import FREE, Classes, FlagArray, IntArray, Problem, RealArray
from jiefa.planning.rules.programme import INFINITE, Programme

OFFERED = (6, 40)
"""Exchanges offered of each pair of years, pathway and size of household: at first, and where these do not suffice."""
DEAR = 10.0
"""What a person short of a target costs, in dearest exchanges: more than any chain of them that mends it. Chosen, not measured."""


@dataclass
class State:
    """A plan in the making: year and pathway by household, the year in which each village is through."""

    year: IntArray
    pathway: IntArray
    village_year: IntArray


def people_by_year(problem: Problem, state: State) -> tuple[IntArray, IntArray]:
    """People who leave by their own means in each year, and of these of the poorest fifth."""
    own = (state.year < len(problem.years)) & (state.pathway != problem.guaranteed_by)
    count = len(problem.years)
    left = np.bincount(state.year[own], problem.size[own], minlength=count)
    poorest = own & problem.poorest
    return left.astype(np.int64), np.bincount(state.year[poorest], problem.size[poorest], minlength=count).astype(
        np.int64
    )


def used(problem: Problem, classes: Classes, state: State) -> RealArray:
    """What the plan uses: counties x years x resources."""
    in_plan = state.year < len(problem.years)
    use = classes.use[classes.of[in_plan], state.pathway[in_plan]]
    found = np.zeros((problem.counties, len(problem.years), use.shape[1]))
    np.add.at(found, (problem.county[in_plan], state.year[in_plan]), use)
    return found


def staying(problem: Problem, state: State) -> RealArray:
    """People by county who are still poor after the year in which it has to be below its incidence."""
    late = state.year > problem.limits.leaves[problem.county]
    return np.bincount(problem.county[late], problem.size[late], minlength=problem.counties).astype(np.float64)


def guaranteed(problem: Problem, state: State) -> int:
    """People whom the guarantee supports by the end of the plan."""
    sure = (state.pathway == problem.guaranteed_by) & (state.year < len(problem.years))
    return int(problem.size[sure].sum())


def exact(problem: Problem, classes: Classes, state: State) -> State:
    """The plan with every target of people met exactly, if exchanges that keep every limit can do it; else as near as they come."""
    for most in OFFERED:
        state, met = _nearer(problem, classes, state, most)
        if met:
            break
    return state


def _nearer(problem: Problem, classes: Classes, state: State, most: int) -> tuple[State, bool]:
    """The plan after the best exchanges of so many offered, and whether every target is met."""
    left, poorest = people_by_year(problem, state)
    missing = problem.limits.targets - left
    asked = problem.limits.guarantee
    sure = 0 if asked is None else asked - guaranteed(problem, state)
    low, high = problem.limits.band
    apart = np.ceil(low * problem.limits.targets) - poorest, np.floor(high * problem.limits.targets) - poorest
    if not missing.any() and not sure and (apart[0] <= 0).all() and (apart[1] >= 0).all():
        return state, True
    offered = _offered(problem, classes, state, most)
    if not len(offered.who):
        return state, False
    programme = Programme()
    columns = programme.more_columns(offered.cost, 1.0)
    once = np.unique(offered.who)
    rows = programme.more_rows(np.zeros(len(once)), np.ones(len(once)))
    programme.enter(rows[np.searchsorted(once, offered.who)], columns, 1.0)
    _balance(programme, columns, offered, problem, missing.astype(np.float64), apart, sure)
    _room(programme, columns, offered, problem, classes, state)
    _staying(programme, columns, offered, problem, state)
    flags = np.zeros(programme.columns, np.bool_)
    flags[columns] = True
    values = programme.solve(flags)
    if values is None:
        return state, False
    taken = values[columns] > 0.5
    year, pathway = state.year.copy(), state.pathway.copy()
    year[offered.who[taken]], pathway[offered.who[taken]] = offered.to[taken], offered.way[taken]
    short = values[len(columns) :]
    return State(year, pathway, through(problem, year)), not (short > 0.5).any()


def through(problem: Problem, year: IntArray) -> IntArray:
    """The year in which each village's last household leaves."""
    found = np.zeros(len(problem.village_yuan), np.int64)
    np.maximum.at(found, problem.village, year)
    return found


@dataclass(frozen=True)
class _Offered:
    who: IntArray
    to: IntArray
    way: IntArray
    cost: RealArray
    before: IntArray
    size: IntArray
    poorest: FlagArray
    own_before: FlagArray
    own_after: FlagArray


def _offered(problem: Problem, classes: Classes, state: State, most: int) -> _Offered:
    """Of every pair of years, pathway and size, poorest or not, the cheapest exchanges."""
    real, slots = len(problem.years), problem.slots
    open_to_change = (problem.year == FREE) & ~problem.only_guaranteed
    asked = problem.limits.guarantee is not None
    ways = [place for place in range(len(problem.pathways)) if asked or place != problem.guaranteed_by]
    parts = []
    for before in range(slots):
        here = np.flatnonzero(open_to_change & (state.year == before))
        for to in range(slots):
            if to == before and not asked:
                continue
            for way in ways if to < real else [FREE]:
                parts.append(_cheapest(problem, classes, state, here, (before, to, way), most))
    who, to_slot, taken, cost, before_slot = (np.concatenate(part) for part in zip(*parts, strict=True))
    after = (to_slot < real) & (taken != problem.guaranteed_by)
    ahead = (before_slot < real) & (state.pathway[who] != problem.guaranteed_by)
    return _Offered(who, to_slot, taken, cost, before_slot, problem.size[who], problem.poorest[who], ahead, after)


def _cheapest(
    problem: Problem, classes: Classes, state: State, may: IntArray, change: tuple[int, int, int], most: int
) -> tuple[IntArray, IntArray, IntArray, RealArray, IntArray]:
    """Of households that may change from a year to another and a pathway there the cheapest of each size."""
    before, to, way = change
    real = len(problem.years)
    if before == to:
        # In the same year only whether the household is guaranteed is worth a change.
        now = state.pathway[may] == problem.guaranteed_by
        may = may[now != (way == problem.guaranteed_by)]
    village = problem.village[may]
    # A village that is through later for one household pays for it whole; for two of them it would be counted twice.
    later = np.maximum(0, to - state.village_year[village])
    cost = problem.late[may] * (to - before) + problem.village_yuan[village] * later
    if to < real:
        open_to = np.isfinite(classes.yuan[classes.of[may], way])
        may, cost = may[open_to], cost[open_to]
        cost = cost + classes.yuan[classes.of[may], way]
    if before < real:
        cost = cost - classes.yuan[classes.of[may], state.pathway[may]]
    group = problem.size[may] * 2 + problem.poorest[may]
    order = np.lexsort((may, cost, group))
    rank = np.arange(len(order)) - np.searchsorted(group[order], group[order])
    chosen = order[rank < most]
    count = len(chosen)
    return may[chosen], np.full(count, to), np.full(count, way), cost[chosen], np.full(count, before)


def _balance(
    programme: Programme,
    columns: IntArray,
    offered: _Offered,
    problem: Problem,
    missing: RealArray,
    apart: tuple[RealArray, RealArray],
    sure: int,
) -> None:
    """People by year as they are missing; the poorest within what is left of their band. What cannot be mended costs most."""
    real = len(problem.years)
    worst = DEAR * max(1.0, float(np.abs(offered.cost).max(initial=1.0)))
    people = programme.more_rows(missing, missing)
    poorest = programme.more_rows(apart[0], apart[1])
    by_guarantee = programme.more_rows(np.array([float(sure)]), np.array([float(sure)]))
    size = offered.size.astype(np.float64)
    for slot, own, sign in ((offered.to, offered.own_after, 1.0), (offered.before, offered.own_before, -1.0)):
        programme.enter(people[slot[own]], columns[own], sign * size[own])
        low = own & offered.poorest
        programme.enter(poorest[slot[low]], columns[low], sign * size[low])
        inside = ~own & (slot < real)
        programme.enter(np.repeat(by_guarantee, inside.sum()), columns[inside], sign * size[inside])
    for rows in (people, poorest, by_guarantee):
        for sign in (1.0, -1.0):
            programme.enter(rows, programme.more_columns(np.full(len(rows), worst)), sign)


def _room(
    programme: Programme, columns: IntArray, offered: _Offered, problem: Problem, classes: Classes, state: State
) -> None:
    """Nobody goes where the county has no place left; what leaves makes room."""
    room = problem.limits.capacity - used(problem, classes, state)
    real, resources = len(problem.years), room.shape[2]
    county = problem.county[offered.who]
    way_to = np.maximum(offered.way, 0)
    way_from = np.maximum(state.pathway[offered.who], 0)
    cells: list[tuple[IntArray, IntArray, RealArray]] = []
    for slot, way, sign in ((offered.to, way_to, 1.0), (offered.before, way_from, -1.0)):
        for resource in range(resources):
            use = classes.use[classes.of[offered.who], way, resource]
            here = (slot < real) & (use > 0)
            here[here] = np.isfinite(room[county[here], slot[here], resource])
            cells.append(((county[here] * real + slot[here]) * resources + resource, columns[here], sign * use[here]))
    cell, column, value = (np.concatenate(part) for part in zip(*cells, strict=True))
    if not len(cell):
        return
    found, at = np.unique(cell, return_inverse=True)
    flat = room.reshape(-1)[found]
    rows = programme.more_rows(np.full(len(found), -INFINITE), np.maximum(0.0, flat))
    programme.enter(rows[at.reshape(-1)], column, value)


def _staying(programme: Programme, columns: IntArray, offered: _Offered, problem: Problem, state: State) -> None:
    """No more people stay poor after a county's year than may."""
    county = problem.county[offered.who]
    leaves = problem.limits.leaves[county]
    change = ((offered.to > leaves).astype(np.int64) - (offered.before > leaves)) * offered.size
    here = (change != 0) & np.isfinite(problem.limits.may_stay[county])
    if not here.any():
        return
    found, at = np.unique(county[here], return_inverse=True)
    room = problem.limits.may_stay[found] - staying(problem, state)[found]
    rows = programme.more_rows(np.full(len(found), -INFINITE), np.maximum(0.0, room))
    programme.enter(rows[at.reshape(-1)], columns[here], change[here].astype(np.float64))

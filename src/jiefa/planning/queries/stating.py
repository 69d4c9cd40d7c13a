"""A problem from a snapshot, the targets, the capacities and what officers decided: everything that a plan must keep.

What is not known sets no limit: a county without rural people on file, without capacities, without a year to leave in.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.areas.models import Designation, DesignationKind
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.kernel.errors import JiefaError
from jiefa.planning.models import Overrule, Plan
from jiefa.planning.queries import asked, plans
from jiefa.planning.queries.on_file import COUNTY, OnFile, on_file
from jiefa.planning.rules.options import Means, means, open_pathways
from jiefa.planning.rules.problem import FREE, GUARANTEE, FlagArray, IntArray, Limits, Problem, RealArray
from jiefa.policy import Pack, Policy
from jiefa.snapshots import Snapshot

POOREST_SHARE = 0.2
"""The poorest fifth (五分之一)."""


class NoTargets(JiefaError):
    code = "planning.no_targets"
    zh = "“{code}”没有 {years} 年的减贫目标，无法排规划。请先录入或导入年度目标（减贫人口）。"
    en = "{code} has no reduction targets for {years}: no plan can be made. Enter or load targets of people first."


class NobodyPoor(JiefaError):
    code = "planning.nobody"
    zh = "“{code}”在快照 {snapshot} 里没有贫困户，不需要规划。"
    en = "{code} has no poor household in snapshot {snapshot}: there is nothing to plan."


class TooMany(JiefaError):
    code = "planning.too_many"
    zh = "“{code}”的目标合计 {asked} 人，比在册 {there} 人多 {more} 人。请核对目标。"
    en = "The targets of {code} add up to {asked} people, {more} more than the {there} on file. Check the targets."


@dataclass(frozen=True)
class Asked:
    """What the plan is to be. ``what_if``: with other targets by year, another guarantee, another line or capacities than stand on
    file."""

    code: str
    base_year: int
    targets: Mapping[int, int]
    guarantee: int | None
    line_fen: int
    capacity_times: Mapping[str, float]
    what_if: bool = False

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted(self.targets))

    def plain(self) -> dict[str, object]:
        return {
            "targets": {str(year): people for year, people in self.targets.items()},
            "guarantee": self.guarantee,
            "line_fen": self.line_fen,
            "capacity_times": dict(self.capacity_times),
        }


def asked_for(
    code: str,
    base_year: int,
    pack: Pack,
    *,
    targets: Mapping[int, int] | None = None,
    guarantee: int | None = None,
    line_fen: int | None = None,
    capacity_times: Mapping[str, float] | None = None,
) -> Asked:
    """What stands on file, with what was said otherwise in its place. Raises ``NoTargets``.

    A place of which nothing was said is asked for what the newest plan around it gave it.
    """
    policy = pack.for_year(base_year)
    years = range(base_year + 1, base_year + 1 + int(policy.number("planning.years")))
    found = asked.targets(asked.PEOPLE, years, code)
    by_guarantee = asked.targets(asked.GUARANTEED, years, code)
    total = sum(by_guarantee.values()) if by_guarantee else None
    if not found:
        found, total = _given(code, base_year)
    standing, usual_line = (dict(found), total), policy.fen("poverty_line.province")
    found |= dict(targets or {})
    if not found:
        raise NoTargets(code=code, years=f"{years[0]}–{years[-1]}")
    total = guarantee if guarantee is not None else total
    line = line_fen if line_fen is not None else usual_line
    times = {resource: factor for resource, factor in (capacity_times or {}).items() if factor != 1}
    # Where no target stands on file, those that were said are the plan's own.
    otherwise = bool(standing[0]) and (found, total) != standing
    what_if = otherwise or line != usual_line or bool(times)
    return Asked(code, base_year, found, total, line, dict(capacity_times or {}), what_if)


def _given(code: str, base_year: int) -> tuple[dict[int, int], int | None]:
    """People by year, and guaranteed, that the newest plan of a larger place gave this one; nothing without such a plan."""
    around = plans.newest_around(code, base_year)
    if around is None:
        return {}, None
    found = plans.total(around, code)
    if not found.people:
        return {}, None
    return {year: found.left(year) for year in around.years}, found.guaranteed


def asked_as(plan: Plan, code: str) -> Asked:
    """What a plan asks of a place inside it: of its own place what it was asked for, of a part of it what it gave that part."""
    said = plan.asked
    if code == plan.area_code:
        targets, guarantee = {int(year): int(people) for year, people in said["targets"].items()}, said["guarantee"]
    else:
        found = plans.total(plan, code)
        targets, guarantee = {year: found.left(year) for year in plan.years}, found.guaranteed
    return Asked(code, plan.base_year, targets, guarantee, int(said["line_fen"]), said["capacity_times"])


@dataclass(frozen=True)
class Stated:
    """The problem, with the households that it is about and the means that it was stated by."""

    problem: Problem
    on_file: OnFile
    means: Means


def state(what: Asked, snapshot: Snapshot, pack: Pack, decisions: Mapping[int, Overrule] | None = None) -> Stated:
    """The problem of a plan. ``decisions``: by household, in place of those on file. Raises ``NobodyPoor``, ``TooMany``."""
    policy = pack.for_year(what.base_year)
    found = on_file(snapshot, what.code, policy, what.line_fen)
    if not len(found.key):
        raise NobodyPoor(code=what.code, snapshot=snapshot.id)
    known = means(pack, policy)
    allowed = _allowed(found, known, policy, what)
    total, wanted = int(found.size.sum()), sum(what.targets.values()) + (what.guarantee or 0)
    if wanted > total:
        raise TooMany(code=what.code, asked=f"{wanted:,}", there=f"{total:,}", more=f"{wanted - total:,}")
    year, pathway = _decided(
        found, known, what, asked.overrules(Scope((what.code,))) if decisions is None else decisions
    )
    limits = Limits(
        targets=np.array([what.targets[one] for one in what.years], np.int64),
        guarantee=what.guarantee,
        # The share of the poorest is held in the province; a county's few people need not keep it each year.
        band=known.band if len(what.code) == LENGTH_OF_LEVEL[Level.PROVINCE] else (0.0, 1.0),
        capacity=_capacity(found, known, what),
        leaves=_leaves(found, what),
        may_stay=_may_stay(found, snapshot, pack.for_year(what.years[-1]), what),
    )
    sure = [one.id for one in known.pathways].index(GUARANTEE)
    problem = Problem(
        years=what.years,
        resources=known.resources,
        pathways=known.pathways,
        lacking=known.lacking,
        key=found.key,
        county=found.county,
        village=found.village,
        size=found.size,
        gap_yuan=found.gap_yuan,
        poorest=_poorest(found, allowed[:, sure] & (allowed.sum(axis=1) == 1)),
        allowed=allowed,
        lacks=found.lacks,
        year=year,
        pathway=pathway,
        village_yuan=village_yuan(found, known, what),
        late_weight=known.late_weight,
        limits=limits,
    )
    return Stated(problem, found, known)


def _allowed(found: OnFile, known: Means, policy: Policy, what: Asked) -> FlagArray:
    """The guarantee opens to more only where more people are to be guaranteed than have nothing else."""
    allowed = open_pathways(found.facts, known, policy, more_guaranteed=False)
    sure = [one.id for one in known.pathways].index(GUARANTEE)
    if what.guarantee is not None and what.guarantee > int(found.size[allowed[:, sure]].sum()):
        return open_pathways(found.facts, known, policy, more_guaranteed=True)
    return allowed


def _poorest(found: OnFile, sure: FlagArray) -> FlagArray:
    """The fifth with the largest gap a person among those who have another way than the guarantee, counted in people."""
    each = found.gap_yuan / found.size
    own = np.flatnonzero(~sure)
    order = own[np.lexsort((found.key[own], -each[own]))]
    reached = np.cumsum(found.size[order])
    poorest = np.zeros(len(found.key), np.bool_)
    poorest[order[reached <= POOREST_SHARE * found.size[own].sum()]] = True
    return poorest


def _decided(found: OnFile, known: Means, what: Asked, decisions: Mapping[int, Overrule]) -> tuple[IntArray, IntArray]:
    year, pathway = np.full(len(found.key), FREE, np.int64), np.full(len(found.key), FREE, np.int64)
    if not decisions:
        return year, pathway
    names = [one.id for one in known.pathways]
    place_of = {int(key): place for place, key in enumerate(found.key.tolist())}
    for key, one in decisions.items():
        place = place_of.get(key)
        if place is not None:
            year[place] = what.years.index(one.year) if one.year in what.years else FREE
            pathway[place] = names.index(one.pathway) if one.pathway in names else FREE
    return year, pathway


def _capacity(found: OnFile, known: Means, what: Asked) -> RealArray:
    capacity = np.full((len(found.counties), len(what.years), len(known.resources)), np.inf)
    number = {code: place for place, code in enumerate(found.counties)}
    for (county, year, resource), amount in asked.capacities(what.code, what.years).items():
        if county in number and resource in known.resources:
            times = what.capacity_times.get(resource, 1.0)
            cell = number[county], what.years.index(year), known.resources.index(resource)
            capacity[cell] = math.floor(amount * times)
    return capacity


def _leaves(found: OnFile, what: Asked) -> IntArray:
    leaves = np.full(len(found.counties), len(what.years), np.int64)
    planned = asked.leaving_years(what.code[:COUNTY], what.years)
    for place, code in enumerate(found.counties):
        if code in planned:
            leaves[place] = what.years.index(planned[code])
    return leaves


def _may_stay(found: OnFile, snapshot: Snapshot, policy: Policy, what: Asked) -> RealArray:
    """People who may still be poor when the county leaves: the most that is below the share of its rural people."""
    villages = snapshot.table("villages").select("village_code", "rural_registered_people").to_pyarrow()
    rural: dict[str, int] = {}
    for code, people in zip(
        villages["village_code"].to_pylist(), villages["rural_registered_people"].to_pylist(), strict=True
    ):
        rural[code[:COUNTY]] = rural.get(code[:COUNTY], 0) + (people or 0)
    below = policy.number("exit.county_incidence_below_percent")
    planned = asked.leaving_years(what.code[:COUNTY], what.years)
    return np.array(
        [
            max(0, math.ceil(rural[code] * below / 100) - 1) if code in planned and rural.get(code) else np.inf
            for code in found.counties
        ],
        np.float64,
    )


def village_yuan(found: OnFile, known: Means, what: Asked) -> RealArray:
    """By village what a year earlier is worth that it is through: of poor villages by their people, nothing of the others."""
    rows = gate(
        Designation.objects.filter(kind=DesignationKind.POOR_VILLAGE, from_year__lte=what.base_year),
        Scope((what.code,)),
        "division_id",
    )
    poor = {
        one.division_id
        for one in rows.only("division_id", "to_year")
        if one.to_year is None or one.to_year > what.base_year
    }
    people = np.bincount(found.village, found.size, minlength=len(found.villages)).astype(np.float64)
    return np.array([float(code in poor) for code in found.villages]) * people * known.village_yuan

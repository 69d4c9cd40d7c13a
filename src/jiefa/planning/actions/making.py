"""Making a plan: stated, solved, checked, kept with its prices and its bound. A plan that keeps not everything is not kept at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.audit import actions as audit
from jiefa.planning.models import Overrule, Plan
from jiefa.planning.queries.stating import Asked, Stated, state
from jiefa.planning.rules.problem import FREE, Prices, Solution
from jiefa.planning.rules.solving import NoPlan, Shortage, solve
from jiefa.policy import Pack
from jiefa.snapshots import Snapshot
from jiefa.stores import bulk

Progress = Callable[[int, int], None]
NAMED = 5
"""Shortages that an error names."""


def make(
    *,
    what: Asked,
    snapshot: Snapshot,
    pack: Pack,
    by: Actor,
    note: str = "",
    decisions: Mapping[int, Overrule] | None = None,
    along: Callable[[Plan], None] | None = None,
    on_progress: Progress | None = None,
) -> Plan:
    """The new plan. Raises ``NoPlan``, ``NobodyPoor``, ``TooMany``, ``Refused``.

    ``decisions``: by household, in place of those on file. ``along``: writes what stands or falls with the plan.
    """
    by.demand(Permission.PLAN_MAKE, what.code)
    started = time.monotonic()
    stated = state(what, snapshot, pack, decisions)
    solution, lacking = solve(stated.problem, on_progress)
    if lacking:
        raise NoPlan(why=_why(stated, lacking, what.code))
    with transaction.atomic():
        plan = Plan.objects.create(
            area_code=what.code,
            base_year=what.base_year,
            first_year=what.years[0],
            last_year=what.years[-1],
            snapshot=snapshot.id,
            policy_version=pack.version,
            line_fen=what.line_fen,
            households=stated.problem.households,
            people=int(stated.problem.size.sum()),
            objective_yuan=round(solution.objective, 2),
            bound_yuan=round(solution.bound, 2),
            asked=what.plain(),
            prices=prices_plain(stated, solution.prices),
            note=note,
            what_if=what.what_if,
            seconds=0,
            by=by.name,
            at=timezone.now(),
        )
        keep(plan, stated, solution)
        plan.seconds = round(time.monotonic() - started, 2)
        plan.save(update_fields=["seconds"])
        told = {"households": plan.households, "gap": plan.gap, "snapshot": snapshot.id, **what.plain()}
        audit.record(chain=what.code, by=by.name, action="plan.made", object_type="plan", object_id=plan.pk, diff=told)
        if along is not None:
            along(plan)
    return plan


def keep(plan: Plan, stated: Stated, solution: Solution) -> None:
    """The decisions of a plan, one row per household, by village."""
    problem = stated.problem
    years = np.array([*problem.years, 0])
    names = np.array([*(one.id for one in problem.pathways), ""])
    planned = solution.year < len(problem.years)
    codes = np.array(stated.on_file.villages)
    rows = pa.table(
        {
            "id": bulk.new_ids("planning_assignment", problem.households),
            "plan_id": pa.array(np.full(problem.households, plan.pk)),
            "village_code": pa.array(codes[problem.village]),
            "household_id": pa.array(problem.key),
            "size": pa.array(problem.size.astype(np.int16)),
            "year": pa.array(years[solution.year].astype(np.int16), mask=~planned),
            "pathway": pa.array(names[np.where(planned, solution.pathway, FREE)]),
            "lacks": pa.array(_lacks(stated, solution)),
            "poorest": pa.array(problem.poorest),
            "gap_yuan": pa.array(np.rint(problem.gap_yuan).astype(np.int32)),
        }
    )
    bulk.insert("planning_assignment", rows)


def _lacks(stated: Stated, solution: Solution) -> Sequence[str]:
    """What is made good beside the pathway, by household: identifiers with a comma between."""
    problem = stated.problem
    still = problem.lacks.copy()
    names = [one.id for one in problem.pathways]
    for number, lack in enumerate(problem.lacking):
        brings = [names.index(one) for one in lack.not_by if one in names]
        still[:, number] &= ~np.isin(solution.pathway, brings) & (solution.year < len(problem.years))
    words = np.array(
        [
            ",".join(lack.id for place, lack in enumerate(problem.lacking) if bits >> place & 1)
            for bits in range(1 << len(problem.lacking))
        ]
    )
    bits = (
        still @ np.left_shift(1, np.arange(len(problem.lacking))) if problem.lacking else np.zeros(len(still), np.int64)
    )
    return [str(word) for word in words[bits]]


def prices_plain(stated: Stated, prices: Prices) -> dict[str, object]:
    """The prices that are not 0, in yuan to the fen; whether the guarantee is open to those who have another way."""
    problem, counties = stated.problem, stated.on_file.counties

    def by_year(values: np.ndarray) -> dict[str, float]:
        return {str(year): round(float(value), 2) for year, value in zip(problem.years, values, strict=True) if value}

    capacity = {
        counties[county]: {
            resource: by_year(prices.capacity[county, :, place])
            for place, resource in enumerate(problem.resources)
            if prices.capacity[county, :, place].any()
        }
        for county in range(problem.counties)
    }
    return {
        "target": by_year(prices.target),
        "poorest_least": by_year(prices.poorest_least),
        "poorest_most": by_year(prices.poorest_most),
        "guarantee": round(prices.guarantee, 2),
        "guarantee_open": bool((problem.allowed[:, problem.guaranteed_by] & ~problem.only_guaranteed).any()),
        "stay": {counties[place]: round(float(one), 2) for place, one in enumerate(prices.stay) if one},
        "capacity": {county: found for county, found in capacity.items() if found},
    }


def _why(stated: Stated, lacking: Sequence[Shortage], code: str) -> str:
    """The gravest shortages in words that name place, year, resource and amount."""
    ranked = sorted(lacking, key=lambda one: -abs(one.amount))
    years, counties = stated.problem.years, stated.on_file.counties
    parts = []
    for one in ranked[:NAMED]:
        place = counties[one.county] if one.county >= 0 else code
        year = years[one.year] if one.year < len(years) else ""
        parts.append(f"{place} {year} {one.resource or 'incidence'}: {one.amount:,.0f}")
    more = f" … +{len(ranked) - NAMED}" if len(ranked) > NAMED else ""
    return "; ".join(parts) + more

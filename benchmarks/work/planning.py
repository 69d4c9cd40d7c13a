"""A drawn province planned for, its plan checked household by household."""

from __future__ import annotations

import time
from typing import Any

from tests.planning import provinces
from tests.reference import plan_checks

from jiefa.planning.rules.pricing import Pricing, prices_of
from jiefa.planning.rules.problem import classes
from jiefa.planning.rules.solving import solve


def plan(households: int, counties: int) -> dict[str, Any]:
    """Seconds of the plan and of its bound alone, the gap, how many limits the independent check finds broken."""
    problem = provinces.drawn(households, counties, 2_016)
    started = time.perf_counter()
    bound = prices_of(Pricing(problem, classes(problem))).bound
    relaxed = time.perf_counter() - started
    started = time.perf_counter()
    solution, lacking = solve(problem)
    seconds = time.perf_counter() - started
    assert bound <= solution.objective
    return {
        "seconds": seconds,
        "relaxed_seconds": relaxed,
        "gap": solution.gap,
        "faults": len(plan_checks.faults(problem, solution)) + len(lacking),
        "people": int(problem.size.sum()),
    }

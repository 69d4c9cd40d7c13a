"""What a plan costs in a part of its area, reckoned as the plan itself was: to compare it with another plan of that part."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from jiefa.access.rules import Scope
from jiefa.planning.models import Plan
from jiefa.planning.queries import plans
from jiefa.planning.queries.stating import Stated
from jiefa.planning.rules import exact, solving
from jiefa.planning.rules.problem import FREE, classes


def yuan(plan: Plan, code: str, stated: Stated) -> float:
    """What the plan decided for the households of ``stated``, in yuan; a household that it does not know has no year.

    ``stated``: the problem of ``code``. Every pathway counts as open, because decisions of officers may have opened it.
    """
    problem = stated.problem
    free = np.full(problem.households, FREE, np.int64)
    problem = replace(problem, allowed=np.ones_like(problem.allowed), year=free, pathway=free.copy())
    names = [one.id for one in problem.pathways]
    year, pathway = np.full(problem.households, len(problem.years), np.int64), free.copy()
    place_of = {int(key): place for place, key in enumerate(problem.key.tolist())}
    rows = plans.assignments(plan, Scope((code,))).filter(year__isnull=False)
    for key, when, way in rows.values_list("household_id", "year", "pathway"):
        place = place_of.get(key)
        if place is not None and when in problem.years and way in names:
            year[place], pathway[place] = problem.years.index(when), names.index(way)
    state = exact.State(year, pathway, exact.through(problem, year))
    return round(solving.cost(problem, classes(problem), state), 2)

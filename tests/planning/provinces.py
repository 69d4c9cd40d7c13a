"""Random provinces to plan for: some hundred households with pathways, capacities, years in which counties leave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from jiefa.planning.rules import exact
from jiefa.planning.rules.problem import Lack, Limits, Pathway, Problem, classes

RESOURCES = ("relocation", "training", "credit", "houses")
PATHWAYS = (
    Pathway("industry", 9_000, 1_000, (0, 0, 1, 0), (0, 0, 0, 0)),
    Pathway("employment", 3_000, 500, (0, 1, 0, 0), (0, 0, 0, 0)),
    Pathway("relocation", 0, 19_000, (0, 0, 0, 0), (1, 0, 0, 0)),
    Pathway("schooling", 4_000, 300, (0, 0, 0, 0), (0, 0, 0, 0)),
    Pathway("guarantee", 0, 2_400, (0, 0, 0, 0), (0, 0, 0, 0)),
)
LACKING = (Lack("house_repair", 15_000, (0, 0, 0, 1), ("relocation",)),)
YEARS = (2016, 2017, 2018, 2019)


def drawn(households: int, counties: int, seed: int, *, room: float = 1.3, spare: int = 0) -> Problem:
    """A province; ``room``: how much more there is of each resource than an even share; ``spare``: people beyond the targets."""
    random = np.random.default_rng(seed)
    county = np.sort(random.integers(0, counties, households))
    named = county * 100_000 + random.integers(0, max(1, households // counties // 10), households)
    order = np.argsort(named, kind="stable")
    county, named = county[order], named[order]
    counties_there, county = np.unique(county, return_inverse=True)
    villages, village = np.unique(named, return_inverse=True)
    size = random.choice([1, 2, 3, 4, 5, 6, 7], households, p=[0.08, 0.12, 0.2, 0.3, 0.18, 0.08, 0.04])
    gap = np.round(random.gamma(2, 500, households)) * size
    allowed = random.random((households, len(PATHWAYS))) < [0.6, 0.7, 0.3, 0.3, 0.0]
    sure = random.random(households) < 0.3
    allowed[sure] = False
    allowed[sure, 4] = True
    allowed[~allowed.any(axis=1), 3] = True
    poorest = ~sure & (gap / size >= np.quantile((gap / size)[~sure], 0.8))
    own = int(size[~sure].sum()) - spare
    shares = [own * 30 // 100, own * 30 // 100, own * 21 // 100]
    targets = np.array([*shares, own - sum(shares)])
    number, people = (np.bincount(county, weight, minlength=len(counties_there)) for weight in (None, size))
    capacity = np.full((len(counties_there), 4, 4), np.inf)
    capacity[:, :, 0] = np.floor(people * 0.05 * room)[:, None] + 7
    capacity[:, :, 1] = np.floor(number * 0.12 * room)[:, None] + 2
    capacity[:, :, 2] = np.floor(number * 0.10 * room)[:, None] + 2
    leaves = random.choice([1, 2, 3, 4], len(counties_there), p=[0.1, 0.2, 0.3, 0.4])
    if counties == 1:  # one county alone that leaves early could not keep the targets
        leaves[:] = 4
    may_stay = np.where(leaves >= 4, np.inf, np.ceil(people * 0.4))
    free = np.full(households, -1)
    return Problem(
        years=YEARS,
        resources=RESOURCES,
        pathways=PATHWAYS,
        lacking=LACKING,
        key=np.arange(households),
        county=county,
        village=village,
        size=size,
        gap_yuan=gap.astype(np.float64),
        poorest=poorest,
        allowed=allowed,
        lacks=random.random((households, 1)) < 0.2,
        year=free.copy(),
        pathway=free.copy(),
        village_yuan=np.where(random.random(len(villages)) < 0.5, 3_000.0, 0.0),
        late_weight=1.0,
        limits=Limits(targets, None, (0.1, 0.4), capacity, leaves, may_stay),
    )


def with_a_plan(households: int, counties: int, seed: int) -> Problem:
    """A province whose limits are exactly what one plan drawn by lot takes: with no room to spare, and surely possible."""
    problem = drawn(households, counties, seed)
    random = np.random.default_rng(seed + 1_000)
    year = random.integers(0, len(YEARS), households)
    pathway = np.array([random.choice(np.flatnonzero(open_to)) for open_to in problem.allowed])
    plan = exact.State(year, pathway, exact.through(problem, year))
    left, poorest = exact.people_by_year(problem, plan)
    leaves = random.integers(1, len(YEARS) + 1, problem.counties)
    late = year > leaves[problem.county]
    stay = np.bincount(problem.county[late], problem.size[late], minlength=problem.counties).astype(np.float64)
    share = poorest / np.maximum(1, left)
    limits = Limits(
        targets=left,
        guarantee=None,
        band=(max(0.0, share.min() - 0.05), min(1.0, share.max() + 0.05)),
        capacity=exact.used(problem, classes(problem), plan),
        leaves=leaves,
        may_stay=np.where(leaves >= len(YEARS), np.inf, stay),
    )
    return replace(problem, limits=limits)

"""What a plan decides, as arrays: households on file, years, pathways, what each of them uses, and the limits.

Money is in whole yuan as floats: the solver weighs it, nobody is paid by it. ``late`` years are counted from the first year of the
plan; a household that no year takes stays poor one year longer than the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

IntArray: TypeAlias = npt.NDArray[np.int64]
RealArray: TypeAlias = npt.NDArray[np.float64]
FlagArray: TypeAlias = npt.NDArray[np.bool_]

GUARANTEE = "guarantee"
FREE = -1
"""No officer decided the year or the pathway of a household."""


@dataclass(frozen=True, slots=True)
class Pathway:
    """A way out of poverty: what it costs, and how much of each resource it uses, for a household and for each of its people."""

    id: str
    household_yuan: float
    person_yuan: float
    per_household: tuple[float, ...]
    per_person: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """A measure that a household lacks whatever its pathway; ``not_by``: pathways that bring it with them."""

    id: str
    household_yuan: float
    per_household: tuple[float, ...]
    not_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What the plan must keep.

    ``targets``: people by year who leave by their own means; ``guarantee``: people to be guaranteed, None where no number was set.
    ``band``: least and most share of the poorest fifth among those who leave in a year. ``capacity``: counties x years x resources,
    infinite where none was set. ``leaves``: by county the number of the year at whose end it must be below its incidence, the
    number of years where it need not; ``may_stay``: people who may then still be poor.
    """

    targets: IntArray
    guarantee: int | None
    band: tuple[float, float]
    capacity: RealArray
    leaves: IntArray
    may_stay: RealArray


@dataclass(frozen=True)
class Problem:
    """One row per household, villages together and counties together.

    ``county`` and ``village`` are numbers from 0; ``gap_yuan``: what the household's yearly income lacks to the line; ``allowed``:
    households x pathways; ``lacks``: households x lacks; ``poorest``: of the poorest fifth of those who need not be guaranteed.
    ``year`` and ``pathway``: what an officer decided, ``FREE`` else. ``village_yuan``: what one year earlier is worth that a whole
    village is through, by village. ``late_weight``: yuan that a yuan of gap costs in a year.
    """

    years: tuple[int, ...]
    resources: tuple[str, ...]
    pathways: tuple[Pathway, ...]
    lacking: tuple[Lack, ...]
    key: IntArray
    county: IntArray
    village: IntArray
    size: IntArray
    gap_yuan: RealArray
    poorest: FlagArray
    allowed: FlagArray
    lacks: FlagArray
    year: IntArray
    pathway: IntArray
    village_yuan: RealArray
    late_weight: float
    limits: Limits

    @property
    def households(self) -> int:
        return len(self.key)

    @property
    def counties(self) -> int:
        return len(self.limits.leaves)

    @cached_property
    def guaranteed_by(self) -> int:
        """The number of the pathway that is the guarantee; ``FREE`` without one."""
        return next((place for place, one in enumerate(self.pathways) if one.id == GUARANTEE), FREE)

    @cached_property
    def spare(self) -> int:
        """People on file beyond what the plan asks for; below 0 where it asks for more than there are."""
        asked = int(self.limits.targets.sum())
        if self.limits.guarantee is not None:
            return int(self.size.sum()) - asked - self.limits.guarantee
        only = self.only_guaranteed
        return int(self.size[~only].sum()) - asked

    @cached_property
    def only_guaranteed(self) -> FlagArray:
        """Households for whom the guarantee is the only way."""
        if self.guaranteed_by == FREE:
            return np.zeros(self.households, np.bool_)
        only: FlagArray = self.allowed[:, self.guaranteed_by] & (self.allowed.sum(axis=1) == 1)
        return only

    @cached_property
    def slots(self) -> int:
        """Years of the plan, and one more for nobody's year where the plan leaves some."""
        return len(self.years) + int(self.spare > 0)

    @cached_property
    def late(self) -> RealArray:
        """What a year's waiting costs, by household."""
        return self.gap_yuan * self.late_weight


@dataclass(frozen=True)
class Classes:
    """Households that nothing tells apart but their gap and their village: ``of`` is the class of each household.

    ``yuan``: classes x pathways, infinite where not allowed; ``use``: classes x pathways x resources.
    """

    of: IntArray
    county: IntArray
    size: IntArray
    poorest: FlagArray
    year: IntArray
    yuan: RealArray
    use: RealArray

    @property
    def count(self) -> int:
        return len(self.county)


def classes(problem: Problem) -> Classes:
    """The classes of a problem, in order of county."""
    bits = np.left_shift(1, np.arange(len(problem.pathways)))
    allowed = problem.allowed.copy()
    fixed = problem.pathway != FREE
    allowed[fixed] = False
    allowed[fixed, problem.pathway[fixed]] = True
    lack_bits = np.left_shift(1, np.arange(len(problem.lacking))) if problem.lacking else np.zeros(0, np.int64)
    told_apart = np.stack(
        [
            problem.county,
            problem.size,
            allowed @ bits,
            problem.lacks @ lack_bits if problem.lacking else np.zeros(problem.households, np.int64),
            problem.poorest.astype(np.int64),
            problem.year,
        ],
        axis=1,
    )
    found, first, of = np.unique(told_apart, axis=0, return_index=True, return_inverse=True)
    size = found[:, 1]
    yuan = np.full((len(found), len(problem.pathways)), np.inf)
    use = np.zeros((len(found), len(problem.pathways), len(problem.resources)))
    for place, pathway in enumerate(problem.pathways):
        may = allowed[first, place]
        lacking = [problem.lacks[first, number] for number in range(len(problem.lacking))]
        cost = pathway.household_yuan + pathway.person_yuan * size
        use[:, place] = np.array(pathway.per_household) + np.outer(size, np.array(pathway.per_person))
        for number, lack in enumerate(problem.lacking):
            if pathway.id not in lack.not_by:
                cost = cost + lacking[number] * lack.household_yuan
                use[:, place] += np.outer(lacking[number], np.array(lack.per_household))
        yuan[may, place] = cost[may]
    return Classes(of.reshape(-1), found[:, 0], size, found[:, 4].astype(bool), found[:, 5], yuan, use)


@dataclass(frozen=True)
class Prices:
    """What one more would be worth, in yuan: of a person in a year's target, of each resource, of who may stay, of the guarantee.

    ``target``: years; ``capacity``: counties x years x resources; ``stay``: counties; ``poorest_least``, ``poorest_most``: years.
    """

    target: RealArray
    capacity: RealArray
    stay: RealArray
    poorest_least: RealArray
    poorest_most: RealArray
    guarantee: float


@dataclass(frozen=True)
class Solution:
    """By household the number of its year (the number of years: none) and of its pathway (``FREE``: none)."""

    year: IntArray
    pathway: IntArray
    village_year: IntArray
    objective: float
    bound: float
    prices: Prices

    @property
    def gap(self) -> float:
        """How far the plan may be from the best one, as a share of what it costs."""
        return max(0.0, self.objective - self.bound) / abs(self.objective) if self.objective else 0.0

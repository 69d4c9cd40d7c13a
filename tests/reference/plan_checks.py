"""Whether a plan keeps everything it must, household by household in plain Python: nothing of the solver is used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from jiefa.planning.rules.problem import Problem, Solution


def faults(problem: Problem, solution: Solution) -> list[str]:
    """What is wrong with a solution, in words; empty for a good one."""
    return [*_households(problem, solution), *_targets(problem, solution), *_counties(problem, solution)]


def _households(problem: Problem, solution: Solution) -> Iterator[str]:
    years = len(problem.years)
    for place in range(problem.households):
        year, way = int(solution.year[place]), int(solution.pathway[place])
        if not 0 <= year <= years:
            yield f"household {place}: year {year}"
        if (year == years) != (way == -1):
            yield f"household {place}: year {year} with pathway {way}"
        if year == years and problem.spare <= 0:
            yield f"household {place}: no year though nobody may be left"
        if way >= 0 and not problem.allowed[place, way] and problem.pathway[place] != way:
            yield f"household {place}: pathway {way} is not open to it"
        if problem.year[place] >= 0 and year != problem.year[place]:
            yield f"household {place}: an officer decided year {problem.year[place]}"
        if problem.pathway[place] >= 0 and way not in (problem.pathway[place], -1):
            yield f"household {place}: an officer decided pathway {problem.pathway[place]}"


def _targets(problem: Problem, solution: Solution) -> Iterator[str]:
    years = len(problem.years)
    left, poorest, guaranteed = [0] * years, [0] * years, 0
    for place in range(problem.households):
        year, way = int(solution.year[place]), int(solution.pathway[place])
        if year == years:
            continue
        if way == problem.guaranteed_by:
            guaranteed += int(problem.size[place])
        else:
            left[year] += int(problem.size[place])
            poorest[year] += int(problem.size[place]) if problem.poorest[place] else 0
    low, high = problem.limits.band
    for year in range(years):
        target = int(problem.limits.targets[year])
        if left[year] != target:
            yield f"year {year}: {left[year]} people leave instead of {target}"
        if not low * target - 1e-6 <= poorest[year] <= high * target + 1e-6:
            yield f"year {year}: {poorest[year]} of the poorest fifth among {target}"
    if problem.limits.guarantee is not None and guaranteed != problem.limits.guarantee:
        yield f"{guaranteed} people guaranteed instead of {problem.limits.guarantee}"


def _counties(problem: Problem, solution: Solution) -> Iterator[str]:
    years = len(problem.years)
    used: dict[tuple[int, int, int], float] = defaultdict(float)
    staying: dict[int, int] = defaultdict(int)
    for place in range(problem.households):
        county, year, way = int(problem.county[place]), int(solution.year[place]), int(solution.pathway[place])
        if year > problem.limits.leaves[county]:
            staying[county] += int(problem.size[place])
        if year == years:
            continue
        pathway = problem.pathways[way]
        for number in range(len(problem.resources)):
            used[county, year, number] += pathway.per_household[number]
            used[county, year, number] += pathway.per_person[number] * int(problem.size[place])
            for lack_number, lack in enumerate(problem.lacking):
                if problem.lacks[place, lack_number] and pathway.id not in lack.not_by:
                    used[county, year, number] += lack.per_household[number]
    for (county, year, number), amount in used.items():
        if amount > problem.limits.capacity[county, year, number] + 1e-6:
            yield f"county {county}, year {year}: {amount} of {problem.resources[number]}"
    for county, people in staying.items():
        if people > problem.limits.may_stay[county]:
            yield f"county {county}: {people} people stay after its year"


def cost(problem: Problem, solution: Solution) -> float:
    """What the plan costs, added up household by household and village by village."""
    years, total = len(problem.years), 0.0
    through: dict[int, int] = defaultdict(int)
    for place in range(problem.households):
        year, way = int(solution.year[place]), int(solution.pathway[place])
        total += float(problem.gap_yuan[place]) * problem.late_weight * year
        village = int(problem.village[place])
        through[village] = max(through[village], year)
        if year == years:
            continue
        pathway = problem.pathways[way]
        total += pathway.household_yuan + pathway.person_yuan * int(problem.size[place])
        for number, lack in enumerate(problem.lacking):
            if problem.lacks[place, number] and pathway.id not in lack.not_by:
                total += lack.household_yuan
    return total + sum(float(problem.village_yuan[village]) * year for village, year in through.items())

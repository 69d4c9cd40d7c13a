"""Why a plan gave a household its year and pathway: every option that was open to it, priced by what was scarce in the plan.

Read from the snapshot of the plan and its stored prices; the plan is not made again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jiefa.planning.models import Assignment
from jiefa.planning.queries import asked
from jiefa.planning.queries.on_file import COUNTY, OnFile, on_file
from jiefa.planning.queries.stating import Asked, village_yuan
from jiefa.planning.rules.options import Means, means, open_pathways
from jiefa.planning.rules.problem import GUARANTEE, Pathway
from jiefa.policy import Pack
from jiefa.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Option:
    """A year and a pathway with what it would cost, in yuan.

    ``measures``: the pathway and what else the household lacks; ``waiting``: the years until then; ``scarce``: what it takes from
    others where a county has too little; ``place``: what its people take or give in the year's target and in the share of the
    poorest, below 0 where the year needs people; ``village``: the years that a poor village waits for this household alone.
    ``takes``: the scarce resources with yuan.
    """

    year: int
    pathway: str
    measures: float
    waiting: float
    scarce: float
    place: float
    village: float
    takes: Mapping[str, float]

    @property
    def yuan(self) -> float:
        """All of it together: the plan gives a household its least, but for the last people who make a target exact."""
        return self.measures + self.waiting + self.scarce + self.place + self.village


@dataclass(frozen=True, slots=True)
class Explained:
    """The options of a household, the cheapest first; the chosen one, and the cheapest of the others."""

    options: tuple[Option, ...]
    chosen: Option | None
    nearest: Option | None

    @property
    def margin(self) -> float | None:
        """Yuan by which the nearest option is dearer than the chosen one; below 0 where it is cheaper."""
        return None if self.chosen is None or self.nearest is None else self.nearest.yuan - self.chosen.yuan


def explained(one: Assignment, snapshot: Snapshot, pack: Pack) -> Explained:
    """What was open to the household of an assignment; nothing where the snapshot does not know it."""
    plan = one.plan
    policy = pack.for_year(plan.base_year)
    found = on_file(snapshot, one.village_code, policy, plan.line_fen)
    places = [place for place, key in enumerate(found.key.tolist()) if key == one.household_id]
    if not places:
        return Explained((), None, None)
    place, known = places[0], means(pack, policy)
    prices = plan.prices
    more = bool(prices.get("guarantee_open", prices.get("guarantee", 0.0)))
    opened = open_pathways(found.facts, known, policy, more_guaranteed=more)[place]
    names = [pathway.id for pathway in known.pathways]
    opened_ids = {name for name, yes in zip(names, opened.tolist(), strict=True) if yes} | {one.pathway} - {""}
    lacks = [lack.id for lack, yes in zip(known.lacking, found.lacks[place].tolist(), strict=True) if yes]
    household = _Household(
        size=int(found.size[place]),
        late=float(found.gap_yuan[place]) * known.late_weight,
        lacks=lacks,
        poorest=one.poorest,
        county=one.village_code[:COUNTY],
        village_year_yuan=_village_year_yuan(one, found, known),
        others_through=_others_through(one),
    )
    leaves = asked.leaving_years(household.county, plan.years).get(household.county)
    options = [
        _option(household, year, number, pathway, known, prices, leaves)
        for pathway in known.pathways
        if pathway.id in opened_ids
        for number, year in enumerate(plan.years)
    ]
    options.sort(key=lambda option: (round(option.yuan, 2), option.year, names.index(option.pathway)))
    chosen = next((option for option in options if (option.year, option.pathway) == (one.year, one.pathway)), None)
    nearest = next((option for option in options if option is not chosen), None)
    return Explained(tuple(options), chosen, nearest)


@dataclass(frozen=True, slots=True)
class _Household:
    size: int
    late: float
    lacks: Sequence[str]
    poorest: bool
    county: str
    village_year_yuan: float
    others_through: int


def _village_year_yuan(one: Assignment, found: OnFile, known: Means) -> float:
    what = Asked(one.village_code, one.plan.base_year, {}, None, one.plan.line_fen, {})
    return float(village_yuan(found, known, what)[0])


def _others_through(one: Assignment) -> int:
    """The number of the year in which the other households of the village are through."""
    others = Assignment.objects.filter(plan=one.plan, village_code=one.village_code).exclude(pk=one.pk)
    years = [
        len(one.plan.years) if year is None else one.plan.years.index(year)
        for year in others.values_list("year", flat=True)
    ]
    return max(years, default=0)


def _option(
    household: _Household,
    year: int,
    number: int,
    pathway: Pathway,
    known: Means,
    prices: Mapping[str, Any],
    leaves: int | None,
) -> Option:
    yuan = pathway.household_yuan + pathway.person_yuan * household.size
    use = {
        resource: pathway.per_household[place] + pathway.per_person[place] * household.size
        for place, resource in enumerate(known.resources)
    }
    for lack in known.lacking:
        if lack.id in household.lacks and pathway.id not in lack.not_by:
            yuan += lack.household_yuan
            for place, resource in enumerate(known.resources):
                use[resource] += lack.per_household[place]
    of_county = prices.get("capacity", {}).get(household.county, {})
    takes = {
        resource: round(amount * float(of_county[resource][str(year)]), 2)
        for resource, amount in use.items()
        if amount and str(year) in of_county.get(resource, {})
    }
    return Option(
        year,
        pathway.id,
        round(yuan, 2),
        round(household.late * number, 2),
        round(sum(takes.values()), 2),
        round(household.size * _place(household, year, pathway, prices, leaves), 2),
        round(household.village_year_yuan * max(0, number - household.others_through), 2),
        takes,
    )


def _place(household: _Household, year: int, pathway: Pathway, prices: Mapping[str, Any], leaves: int | None) -> float:
    """What a person of the household costs in the limits of the whole: target, share of the poorest, guarantee, who may stay."""

    def of(name: str, key: int | str) -> float:
        return float(prices.get(name, {}).get(str(key), 0.0))

    late = of("stay", household.county) if leaves is not None and year > leaves else 0.0
    if pathway.id == GUARANTEE:
        return late - float(prices.get("guarantee", 0.0))
    poorest = of("poorest_most", year) - of("poorest_least", year) if household.poorest else 0.0
    return late + poorest - of("target", year)

"""Where the numbers of the action plan "33668" stand in a place and year, each counted from what is on file.

Who left poverty comes from the figures of snapshots, what reached households from the records. A place is the sum of the
places below it, so that each part is asked once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Q

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.areas.models import Designation, DesignationKind, DivisionYear
from jiefa.assistance.queries import industry, programmes, villages
from jiefa.assistance.queries.villages import Work
from jiefa.insight.queries import figures
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL
from jiefa.planning.rules import action_plan as rules
from jiefa.planning.rules.action_plan import Income, Left, Plan, Reached
from jiefa.policy import Pack
from jiefa.responsibility.queries import answering

LEFT = "exited_people"
"""The indicator that counts the people who left poverty in a year."""
PROGRAMMES = {"training": "training", "houses": "house_repair", "relocation": "relocation", "security": "guarantee"}
"""Of a line to village and household: the programme whose cases are counted."""
BELOW = dict(pairwise(LENGTH_OF_LEVEL.values()))
"""Digits of a place to those of the places below it."""
POOR_COUNTY = (DesignationKind.KEY_COUNTY, DesignationKind.AREA_COUNTY)


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which place the question is, in which scope (of that place), year, and as of which day of it."""

    place: str
    within: Scope
    year: int
    on: dt.date
    pack: Pack


ByPlace = Mapping[str, Reached]


def _pairing(asked: Asked, digits: int) -> ByPlace:
    found = answering.answered(asked.within, digits, asked.on)
    return {place: Reached(with_one, households) for place, (households, with_one) in found.items()}


def _industry(asked: Asked, digits: int) -> ByPlace:
    found = industry.linked(asked.within, asked.year, digits)
    return {place: Reached(one.households, fen=one.fen) for place, one in found.items()}


def _infrastructure(asked: Asked, digits: int) -> ByPlace:
    found = villages.served(asked.within, asked.year, digits)
    return {place: Reached(served, every) for place, (every, served) in found.items()}


COUNTED: Mapping[str, Callable[[Asked, int], ByPlace]] = {
    "pairing": _pairing,
    "industry": _industry,
    "infrastructure": _infrastructure,
}
"""Lines that no programme answers, each with how it is counted."""


def lines(asked: Asked, plan: Plan, digits: int) -> dict[str, dict[str, Reached]]:
    """By place of so many digits and line how many were reached in the year; a place that nothing reached is left out."""
    found: dict[str, dict[str, Reached]] = {}
    for line in plan.lines:
        if line in COUNTED:
            for place, reached in COUNTED[line](asked, digits).items():
                found.setdefault(place, {})[line] = reached
    wanted = {PROGRAMMES[line]: line for line in plan.lines if line in PROGRAMMES}
    for (programme, place), one in programmes.arrived(asked.within, sorted(wanted), asked.year, digits).items():
        found.setdefault(place, {})[wanted[programme]] = Reached(one.households, fen=one.fen)
    return found


def left(asked: Asked, plan: Plan) -> Left:
    """People who left poverty in the place in every year of the plan up to the one asked about, by the newest snapshot of each."""
    trend = figures.trend(asked.pack, asked.place, [LEFT], asked.year) if plan.span else {}
    found = {year: int(one[LEFT].numerator) for year, one in trend.items() if LEFT in one}
    return rules.left(plan, asked.year, found, len(asked.place))


def incomes(within: Scope, year: int) -> list[Income]:
    """The poor counties of the scope with the disposable income of their rural people in the year, by code."""
    held = Q(to_year__isnull=True) | Q(to_year__gte=year)
    rows = Designation.objects.filter(held, kind__in=POOR_COUNTY, from_year__lte=year)
    codes = sorted(set(gate(rows, within, "division_id").order_by().values_list("division_id", flat=True)))
    reported = DivisionYear.objects.filter(year=year, division__in=codes)
    said = dict(reported.values_list("division_id", "disposable_income_per_person_fen"))
    return [Income(code, said.get(code)) for code in codes]


@dataclass(frozen=True, slots=True)
class Standing:
    """The plan of a year and where its numbers stand in a place. ``works``: by work, those of the plan alone.

    ``places``: by place below (of a village: by itself) and line, those that anything reached.
    """

    plan: Plan
    left: Left
    lines: Mapping[str, Reached]
    places: Mapping[str, Mapping[str, Reached]]
    works: Mapping[str, Work]
    incomes: tuple[Income, ...]

    @property
    def lines_reached(self) -> int:
        """How many lines reached anybody."""
        return sum(one.count > 0 for one in self.lines.values())

    @property
    def works_accepted(self) -> int:
        """How many of the works were accepted in at least one village."""
        return sum(one.accepted > 0 for one in self.works.values())

    @property
    def counties_reached(self) -> int:
        """How many poor counties come to the income aimed at; of those that reported one."""
        target = self.plan.income_fen
        return 0 if target is None else sum(one.reaches(target) for one in self.incomes)


def standing(asked: Asked) -> Standing:
    """How the plan stands in the place."""
    plan = rules.plan(asked.pack, asked.year)
    places = lines(asked, plan, BELOW.get(len(asked.place), len(asked.place)))
    works = villages.by_work(asked.within, asked.year) if plan.works else {}
    return Standing(
        plan=plan,
        left=left(asked, plan),
        lines={line: rules.total(one[line] for one in places.values() if line in one) for line in plan.lines},
        places=places,
        works={work: works.get(work, Work()) for work in plan.works},
        incomes=tuple(incomes(asked.within, asked.year)) if plan.income_fen is not None else (),
    )

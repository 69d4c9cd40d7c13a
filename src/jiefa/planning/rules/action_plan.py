"""The action plan "33668" as the pack has it for a year, and how its numbers stand.

3 years, 3 million people, 6 lines to village and household, 6 works, 8,000 yuan in the poor counties (黔党办发〔2015〕13号).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jiefa.kernel import money
from jiefa.policy import NotInForce, Pack, Policy

YEARS, PEOPLE, INCOME = "action_plan.years", "action_plan.people", "action_plan.county_income"
LINES, WORKS = "action_plan.lines", "action_plan.works"
WHOLE_PROVINCE = 2
"""Digits of the place for which the target of people was set: no document shares it out."""


@dataclass(frozen=True, slots=True)
class Span:
    """The years of the plan, both ends counted."""

    first: int
    last: int

    @property
    def years(self) -> int:
        return self.last - self.first + 1

    def passed(self, year: int) -> int:
        """How many of its years have begun by the end of ``year``."""
        return max(0, min(year, self.last) - self.first + 1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the plan asks for in a year. ``span``, ``people`` and ``income_fen`` are None, the lists empty, where they were not in force."""

    span: Span | None
    people: int | None
    lines: tuple[str, ...]
    works: tuple[str, ...]
    income_fen: int | None


def plan(pack: Pack, year: int) -> Plan:
    """The plan as it held on the last day of ``year``."""
    policy = pack.for_year(year)
    years, people, income = (_number(policy, name) for name in (YEARS, PEOPLE, INCOME))
    first = policy.value(YEARS).from_date.year if years is not None else 0
    return Plan(
        span=Span(first, first + years - 1) if years is not None else None,
        people=people,
        lines=_list(policy, LINES),
        works=_list(policy, WORKS),
        income_fen=None if income is None else money.fen_from_yuan(income),
    )


def _number(policy: Policy, name: str) -> int | None:
    try:
        return int(policy.number(name))
    except NotInForce:
        return None


def _list(policy: Policy, name: str) -> tuple[str, ...]:
    try:
        return policy.texts(name)
    except NotInForce:
        return ()


@dataclass(frozen=True, slots=True)
class Left:
    """People who left poverty in each year of the plan so far; None for a year without figures.

    ``target``: of the whole province and the whole plan; None for any other place.
    """

    by_year: Mapping[int, int | None]
    target: int | None

    @property
    def people(self) -> int:
        """Of the years that have figures."""
        return sum(people for people in self.by_year.values() if people is not None)

    @property
    def complete(self) -> bool:
        return None not in self.by_year.values()

    @property
    def share(self) -> float | None:
        """Of the target, not more than the figures say; None without a target."""
        return self.people / self.target if self.target else None


def left(asked: Plan, year: int, found: Mapping[int, int], digits: int) -> Left:
    """``found``: people who left by year with figures; ``digits``: of the place's code. No year before the plan began counts."""
    span = asked.span
    years = range(span.first, span.first + span.passed(year)) if span else range(0)
    return Left({one: found.get(one) for one in years}, asked.people if digits == WHOLE_PROVINCE else None)


@dataclass(frozen=True, slots=True)
class Reached:
    """How many households (of infrastructure: villages) a line reached in the year. ``of``: all whom it is for, where that is known."""

    count: int = 0
    of: int | None = None
    fen: int | None = None

    @property
    def share(self) -> float | None:
        return self.count / self.of if self.of else None


def total(parts: Iterable[Reached]) -> Reached:
    """The places together; ``of`` and ``fen`` stay None where no place knows them."""
    some = list(parts)
    of = [one.of for one in some if one.of is not None]
    fen = [one.fen for one in some if one.fen is not None]
    return Reached(sum(one.count for one in some), sum(of) if of else None, sum(fen) if fen else None)


@dataclass(frozen=True, slots=True)
class Income:
    """A poor county with the disposable income of its rural people; None where it reported none."""

    county: str
    fen: int | None

    def reaches(self, target_fen: int) -> bool:
        return self.fen is not None and self.fen >= target_fen

"""Which rules exist, and of which shape: functions register themselves under the id of their text in the policy pack.

Three shapes. A *person* rule judges one person card; a *household* rule one household card with facts of its members;
a *relation* rule returns the offending rows itself, because it compares cards with each other. The first two are
conditions that may be NULL, and NULL never is a violation. A rule that finds one of several things returns a
mapping from detail to condition; the first that is true names the finding, so one rule says at most one thing
of one subject. Several functions may share an id if they judge different subjects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import ibis.expr.types as ir

from jiefa.insight.rules.limits import QualityLimits
from jiefa.insight.rules.relations import Relations
from jiefa.insight.rules.rows import Household, Person

Condition: TypeAlias = ir.BooleanValue | Mapping[str, ir.BooleanValue]
Scope = Literal["household", "area"]
Level = Literal["error", "warn"]
PersonTest = Callable[[Person, QualityLimits], Condition]
HouseholdTest = Callable[[Household, QualityLimits], Condition]


RelationTest = Callable[[Relations, QualityLimits], ir.Table]


@dataclass(frozen=True, slots=True)
class PersonRule:
    id: str
    test: PersonTest


@dataclass(frozen=True, slots=True)
class HouseholdRule:
    id: str
    test: HouseholdTest
    all_details: bool
    """Join the details of all true conditions by commas instead of naming the first."""


@dataclass(frozen=True, slots=True)
class RelationRule:
    """``scope`` is ``area`` where the answer depends on other households, so that one form alone cannot give it."""

    id: str
    test: RelationTest
    scope: Scope


PERSON_RULES: list[PersonRule] = []
HOUSEHOLD_RULES: list[HouseholdRule] = []
RELATION_RULES: list[RelationRule] = []

LEVEL_BY_DETAIL: dict[tuple[str, str], Level] = {
    ("ID06", "village"): "error",
    ("ID06", "county"): "error",
    ("ID06", "prefecture"): "warn",
    ("ID06", "province"): "warn",
    ("LA03", "under_age"): "error",
    ("LA03", "pupil"): "warn",
    ("LD02", "far"): "warn",
    ("LD02", "impossible"): "error",
}
"""Where method.md 17.2 gives one rule two levels; for all else the level of the rule's text holds."""


def level_by_detail(rule: str, detail: str | None) -> Level | None:
    """The level that the finding's detail demands, or ``None``: then the rule's own level holds."""
    return LEVEL_BY_DETAIL.get((rule, detail or ""))


def person_rule(identifier: str) -> Callable[[PersonTest], PersonTest]:
    def register(test: PersonTest) -> PersonTest:
        PERSON_RULES.append(PersonRule(identifier, test))
        return test

    return register


def household_rule(identifier: str, *, all_details: bool = False) -> Callable[[HouseholdTest], HouseholdTest]:
    def register(test: HouseholdTest) -> HouseholdTest:
        HOUSEHOLD_RULES.append(HouseholdRule(identifier, test, all_details))
        return test

    return register


def relation_rule(identifier: str, *, scope: Scope) -> Callable[[RelationTest], RelationTest]:
    """The test returns household_id, person_id, village_code (int64, int64, string; NULL allowed) and detail."""

    def register(test: RelationTest) -> RelationTest:
        RELATION_RULES.append(RelationRule(identifier, test, scope))
        return test

    return register


def rule_ids() -> tuple[str, ...]:
    """All ids, in order."""
    row_rules = {rule.id for rule in PERSON_RULES} | {rule.id for rule in HOUSEHOLD_RULES}
    return tuple(sorted(row_rules | {rule.id for rule in RELATION_RULES}))


def ids_of_one_household() -> frozenset[str]:
    """The ids that can be judged, wholly or in part, from one household's form alone."""
    row_rules = {rule.id for rule in PERSON_RULES} | {rule.id for rule in HOUSEHOLD_RULES}
    return frozenset(row_rules | {rule.id for rule in RELATION_RULES if rule.scope == "household"})

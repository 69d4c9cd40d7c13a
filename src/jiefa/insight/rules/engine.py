"""All violations of a register as one Ibis table: the same expressions for one form, a batch and a province.

Person rules, then household rules, are one pass each: rows on which no condition holds are dropped first, and
only what is left is spread into one row per broken rule. Relation rules are added as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import cast

import ibis
import ibis.expr.types as ir

from jiefa.insight.rules.catalogue import (
    HOUSEHOLD_RULES,
    PERSON_RULES,
    RELATION_RULES,
    Condition,
    Relations,
    rule_ids,
)
from jiefa.insight.rules.limits import QualityLimits
from jiefa.insight.rules.member_facts import with_member_facts
from jiefa.insight.rules.rows import Household, Person, Register, any_of
from jiefa.registry.cards import HOUSEHOLD_CARD, MOVEMENT, PERSON_CARD, VILLAGE_FACTS

COLUMNS = ("rule", "household_id", "person_id", "village_code", "detail")
RULE_LENGTH = 4
ALL_RULES: Collection[str] | None = None


def violations(register: Register, limits: QualityLimits, rules: Collection[str] | None = ALL_RULES) -> ir.Table:
    """One row per broken rule and subject: ``rule, household_id, person_id, village_code, detail``, in no order.

    ``person_id`` is NULL for a household's violation, ``household_id`` too for a village's. Unknown ids in ``rules``
    raise ``ValueError``; ``None`` means all.
    """
    wanted = _wanted(rules)
    parts: list[ir.Table] = []
    members = with_member_facts(register.households, register.persons, register.year, limits)
    person = Person(register.persons, register.year)
    tests = [(rule.id, rule.test(person, limits), False) for rule in PERSON_RULES if rule.id in wanted]
    if tests:
        parts.append(_row_violations(register.persons, tests, "person_id"))
    household = Household(members, register.year)
    judged = [(r.id, r.test(household, limits), r.all_details) for r in HOUSEHOLD_RULES if r.id in wanted]
    if judged:
        parts.append(_row_violations(members, judged, None))
    relations = Relations(register, members)
    for rule in RELATION_RULES:
        if rule.id in wanted:
            found = rule.test(relations, limits)
            parts.append(found.mutate(rule=ibis.literal(rule.id)).select(*COLUMNS))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _wanted(rules: Collection[str] | None) -> frozenset[str]:
    known = frozenset(rule_ids())
    if rules is ALL_RULES:
        return known
    unknown = set(rules) - known
    if unknown or not rules:
        raise ValueError(f"no such quality rules: {sorted(unknown)}")
    return frozenset(rules)


def _row_violations(
    table: ir.Table, tests: Sequence[tuple[str, Condition, bool]], person_column: str | None
) -> ir.Table:
    any_broken = any_of(*(condition for _, test, _ in tests for condition in _conditions(test)))
    marks = ibis.array([_mark(rule, test, all_details) for rule, test, all_details in tests])
    person = table[person_column] if person_column else ibis.null("int64")
    subjects = table.filter(any_broken).select("household_id", "village_code", person_id=person, marks=marks)
    spread = subjects.select("household_id", "village_code", "person_id", mark=subjects.marks.unnest())
    broken = spread.filter(spread.mark.notnull())
    return broken.select(
        "household_id",
        "person_id",
        "village_code",
        rule=broken.mark.left(RULE_LENGTH),
        detail=broken.mark.substr(RULE_LENGTH).nullif(""),
    ).select(*COLUMNS)


def _conditions(test: Condition) -> Iterable[ir.BooleanValue]:
    return test.values() if isinstance(test, Mapping) else (test,)


def _mark(rule: str, test: Condition, all_details: bool) -> ir.StringValue:
    """Rule id and detail in one string, NULL where the rule is kept."""
    if not isinstance(test, Mapping):
        return ibis.cases((test, rule))
    if not all_details:
        return ibis.cases(*((condition, rule + detail) for detail, condition in test.items()))
    listed = [ibis.cases((condition, f",{detail}"), else_="") for detail, condition in test.items()]
    text = cast("ir.StringValue", ibis.literal("").concat(*listed))
    return ibis.cases((text != "", ibis.literal(rule).concat(text.substr(1))))


@cache
def compile_sql(year: int, limits: QualityLimits, rules: frozenset[str] | None = None) -> str:
    """DuckDB SQL for ``violations`` over tables named persons, households, movements and villages.

    Compiled once per process and argument: building and compiling all rules takes far longer than judging one form.
    """
    schemas = {"persons": PERSON_CARD, "households": HOUSEHOLD_CARD, "movements": MOVEMENT, "villages": VILLAGE_FACTS}
    tables = {name: ibis.table(ibis.Schema.from_pyarrow(schema), name=name) for name, schema in schemas.items()}
    return str(ibis.to_sql(violations(Register(year, **tables), limits, rules), dialect="duckdb"))

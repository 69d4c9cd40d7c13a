"""All violations of a register as one Ibis table: the same expressions for one form, a batch and a province.

What every rule asks of one card alone becomes bits of a few numbers (``masks``). Person rules, then household rules, are
spread from their bits into one row per broken rule; relation rules are added as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import cast

import ibis
import ibis.expr.types as ir

from jiefa.insight.rules import masks
from jiefa.insight.rules.catalogue import (
    HOUSEHOLD_RULES,
    PERSON_RULES,
    RELATION_RULES,
    Condition,
    HouseholdRule,
    rule_ids,
)
from jiefa.insight.rules.layout import Layout
from jiefa.insight.rules.limits import QualityLimits
from jiefa.insight.rules.member_facts import FactBits, with_member_facts
from jiefa.insight.rules.relations import Relations
from jiefa.insight.rules.rows import Household, Person, Register, any_of
from jiefa.registry.cards import HOUSEHOLD_CARD, MOVEMENT, PERSON_CARD, VILLAGE_FACTS

COLUMNS = ("rule", "household_id", "person_id", "village_code", "detail")


def violations(register: Register, limits: QualityLimits, rules: Collection[str] | None = None) -> ir.Table:
    """One row per broken rule and subject: ``rule, household_id, person_id, village_code, detail``, in no order.

    ``person_id`` is NULL for a household's violation, ``household_id`` too for a village's. Unknown ids in ``rules``
    raise ``ValueError``; ``None`` means all.
    """
    wanted = _wanted(rules)
    person = Person(register.persons, register.year)
    layout = Layout.of((rule.id, _details(rule.test(person, limits))) for rule in PERSON_RULES if rule.id in wanted)
    relations = Relations.of(register, limits, layout.cases, FactBits.of(person, limits))
    parts = []
    if layout.names:
        parts.append(layout.broken(relations.marked).select(*COLUMNS))
    household_rules = [rule for rule in HOUSEHOLD_RULES if rule.id in wanted]
    if household_rules:
        parts.append(_household_violations(relations, limits, household_rules))
    for rule in RELATION_RULES:
        if rule.id in wanted:
            found = rule.test(relations, limits)
            parts.append(found.mutate(rule=ibis.literal(rule.id)).select(*COLUMNS))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _household_violations(r: Relations, limits: QualityLimits, rules: Sequence[HouseholdRule]) -> ir.Table:
    table = with_member_facts(r.households, r.members, r.bits)
    household = Household(table, r.year)
    tests = {rule.id: _details(rule.test(household, limits)) for rule in rules}
    texts = {rule.id: _listed(tests[rule.id]) for rule in rules if rule.all_details}
    tests |= {rule: {"": any_of(*tests[rule].values())} for rule in texts}
    layout = Layout.of(tests.items())
    person = ibis.null("int64")
    broken = layout.broken(
        table.select("household_id", "village_code", **texts, person_id=person, **masks.words(layout.cases))
    )
    own = ibis.cases(*((broken.rule == rule, broken[rule]) for rule in texts)) if texts else ibis.null("string")
    return broken.mutate(detail=ibis.coalesce(own, broken.detail)).select(*COLUMNS)


def _details(condition: Condition) -> Mapping[str, ir.BooleanValue]:
    return condition if isinstance(condition, Mapping) else {"": condition}


def _wanted(rules: Collection[str] | None) -> frozenset[str]:
    known = frozenset(rule_ids())
    if rules is None:
        return known
    unknown = set(rules) - known
    if unknown or not rules:
        raise ValueError(f"no such quality rules: {sorted(unknown)}")
    return frozenset(rules)


def _listed(details: Mapping[str, ir.BooleanValue]) -> ir.StringValue:
    """The details that are true, joined by commas; empty if none is."""
    parts = [ibis.cases((condition, f",{detail}"), else_="") for detail, condition in details.items()]
    return cast("ir.StringValue", ibis.literal("").concat(*parts).substr(1))


@cache
def compile_sql(year: int, limits: QualityLimits, rules: frozenset[str] | None = None) -> str:
    """DuckDB SQL for ``violations`` over tables named persons, households, movements and villages.

    Compiled once per process and argument: building and compiling all rules takes far longer than judging one form.
    """
    schemas = {"persons": PERSON_CARD, "households": HOUSEHOLD_CARD, "movements": MOVEMENT, "villages": VILLAGE_FACTS}
    tables = {name: ibis.table(ibis.Schema.from_pyarrow(schema), name=name) for name, schema in schemas.items()}
    return str(ibis.to_sql(violations(Register(year, **tables), limits, rules), dialect="duckdb"))

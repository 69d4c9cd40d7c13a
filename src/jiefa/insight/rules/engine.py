"""All violations of a register as one Ibis table: the same expressions for one form, a batch and a province.

Person rules, then household rules, are one pass each: every condition becomes a bit of some byte, and the bytes that
are not 0 are spread into one row per broken rule. Relation rules are added as they are. Tried and no better: a filter
by OR in front of it; dearer: a list of names per row, one number for all conditions (DuckDB pushes the filter on it
below the column and computes it twice), one small query per rule (DuckDB 2.0, 1.7 M persons, 2026-11).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
from jiefa.insight.rules.identity import repeated_cards
from jiefa.insight.rules.limits import QualityLimits
from jiefa.insight.rules.member_facts import with_member_facts
from jiefa.insight.rules.rows import Household, Person, Register, any_of
from jiefa.registry.cards import HOUSEHOLD_CARD, MOVEMENT, PERSON_CARD, VILLAGE_FACTS

COLUMNS = ("rule", "household_id", "person_id", "village_code", "detail")
RULE_LENGTH = 4
BYTE = 8


def violations(register: Register, limits: QualityLimits, rules: Collection[str] | None = None) -> ir.Table:
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
    relations = Relations(register, repeated_cards(register.persons))
    for rule in RELATION_RULES:
        if rule.id in wanted:
            found = rule.test(relations, limits)
            parts.append(found.mutate(rule=ibis.literal(rule.id)).select(*COLUMNS))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _wanted(rules: Collection[str] | None) -> frozenset[str]:
    known = frozenset(rule_ids())
    if rules is None:
        return known
    unknown = set(rules) - known
    if unknown or not rules:
        raise ValueError(f"no such quality rules: {sorted(unknown)}")
    return frozenset(rules)


def _row_violations(
    table: ir.Table, tests: Sequence[tuple[str, Condition, bool]], person_column: str | None
) -> ir.Table:
    names: list[str] = []
    bits: list[ir.IntegerValue] = []
    texts: dict[str, ir.StringValue] = {}
    for rule, test, all_details in tests:
        details = test if isinstance(test, Mapping) else {"": test}
        if all_details:
            texts[rule] = _listed(details)
            details = {"": any_of(*details.values())}
        # A rule's details stay in one byte, so that the first that is true can exclude the others.
        if len(names) % BYTE + len(details) > BYTE:
            names.extend([""] * (-len(names) % BYTE))
        byte, place = divmod(len(names), BYTE)
        bit = _first_true(list(details.values()), place)
        bits[byte:] = [bits[byte] + bit if place else bit]
        names.extend(rule + detail for detail in details)
    # Spark looks names up before it filters, so every bit of the last byte must have one.
    names.extend([""] * (-len(names) % BYTE))
    person = table[person_column] if person_column else ibis.null("int64")
    # Each byte carries its place: two lists unnested side by side are paired by DuckDB but multiplied by Spark.
    placed = ibis.array([byte + _int64(at << BYTE) for at, byte in enumerate(bits)])
    marked = table.select("household_id", "village_code", **texts, person_id=person, placed=placed)
    broken = _spread(marked, names)
    own = ibis.cases(*((broken.rule == rule, broken[rule]) for rule in texts)) if texts else ibis.null("string")
    return broken.mutate(detail=ibis.coalesce(own, broken.detail)).select(*COLUMNS)


def _first_true(conditions: Sequence[ir.BooleanValue], place: int) -> ir.IntegerValue:
    """The bit of the first condition that is true, 0 if none is."""
    bits = ((condition, _int64(1 << (place + step))) for step, condition in enumerate(conditions))
    return cast("ir.IntegerValue", ibis.cases(*bits, else_=_int64(0)))


def _spread(marked: ir.Table, names: Sequence[str]) -> ir.Table:
    """One row per bit that is set in a byte of ``placed``, with ``rule`` and ``detail`` from ``names``.

    First bytes, then bits: far fewer rows than one unnest over all bits would make.
    """
    by_byte = marked.mutate(placed=marked.placed.unnest())
    by_byte = by_byte.mutate(byte=by_byte.placed & 255, offset=(by_byte.placed >> BYTE) * BYTE)
    by_bit = by_byte.filter(by_byte.byte != 0).mutate(bit=ibis.array([_int64(bit) for bit in range(BYTE)]).unnest())
    found = by_bit.filter((by_bit.byte >> by_bit.bit) & 1 == 1)
    name = ibis.array(list(names))[(found.offset + found.bit).cast("int32")]
    named = found.mutate(name=name)
    return named.mutate(rule=named.name.left(RULE_LENGTH), detail=named.name.substr(RULE_LENGTH).nullif(""))


def _listed(details: Mapping[str, ir.BooleanValue]) -> ir.StringValue:
    """The details that are true, joined by commas; empty if none is."""
    parts = [ibis.cases((condition, f",{detail}"), else_="") for detail, condition in details.items()]
    return cast("ir.StringValue", ibis.literal("").concat(*parts).substr(1))


def _int64(number: int) -> ir.IntegerScalar:
    return cast("ir.IntegerScalar", ibis.literal(number, "int64"))


@cache
def compile_sql(year: int, limits: QualityLimits, rules: frozenset[str] | None = None) -> str:
    """DuckDB SQL for ``violations`` over tables named persons, households, movements and villages.

    Compiled once per process and argument: building and compiling all rules takes far longer than judging one form.
    """
    schemas = {"persons": PERSON_CARD, "households": HOUSEHOLD_CARD, "movements": MOVEMENT, "villages": VILLAGE_FACTS}
    tables = {name: ibis.table(ibis.Schema.from_pyarrow(schema), name=name) for name, schema in schemas.items()}
    return str(ibis.to_sql(violations(Register(year, **tables), limits, rules), dialect="duckdb"))

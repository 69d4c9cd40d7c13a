"""What household rules ask of the members' cards, from one group-by over the persons.

The facts of a card are bits of one number (``masks``): what must be true of any member is an OR of these numbers, and
the four counts travel in one sum.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import cast

import ibis
import ibis.expr.types as ir

from jiefa.insight.rules import masks
from jiefa.insight.rules.codes import ABLE, CHILDREN, DISABLED, HEALTHY, ILL, NOT_PUPIL_STAGES, PARENTS, WITHOUT_LABOUR
from jiefa.insight.rules.limits import QualityLimits
from jiefa.insight.rules.rows import Person, among, any_of, is_true, works

Fact = Callable[[Person, QualityLimits], ir.BooleanValue]

LANE_BITS = 15
"""One count's share of the sum: to 32,767 members, far above any household, even one made by mistake."""

ANY: Mapping[str, Fact] = {
    "male_head": lambda p, _: (p.relation == "head") & (p.sex == "male"),
    "female_head": lambda p, _: (p.relation == "head") & (p.sex == "female"),
    "male_spouse": lambda p, _: (p.relation == "spouse") & (p.sex == "male"),
    "female_spouse": lambda p, _: (p.relation == "spouse") & (p.sex == "female"),
    "unhealthy": lambda p, _: p.health != HEALTHY,
    "health_unknown": lambda p, _: p.health.isnull(),
    "disabled": lambda p, _: p.health.isin(DISABLED),
    "pupil": lambda p, _: p.school_stage.notin(NOT_PUPIL_STAGES),
    "stage_unknown": lambda p, limits: (
        p.school_stage.isnull() & any_of(p.birth_date.isnull(), p.aged_below(limits.nu05_age_to + 1))
    ),
    "dibao_member": lambda p, _: p.dibao,
    "tekun_member": lambda p, _: p.tekun,
    "working": lambda p, _: any_of(works(p), p.monthly_wage_fen > 0, p.welfare_post),
    "able_of_age": lambda p, limits: p.labour.isin(ABLE) & p.aged(limits.db03_age_from, limits.db03_age_to),
    "perhaps_labour": lambda p, _: ~is_true(p.labour.isin(WITHOUT_LABOUR)),
}
"""True of a household if true of at least one member; NULL counts as not true."""

COUNTS: Mapping[str, Fact] = {
    "heads": lambda p, _: p.relation == "head",
    "spouses": lambda p, _: p.relation == "spouse",
    "able": lambda p, _: p.labour.isin(ABLE),
    "posts": lambda p, _: p.welfare_post,
}
"""How many members it is true of; NULL counts as not true."""

OWN: Mapping[str, Fact] = {
    "child": lambda p, _: among(p.relation, CHILDREN),
    "parent": lambda p, _: among(p.relation, PARENTS),
    "ill_uninsured": lambda p, _: p.health.isin(ILL) & ~is_true(p.serious_illness_insurance),
}
"""What rules that compare cards ask of a card; nothing is added up."""


@ibis.udf.agg.builtin  # type: ignore[untyped-decorator]
def bit_or(bits: int) -> int:  # type: ignore[empty-body]
    """The bits set in any row. The same name on DuckDB and on Spark; Ibis has its own for DuckDB alone."""


@dataclass(frozen=True, slots=True)
class FactBits:
    """Where each fact stands in one of the words (``masks``) made of a person's card."""

    word: int
    cases: dict[int, masks.Case]
    of_fact: dict[str, int]
    """All bits of a fact within its word: one for each case in which it is true."""

    @classmethod
    def of(cls, person: Person, limits: QualityLimits, taken: int) -> FactBits:
        """The facts from bit ``taken`` on, or from the start of the next word if this one has no room for all."""
        found = {name: masks.cases_of(fact(person, limits)) for name, fact in {**COUNTS, **ANY, **OWN}.items()}
        count = sum(len(cases) for cases in found.values())
        word, place = divmod(taken, masks.WORD)
        if place + count > masks.WORD:
            word, place = word + 1, 0
        cases: dict[int, masks.Case] = {}
        of_fact: dict[str, int] = {}
        for name, of_name in found.items():
            first = place + len(cases)
            of_fact[name] = ((1 << len(of_name)) - 1) << first
            cases |= {word * masks.WORD + first + step: case for step, case in enumerate(of_name)}
        return cls(word, cases, of_fact)

    def column(self, persons: ir.Table) -> ir.IntegerColumn:
        """The word of ``persons`` that holds the facts."""
        return cast("ir.IntegerColumn", persons[masks.column_name(self.word)])

    def true(self, bits: ir.Value, *facts: str) -> ir.BooleanValue:
        """Whether any of ``facts`` is true by ``bits``: a person's word, or the OR of several."""
        asked = sum(self.of_fact[fact] for fact in facts)
        return cast("ir.BooleanValue", cast("ir.IntegerValue", bits) & asked != 0)


def sums_of_members(marks: ir.Table, bits: FactBits) -> ir.Table:
    """One row per household that has members: ``household_id``, ``members``, ``lanes`` (counts) and ``any_bits``.

    ``marks`` has a row per person: ``household_id`` and the words.
    """
    facts = bits.column(marks)
    places = [bits.of_fact[name].bit_length() - 1 for name in COUNTS]
    lanes = [((facts >> place) & 1) << (lane * LANE_BITS) for lane, place in enumerate(places)]
    packed = marks.select("household_id", facts=facts, lanes=reduce(add, lanes))
    return packed.group_by("household_id").aggregate(
        members=packed.count(), lanes=packed.lanes.sum(), any_bits=bit_or(packed.facts)
    )


def with_member_facts(households: ir.Table, sums: ir.Table, bits: FactBits) -> ir.Table:
    """``households`` with one column per fact; a household without members has counts 0 and facts false."""
    facts = sums.rename(member_household_id="household_id")
    joined = households.left_join(facts, households.household_id == facts.member_household_id)
    joined = joined.mutate(**{name: joined[name].fill_null(0) for name in ("members", "lanes", "any_bits")})
    counts = {name: (joined.lanes >> (lane * LANE_BITS)) & ((1 << LANE_BITS) - 1) for lane, name in enumerate(COUNTS)}
    true_of_any = {name: bits.true(joined.any_bits, name) for name in ANY}
    return joined.mutate(**counts, **true_of_any).drop("member_household_id", "lanes", "any_bits")

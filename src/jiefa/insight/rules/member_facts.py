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
from jiefa.insight.rules.codes import ABLE, CHILDREN, DISABLED, HEALTHY, NOT_PUPIL_STAGES, PARENTS, WITHOUT_LABOUR
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
}
"""What rules that compare cards ask of a card; nothing is added up."""


@ibis.udf.agg.builtin  # type: ignore[untyped-decorator]
def bit_or(bits: int) -> int:  # type: ignore[empty-body]
    """The bits set in any row. The same name on DuckDB and on Spark; Ibis has its own for DuckDB alone."""


@dataclass(frozen=True, slots=True)
class FactBits:
    """Where each fact stands in the one word (``masks``) that is made of a person's card for them."""

    cases: dict[int, masks.Case]
    of_fact: dict[str, int]
    """All bits of a fact: one for each case in which it is true."""

    @classmethod
    def of(cls, person: Person, limits: QualityLimits) -> FactBits:
        """The facts from the first bit on. Raises ``ValueError`` when a word has no room for all."""
        cases: dict[int, masks.Case] = {}
        of_fact: dict[str, int] = {}
        for name, fact in {**COUNTS, **ANY, **OWN}.items():
            found, first = masks.cases_of(fact(person, limits)), len(cases)
            of_fact[name] = ((1 << len(found)) - 1) << first
            cases |= {first + step: case for step, case in enumerate(found)}
        if len(cases) > masks.WORD:
            raise ValueError(f"{len(cases)} facts of a member, more than a word holds")
        return cls(cases, of_fact)

    def true(self, bits: ir.Value, *facts: str) -> ir.BooleanValue:
        """Whether any of ``facts`` is true by ``bits``: a person's word, or the OR of several."""
        asked = sum(self.of_fact[fact] for fact in facts)
        return cast("ir.BooleanValue", cast("ir.IntegerValue", bits) & asked != 0)


def sums_of_members(cards: ir.Table, bits: FactBits) -> ir.Table:
    """One row per household that has members: ``household_id``, ``members``, ``lanes`` (counts), ``any_bits``; birth dates
    of the eldest head and child, and of the youngest parent and spouse of the head (NULL where there is none).

    The facts are made from the cards once more and not beside the words of the rules: rows that two readers share are
    kept until the slower has read them (7.7 M persons: as quick, and a peak of 1.8 GiB instead of 1.3).
    """
    marked = cards.select("household_id", "birth_date", **masks.words(bits.cases))
    facts = marked[masks.column_name(0)]
    places = [bits.of_fact[name].bit_length() - 1 for name in COUNTS]
    lanes = [((facts >> place) & 1) << (lane * LANE_BITS) for lane, place in enumerate(places)]
    packed = marked.select("household_id", "birth_date", facts=facts, lanes=reduce(add, lanes))
    born = packed.birth_date
    return packed.group_by("household_id").aggregate(
        members=packed.count(),
        lanes=packed.lanes.sum(),
        any_bits=bit_or(packed.facts),
        head_birth=born.min(where=bits.true(packed.facts, "heads")),
        child_birth=born.min(where=bits.true(packed.facts, "child")),
        parent_birth=born.max(where=bits.true(packed.facts, "parent")),
        spouse_birth=born.max(where=bits.true(packed.facts, "spouses")),
    )


def with_member_facts(households: ir.Table, sums: ir.Table, bits: FactBits) -> ir.Table:
    """``households`` with one column per fact; a household without members has counts 0 and facts false."""
    facts = sums.select("members", "lanes", "any_bits", member_household_id="household_id")
    joined = households.left_join(facts, households.household_id == facts.member_household_id)
    joined = joined.mutate(**{name: joined[name].fill_null(0) for name in ("members", "lanes", "any_bits")})
    counts = {name: (joined.lanes >> (lane * LANE_BITS)) & ((1 << LANE_BITS) - 1) for lane, name in enumerate(COUNTS)}
    true_of_any = {name: bits.true(joined.any_bits, name) for name in ANY}
    return joined.mutate(**counts, **true_of_any).drop("member_household_id", "lanes", "any_bits")

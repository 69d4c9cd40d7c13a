"""What a relation rule may look at: the cards of persons in short, and what is known of households and villages from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis.expr.types as ir

from jiefa.insight.rules import masks
from jiefa.insight.rules.limits import QualityLimits
from jiefa.insight.rules.member_facts import FactBits, sums_of_members
from jiefa.insight.rules.rows import Register
from jiefa.insight.rules.village_sums import sums_of_villages


@dataclass(frozen=True, slots=True)
class Relations:
    """Tables that several rules share. Each is computed once, whoever asks for it."""

    register: Register
    bits: FactBits
    persons: ir.Table
    """``household_id, person_id, village_code, birth_date, id_key``, and the words of person rules and facts."""
    members: ir.Table
    """``member_facts.sums_of_members``."""
    repeated: ir.Table
    """Of ``persons`` (without birth date and words) those whose certificate number stands on several cards. A blank number is no number."""
    villages: ir.Table
    """``village_sums.sums_of_villages``."""

    @classmethod
    def of(
        cls, register: Register, limits: QualityLimits, of_rules: Mapping[int, masks.Case], bits: FactBits
    ) -> Relations:
        persons = register.persons.select(
            "household_id",
            "person_id",
            "village_code",
            "birth_date",
            "id_key",
            **masks.words({**of_rules, **bits.cases}),
        )
        members = sums_of_members(persons, bits)
        villages = sums_of_villages(register.households, limits)
        return cls(register, bits, persons, members, _repeated(persons, bits), villages)

    @property
    def households(self) -> ir.Table:
        return self.register.households

    @property
    def year(self) -> int:
        return self.register.year

    def true_of(self, persons: ir.Table, *facts: str) -> ir.BooleanValue:
        """Whether any of ``facts`` (``member_facts``) is true of each of ``persons``."""
        return self.bits.true(self.bits.column(persons), *facts)


def _repeated(persons: ir.Table, bits: FactBits) -> ir.Table:
    by_number = persons.group_by("id_key").having(persons.count() > 1).aggregate()
    repeated = persons.semi_join(by_number.filter(by_number.id_key.notnull()), "id_key")
    return repeated.select("household_id", "person_id", "village_code", "id_key", masks.column_name(bits.word))

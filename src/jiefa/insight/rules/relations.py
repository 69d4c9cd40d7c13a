"""What a relation rule may look at: the cards of persons in short, and what is known of households and villages from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis.expr.types as ir

from jiefa.insight.rules import masks
from jiefa.insight.rules.codes import CHILDREN
from jiefa.insight.rules.limits import QualityLimits
from jiefa.insight.rules.member_facts import FactBits, sums_of_members
from jiefa.insight.rules.rows import Register, among
from jiefa.insight.rules.village_sums import sums_of_villages


@dataclass(frozen=True, slots=True)
class Relations:
    """Tables that several rules share. Each is computed once, whoever asks for it."""

    register: Register
    bits: FactBits
    marked: ir.Table
    """``household_id, person_id, village_code`` and the words of person rules, for the rows of these. A rule that is after few
    persons reads the cards (``cards``): rows that several readers share are kept until the last has read them."""
    members: ir.Table
    """``member_facts.sums_of_members``."""
    repeated: ir.Table
    """``household_id, person_id, village_code, id_key, child`` of those whose certificate number stands on several cards. A blank number is no number."""
    villages: ir.Table
    """``village_sums.sums_of_villages``."""

    @classmethod
    def of(
        cls, register: Register, limits: QualityLimits, of_rules: Mapping[int, masks.Case], bits: FactBits
    ) -> Relations:
        cards = register.persons
        marked = cards.select("household_id", "person_id", "village_code", **masks.words(of_rules))
        members = sums_of_members(cards, bits)
        villages = sums_of_villages(register.households, limits)
        return cls(register, bits, marked, members, _repeated(register.persons), villages)

    @property
    def cards(self) -> ir.Table:
        """The cards of all persons as they are."""
        return self.register.persons

    @property
    def households(self) -> ir.Table:
        return self.register.households

    @property
    def year(self) -> int:
        return self.register.year


def _repeated(cards: ir.Table) -> ir.Table:
    by_number = cards.group_by("id_key").having(cards.count() > 1).aggregate()
    repeated = cards.semi_join(by_number.filter(by_number.id_key.notnull()), "id_key")
    return repeated.select(
        "household_id", "person_id", "village_code", "id_key", child=among(repeated.relation, CHILDREN)
    )

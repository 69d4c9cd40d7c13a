"""Every number that a quality rule compares with, read once from the policy that holds in the register's year.

Shares and ratios are exact fractions, so that a rule can compare integers crosswise and never divides.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol


class DatedPolicy(Protocol):
    """What is asked of ``jiefa.policy.Policy``."""

    def number(self, identifier: str) -> Decimal: ...

    def fen(self, identifier: str) -> int: ...

    def value(self, identifier: str) -> Any: ...


FOREIGN_IDS = {
    "ho03_area_cap": "relocation.area_cap_m2_per_person",
    "poverty_line_fen": "poverty_line.province",
}
"""Limits that are policy in their own right; all others are ``quality.<rule>.<name>``."""


def parameter_id(field_name: str) -> str:
    """``la01_age_from`` -> ``quality.la01.age_from``; money fields lose their ``_fen``."""
    if field_name in FOREIGN_IDS:
        return FOREIGN_IDS[field_name]
    rule, name = field_name.split("_", 1)
    return f"quality.{rule}.{name.removesuffix('_fen')}"


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """Limits by rule. ``_from`` and ``_to`` are inclusive, ``_below`` is not; money is fen, ages are years."""

    poverty_line_fen: int
    id04_oldest_age: int
    id08_region_prefix: str
    hh08_child_gap_years: int
    hh08_spouse_age_from: int
    hh09_members_to: int
    nu03_age_from: int
    nu03_age_to: int
    nu04_age_from: int
    nu05_age_from: int
    nu05_age_to: int
    ca04_other_causes_to: int
    ca05_able_share_to: Fraction
    db03_age_from: int
    db03_age_to: int
    la01_age_from: int
    la01_age_to: int
    la02_age_from: int
    la02_age_to: int
    la03_age_from: int
    la04_level_to: int
    la05_age_from: int
    wk01_months_to: int
    wk05_age_from: int
    wk07_monthly_wage_from_fen: int
    wk07_monthly_wage_to_fen: int
    wk08_age_from: int
    wk08_age_below: int
    wk08_posts_below: int
    in01_per_person_to_fen: int
    in02_difference_to_fen: int
    in04_cost_ratio_to: Fraction
    in05_change_share_to: Fraction
    in06_band_share: Fraction
    in06_village_share_to: Fraction
    in06_village_households_from: int
    in07_transfer_share_to: Fraction
    ed01_age_from: int
    ed01_age_to: int
    ed02_primary_age_to: int
    ed02_junior_age_from: int
    ed02_junior_age_to: int
    ed02_senior_age_from: int
    ed02_senior_age_to: int
    ed02_college_age_from: int
    ed02_master_age_from: int
    ed03_age_from: int
    ed04_years_below: int
    ho02_area_to: Decimal
    ho02_area_from: Decimal
    ho03_area_cap: Decimal
    ho04_demolish_years: int
    ld01_cultivated_per_person_to: Decimal
    ld01_forest_per_person_to: Decimal
    ld01_cultivated_to: Decimal
    ld01_forest_to: Decimal
    ld02_distance_to: Decimal
    ld02_distance_error: Decimal

    @classmethod
    def from_policy(cls, policy: DatedPolicy) -> QualityLimits:
        """The limits of one day. Raises what ``policy`` raises for an identifier that it does not know."""
        return cls(**{field.name: _read(policy, field.name, str(field.type)) for field in fields(cls)})


def _read(policy: DatedPolicy, field_name: str, type_name: str) -> Any:
    identifier = parameter_id(field_name)
    if field_name.endswith("_fen"):
        return policy.fen(identifier)
    if type_name == "str":
        return str(policy.value(identifier).amount)
    number = policy.number(identifier)
    if type_name == "Fraction":
        return Fraction(number)
    if type_name == "Decimal":
        return number
    if number != number.to_integral_value():
        raise ValueError(f"{identifier} must be a whole number, not {number}")
    return int(number)

"""ID01-ID08: what a certificate number says of itself, and the same number twice. Works on facts, never on numbers."""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir

from jiefa.insight.rules.catalogue import Condition, person_rule, relation_rule
from jiefa.insight.rules.codes import MARRIED_IN_RELATIONS
from jiefa.insight.rules.limits import QualityLimits
from jiefa.insight.rules.relations import Relations
from jiefa.insight.rules.rows import Person, among, any_of, is_true

CITIZEN_LENGTH = 18
DISABILITY_LENGTHS = (20, 22)
DISABILITY_KINDS = (1, 7)
DISABILITY_LEVELS = (1, 4)
TIERS = {"village": 12, "county": 6, "prefecture": 4}
"""The smallest area that holds both cards, by length of the common code; everything else is "province"."""


@person_rule("ID01")
def id01(p: Person, _: QualityLimits) -> Condition:
    return {
        "missing": p.id_form == "missing",
        "old": p.id_form == "old_citizen",
        "length": p.id_length.notin((CITIZEN_LENGTH, *DISABILITY_LENGTHS)),
    }


@person_rule("ID02")
def id02(p: Person, _: QualityLimits) -> Condition:
    return (p.id_length == CITIZEN_LENGTH) & ~is_true(p.id_checksum_ok)


@person_rule("ID03")
def id03(p: Person, _: QualityLimits) -> Condition:
    long = p.id_length.isin(DISABILITY_LENGTHS)
    return {
        "number": long & ~is_true(p.id_checksum_ok),
        "kind": long & ~is_true(p.disability_kind.between(*DISABILITY_KINDS)),
        "level": long & ~is_true(p.disability_level.between(*DISABILITY_LEVELS)),
    }


@person_rule("ID04")
def id04(p: Person, limits: QualityLimits) -> Condition:
    return {
        "invalid": p.id_form.isin(("citizen", "disability")) & p.id_birth_date.isnull(),
        "future": p.id_birth_date > dt.date(p.on_year, 12, 31),
        "too_old": p.id_birth_date < dt.date(p.on_year - limits.id04_oldest_age, 1, 1),
    }


@person_rule("ID05")
def id05(p: Person, _: QualityLimits) -> Condition:
    return p.sex != p.id_sex


@person_rule("ID07")
def id07(p: Person, _: QualityLimits) -> Condition:
    return p.id_placeholder


@person_rule("ID08")
def id08(p: Person, limits: QualityLimits) -> Condition:
    elsewhere = ~p.id_region.startswith(limits.id08_region_prefix) & ~p.id_placeholder
    married_in = any_of(among(p.relation, MARRIED_IN_RELATIONS), p.joined_reason == "marriage_in")
    return elsewhere & ~is_true(married_in)


@relation_rule("ID06", scope="area")
def id06(r: Relations, _: QualityLimits) -> ir.Table:
    """Every card whose number stands on another card too, with the nearest tier that holds another one."""
    cards = r.repeated
    inside = {
        tier: cards.count().over(ibis.window(group_by=["id_key", cards.village_code.left(length)])) > 1
        for tier, length in TIERS.items()
    }
    tier = ibis.cases(*((condition, name) for name, condition in inside.items()), else_="province")
    return cards.select("household_id", "person_id", "village_code", detail=tier)

"""ED01-ED06 and ME01-ME03: school against age, and who is insured."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from jiefa.insight.rules.catalogue import Condition, person_rule, relation_rule
from jiefa.insight.rules.codes import (
    COLLEGE_AND_ABOVE,
    HEALTHY,
    ILL,
    NOT_PUPIL,
    PRESCHOOL,
    PRIMARY_OR_BELOW,
    SENIOR,
    VOCATIONAL,
)
from jiefa.insight.rules.limits import QualityLimits
from jiefa.insight.rules.relations import Relations
from jiefa.insight.rules.rows import Person, empty_or_zero, is_true


@person_rule("ED01")
def ed01(p: Person, limits: QualityLimits) -> Condition:
    of_age = p.aged(limits.ed01_age_from, limits.ed01_age_to)
    return (p.school_stage == NOT_PUPIL) & p.dropout_reason.isnull() & of_age


@person_rule("ED02")
def ed02(p: Person, limits: QualityLimits) -> Condition:
    stage = p.school_stage
    junior_age = p.aged(limits.ed02_junior_age_from, limits.ed02_junior_age_to)
    senior_age = p.aged(limits.ed02_senior_age_from, limits.ed02_senior_age_to)
    return {
        "primary": stage.isin(PRIMARY_OR_BELOW) & p.aged_from(limits.ed02_primary_age_to + 1),
        "junior": (stage == "junior") & ~junior_age,
        "senior": stage.isin(SENIOR) & ~senior_age,
        "college": stage.isin(COLLEGE_AND_ABOVE) & p.aged_below(limits.ed02_college_age_from),
        "master": (stage == "master") & p.aged_below(limits.ed02_master_age_from),
    }


@person_rule("ED03")
def ed03(p: Person, limits: QualityLimits) -> Condition:
    return p.school_stage.isin(PRESCHOOL) & (p.health == HEALTHY) & p.aged_from(limits.ed03_age_from)


@person_rule("ED04")
def ed04(p: Person, limits: QualityLimits) -> Condition:
    return p.same_grade_years >= limits.ed04_years_below


@person_rule("ED05")
def ed05(p: Person, _: QualityLimits) -> Condition:
    return p.dropout_reason.isin(("illness", "disability")) & (p.health == HEALTHY)


@person_rule("ED06")
def ed06(p: Person, _: QualityLimits) -> Condition:
    return {
        "not_eligible": (p.yulu_grant_fen > 0) & p.school_stage.notin(VOCATIONAL),
        "unpaid": p.school_stage.isin(VOCATIONAL) & empty_or_zero(p.yulu_grant_fen),
    }


@person_rule("ME01")
def me01(p: Person, _: QualityLimits) -> Condition:
    return ~is_true(p.resident_medical) & ~is_true(p.employee_medical)


@person_rule("ME02")
def me02(p: Person, _: QualityLimits) -> Condition:
    return p.resident_medical & p.employee_medical


@relation_rule("ME03", scope="household")
def me03(r: Relations, _: QualityLimits) -> ir.Table:
    ill = r.cards.filter(r.cards.health.isin(ILL), ~is_true(r.cards.serious_illness_insurance))
    exited = r.households.filter(r.households.poverty_status == "exited")
    found = ill.semi_join(exited, "household_id")
    return found.select("household_id", "person_id", "village_code", detail=ibis.null("string"))

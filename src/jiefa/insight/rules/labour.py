"""LA01-LA05 and WK01-WK08: labour ability against age, health and school; work against labour ability."""

from __future__ import annotations

from jiefa.insight.rules.catalogue import Condition, household_rule, person_rule
from jiefa.insight.rules.codes import (
    ABLE,
    HEALTHY,
    LIMB_DISABILITY,
    NOT_PUPIL,
    NOT_PUPIL_STAGES,
    TO_SENIOR,
    WITHOUT_LABOUR,
)
from jiefa.insight.rules.limits import QualityLimits
from jiefa.insight.rules.rows import Household, Person, any_of, empty_or_zero, works


@person_rule("LA01")
def la01(p: Person, limits: QualityLimits) -> Condition:
    return (p.labour == "lost") & (p.health == HEALTHY) & p.aged(limits.la01_age_from, limits.la01_age_to)


@person_rule("LA02")
def la02(p: Person, limits: QualityLimits) -> Condition:
    """A blank school stage counts as "no pupil" only above the ages at which NU05 asks for it."""
    no_pupil = any_of(p.school_stage == NOT_PUPIL, p.school_stage.isnull() & p.aged_from(limits.nu05_age_to + 1))
    of_age = p.aged(limits.la02_age_from, limits.la02_age_to)
    return (p.labour == "none") & (p.health == HEALTHY) & of_age & no_pupil


@person_rule("LA03")
def la03(p: Person, limits: QualityLimits) -> Condition:
    some_labour = p.labour != "none"
    return {
        "under_age": some_labour & p.aged_below(limits.la03_age_from),
        "pupil": some_labour & p.school_stage.notin(NOT_PUPIL_STAGES),
    }


@person_rule("LA04")
def la04(p: Person, limits: QualityLimits) -> Condition:
    severe = (p.disability_kind == LIMB_DISABILITY) & p.disability_level.between(1, limits.la04_level_to)
    return severe & (p.labour == "ordinary")


@person_rule("LA05")
def la05(p: Person, limits: QualityLimits) -> Condition:
    return p.labour.isin(ABLE) & p.aged_from(limits.la05_age_from)


@person_rule("WK01")
def wk01(p: Person, limits: QualityLimits) -> Condition:
    return any_of(p.work_months < 0, p.work_months > limits.wk01_months_to)


@person_rule("WK02")
def wk02(p: Person, _: QualityLimits) -> Condition:
    return p.work_place.notnull() & empty_or_zero(p.work_months)


@person_rule("WK03")
def wk03(p: Person, _: QualityLimits) -> Condition:
    return p.work_place.isnull() & (p.work_months > 0)


@person_rule("WK04")
def wk04(p: Person, _: QualityLimits) -> Condition:
    return p.labour.isin(WITHOUT_LABOUR) & works(p)


@person_rule("WK05")
def wk05(p: Person, limits: QualityLimits) -> Condition:
    return {
        "under_age": works(p) & p.aged_below(limits.wk05_age_from),
        "pupil": works(p) & p.school_stage.isin(TO_SENIOR),
    }


@household_rule("WK06")
def wk06(h: Household, _: QualityLimits) -> Condition:
    return {
        "nobody_works": (h.wage_income_fen > 0) & (h.members > 0) & ~h.working,
        "no_wage": h.working & empty_or_zero(h.wage_income_fen),
    }


@person_rule("WK07")
def wk07(p: Person, limits: QualityLimits) -> Condition:
    """Inside the own county the county needs no code; a wage without months of work is WK01 to WK03's matter."""
    paid = p.work_months > 0
    return {
        "county": p.work_place.isin(("province", "outside")) & p.work_county.isnull(),
        "low": paid & (p.monthly_wage_fen < limits.wk07_monthly_wage_from_fen),
        "high": paid & (p.monthly_wage_fen > limits.wk07_monthly_wage_to_fen),
    }


@person_rule("WK08")
def wk08(p: Person, limits: QualityLimits) -> Condition:
    wrong_age = any_of(p.aged_below(limits.wk08_age_from), p.aged_from(limits.wk08_age_below))
    return {"tekun": p.tekun & works(p), "post_age": p.welfare_post & wrong_age}


@household_rule("WK08")
def wk08_posts(h: Household, limits: QualityLimits) -> Condition:
    return {"posts": h.posts >= limits.wk08_posts_below}

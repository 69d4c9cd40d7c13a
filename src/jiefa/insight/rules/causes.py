"""CA01-CA06 and DB01-DB06: the stated cause and the household's class against what its members' cards say."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from jiefa.insight.rules.catalogue import Condition, household_rule, relation_rule
from jiefa.insight.rules.codes import DIBAO_CLASSES, GENERAL_CLASS, WUBAO_CLASSES
from jiefa.insight.rules.limits import QualityLimits
from jiefa.insight.rules.relations import Relations
from jiefa.insight.rules.rows import Household, any_of, empty_or_zero, hundredths


@household_rule("CA01")
def ca01(h: Household, _: QualityLimits) -> Condition:
    """Not judged while a member's health is blank (NU02)."""
    return (h.main_cause == "illness") & (h.members > 0) & ~h.unhealthy & ~h.health_unknown


@household_rule("CA02")
def ca02(h: Household, _: QualityLimits) -> Condition:
    """Not judged while the school stage of a member of school age is blank (NU05)."""
    return (h.main_cause == "schooling") & (h.members > 0) & ~h.pupil & ~h.stage_unknown


@household_rule("CA03")
def ca03(h: Household, _: QualityLimits) -> Condition:
    return (h.main_cause == "disability") & (h.members > 0) & ~h.disabled & ~h.health_unknown


@household_rule("CA04")
def ca04(h: Household, limits: QualityLimits) -> Condition:
    return {
        "same": any_of(h.other_cause_1 == h.main_cause, h.other_cause_2 == h.main_cause),
        "too_many": h.other_causes > limits.ca04_other_causes_to,
    }


@household_rule("CA05")
def ca05(h: Household, limits: QualityLimits) -> Condition:
    share = limits.ca05_able_share_to
    return (h.main_cause == "labour") & (h.able * share.denominator > h.members * share.numerator)


@household_rule("CA06")
def ca06_water(h: Household, _: QualityLimits) -> Condition:
    return {"water": (h.main_cause == "water") & ~h.water_difficult & h.water_safe}


@relation_rule("CA06", scope="area")
def ca06_land(r: Relations, _: QualityLimits) -> ir.Table:
    """Land per head above the mean of the county's registered households; compared crosswise in 1/100 mu."""
    by_county = r.villages.mutate(county=r.villages.village_code.left(6))
    county = by_county.group_by("county").aggregate(
        county_land=by_county.stated_land.sum(), county_people=by_county.stated_people.sum()
    )
    households = r.households.filter(r.households.main_cause == "land", r.households["size"] > 0)
    short = households.select(
        "household_id",
        "village_code",
        county=households.village_code.left(6),
        land=hundredths(households.cultivated_land_mu),
        people=households["size"].cast("int64"),
    ).inner_join(county, "county")
    found = short.filter(short.land * short.county_people > short.people * short.county_land)
    return found.select("household_id", "village_code", person_id=ibis.null("int64"), detail=ibis.literal("land"))


@household_rule("DB01")
def db01(h: Household, _: QualityLimits) -> Condition:
    """A blank means not marked."""
    return h.household_class.isin(DIBAO_CLASSES) & (h.members > 0) & ~h.dibao_member


@household_rule("DB02")
def db02(h: Household, _: QualityLimits) -> Condition:
    general = h.household_class == GENERAL_CLASS
    return {
        "member": general & h.dibao_member,
        "income": general & any_of(h.dibao_income_fen > 0, h.tekun_income_fen > 0),
    }


@household_rule("DB03")
def db03(h: Household, _: QualityLimits) -> Condition:
    return h.household_class.isin(WUBAO_CLASSES) & h.able_of_age


@household_rule("DB04")
def db04(h: Household, _: QualityLimits) -> Condition:
    return (h.dibao_income_fen > 0) & (h.tekun_income_fen > 0)


@household_rule("DB05")
def db05(h: Household, _: QualityLimits) -> Condition:
    return {
        "dibao": h.household_class.isin(DIBAO_CLASSES) & empty_or_zero(h.dibao_income_fen),
        "tekun": h.household_class.isin(WUBAO_CLASSES) & empty_or_zero(h.tekun_income_fen),
    }


@household_rule("DB06")
def db06(h: Household, _: QualityLimits) -> Condition:
    """Tekun support stands in for dibao; a blank labour field may hide labour, so it does not fire."""
    guaranteed = h.dibao_member | h.tekun_member | h.household_class.isin(WUBAO_CLASSES).fill_null(False)
    return (h.members > 0) & ~h.perhaps_labour & ~guaranteed

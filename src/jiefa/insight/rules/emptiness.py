"""NU01-NU09: fields that may not stay empty. Here NULL is what a rule looks for."""

from __future__ import annotations

from jiefa.insight.rules.catalogue import Condition, household_rule, person_rule
from jiefa.insight.rules.codes import DISABLED, NOT_PUPIL, NOT_PUPIL_STAGES
from jiefa.insight.rules.limits import QualityLimits
from jiefa.insight.rules.rows import Household, Person, is_true


@person_rule("NU01")
def nu01(p: Person, _: QualityLimits) -> Condition:
    return p.ethnic_group.isnull()


@person_rule("NU02")
def nu02(p: Person, _: QualityLimits) -> Condition:
    return p.health.isnull()


@person_rule("NU03")
def nu03(p: Person, limits: QualityLimits) -> Condition:
    return p.labour.isnull() & p.aged(limits.nu03_age_from, limits.nu03_age_to)


@person_rule("NU04")
def nu04(p: Person, limits: QualityLimits) -> Condition:
    """A blank school stage counts as "no pupil" only above the ages at which NU05 asks for it."""
    stated = (p.school_stage == NOT_PUPIL) & p.aged_from(limits.nu04_age_from)
    grown_up = p.school_stage.isnull() & p.aged_from(limits.nu05_age_to + 1)
    return {
        "empty": p.education.isnull() & (stated | grown_up),
        "both": p.education.notnull() & p.school_stage.notin(NOT_PUPIL_STAGES),
    }


@person_rule("NU05")
def nu05(p: Person, limits: QualityLimits) -> Condition:
    return p.school_stage.isnull() & p.aged(limits.nu05_age_from, limits.nu05_age_to)


@household_rule("NU06")
def nu06(h: Household, _: QualityLimits) -> Condition:
    return h.main_cause.isnull()


LIVING = (
    "house_area_m2",
    "house_danger",
    "water_difficult",
    "water_safe",
    "electricity",
    "fuel",
    "sanitary_toilet",
    "road_type",
)
PRODUCTION = (
    "road_distance_km",
    "production_electricity",
    "cooperative",
    "cultivated_land_mu",
    "forest_land_mu",
    "grass_land_mu",
    "water_area_mu",
)


@household_rule("NU07", all_details=True)
def nu07(h: Household, _: QualityLimits) -> Condition:
    """The detail names every empty field."""
    return {name: h.table[name].isnull() for name in LIVING}


@household_rule("NU08", all_details=True)
def nu08(h: Household, _: QualityLimits) -> Condition:
    """The detail names every empty field."""
    return {name: h.table[name].isnull() for name in PRODUCTION}


@person_rule("NU09")
def nu09(p: Person, _: QualityLimits) -> Condition:
    return p.health.isin(DISABLED) & ~is_true(p.id_form == "disability")

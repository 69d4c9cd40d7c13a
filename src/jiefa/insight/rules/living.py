"""HO01-HO04, LD01-LD02, VI03-VI04: house, relocation, land and road; a village's figures against its households'."""

from __future__ import annotations

from decimal import Decimal

import ibis
import ibis.expr.types as ir

from jiefa.insight.rules.catalogue import Condition, household_rule, relation_rule
from jiefa.insight.rules.codes import DANGEROUS
from jiefa.insight.rules.limits import QualityLimits
from jiefa.insight.rules.relations import Relations
from jiefa.insight.rules.rows import Household, any_of, empty_or_zero, hundredths


def _in_hundredths(limit: Decimal) -> int:
    return int(limit * 100)


@household_rule("HO01")
def ho01(h: Household, _: QualityLimits) -> Condition:
    exited = h.poverty_status == "exited"
    return {"house": exited & h.house_danger.isin(DANGEROUS), "water": exited & ~h.water_safe}


@household_rule("HO02")
def ho02(h: Household, limits: QualityLimits) -> Condition:
    area = hundredths(h.house_area_m2)
    return {
        "empty": empty_or_zero(h.house_area_m2),
        "large": (h.people > 0) & (area > h.people * _in_hundredths(limits.ho02_area_to)),
        "small": (area > 0) & (area < h.people * _in_hundredths(limits.ho02_area_from)),
    }


@household_rule("HO03")
def ho03(h: Household, limits: QualityLimits) -> Condition:
    cap = h.people * _in_hundredths(limits.ho03_area_cap)
    return h.relocated_year.notnull() & (h.people > 0) & (hundredths(h.house_area_m2) > cap)


@household_rule("HO04")
def ho04(h: Household, limits: QualityLimits) -> Condition:
    overdue = h.relocated_year < h.on_year - limits.ho04_demolish_years
    return {
        "old_house": overdue & ~h.old_house_demolished,
        "two_subsidies": h.relocated_year.notnull() & h.house_repair_subsidy,
    }


@household_rule("LD01")
def ld01(h: Household, limits: QualityLimits) -> Condition:
    cultivated, forest = hundredths(h.cultivated_land_mu), hundredths(h.forest_land_mu)
    per_person = (limits.ld01_cultivated_per_person_to, limits.ld01_forest_per_person_to)
    return {
        "cultivated": any_of(
            (h.people > 0) & (cultivated > h.people * _in_hundredths(per_person[0])),
            cultivated > _in_hundredths(limits.ld01_cultivated_to),
        ),
        "forest": any_of(
            (h.people > 0) & (forest > h.people * _in_hundredths(per_person[1])),
            forest > _in_hundredths(limits.ld01_forest_to),
        ),
    }


@household_rule("LD02")
def ld02(h: Household, limits: QualityLimits) -> Condition:
    distance = hundredths(h.road_distance_km)
    return {
        "impossible": distance > _in_hundredths(limits.ld02_distance_error),
        "far": distance > _in_hundredths(limits.ld02_distance_to),
    }


@relation_rule("VI03", scope="area")
def vi03(r: Relations, _: QualityLimits) -> ir.Table:
    both = r.register.villages.left_join(r.villages, "village_code")
    detail = ibis.cases(
        (both.reported_poor_households.cast("int64") != both.poor.fill_null(0), "households"),
        (both.reported_poor_people.cast("int64") != both.poor_people.fill_null(0), "people"),
    )
    return _villages(both, detail)


@relation_rule("VI04", scope="area")
def vi04(r: Relations, _: QualityLimits) -> ir.Table:
    both = r.register.villages.left_join(r.villages, "village_code")
    less = hundredths(both.cultivated_land_mu) < both.land
    return _villages(both, ibis.cases((less, "cultivated_land_mu")))


def _villages(facts: ir.Table, detail: ir.StringValue) -> ir.Table:
    """The villages for which ``detail`` is not NULL."""
    found = facts.select("village_code", household_id=ibis.null("int64"), person_id=ibis.null("int64"), detail=detail)
    return found.filter(found.detail.notnull())

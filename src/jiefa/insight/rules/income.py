"""IN01-IN08: the household's income of the year. Everything is compared in whole fen, crosswise, without division."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import add

import ibis
import ibis.expr.types as ir

from jiefa.insight.rules.catalogue import Condition, household_rule, relation_rule
from jiefa.insight.rules.limits import QualityLimits
from jiefa.insight.rules.relations import Relations
from jiefa.insight.rules.rows import Household, empty_or_zero
from jiefa.insight.rules.village_sums import near_line
from jiefa.registry.cards import INCOME_COLUMNS, TRANSFER_COLUMNS


def _added(h: Household, parts: Iterable[str]) -> ir.IntegerValue:
    """Blank parts count 0."""
    return reduce(add, (h.table[name].fill_null(0) for name in parts))


@household_rule("IN01")
def in01(h: Household, limits: QualityLimits) -> Condition:
    per_person = h.net_income_per_person_fen
    return {
        "empty": per_person.isnull(),
        "not_positive": per_person <= 0,
        "too_high": per_person > limits.in01_per_person_to_fen,
    }


@household_rule("IN02")
def in02(h: Household, limits: QualityLimits) -> Condition:
    """The figure on the form against one added up anew, blank parts as 0; not judged where income is unknown."""
    net = _added(h, INCOME_COLUMNS) - h.business_cost_fen.fill_null(0)
    difference = (h.stated_income_per_person_fen * h.people - net).abs()
    return (h.people > 0) & h.net_income_fen.notnull() & (difference > h.people * limits.in02_difference_to_fen)


@household_rule("IN03")
def in03(h: Household, _: QualityLimits) -> Condition:
    return (h.business_income_fen > 0) & empty_or_zero(h.business_cost_fen)


@household_rule("IN04")
def in04(h: Household, limits: QualityLimits) -> Condition:
    ratio = limits.in04_cost_ratio_to
    return h.business_cost_fen * ratio.denominator > h.business_income_fen * ratio.numerator


@household_rule("IN05")
def in05(h: Household, limits: QualityLimits) -> Condition:
    share, before = limits.in05_change_share_to, h.previous_income_per_person_fen
    change = (h.net_income_per_person_fen - before).abs()
    return (before > 0) & (change * share.denominator > before * share.numerator)


@relation_rule("IN06", scope="household")
def in06_near(r: Relations, limits: QualityLimits) -> ir.Table:
    h = r.households
    found = h.filter(near_line(h.net_income_fen, h["size"].cast("int64"), limits))
    return found.select("household_id", "village_code", person_id=ibis.null("int64"), detail=ibis.literal("near_line"))


@relation_rule("IN06", scope="area")
def in06_heaping(r: Relations, limits: QualityLimits) -> ir.Table:
    """Villages in which too many households stand near the line; the finding is the village's."""
    share, villages = limits.in06_village_share_to, r.villages
    heaped = villages.filter(
        villages.judged >= limits.in06_village_households_from,
        villages.near * share.denominator > villages.judged * share.numerator,
    )
    return heaped.select(
        "village_code",
        household_id=ibis.null("int64"),
        person_id=ibis.null("int64"),
        detail=ibis.literal("heaping"),
    )


@household_rule("IN07")
def in07(h: Household, limits: QualityLimits) -> Condition:
    """``one_off_grant``: the stated figure is right only if grants that are no income are counted in.

    All income is net income and business cost: adding up nine parts that may be blank took a tenth of the whole pass.
    """
    share, slack = limits.in07_transfer_share_to, h.people * limits.in02_difference_to_fen
    total = h.net_income_fen + h.business_cost_fen.fill_null(0)
    excess = h.stated_income_per_person_fen * h.people - h.net_income_fen
    grants = h.excluded_grants_fen
    leaves = (h.exited_this_year & (h.poverty_status == "exited")) | (h.poverty_status == "pre_exit")
    return {
        "transfer_share": leaves & (_added(h, TRANSFER_COLUMNS) * share.denominator > total * share.numerator),
        "one_off_grant": (grants > slack) & ((excess - grants).abs() <= slack),
    }


@household_rule("IN08")
def in08(h: Household, limits: QualityLimits) -> Condition:
    """Only the card of the exit's own year can be judged: line and income are both of that year."""
    left = (h.poverty_status == "exited") & h.exited_this_year
    return left & (h.people > 0) & (h.net_income_fen < h.people * limits.poverty_line_fen)

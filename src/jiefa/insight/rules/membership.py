"""HH01-HH12: who belongs to a household, how they are related, and what two households may not share."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from jiefa.insight.rules.catalogue import Condition, household_rule, person_rule, relation_rule
from jiefa.insight.rules.codes import CHILDREN, FEMALE_RELATIONS, MALE_RELATIONS, PARENTS
from jiefa.insight.rules.limits import QualityLimits
from jiefa.insight.rules.relations import Relations
from jiefa.insight.rules.rows import Household, Person, among, any_of


@household_rule("HH01")
def hh01(h: Household, _: QualityLimits) -> Condition:
    """A household without any member is HH02's alone."""
    return {"none": (h.heads == 0) & (h.members > 0), "several": h.heads > 1}


@household_rule("HH02")
def hh02(h: Household, _: QualityLimits) -> Condition:
    return h.members == 0


@household_rule("HH03")
def hh03(h: Household, _: QualityLimits) -> Condition:
    return h.members != h.stated_size


@relation_rule("HH04", scope="area")
def hh04(r: Relations, _: QualityLimits) -> ir.Table:
    lost = r.cards.semi_join(r.members.anti_join(r.households, "household_id"), "household_id")
    return lost.select("household_id", "person_id", "village_code", detail=ibis.null("string"))


@household_rule("HH05")
def hh05(h: Household, _: QualityLimits) -> Condition:
    return h.spouses > 1


@household_rule("HH06")
def hh06(h: Household, _: QualityLimits) -> Condition:
    return (h.male_head & h.male_spouse) | (h.female_head & h.female_spouse)


@person_rule("HH07")
def hh07(p: Person, _: QualityLimits) -> Condition:
    wrong_woman = (p.sex == "female") & among(p.relation, MALE_RELATIONS)
    wrong_man = (p.sex == "male") & among(p.relation, FEMALE_RELATIONS)
    return wrong_woman | wrong_man


@relation_rule("HH08", scope="household")
def hh08(r: Relations, limits: QualityLimits) -> ir.Table:
    """Ages against the head's (the eldest, should there be several heads).

    The extremes of each household say whether it has anybody to look at; few have.
    """
    member = r.members
    gap = member.child_birth.year() - member.head_birth.year()
    conspicuous = member.filter(
        any_of(
            gap < limits.hh08_child_gap_years,
            member.parent_birth > member.head_birth,
            r.year - member.spouse_birth.year() < limits.hh08_spouse_age_from,
        )
    )
    pairs = r.cards.inner_join(conspicuous.select("household_id", "head_birth"), "household_id")
    age = r.year - pairs.birth_date.year()
    detail = ibis.cases(
        (
            among(pairs.relation, CHILDREN)
            & (pairs.birth_date.year() - pairs.head_birth.year() < limits.hh08_child_gap_years),
            "child",
        ),
        (among(pairs.relation, PARENTS) & (pairs.birth_date > pairs.head_birth), "parent"),
        ((pairs.relation == "spouse") & (age < limits.hh08_spouse_age_from), "spouse"),
    )
    found = pairs.select("household_id", "person_id", "village_code", detail=detail)
    return found.filter(found.detail.notnull())


@household_rule("HH09")
def hh09_large(h: Household, limits: QualityLimits) -> Condition:
    return {"large": h.members > limits.hh09_members_to}


@relation_rule("HH09", scope="area")
def hh09_split(r: Relations, _: QualityLimits) -> ir.Table:
    """One-member households whose only member is a child of the head on another household's card.

    Cards name no parents, so the same certificate number is the only trace that a split leaves.
    """
    singles = r.households.filter(r.households["size"] == 1).select("household_id")
    # The shared table stands on the right of each join: on the left Ibis would write it out a second time.
    alone = singles.inner_join(r.repeated, "household_id").select("household_id", "village_code", "id_key")
    child = r.repeated.filter(r.repeated.child).select(other="household_id", id_key="id_key")
    split = alone.semi_join(child, [alone.id_key == child.id_key, alone.household_id != child.other])
    return split.select("household_id", "village_code", person_id=ibis.null("int64"), detail=ibis.literal("split"))


@relation_rule("HH10", scope="area")
def hh10(r: Relations, _: QualityLimits) -> ir.Table:
    """Households that share an account or a telephone; one that shares both is named once, for the account."""
    sharing = ibis.union(_sharing(r.households, "account_key", "account"), _sharing(r.households, "phone_key", "phone"))
    found = sharing.group_by("household_id", "village_code").aggregate(detail=sharing.detail.min())
    return found.mutate(person_id=ibis.null("int64"))


def _sharing(households: ir.Table, key: str, detail: str) -> ir.Table:
    keyed = households.filter(households[key].notnull())
    shared = keyed.group_by(key).having(keyed.count() > 1).aggregate()
    return keyed.semi_join(shared, key).select("household_id", "village_code", detail=ibis.literal(detail))


@household_rule("HH11")
def hh11(h: Household, _: QualityLimits) -> Condition:
    return ~h.account_holder_is_member


@household_rule("HH12")
def hh12(h: Household, _: QualityLimits) -> Condition:
    return ~h.phone_valid

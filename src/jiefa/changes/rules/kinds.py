"""What a kind of change does to a household, and how many officers it takes: read from the pack, never decided here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from jiefa.kernel.errors import Words
from jiefa.policy import Pack, Policy

SMALL, SMALL_TOWNSHIP, TWO, COUNTY = (
    "household_change_small",
    "household_change_township",
    "household_change",
    "household_split_merge",
)
PROCEDURES = (SMALL, SMALL_TOWNSHIP, TWO, COUNTY)
"""By one officer of the village, by one of the township, by two, by three up to the county."""
CODES = "household_change"


class Doing(StrEnum):
    """What a kind does to the members of a household."""

    JOINS = "joins"
    LEAVES = "leaves"
    SPLIT = "split"
    MERGE = "merge"
    HEAD = "head"
    CORRECTION = "correction"


def doing(kind: str, pack: Pack) -> Doing:
    """What the kind does. The pack's reasons for joining and leaving say it of all that are about one person."""
    if kind in (Doing.SPLIT, Doing.MERGE, Doing.HEAD, Doing.CORRECTION):
        return Doing(kind)
    return Doing.JOINS if "join_reason" in pack.codes(CODES).by_id[kind].maps_to else Doing.LEAVES


def reason(kind: str, pack: Pack) -> str:
    """The reason for joining or leaving that the kind stands for; of a split or merger the same on both sides."""
    maps_to = pack.codes(CODES).by_id[kind].maps_to
    return maps_to.get("join_reason") or maps_to["leave_reason"]


class Ground(StrEnum):
    """Why a change is not for one officer alone."""

    KIND = "kind"
    COUNTY = "county"
    FIELD = "field"
    ALLOWANCE = "allowance"
    HOLDER = "holder"
    HEAD_HOLDER = "head_holder"


GROUNDS: dict[str, Words] = {
    Ground.KIND: Words("这一种变更须村、乡两人办理", "this kind of change takes two officers"),
    Ground.COUNTY: Words("改变在册户数，须经县审定", "it changes how many households there are; the county decides"),
    Ground.FIELD: Words(
        "涉及身份、户属性、收入、账户或补助的字段", "it touches identity, class, income, account or allowance"
    ),
    Ground.ALLOWANCE: Words("涉及的人享受低保或特困供养", "somebody concerned receives an allowance"),
    Ground.HOLDER: Words("涉及的人是一卡通开户人", "somebody concerned holds the household's account"),
    Ground.HEAD_HOLDER: Words("原户主是一卡通开户人", "the head who is replaced holds the household's account"),
}


@dataclass(frozen=True, slots=True)
class Concerned:
    """Somebody whom a change takes out of a household or out of the place of the head."""

    name: str
    dibao: bool
    tekun: bool


def grounds(
    kind: str, fields: Collection[str], leaving: Collection[Concerned], old_head: str, holder: str, policy: Policy
) -> tuple[Ground, ...]:
    """Why the change touches status or money; empty: one officer records it.

    ``fields``: those that a correction changes. ``old_head``: who is head no longer, '' where nobody. ``holder``: of the account.
    """
    found = []
    if kind in policy.texts("changes.county"):
        return (Ground.COUNTY,)
    if kind not in policy.texts("changes.one_officer"):
        found.append(Ground.KIND)
    if by_two(policy) & set(fields):
        found.append(Ground.FIELD)
    if any(one.dibao or one.tekun for one in leaving):
        found.append(Ground.ALLOWANCE)
    if holder and any(one.name == holder for one in leaving):
        found.append(Ground.HOLDER)
    elif holder and old_head == holder:
        found.append(Ground.HEAD_HOLDER)
    return tuple(found)


def procedures_for(found: Collection[Ground]) -> tuple[str, ...]:
    """The procedures by which a change with these grounds may go; the officer's post chooses among them."""
    if Ground.COUNTY in found:
        return (COUNTY,)
    return (TWO,) if found else (SMALL, SMALL_TOWNSHIP)


def by_two(policy: Policy) -> frozenset[str]:
    """The fields of the roster that only two officers change."""
    return frozenset(policy.texts("changes.two_officer_fields"))


def correctable(policy: Policy) -> frozenset[str]:
    """The fields of the roster that may be corrected."""
    return by_two(policy).union(policy.texts("changes.one_officer_fields"))

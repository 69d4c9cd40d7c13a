"""What speaks against a row of the register of industry or of benefit links; each a remark with its remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jiefa.assistance.rules.programmes import Own, day, number
from jiefa.lists.rules import Remark

PARK, ENTERPRISE, COOPERATIVE = "park", "enterprise", "cooperative"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is on file of a body: its key, kind and seat."""

    key: int
    kind: str
    village: str


def against_body(village: str, own: Own, on_file: Standing | None, park: str | None) -> list[Remark]:
    """``park``: the kind of the body under the number named as its park, None where there is none."""
    said = []
    if on_file is not None and on_file.village != village:
        said.append(_ELSEWHERE)
    if on_file is not None and on_file.kind != own.get("kind"):
        said.append(_OTHER_KIND)
    if "park" in own and (park != PARK or own.get("kind") == PARK):
        said.append(_NO_PARK)
    if "poor_members" in own and number(own, "poor_members") > number(own, "members"):
        said.append(_TOO_MANY_POOR)
    if own.get("kind") != COOPERATIVE and "members" in own:
        said.append(_NO_MEMBERS)
    return said


def against_link(own: Own, bodies: Mapping[str, Standing]) -> list[Remark]:
    """What speaks against a link and what was paid by it."""
    begins, ends, paid = day(own, "from_on"), day(own, "to_on"), day(own, "paid_on")
    said = []
    if str(own.get("body")) not in bodies:
        said.append(_NO_BODY)
    if begins and ends and ends < begins:
        said.append(_ENDS_FIRST)
    if (paid is None) != ("paid" not in own):
        said.append(_HALF_PAID)
    if begins and paid and paid < begins:
        said.append(_PAID_FIRST)
    return said


_ELSEWHERE = Remark(
    "error",
    "HP31",
    "village_code",
    "这个编号的主体登记在另一个村。请核对编号和村代码。",
    "The body of this number has its seat in another village. Check the number and the village.",
)
_OTHER_KIND = Remark(
    "error",
    "HP32",
    "kind",
    "这个编号的主体登记为另一类型。请核对编号和类型。",
    "The body of this number is on file as another kind. Check the number and the kind.",
)
_NO_PARK = Remark(
    "error",
    "HP33",
    "park",
    "找不到这个编号的园区。请先登记园区，或核对编号。",
    "There is no park of this number. Enter the park first, or check the number.",
)
_TOO_MANY_POOR = Remark(
    "error",
    "HP34",
    "poor_members",
    "贫困社员多于社员。请核对两项人数。",
    "More poor members than members. Check both.",
)
_NO_MEMBERS = Remark(
    "warn", "HP35", "members", "只有合作社有社员。请核对主体类型。", "Cooperatives alone have members. Check the kind."
)
_NO_BODY = Remark(
    "error",
    "HP36",
    "body",
    "产业主体名册里没有这个编号。请先导入名册，或核对编号。",
    "The register of industry has no such number. Load the register first, or check the number.",
)
_ENDS_FIRST = Remark(
    "error",
    "HP37",
    "to_on",
    "协议终止日期早于起始日期。请核对日期。",
    "The agreement ends before it begins. Check the days.",
)
_HALF_PAID = Remark(
    "error",
    "HP38",
    "paid",
    "兑现日期和兑现金额要同时填。请补上空的一项。",
    "The day and the sum belong together. Fill in the empty one.",
)
_PAID_FIRST = Remark(
    "error",
    "HP39",
    "paid_on",
    "兑现日期早于协议起始日期。请核对日期。",
    "Paid before the agreement begins. Check the days.",
)

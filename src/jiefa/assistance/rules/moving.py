"""Courses, settlement sites and hamlets: what speaks against a row of their lists, and whether a hamlet may move as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jiefa.assistance.rules.programmes import Own, day, number
from jiefa.lists.rules import Remark
from jiefa.policy import CodeList, NotInForce, Policy

MOST, LEAST = "relocation.hamlet_households_most", "relocation.hamlet_incidence_least"


@dataclass(frozen=True, slots=True)
class Living:
    """Who lives in a hamlet; None for what nobody has stated. ``registered``: the poor are counted from the register."""

    reason: str
    households: int | None
    people: int | None
    poor_households: int | None
    poor_people: int | None
    registered: bool = False

    @property
    def incidence(self) -> Decimal | None:
        """Poor people per cent of all people, to one place."""
        if not self.people or self.poor_people is None:
            return None
        return (Decimal(100) * self.poor_people / self.people).quantize(Decimal("0.1"))


@dataclass(frozen=True, slots=True)
class Item:
    """One condition in words, and whether it is met; None where what it asks of is not known."""

    id: str
    met: bool | None
    zh: str
    en: str
    reference: str


def eligibility(living: Living, reasons: CodeList, policy: Policy) -> list[Item]:
    """The conditions of a move of the whole hamlet, as they hold on the day of the policy.

    Before 2016 the kind of area alone decides; from then on also the number of households and the incidence. Source:
    《贵州省扶贫生态移民工程规划（2012–2020年）》; the two limits carry their own reference.
    """
    found = [_area(living, reasons)]
    try:
        most, least = policy.value(MOST).reference, policy.value(LEAST).reference
    except NotInForce:
        return found
    return [*found, _households(living, policy, most), _incidence(living, policy, least)]


def verdict(items: list[Item]) -> bool | None:
    """Whether every condition is met; None where one is not known and none is failed."""
    if any(item.met is False for item in items):
        return False
    return True if all(item.met for item in items) else None


def _area(living: Living, reasons: CodeList) -> Item:
    known = bool(living.reason)
    zh = f"属于{reasons.label(living.reason, 'zh')}" if known else "没有写明属于哪一类地区。请补上搬迁原因。"
    en = (
        f"Area: {reasons.label(living.reason, 'en')}"
        if known
        else "The kind of area is not stated. Fill in the reason."
    )
    return Item("area", True if known else None, zh, en, reasons.reference)


def _households(living: Living, policy: Policy, reference: str) -> Item:
    most, has = policy.number(MOST), living.households
    if has is None:
        zh, en = "没有写明总户数。请补上。", "The number of households is not stated. Fill it in."
        return Item("households", None, zh, en, reference)
    zh, en = f"全寨 {has} 户，上限 {most} 户", f"{has} households, at most {most}"
    return Item("households", has <= most, zh, en, reference)


def _incidence(living: Living, policy: Policy, reference: str) -> Item:
    least, share = policy.number(LEAST), living.incidence
    if share is None or living.people is None:
        zh = "没有写明总人口或贫困人口，算不出贫困发生率。请补上。"
        en = "People or poor people are not stated: no incidence. Fill them in."
        return Item("incidence", None, zh, en, reference)
    by_zh, by_en = ("（按登记册）", " by the register") if living.registered else ("", "")
    zh = f"贫困人口 {living.poor_people}{by_zh}，总人口 {living.people}，贫困发生率 {share}%，下限 {least}%"
    en = f"{living.poor_people} poor people{by_en} of {living.people}: incidence {share}%, at least {least}%"
    # Compared exactly, not as shown.
    met = Decimal(100) * (living.poor_people or 0) >= least * living.people
    return Item("incidence", met, zh, en, reference)


def against_course(own: Own) -> list[Remark]:
    """``own``: the course as it would be on file."""
    begins, ends = day(own, "from_on"), day(own, "to_on")
    if begins is None or ends is None:
        return []
    if ends < begins:
        return [_ENDS_FIRST]
    span = (ends - begins).days + 1
    return [_TOO_MANY_DAYS] if number(own, "days") > span else []


def against_site(own: Own) -> list[Remark]:
    """``own``: the site as it would be on file."""
    begun, built, opened = day(own, "begun_on"), day(own, "built_on"), day(own, "opened_on")
    said = []
    if begun and built and built < begun:
        said.append(_BUILT_FIRST)
    if built and opened and opened < built:
        said.append(_OPENED_FIRST)
    if "flats_planned" in own and number(own, "flats_built") > number(own, "flats_planned"):
        said.append(_MORE_BUILT)
    return said


def against_hamlet(own: Own, reasons: CodeList, policy: Policy, sites: frozenset[str]) -> list[Remark]:
    """``own``: the hamlet as it would be on file; ``sites``: those of its county. Not to be eligible is odd, not wrong."""
    decided, moved = day(own, "decided_on"), day(own, "moved_on")
    said = []
    for poor, every, remark in (
        ("poor_households", "households", _MORE_POOR_HOUSEHOLDS),
        ("poor_people", "people", _MORE_POOR_PEOPLE),
    ):
        if poor in own and every in own and number(own, poor) > number(own, every):
            said.append(remark)
    if decided and moved and moved < decided:
        said.append(_MOVED_FIRST)
    if own.get("site") and own["site"] not in sites:
        said.append(_no_site("site", str(own["site"])))
    if decided:
        failed = [item for item in eligibility(living(own), reasons, policy) if item.met is False]
        said += [_not_eligible(item) for item in failed]
    return said


def living(own: Own) -> Living:
    """Who lives in the hamlet of a row."""

    def stated(name: str) -> int | None:
        return int(number(own, name)) if name in own else None

    homes, poor = (stated("households"), stated("people")), (stated("poor_households"), stated("poor_people"))
    return Living(str(own.get("reason") or ""), *homes, *poor)


@dataclass(frozen=True, slots=True)
class NamedCourse:
    """What a case of training must agree with."""

    trade: str
    days: int


def of_training(own: Own, course: NamedCourse | None, share: Decimal | None) -> list[Remark]:
    """What there is to say of a case of training against its course. ``share``: per cent of days for a certificate."""
    said = []
    if course is None:
        if own.get("course"):
            said.append(_no_course(str(own["course"])))
    else:
        if "trade" in own and own["trade"] != course.trade:
            said.append(_OTHER_TRADE)
        if "days" in own and number(own, "days") != course.days:
            said.append(_other_days(course.days))
    days = Decimal(course.days) if course else number(own, "days")
    if "present" in own and days:
        if number(own, "present") > days:
            said.append(_TOO_PRESENT)
        elif share is not None and "certified_on" in own and number(own, "present") * 100 < share * days:
            said.append(_hardly_present(share))
    return said


def of_relocation(own: Own, settled_in: str | None, hamlet: bool) -> list[Remark]:
    """What there is to say of a case of relocation: ``settled_in``: of the site that it names, None for one not on file."""
    said = []
    if own.get("site"):
        if settled_in is None:
            said.append(_no_site("site", str(own["site"])))
        elif own.get("settled_in") not in (None, settled_in):
            said.append(_OTHER_PLACE)
    if own.get("hamlet") and not hamlet:
        said.append(_no_hamlet(str(own["hamlet"])))
    return said


_ENDS_FIRST = Remark(
    "error",
    "HP51",
    "to_on",
    "结班日期早于开班日期。请核对日期。",
    "The course ends before it begins. Check the days.",
)
_TOO_MANY_DAYS = Remark(
    "error",
    "HP52",
    "days",
    "应到天数多于开班到结班的天数。请核对。",
    "More days of teaching than from the first to the last day. Check them.",
)
_BUILT_FIRST = Remark(
    "error",
    "HP53",
    "built_on",
    "竣工日期早于开工日期。请核对日期。",
    "Finished before it was begun. Check the days.",
)
_OPENED_FIRST = Remark(
    "warn",
    "HP54",
    "opened_on",
    "可入住日期早于竣工日期。请核对日期。",
    "Open before it was finished. Check the days.",
)
_MORE_BUILT = Remark(
    "warn",
    "HP55",
    "flats_built",
    "建成套数多于计划套数。请核对。",
    "More flats built than planned. Check both.",
)
_MORE_POOR_HOUSEHOLDS = Remark(
    "error",
    "HP56",
    "poor_households",
    "贫困户数多于总户数。请核对。",
    "More poor households than households. Check both.",
)
_MORE_POOR_PEOPLE = Remark(
    "error",
    "HP57",
    "poor_people",
    "贫困人口多于总人口。请核对。",
    "More poor people than people. Check both.",
)
_MOVED_FIRST = Remark(
    "error",
    "HP58",
    "moved_on",
    "搬完日期早于确定日期。请核对日期。",
    "Moved before it was decided. Check the days.",
)


def _not_eligible(item: Item) -> Remark:
    return Remark(
        "warn",
        "HP59",
        "decided_on",
        f"不符合整寨搬迁条件：{item.zh}（{item.reference}）。请核对数字，或说明理由。",
        f"Not a hamlet that moves as a whole: {item.en} ({item.reference}). Check the numbers, or say why it does.",
    )


def _no_course(name: str) -> Remark:
    return Remark(
        "warn",
        "HP61",
        "course",
        f"培训班“{name}”没有登记。请导入培训班名册，或核对编号。",
        f"Course {name!r} is not on file. Load the list of courses, or check the number.",
    )


_OTHER_TRADE = Remark(
    "error",
    "HP62",
    "trade",
    "培训工种与培训班登记的不一致。请核对工种和培训班编号。",
    "Not the trade of the course. Check the trade and the number of the course.",
)


def _other_days(days: int) -> Remark:
    return Remark(
        "error",
        "HP63",
        "days",
        f"应到天数与培训班登记的 {days} 天不一致。请核对。",
        f"The course on file has {days} days. Check the days and the number of the course.",
    )


_TOO_PRESENT = Remark(
    "error",
    "HP64",
    "present",
    "实到天数多于应到天数。请核对。",
    "Present on more days than the course has. Check both.",
)


def _hardly_present(share: Decimal) -> Remark:
    return Remark(
        "warn",
        "HP65",
        "present",
        f"已取证，但实到天数不足应到天数的 {share}%。请核对考勤。",
        f"Certified, and present on less than {share}% of the days. Check the attendance.",
    )


def _no_site(column: str, name: str) -> Remark:
    return Remark(
        "warn",
        "HP66",
        column,
        f"安置点“{name}”没有登记。请导入安置点名册，或核对名称。",
        f"Site {name!r} is not on file. Load the list of sites, or check the name.",
    )


_OTHER_PLACE = Remark(
    "warn",
    "HP67",
    "settled_in",
    "安置地（城镇或农村）与安置点登记的不一致。请核对：面积上限不同。",
    "Town or country is not as the site has it. Check it: the caps differ.",
)


def _no_hamlet(name: str) -> Remark:
    return Remark(
        "warn",
        "HP68",
        "hamlet",
        f"村寨“{name}”没有登记。请导入搬迁村寨名册，或核对寨名。",
        f"Hamlet {name!r} is not on file. Load the list of hamlets, or check the name.",
    )

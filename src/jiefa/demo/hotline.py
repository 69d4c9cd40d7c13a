"""The hotline of the demonstration and its unannounced visits: some dozens of complaints in every state, visits with findings at
every step, some talks. What is told, who calls and what is found is made up; the same in every build.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role
from jiefa.areas import queries as areas
from jiefa.demo.help_lists import YEAR
from jiefa.hotline.actions import answering, inquiring, receiving, screening
from jiefa.hotline.actions.receiving import Identity, NewComplaint, Receipt
from jiefa.hotline.models import Channel, Complaint
from jiefa.hotline.rules import units
from jiefa.hotline.rules.units import Unit
from jiefa.inspection.actions import following, visiting
from jiefa.inspection.actions.following import NewInterview
from jiefa.inspection.actions.visiting import Found
from jiefa.inspection.models import SpotCheck, SpotFinding
from jiefa.integrity.actions.violations import NewViolation
from jiefa.kernel.division_codes import Level
from jiefa.policy import Pack

PROVINCE, COUNTY = "52", "520324"
HERE, ELSEWHERE = 36, 60
"""Complaints of the county of the demonstration's officers, and of the other counties."""
FIRST = dt.date(YEAR - 1, 12, 8)
TOLD = (
    ("special_funds", "危房改造补助少发了两千元，问村里说不出去向", "反映危房改造补助未足额到户"),
    ("projects", "通组路修了不到一半就说验收了", "反映通组路未按批准内容完工即验收"),
    ("embezzled", "种苗款被扣了一部分，说是工作经费", "反映扣留产业种苗款"),
    ("policy", "亲戚吃低保，真正困难的没有评上", "反映评议对象不公"),
    ("other", "村里的水管冬天总是冻裂", "反映管网维修"),
)
ENDS = (
    *("closed", "routed", "answered", "received", "closed", "refused", "late", "concluded", "again", "closed"),
    *("merged", "accepted", "closed_again", "passed_on", "true", "untrue"),
)
"""How far each complaint comes, in turn."""
AGAINST = (12, 9, 12, 0, 6, 12, 9, 4)
"""Digits of the broadest body complained of, in turn; 0: nobody."""
SEEN = ("走访农户三户并查看一卡通流水。", "查看工程资料，到现场测量。", "与经办人员谈话，核对发放名册。")
WRONG = (
    ("notice", "村务公开栏没有张贴年度项目公告"),
    ("helper", "随机走访的两户说不出帮扶责任人是谁"),
    ("money", "一户补助比名册少五百元"),
    ("team", "工作队当天三人只到一人，没有请假记录"),
    ("papers", "手册上的人口数与系统不一致"),
)


def call(pack: Pack) -> None:
    """All of it."""
    counties = [code for code in areas.codes_under(PROVINCE, Level.COUNTY) if code != COUNTY]
    numbered = [(COUNTY, turn) for turn in range(HERE)]
    numbered += [(counties[(turn * 7) % len(counties)], HERE + turn) for turn in range(ELSEWHERE)]
    villages: dict[str, list[str]] = {}
    last: dict[str, tuple[_Matter, Receipt]] = {}
    for county, turn in numbered:
        own = villages.setdefault(county, areas.codes_under(county, Level.VILLAGE))
        end = ENDS[turn % len(ENDS)]
        earlier = last.get(county) if end == "merged" else None
        # Somebody else tells of the same thing.
        matter = _Matter(own[(turn * 11) % len(own)], turn, pack, earlier[0] if earlier else None)
        made = matter.told()
        matter.brought(made, end, earlier[1] if earlier else None)
        if end in ("routed", "answered", "late"):
            last[county] = matter, made
    _follow(pack)
    _visits(pack)


def _follow(pack: Pack) -> None:
    """A case made of one complaint that was found true, and a violation of another, by the units that looked into them."""
    true = Complaint.objects.filter(verdict__in=("true", "partly"), about_code__startswith=COUNTY, unit_code=COUNTY)
    of_discipline = true.filter(unit_kind=units.SUPERVISION).order_by("pk")[0]
    of_office = true.filter(unit_kind=units.OFFICE).order_by("pk")[0]
    inspects, office = _named(Role.SUPERVISOR, COUNTY), _named(Role.COUNTY_OFFICER, COUNTY)
    inquiring.open_case(
        receipt=of_discipline.receipt, text="扣留资金的去向和经手人。", on=of_discipline.since, by=inspects, pack=pack
    )
    found_on = of_office.since
    wish = NewViolation(
        area_code=units.violation_at(of_office.unit_code, of_office.about_code),
        number=f"JC{found_on:%Y}-001",
        campaign=None,
        project="",
        kind="diverted",
        amount_fen=2_000_00,
        found_on=found_on,
        what="补助资金未足额到户，差额列作工作经费",
        responsible="分管负责人",
        due_on=found_on + dt.timedelta(days=60),
    )
    inquiring.record_violation(receipt=of_office.receipt, wish=wish, on=found_on, by=office, pack=pack)


@dataclass
class _Matter:
    """One complaint on its way, each step some days after the one before."""

    village: str
    turn: int
    pack: Pack
    like: _Matter | None = None
    """The earlier one that is about the same."""

    def __post_init__(self) -> None:
        told = self.like.turn if self.like else self.turn
        self.village = self.like.village if self.like else self.village
        self.against = self.village[: AGAINST[told % len(AGAINST)]]
        self.category, self.words, self.paraphrase = TOLD[told % len(TOLD)]
        kept = units.kept_at(self.village, self.against)
        assert kept is not None, "nobody in the demonstration complains of the province"
        self.kept, self.on = kept, FIRST + dt.timedelta(days=self.turn * 3)
        offered = units.handlers(self.village, self.against)
        near = [unit for unit in offered if unit.place.startswith(kept)]
        self.unit = near[self.turn % min(2, len(near))]
        self.keeper = _named(Role.HOTLINE_KEEPER, kept)
        self.handler = _named(units.roles_of(self.unit), self.unit.place)

    def told(self) -> Receipt:
        named = self.turn % 3
        caller = (
            Identity(f"测{'甲乙丙丁戊己庚辛'[self.turn % 8]}", f"1380000{self.turn:04}", "本村")
            if named
            else Identity()
        )
        against = [self.against] if self.against else []
        wish = NewComplaint(self.village, against, self.category, self.words, caller)
        page = self.turn % 4 == 3
        clerk = None if page else _named(Role.HOTLINE_CLERK, self.village[:6])
        channel = Channel.PAGE if page else Channel.PHONE
        return receiving.receive(wish=wish, channel=channel, on=self.on, pack=self.pack, by=clerk)

    def _later(self, days: int) -> dt.date:
        self.on += dt.timedelta(days=days)
        return self.on

    def brought(self, made: Receipt, end: str, earlier: Receipt | None) -> None:
        at, by = made.receipt, self.keeper
        if end == "refused":
            text = "没有可以核查的事实，如有新的线索请再来电。"
            screening.refuse(receipt=at, reason="no_facts", text=text, on=self._later(2), by=by, pack=self.pack)
        elif end == "passed_on":
            screening.pass_on(receipt=at, text="属水务部门职责，已转县水务局。", on=self._later(2), by=by)
        elif end == "merged" and earlier is not None:
            screening.merge(receipt=at, into=earlier.receipt, on=self._later(2), by=by)
        elif end != "received":
            screening.accept(receipt=at, paraphrase=self.paraphrase, on=self._later(2), by=by, pack=self.pack)
            if end not in ("accepted", "merged"):
                self._looked_into(made, end)

    def _looked_into(self, made: Receipt, end: str) -> None:
        self._inquired(made, self.unit, "routed" if end == "late" else end, 25 if end == "late" else 6)
        if end in ("routed", "late", "concluded"):
            return
        at, by, pack = made.receipt, self.keeper, self.pack
        answering.answer(receipt=at, text="已核实并责令整改，结果已告知。", on=self._later(1), by=by, pack=pack)
        if end in ("answered", "true", "untrue"):
            return
        again = end in ("again", "closed_again")
        result = "dissatisfied" if again else ("satisfied", "unreachable", "no_contact")[self.turn % 3]
        text = "说钱还没有退。" if again else ""
        answering.call_back(receipt=at, result=result, text=text, on=self._later(4), by=by, pack=pack)
        if not again:
            return
        self._inquired(made, self.unit, "routed" if end == "again" else "true", 5)
        if end == "closed_again":
            answering.answer(receipt=at, text="补助已补发到户。", on=self._later(1), by=by, pack=pack)
            answering.call_back(receipt=at, result="satisfied", text="", on=self._later(3), by=by, pack=pack)

    def _inquired(self, made: Receipt, unit: Unit, end: str, days: int) -> None:
        at, pack = made.receipt, self.pack
        screening.route(receipt=at, unit=unit, on=self._later(1), by=self.keeper, pack=pack)
        inquiring.note(receipt=at, text=SEEN[self.turn % len(SEEN)], on=self._later(days), by=self.handler)
        if end == "routed":
            return
        verdict = end if end in ("true", "untrue") else ("true", "partly", "untrue")[self.turn % 3]
        text = "经核查，反映的情况已查清，处理意见附后。"
        inquiring.conclude(receipt=at, verdict=verdict, text=text, on=self._later(1), by=self.handler, pack=pack)


def _named(role: Role, place: str) -> Actor:
    """Whoever holds the post in the demonstration; somebody who is only named where no user does."""
    known = {
        (Role.HOTLINE_CLERK, COUNTY): "jie",
        (Role.HOTLINE_KEEPER, COUNTY): "bao",
        (Role.HOTLINE_KEEPER, PROVINCE): "mi",
        (Role.COUNTY_OFFICER, COUNTY): "wang",
        (Role.SUPERVISOR, COUNTY): "ji",
        (Role.TOWNSHIP_OFFICER, "520324103"): "sunx",
        (Role.PREFECTURE_OFFICER, COUNTY[:4]): "qian",
    }
    return holder(known.get((role, place), f"demo-{role.value}-{place}"), [(role, place)])


def _found(pack: Pack, turn: int, wrong: int) -> Iterator[Found]:
    told = dict(WRONG[(turn + one) % len(WRONG)] for one in range(wrong))
    for item in pack.codes("spot_item").values:
        if item.id in told:
            yield Found(item.id, "wrong", told[item.id])
        else:
            yield Found(item.id, "not_seen" if item.id == "projects" and turn % 2 else "in_order")


def _visits(pack: Pack) -> None:
    """Visits of the prefecture to its counties, and of the county to its townships: planned, done, dropped."""
    townships = areas.codes_under(COUNTY, Level.TOWNSHIP)
    counties = areas.codes_under(COUNTY[:4], Level.COUNTY)
    county = _named(Role.COUNTY_OFFICER, COUNTY)
    prefecture = _named(Role.PREFECTURE_OFFICER, COUNTY[:4])
    trips = [(county, townships[turn % len(townships)], turn) for turn in range(9)]
    trips += [(prefecture, counties[turn % len(counties)], turn) for turn in range(6)]
    trips.append((prefecture, COUNTY, 6))
    for by, place, turn in trips:
        on = dt.date(YEAR, 3, 10) + dt.timedelta(days=14 * turn)
        made = visiting.plan(place=place, planned_for=on, reason="随机抽取，不打招呼。", by=by)
        if turn % 6 == 5:
            continue
        if turn % 6 == 4:
            visiting.drop(visit=made.pk, by=by)
            continue
        found = list(_found(pack, turn, 1 + turn % 2))
        text = "直奔村组，随机入户五户，查看公示栏和工作队在岗情况。"
        visiting.record(visit=made.pk, on=on, text=text, found=found, by=by, pack=pack)
        _followed(made, by, on, pack)


def _followed(made: SpotCheck, by: Actor, on: dt.date, pack: Pack) -> None:
    """What was found: left as it is, replied to, looked at again and closed or not; a talk where it was not put right."""
    place = made.place_code
    role = Role.COUNTY_OFFICER if len(place) == len(COUNTY) else Role.TOWNSHIP_OFFICER
    answers = _named(role, place)
    for turn, one in enumerate(SpotFinding.objects.filter(check_of=made).order_by("pk"), start=made.pk):
        step = turn % 4
        if step == 0:
            continue
        replied = on + dt.timedelta(days=20)
        following.reply(finding=one.pk, how="已整改，照片附后。", on=replied, by=answers, pack=pack)
        if step == 1:
            continue
        looked = replied + dt.timedelta(days=10)
        result = "fixed" if step == 2 else "not_fixed"
        text = "复查属实。" if step == 2 else "复查时仍未整改到位。"
        following.recheck(finding=one.pk, result=result, what=text, on=looked, by=by, pack=pack)
        if step == 3:
            wish = NewInterview(
                place=place,
                whom="分管负责人",
                reason="not_put_right",
                said="说明未整改的原因，表态限期完成。",
                demand="十五日内整改到位并书面报告。",
                on=looked,
                due_on=looked + dt.timedelta(days=15),
                finding=one.pk,
            )
            following.interview(wish=wish, by=by, pack=pack)

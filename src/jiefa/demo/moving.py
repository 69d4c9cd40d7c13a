"""Training and relocation in the demonstration's year 2015, with the courses, settlement sites and hamlets that their cases name.

What cases name is on file first, as an office has it. Totals are those published, scaled, to the last fen, person and household.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from jiefa.access.queries import Actor
from jiefa.demo import pending
from jiefa.demo.arrays import IntArray, share_out
from jiefa.demo.help_lists import YEAR, Cells, Home, Sender, homes_of, spread
from jiefa.demo.targets import scaled
from jiefa.policy import Pack
from jiefa.registry.actions.statuses import IN_POVERTY

TRAINED, TRAINING_YUAN = 393_500, 150_000_000
"""Ledger F04, F03."""
MOVED, MOVING_YUAN = 200_000, 3_800_000_000
"""Ledger F06, F05."""
PLANNED_HOUSEHOLDS, PLANNED_PEOPLE = 477_100, 2_043_000
"""Ledger M01, M02."""
CLASS = 50
"""People in a course (made up)."""
LEARNING = 25
"""For every so many with a certificate one is still learning (made up)."""

COURSES = (
    *("县代码", "培训班编号", "培训班名称", "培训工种", "培训机构", "开班日期", "结班日期", "应到天数", "计划人数"),
    "人均费用",
)
TRAINING = (
    *("户编号", "姓名", "年度", "培训班编号", "培训工种", "培训机构", "应到天数", "实到天数", "培训补助", "报名日期"),
    *("结业日期", "证书编号", "取证日期", "就业创业", "就业日期"),
)
TRADES = ("种植技术", "养殖技术", "建筑工", "厨师", "家政服务", "刺绣蜡染", "农村电商", "焊工")
ORGANISER = "县职业技术学校"


@dataclass(frozen=True, slots=True)
class _Course:
    county: str
    number: str
    trade: str
    begins: dt.date
    days: int

    @classmethod
    def of(cls, county: str, place: int) -> _Course:
        """The course in its place among those of the county."""
        number, trade = f"{county}-{YEAR}-{place + 1:03}", TRADES[place % len(TRADES)]
        return cls(county, number, trade, dt.date(YEAR, 3 + place % 7, 4), 15 + place % 4 * 5)

    @classmethod
    def under_way(cls, county: str) -> _Course:
        return cls(county, f"{county}-{YEAR}-900", TRADES[0], dt.date(YEAR, 12, 1), 20)

    @property
    def ends(self) -> dt.date:
        return self.begins + dt.timedelta(days=self.days)

    def row(self, people: int) -> Cells:
        """On file; the first of the county of the demonstration's officers is fuller than it may be."""
        first = self.number.endswith("-001") and self.county == pending.VILLAGE[:6] and people > 1
        places = people - 1 if first else -(-people // 10) * 10
        what = (self.county, self.number, f"{self.trade}培训班", self.trade, ORGANISER)
        return (*what, self.begins, self.ends, self.days, places, TRAINING_YUAN // TRAINED)


def train(counties: Sequence[str], weights: IntArray, scale: float, by: Actor, pack: Pack) -> None:
    """One of each household; as many certificates and as much money as published. Beyond these a few are still learning."""
    count = scaled(TRAINED, scale)
    money = iter(share_out(scaled(TRAINING_YUAN * 100, scale), np.ones(count, dtype=np.int64)).tolist())
    shares = dict(zip(counties, share_out(count, weights).tolist(), strict=True))
    able = dict(zip(counties, weights.tolist(), strict=True))
    held = Sender("courses", COURSES, by, pack)
    for county, share in shares.items():
        for place in range(-(-share // CLASS)):
            held.add(*_Course.of(county, place).row(min(CLASS, share - place * CLASS)))
        if learning := min(able[county] - share, share // LEARNING):
            held.add(*_Course.under_way(county).row(learning))
    held.send()
    sent = Sender("training", TRAINING, by, pack)
    for county, share in shares.items():
        homes = [home for home in homes_of(county, *IN_POVERTY) if home.trainee() is not None]
        chosen = spread(homes, share)
        for place, home in enumerate(chosen):
            sent.add(*_certified(home, _Course.of(county, place // CLASS), place, next(money)))
        taken = {home.key for home in chosen}
        for home in [home for home in homes if home.key not in taken][: share // LEARNING]:
            course = _Course.under_way(county)
            sent.add(*_enrolled(home, course, "", ""), *[""] * 5)
    sent.send()


def _enrolled(home: Home, course: _Course, present: object, yuan: str) -> Cells:
    who = home.trainee()
    assert who is not None
    of_course = (course.number, course.trade, ORGANISER, course.days)
    return (home.number, who.name, YEAR, *of_course, present, yuan, course.begins)


def _certified(home: Home, course: _Course, place: int, fen: int) -> Cells:
    works = ("就业" if place % 5 else "创业", course.begins + dt.timedelta(days=60)) if place % 3 else ("", "")
    certificate = (f"{course.number}-{place % CLASS + 1:02}", course.ends + dt.timedelta(days=10))
    return (*_enrolled(home, course, course.days - place % 3, f"{fen / 100:.2f}"), course.ends, *certificate, *works)


SITES = (
    *("县代码", "安置点名称", "所在地", "安置方式", "安置地", "计划住房套数", "建成住房套数", "计划安置人数"),
    *("提供就业岗位", "就近学校", "就近医疗点", "开工日期", "竣工日期", "可入住日期"),
)
HAMLETS = (
    *("行政村代码", "村寨名称", "总户数", "总人口", "贫困户数", "贫困人口", "搬迁原因", "安置点名称"),
    *("确定日期", "搬完日期"),
)
RELOCATION = (
    *("户编号", "年度", "搬迁原因", "自然村寨", "整寨搬迁", "安置点", "安置地", "搬迁人数", "住房面积", "住房补助"),
    *("自筹金额", "列入计划日期", "签约日期", "建成日期", "交房日期", "入住日期", "拆旧日期", "复垦日期", "就业日期"),
    *("就业人数", "转学日期", "医保转接日期", "低保转接日期"),
)
REASONS = ("深山区", "石山区", "高寒山区", "地质灾害易发区")
WHERE = {
    "县城安置区": ("县城", "县城安置", "城镇"),
    "集镇安置点": ("集镇", "集镇安置", "城镇"),
    "中心村安置点": ("中心村", "中心村安置", "农村"),
}
TOWN, MARKET, VILLAGE = WHERE
"""The sites of a county: place, kind, town or country."""
WHOLE = 4
"""Every so many hamlets move as a whole (made up)."""
DECIDED = dt.date(2012, 5, 10)


@dataclass(slots=True)
class _Moving:
    """A household of the plan. ``people``: of it, as the plan is shared out; ``fen``: None where it has not moved yet."""

    number: str
    village: str
    people: int = 0
    fen: int | None = None


def relocate(counties: Sequence[str], weights: IntArray, scale: float, by: Actor, pack: Pack) -> None:
    """The plan with its households and people, and those of it that moved in the year."""
    planned, sizes = _planned(counties, weights, scale)
    people = share_out(scaled(PLANNED_PEOPLE, scale), np.array(sizes))
    for one, many in zip(planned, people.tolist(), strict=True):
        one.people = many
    moving = _exactly(people.tolist(), scaled(MOVED, scale))
    for place, fen in zip(moving, share_out(scaled(MOVING_YUAN * 100, scale), people[moving]).tolist(), strict=True):
        planned[place].fen = fen
    _name_sites(planned, by, pack)
    villages = _name_hamlets(planned, by, pack)
    sent = Sender("relocation", RELOCATION, by, pack)
    for place, one in enumerate(planned):
        where = villages[one.village]
        head: Cells = (one.number, YEAR, _reason(where), _hamlet(one.village), "是" if where % WHOLE == 0 else "否")
        if one.fen is not None:
            sent.add(*head, *_moved(place, one.people, one.fen))
        else:
            plan = dt.date(2012 + place % 3, 6, 1)
            sent.add(*head, "", "", one.people, "", "", "", plan, *([""] * 11))
    sent.send()


def _planned(counties: Sequence[str], weights: IntArray, scale: float) -> tuple[list[_Moving], list[int]]:
    """The largest households of each county, with their sizes."""
    planned: list[_Moving] = []
    sizes: list[int] = []
    count = min(scaled(PLANNED_HOUSEHOLDS, scale), int(weights.sum()))
    for county, share in zip(counties, share_out(count, weights).tolist(), strict=True):
        largest = sorted(homes_of(county, *IN_POVERTY), key=lambda home: (-home.size, home.key))[:share]
        planned += [_Moving(home.number, home.village) for home in largest]
        sizes += [max(1, home.size) for home in largest]
    return planned, sizes


def _site(place: int) -> str:
    return TOWN if place % 3 else MARKET if place % 5 else VILLAGE


def _name_sites(planned: Sequence[_Moving], by: Actor, pack: Pack) -> None:
    """The sites to which somebody moved; that of the officers' county town has a flat too few."""
    homes: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, one in enumerate(planned):
        if one.fen is not None:
            homes[one.village[:6], _site(place)].append(one.people)
    sent = Sender("sites", SITES, by, pack)
    for (county, name), people in sorted(homes.items()):
        flats = len(people) - 1 if name == TOWN and county == pending.VILLAGE[:6] and len(people) > 1 else len(people)
        where, kind, town = WHERE[name]
        room = (len(people) + len(people) // 5 + 1, flats, sum(people) + sum(people) // 5 + 5, len(people))
        days = (dt.date(YEAR - 2, 10, 8), dt.date(YEAR, 5, 1), dt.date(YEAR, 6, 15))
        sent.add(county, name, where, kind, town, *room, f"{where}小学", f"{where}卫生院", *days)
    sent.send()


def _hamlet(village: str) -> str:
    return f"{village[-3:]}寨"


def _reason(place: int) -> str:
    return REASONS[place % len(REASONS)]


def _name_hamlets(planned: Sequence[_Moving], by: Actor, pack: Pack) -> dict[str, int]:
    """One hamlet of every village in the plan; every fourth moves as a whole. The place of each village among them."""
    inside: dict[str, list[_Moving]] = defaultdict(list)
    sites = {(one.village[:6], _site(place)) for place, one in enumerate(planned) if one.fen is not None}
    for one in planned:
        inside[one.village].append(one)
    villages = {village: place for place, village in enumerate(sorted(inside))}
    sent = Sender("hamlets", HAMLETS, by, pack)
    for village, place in villages.items():
        sent.add(village, _hamlet(village), *_living(inside[village], place, (village[:6], TOWN) in sites))
    sent.send()
    return villages


def _living(homes: Sequence[_Moving], place: int, town: bool) -> Iterable[object]:
    """Who lives in a hamlet; of every twentieth one poor household more than the list has, so that it is not whole."""
    whole = place % WHOLE == 0
    poor, people = len(homes) + (place % (5 * WHOLE) == 0), sum(one.people for one in homes)
    # What is only proposed has many who are not poor: some of it will not do.
    others = poor // 2 if whole else poor * (place % WHOLE)
    more = people // 2 if whole else people * (place % WHOLE) * 2 // 3
    gone = whole and all(one.fen is not None for one in homes)
    decided = (DECIDED, dt.date(YEAR, 12, 31) if gone else "") if whole else ("", "")
    return (poor + others, people + more, poor, people, _reason(place), TOWN if town else "", *decided)


def _moved(place: int, people: int, fen: int) -> Cells:
    """What is on file of a household that moved: most have work, most old houses are down."""
    moved = dt.date(YEAR, 7 + place % 6, 1 + place % 28)
    after = moved + dt.timedelta(days=30)
    down, name = after if place % 10 < 7 else "", _site(place)
    work = (after, 2 if place % 4 == 0 and people > 3 else 1) if place % 9 else ("", "")
    return (
        *(name, WHERE[name][2], people, 20 * people),
        *(f"{fen / 100:.2f}", min(10_000, 2_000 * people), dt.date(2013, 6, 1), dt.date(2014, 3, 1)),
        *(dt.date(YEAR, 5, 1), dt.date(YEAR, 6, 15), moved, down, after if place % 10 < 4 else "", *work),
        *(after, after if place % 50 else "", after),
    )


def _exactly(people: Sequence[int], total: int) -> list[int]:
    """Places of households, spread over all, whose people come to ``total``; ascending."""
    order = sorted(range(len(people)), key=lambda place: (place * 7_919) % len(people))
    taken: set[int] = set()
    left = total
    for place in order:
        if people[place] <= left:
            taken.add(place)
            left -= people[place]
    if left:
        # One of those taken makes room for one that is as much larger as people are missing.
        outside = {people[place]: place for place in order if place not in taken}
        gives = next(place for place in sorted(taken) if people[place] + left in outside)
        taken = taken - {gives} | {outside[people[gives] + left]}
    return sorted(taken)

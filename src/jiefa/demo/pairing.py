"""Who was paired with which places in 2015, at the published numbers: units, cities, leaders, departments, enterprises, and their money.

Which unit goes with which place is made up but for the cities; promises and vouchers are made up. Places and units do not
shrink with the scale, money does.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from jiefa.access.rules import Scope
from jiefa.areas.models import DesignationKind
from jiefa.demo import history, reference
from jiefa.demo.answering import YEAR, name_of
from jiefa.demo.targets import scaled
from jiefa.kernel.allocation import largest_remainder
from jiefa.kernel.division_codes import Level
from jiefa.policy import Pack
from jiefa.responsibility.actions import pairings, people
from jiefa.responsibility.actions.pairings import NewArrival, NewCommitment, NewPairing
from jiefa.responsibility.actions.people import NewCadre
from jiefa.responsibility.models import Cadre, Pairing
from jiefa.responsibility.queries import teams

CENTRAL, DEPARTMENTS, STATE, LEADERS = 39, 101, 12, 40
CITIES = {
    "5202": "大连市", "5203": "上海市", "5204": "青岛市", "5205": "深圳市",
    "5206": "苏州市", "5223": "宁波市", "5226": "杭州市", "5227": "广州市",
}  # fmt: skip
"""Paired cities by prefecture (method.md 11; all but Guiyang)."""
GROUP_COUNTIES, GROUP_TOWNSHIPS = 16, 127
CITY_FEN, PRIVATE_FEN = 333_000_000_00, 1_000_000_000_00
FISCAL_FEN, DEPARTMENT_FEN = 1_270_000_000_00, 5_000_000_000_00
"""Ledger A01-A13. Of what one enterprise promised to one county a part had come (made up): a promise is no payment."""
PRIVATE_COUNTY, PRIVATE_CAME = "522636", 5
PAIRED_SINCE, PROMISED, DUE = dt.date(2014, 3, 1), dt.date(2015, 1, 20), dt.date(2015, 12, 31)
CAME = (dt.date(2015, 6, 15), dt.date(2015, 11, 15))
"""Two instalments a year."""
SEAT = "52"
LEADING = "省级领导机关"
IN_KIND = (("training", "干部和致富带头人培训"), ("goods", "学校图书和教学设备"), ("jobs", "提供就业岗位"))


def pair(until: int, scale: float, pack: Pack) -> None:
    """Pairings of 2015 with what was promised and what came; nothing before that year."""
    if until < YEAR:
        return
    counties = [county.code for county in reference.counties()]
    province = history.offices_of(tuple(counties)).first(Level.PROVINCE)
    keys = _designated(DesignationKind.KEY_COUNTY)
    poor: dict[str, list[str]] = defaultdict(list)
    for township in _designated(DesignationKind.POOR_TOWNSHIP):
        poor[township[:6]].append(township)
    people.enter_many(cadres=_leaders(), by=province)
    leaders = list(Cadre.objects.filter(number__startswith="SLD").order_by("number").values_list("pk", flat=True))
    made = [*_units(keys, counties), *_links(leaders, keys, poor), *_groups(keys, poor)]
    pairings.pair_many(pairings=made, by=province, pack=pack)
    rows: dict[str, list[Pairing]] = defaultdict(list)
    for one in Pairing.objects.order_by("pk"):
        rows[one.kind].append(one)
    pairings.promise_many(commitments=list(_promises(rows, scale)), by=province)
    pairings.arrive_many(arrivals=list(_arrivals(rows, scale)), by=province)


def _designated(kind: DesignationKind) -> list[str]:
    return list(dict.fromkeys(teams.designated(kind, Scope((SEAT,)), YEAR).values_list("division_id", flat=True)))


def _leaders() -> list[NewCadre]:
    return [
        NewCadre(
            number=f"SLD{turn:03d}",
            name=name_of(f"52{turn:03d}"),
            rank="hall",
            area_code=SEAT,
            organisation=LEADING,
            organisation_kind="province",
            seat=SEAT,
            from_date=PAIRED_SINCE,
        )
        for turn in range(1, LEADERS + 1)
    ]


def _new(name: str, of: str, kind: str, area: str, leader: int | None = None) -> NewPairing:
    return NewPairing(name, of, SEAT, kind, area, PAIRED_SINCE, leader)


def _units(keys: Sequence[str], counties: Sequence[str]) -> Iterator[NewPairing]:
    for turn, county in enumerate(keys):
        yield _new(f"中央定点扶贫单位{turn % CENTRAL + 1:02d}", "central", "central", county)
    for prefecture, city in CITIES.items():
        yield _new(city, "city", "city", prefecture)
    for turn in range(DEPARTMENTS):
        yield _new(f"省直部门{turn + 1:03d}", "province", "department", counties[turn % len(counties)])
    for turn in range(STATE):
        yield _new(f"省属国有企业{turn + 1:02d}", "state", "state", keys[turn * len(keys) // STATE])
    yield _new("整县帮扶民营企业", "private", "private", PRIVATE_COUNTY)


def _links(leaders: Sequence[int], keys: Sequence[str], poor: Mapping[str, Sequence[str]]) -> Iterator[NewPairing]:
    """To each leader a key county and two poor townships, of that county where it has two."""
    spare = (township for county in keys[len(leaders) :] for township in poor.get(county, ()))
    for leader, county in zip(leaders, keys, strict=False):
        own = [*poor.get(county, ())][:2]
        own += [next(spare) for _missing in range(2 - len(own))]
        for area in (county, *own):
            yield _new(LEADING, "province", "leader", area, leader)


def _groups(keys: Sequence[str], poor: Mapping[str, Sequence[str]]) -> Iterator[NewPairing]:
    """Townships of the key counties that have most poor ones, each county in proportion, none more than it has."""
    most = sorted(keys, key=lambda county: (-len(poor.get(county, ())), county))[:GROUP_COUNTIES]
    share = largest_remainder(GROUP_TOWNSHIPS, [len(poor[county]) for county in most])
    for county, count in zip(most, share, strict=True):
        for township in poor[county][:count]:
            yield _new("集团帮扶牵头单位", "province", "group", township)


def _promises(rows: Mapping[str, Sequence[Pairing]], scale: float) -> Iterator[NewCommitment]:
    for one, fen in zip(rows["city"], _split(CITY_FEN, scale, rows["city"]), strict=True):
        yield NewCommitment(one.pk, PROMISED, "money", "年度对口帮扶资金", fen, DUE)
    for one in rows["private"]:
        yield NewCommitment(
            one.pk, PROMISED, "money", "整县帮扶投入", scaled(PRIVATE_FEN, scale), dt.date(2019, 12, 31)
        )
    for place, one in enumerate([*rows["central"], *rows["state"]]):
        form, what = IN_KIND[place % len(IN_KIND)]
        yield NewCommitment(one.pk, PROMISED, form, what, 0, DUE)


def _arrivals(rows: Mapping[str, Sequence[Pairing]], scale: float) -> Iterator[NewArrival]:
    for one, fen in zip(rows["city"], _split(CITY_FEN, scale, rows["city"]), strict=True):
        yield from _instalments(one, fen, "own", "年度对口帮扶资金")
    for one in rows["private"]:
        yield from _instalments(one, scaled(PRIVATE_FEN, scale) // PRIVATE_CAME, "own", "整县帮扶投入")
    for source, total, what in (
        ("fiscal", FISCAL_FEN, "集中投入财政扶贫资金"),
        ("department", DEPARTMENT_FEN, "整合部门资金"),
    ):
        for one, fen in zip(rows["group"], _split(total, scale, rows["group"]), strict=True):
            yield from _instalments(one, fen, source, what)
    for place, one in enumerate(rows["central"]):
        form, what = IN_KIND[place % len(IN_KIND)]
        if place % 5:
            yield NewArrival(one.pk, CAME[place % 2], form, what, 0, "own")


def _split(total: int, scale: float, among: Sequence[Pairing]) -> list[int]:
    return largest_remainder(scaled(total, scale), [1] * len(among))


def _instalments(one: Pairing, fen: int, source: str, what: str) -> Iterator[NewArrival]:
    for turn, (on, part) in enumerate(zip(CAME, (fen - fen // 2, fen // 2), strict=True), start=1):
        if part:
            yield NewArrival(
                one.pk, on, "money", what, part, source, voucher=f"PZ{one.pk:05d}-{source[0].upper()}{turn}"
            )

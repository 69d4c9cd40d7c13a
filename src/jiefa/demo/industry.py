"""The register of industry in the demonstration's year 2015, and what households had of it, by lists as offices send them.

Organisations and their output are as many as published at every scale; members and households are scaled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.areas import queries as areas
from jiefa.demo import history, reference
from jiefa.demo.arrays import share_out
from jiefa.demo.geography import FIRST_VILLAGE_COMMITTEE
from jiefa.demo.help_lists import YEAR, Cells, Sender
from jiefa.demo.targets import rural_weights, scaled
from jiefa.kernel.division_codes import Level
from jiefa.policy import Pack
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import HouseholdYear

PARKS, OUTPUT_YUAN, SALES_YUAN = 113, 38_403_000_000, 27_867_000_000
"""Ledger I03, I04, I05."""
ENTERPRISES, LEADING = 910, 136
"""Ledger I06, I07."""
COOPERATIVES, MEMBERS = 1_165, 154_300
"""Ledger I08, I09."""
BASES = 176
WAGES, RENTS = 18_200, 8_800
"""Households at work in an enterprise, or with land in a base (made up)."""
POOR_OF_FIVE = 2
"""Of so many members of a cooperative who are poor (made up)."""
IDLE = 30
"""Every so many cooperatives has money and nobody linked (made up)."""

BODIES = (
    *("主体编号", "主体名称", "主体类型", "所在村代码", "年度", "主导产业", "龙头级别", "所在园区编号", "认定日期"),
    *("产值", "销售收入", "扶贫资金投入", "社员人数", "贫困社员人数"),
)
BENEFITS = ("户编号", "主体编号", "联结方式", "协议起始日期", "兑现日期", "兑现金额")
INDUSTRIES = ("核桃", "茶叶", "中药材", "草地生态畜牧业", "马铃薯", "蔬菜", "精品水果", "油茶", "特色养殖", "乡村旅游")
SINCE = {"园区": dt.date(YEAR, 3, 1), "企业": dt.date(2012, 6, 1), "合作社": dt.date(2013, 5, 1)}
NOTHING: Cells = ("",) * 5


@dataclass
class Register:
    """The rows of the register and of the links so far; ``take``: the next share of a published number, by its name."""

    shares: dict[str, Iterator[int]]
    bodies: list[Cells] = field(default_factory=list)
    links: list[Cells] = field(default_factory=list)
    enterprises: int = 0

    def take(self, name: str) -> int:
        return next(self.shares[name])

    def add(
        self, number: str, kind: str, seat: str, trade: str, figures: Cells, *, level: str = "", park: str = ""
    ) -> None:
        name, since = f"{trade}{kind}{int(number[-3:])}", SINCE.get(kind, "")
        self.bodies.append((number, name, kind, seat, YEAR, trade, level, park, since, *figures))

    def link(self, homes: Sequence[str], body: str, way: str, yuan: int) -> None:
        """Most were paid at the year's end."""
        for place, home in enumerate(homes):
            begins, paid = dt.date(2014, 1 + place % 12, 1), dt.date(YEAR, 12, 1 + place % 20)
            said: Cells = (paid, yuan + place % 7 * 50) if place % 12 != 11 else ("", "")
            self.links.append((home, body, way, begins, *said))

    def level(self) -> str:
        """Of the next enterprise: ``LEADING`` of all are of the province, spread over them."""
        before, self.enterprises = self.enterprises, self.enterprises + 1
        leads = before * LEADING // ENTERPRISES != self.enterprises * LEADING // ENTERPRISES
        return "省级" if leads else "县级" if before % 3 == 0 else ""


def fill(scale: float, until: int, pack: Pack) -> None:
    """The register and the links of the year; nothing where the demonstration ends before it."""
    if until < YEAR:
        return
    counties = [county.code for county in reference.counties()]
    by = history.offices_of(tuple(counties)).first(Level.COUNTY)
    every = {"园区": PARKS, "企业": ENTERPRISES, "合作社": COOPERATIVES, "基地": BASES}
    counts = {kind: share_out(total, rural_weights()).tolist() for kind, total in every.items()}
    register = Register(
        {
            "output": _even(OUTPUT_YUAN, PARKS),
            "sales": _even(SALES_YUAN, PARKS),
            "members": _even(scaled(MEMBERS, scale), COOPERATIVES),
            "wages": _even(scaled(WAGES, scale), ENTERPRISES),
            "rents": _even(scaled(RENTS, scale), BASES),
        }
    )
    for place, county in enumerate(counties):
        # Enterprises of a county without a park lie in one of the nearest county that has one: all of them lie in parks.
        with_park = min(
            (other for other in range(len(counties)) if counts["园区"][other]), key=lambda at: abs(at - place)
        )
        parks = [f"{counties[with_park]}-园-{number + 1:03}" for number in range(counts["园区"][with_park])]
        of_county = {kind: many[place] for kind, many in counts.items()}
        _county(register, county, place, of_county, parks)
    for kind, header, rows in (("industry", BODIES, register.bodies), ("benefits", BENEFITS, register.links)):
        sender = Sender(kind, header, by, pack)
        for row in rows:
            sender.add(*row)
        sender.send()


def _county(register: Register, county: str, place: int, counts: Mapping[str, int], parks: Sequence[str]) -> None:
    """The organisations of a county, and its households that have something of them."""
    villages = [code for code in areas.codes_under(county, Level.VILLAGE) if int(code[-3:]) >= FIRST_VILLAGE_COMMITTEE]
    homes = _poor(county)
    for kind, many in counts.items():
        for number in range(many):
            code, seat = f"{county}-{kind[0]}-{number + 1:03}", villages[number * 13 % len(villages)]
            trade = INDUSTRIES[(place + number) % len(INDUSTRIES)]
            if kind == "园区":
                figures: Cells = (register.take("output"), register.take("sales"), 1_000_000, "", "")
                register.add(code, kind, seat, trade, figures)
            elif kind == "企业":
                register.add(code, kind, seat, trade, NOTHING, level=register.level(), park=parks[number % len(parks)])
                register.link(_some(homes, register.take("wages"), number * 17), code, "务工", 6_000)
            elif kind == "合作社":
                members = register.take("members")
                poor = 0 if number % IDLE == IDLE - 1 else -(-members * POOR_OF_FIVE // 5)
                joined = _some(homes, poor, number * 23)
                register.add(code, kind, seat, trade, ("", "", 100_000, members, len(joined)))
                register.link(joined, code, "分红", 600)
            else:
                register.add(code, kind, seat, trade, NOTHING)
                register.link(_some(homes, register.take("rents"), number * 29), code, "土地流转", 900)


def _even(total: int, among: int) -> Iterator[int]:
    return iter(share_out(total, np.ones(among, dtype=np.int64)).tolist())


def _poor(county: str) -> list[str]:
    """The numbers of the county's households that are poor at the year's end."""
    cards = gate(HouseholdYear.objects.filter(year=YEAR, poverty_status__in=IN_POVERTY), Scope((county,)))
    return list(cards.order_by("household_id").values_list("household__number", flat=True))


def _some(homes: Sequence[str], count: int, first: int) -> list[str]:
    """So many of the households from one of them on, round and round, each once."""
    return [homes[(first + place) % len(homes)] for place in range(min(count, len(homes)))]

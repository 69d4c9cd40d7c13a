"""The register of industry in the demonstration's year 2015, and what households had of it, by lists as offices send them.

Organisations and their output are as many as published at every scale; members and households are scaled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.areas import queries as areas
from jiefa.demo import history, reference
from jiefa.demo.arrays import share_out
from jiefa.demo.geography import FIRST_VILLAGE_COMMITTEE
from jiefa.demo.helping import YEAR, Cells, Sender
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


@dataclass(frozen=True)
class Shares:
    """How many of each a county has, and of the scaled numbers how many each organisation has, in order of counties."""

    parks: list[int]
    enterprises: list[int]
    cooperatives: list[int]
    bases: list[int]
    members: Iterator[int]
    wages: Iterator[int]
    rents: Iterator[int]


def fill(scale: float, until: int, pack: Pack) -> None:
    """The register and the links of the year; nothing where the demonstration ends before it."""
    if until < YEAR:
        return
    counties = [county.code for county in reference.counties()]
    by = history.offices_of(tuple(counties)).first(Level.COUNTY)
    weights = rural_weights()
    each = (share_out(total, weights).tolist() for total in (PARKS, ENTERPRISES, COOPERATIVES, BASES))
    of = Shares(
        *each, _even(MEMBERS, COOPERATIVES, scale), _even(WAGES, ENTERPRISES, scale), _even(RENTS, BASES, scale)
    )
    bodies, benefits = Sender("industry", BODIES, by, pack), Sender("benefits", BENEFITS, by, pack)
    output, sales = (
        iter(share_out(total, np.ones(PARKS, dtype=np.int64)).tolist()) for total in (OUTPUT_YUAN, SALES_YUAN)
    )
    enterprises = 0
    for place, county in enumerate(counties):
        villages = [
            code for code in areas.codes_under(county, Level.VILLAGE) if int(code[-3:]) >= FIRST_VILLAGE_COMMITTEE
        ]
        homes = _poor(county)
        parks = [f"{county}-园-{number:03}" for number in range(1, of.parks[place] + 1)]
        for number, park in enumerate(parks):
            seat, trade = villages[number * 7 % len(villages)], INDUSTRIES[(place + number) % len(INDUSTRIES)]
            figures: Cells = (next(output), next(sales), 1_000_000, "", "")
            bodies.add(
                park, f"{trade}产业园区{number + 1}", "园区", seat, YEAR, trade, "", "", dt.date(YEAR, 3, 1), *figures
            )
        for number in range(of.enterprises[place]):
            trade = INDUSTRIES[(place + number) % len(INDUSTRIES)]
            level = "省级" if enterprises < LEADING else "县级" if number % 3 == 0 else ""
            park = parks[number % len(parks)] if parks else _nearest(counties, of.parks, place)
            code = f"{county}-企-{number + 1:03}"
            seat = villages[number * 11 % len(villages)]
            bodies.add(
                code,
                f"{trade}公司{number + 1}",
                "企业",
                seat,
                YEAR,
                trade,
                level,
                park,
                dt.date(2012, 6, 1),
                *([""] * 5),
            )
            enterprises += 1
            _link(benefits, _some(homes, next(of.wages), number * 17), code, "务工", 6_000)
        for number in range(of.cooperatives[place]):
            trade, members = INDUSTRIES[(place + number) % len(INDUSTRIES)], next(of.members)
            idle = number % IDLE == IDLE - 1
            joined = [] if idle else _some(homes, -(-members * POOR_OF_FIVE // 5), number * 23)
            code, seat = f"{county}-社-{number + 1:03}", villages[number * 13 % len(villages)]
            figures = ("", "", 100_000, members, len(joined))
            bodies.add(
                code, f"{trade}合作社{number + 1}", "合作社", seat, YEAR, trade, "", "", dt.date(2013, 5, 1), *figures
            )
            _link(benefits, joined, code, "分红", 600)
        for number in range(of.bases[place]):
            trade = INDUSTRIES[(place + number) % len(INDUSTRIES)]
            code, seat = f"{county}-基-{number + 1:03}", villages[number * 19 % len(villages)]
            bodies.add(code, f"{trade}基地{number + 1}", "基地", seat, YEAR, trade, "", "", "", *([""] * 5))
            _link(benefits, _some(homes, next(of.rents), number * 29), code, "土地流转", 900)
    bodies.send()
    benefits.send()


def _even(total: int, among: int, scale: float) -> Iterator[int]:
    return iter(share_out(scaled(total, scale), np.ones(among, dtype=np.int64)).tolist())


def _poor(county: str) -> list[str]:
    """The numbers of the county's households that are poor at the year's end."""
    cards = gate(HouseholdYear.objects.filter(year=YEAR, poverty_status__in=IN_POVERTY), Scope((county,)))
    return list(cards.order_by("household_id").values_list("household__number", flat=True))


def _some(homes: Sequence[str], count: int, first: int) -> list[str]:
    """So many of the households from one of them on, round and round, each once."""
    return [homes[(first + place) % len(homes)] for place in range(min(count, len(homes)))]


def _nearest(counties: Sequence[str], parks: Sequence[int], place: int) -> str:
    """The first park of the next county that has one: every enterprise of the register lies in a park."""
    order = sorted(range(len(counties)), key=lambda other: abs(other - place))
    return f"{counties[next(other for other in order if parks[other])]}-园-001"


def _link(benefits: Sender, homes: Sequence[str], body: str, way: str, yuan: int) -> None:
    for place, home in enumerate(homes):
        begins, paid = dt.date(2014, 1 + place % 12, 1), dt.date(YEAR, 12, 1 + place % 20)
        said: Cells = (paid, yuan + place % 7 * 50) if place % 12 != 11 else ("", "")
        benefits.add(home, body, way, begins, *said)

"""What the demonstration promised and how far it came: targets of 2015 and 2016 told level by level, letters of responsibility signed
from the province to a village, months of 2015 confirmed in one county.

Targets of 2015 are the published ones (ledger E01-E04), people at the scale, places as they are; of 2016 what the plan gives. Who gets
how many in 2015 is shared out by poor people on file at the end of 2014.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from django.db.models import Sum
from django.db.models.functions import Substr

from jiefa.access.queries import Actor, gate, holder
from jiefa.access.rules import Role, Scope
from jiefa.areas import queries as areas
from jiefa.casework import actions as casework
from jiefa.demo import history, users
from jiefa.demo.arrays import share_out
from jiefa.demo.help_lists import YEAR, Sender
from jiefa.demo.targets import scaled
from jiefa.insight.rules.codes import IN_POVERTY
from jiefa.kernel.division_codes import LEVEL_OF_LENGTH
from jiefa.planning.actions import confirming, letters, negotiating
from jiefa.planning.actions.lists import TARGETS
from jiefa.planning.queries import progress, promised
from jiefa.policy import Pack
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.models import HouseholdYear

PROVINCE, PREFECTURE, COUNTY, TOWNSHIP, VILLAGE = "52", "5203", "520324", "520324103", "520324103200"
OTHER_COUNTIES = ("520325", "520326")
"""Counties beside the demonstration's own whose letter the province signs."""
PEOPLE = 1_300_000
PLACES = {"减贫摘帽县": 10, "减贫摘帽乡镇": 160, "整村推进村": 780}
"""Ledger E02, E03, E04."""
DOCUMENT = {YEAR: f"黔扶领〔{YEAR}〕1号（演示）", YEAR + 1: f"黔扶领〔{YEAR + 1}〕1号（演示）"}
LETTER = "黔扶责〔{year}〕{code}号（演示）"
SIGNED = {YEAR: dt.date(YEAR, 2, 28), YEAR + 1: dt.date(YEAR + 1, 1, 20)}
HEADER = ("年度", "地区代码", "指标", "目标数", "状态", "文号", "理由")
CONFIRMED = 10
"""Months of 2015 that the whole county confirmed; of the two after, all villages of one township but one."""
WAY = (PROVINCE, COUNTY, TOWNSHIP, VILLAGE)


def officer(code: str, place: int = 0) -> Actor:
    """An officer of exactly this place: the first or second of the demonstration's users there, else one of its history."""
    level = LEVEL_OF_LENGTH[len(code)]
    role = history.ROLES[level]
    known = [user.username for user in users.USERS if (user.role, user.area) == (role, code)]
    return holder(known[place] if place < len(known) else f"demo-{level.value}-{place + 1}", [(role, code)])


def promise(scale: float, pack: Pack) -> None:
    """Targets, letters and confirmations. The plan of the province must stand."""
    _of_2015(scale, pack)
    _of_2016(pack)
    for year in (YEAR, YEAR + 1):
        for upper, code in pairwise(WAY):
            sign(upper, code, year, pack)
    for county in OTHER_COUNTIES:
        sign(PROVINCE, county, YEAR + 1, pack)
    _confirm()
    _explain(pack)


def _of_2015(scale: float, pack: Pack) -> None:
    """The province's four targets; people shared out to prefectures and counties, and on to the villages of one township."""
    sender = Sender(TARGETS, HEADER, officer(PROVINCE), pack)
    everybody = scaled(PEOPLE, scale)
    sender.add(YEAR, PROVINCE, "减贫人口", everybody, "已确定", DOCUMENT[YEAR], "")
    for metric, number in PLACES.items():
        sender.add(YEAR, PROVINCE, metric, number, "已确定", DOCUMENT[YEAR], "")
    counties = _shared(everybody, PROVINCE, len(COUNTY))
    prefectures: dict[str, int] = {}
    for code, people in counties.items():
        prefectures[code[:4]] = prefectures.get(code[:4], 0) + people
    townships = _shared(counties.get(COUNTY, 0), COUNTY, len(TOWNSHIP))
    villages = _shared(townships.get(TOWNSHIP, 0), TOWNSHIP, len(VILLAGE))
    for parts in (prefectures, counties, townships, villages):
        for code, people in parts.items():
            sender.add(YEAR, code, "减贫人口", people, "已确定", DOCUMENT[YEAR], "")
    sender.send()


def _shared(total: int, code: str, digits: int) -> Mapping[str, int]:
    """``total`` shared out to the places of so many digits by poor people on file a year before; those without any get none."""
    cards = gate(HouseholdYear.objects.filter(year=YEAR - 1, poverty_status__in=IN_POVERTY), Scope((code,)))
    rows = cards.order_by().annotate(place=Substr("village_code", 1, digits)).values("place")
    poor = {row["place"]: int(row["people"] or 0) for row in rows.annotate(people=Sum("size"))}
    weights = {one.code: poor.get(one.code, 0) for one in areas.under(code, digits)}
    if not sum(weights.values()):
        return dict.fromkeys(weights, 0)
    shares = share_out(total, np.array(list(weights.values()), dtype=np.int64))
    return dict(zip(weights, shares.tolist(), strict=True))


def _of_2016(pack: Pack) -> None:
    """Sent down as the plan gave it, answered by one county, fixed: from the province to the villages of one township."""
    year = YEAR + 1
    for code in (PROVINCE, PREFECTURE, COUNTY, TOWNSHIP):
        for metric in ("people", "households"):
            if not any(promised.by_plan(code, year, metric).values()):
                continue
            common: dict[str, Any] = {
                "area_code": code,
                "year": year,
                "metric": metric,
                "by": officer(code),
                "pack": pack,
            }
            negotiating.send_down(document=DOCUMENT[year], **common)
            if (code, metric) == (PREFECTURE, "people"):
                _answered(year, pack)
            negotiating.fix_below(document=DOCUMENT[year], **common)
            line = promised.of_year(code, year, drafts=False)[metric]
            if line.difference:
                negotiating.keep_difference(reason="县里核减一人，差额由本级统筹调剂", **common)


def _answered(year: int, pack: Pack) -> None:
    """The county proposes fewer; the prefecture comes half-way, so that the sum below falls short and is signed for."""
    told = promised.newest_word(COUNTY, year, "people")
    assert told is not None
    reason = "两个村搬迁工程跨年度，年内难以达标"
    fewer = max(0, told.value - 2)
    common: dict[str, Any] = {
        "area_code": COUNTY,
        "year": year,
        "metric": "people",
        "document": DOCUMENT[year],
        "pack": pack,
    }
    negotiating.say(value=fewer, state="proposed", reason=reason, by=officer(COUNTY), **common)
    negotiating.say(value=max(0, told.value - 1), state="sent", reason="核减一人", by=officer(PREFECTURE), **common)


def sign(upper: str, code: str, year: int, pack: Pack) -> Dossier | None:
    """The letter drawn up, signed and countersigned; None where nothing is fixed for the place."""
    if not promised.fixed(code, year):
        return None
    on = SIGNED[year]
    dossier = letters.draw_up(
        upper_code=upper,
        area_code=code,
        year=year,
        document=LETTER.format(year=year, code=code),
        by=officer(upper),
        on=on,
        pack=pack,
    )
    for step, by in enumerate((officer(upper), officer(code), officer(upper, 1))):
        dossier.refresh_from_db()
        decision = Decision("approve", by.name, by.posts, on + dt.timedelta(days=2 * step))
        casework.decide(dossier=dossier, version=None, decision=decision, by=by, key=f"demo-letter-{step}", pack=pack)
    return dossier


def _confirm() -> None:
    """Ten months of the whole county, from its villages up; of the last two, a township that still waits for one village."""
    villages = [one.code for one in areas.under(COUNTY, len(VILLAGE))]
    townships = [one.code for one in areas.under(COUNTY, len(TOWNSHIP))]
    of_villages = holder("demo-village-1", [(Role.VILLAGE_OFFICER, code) for code in villages])
    of_townships = holder("demo-township-1", [(Role.TOWNSHIP_OFFICER, code) for code in townships])
    for month in range(1, CONFIRMED + 1):
        on = dt.date(YEAR, month + 1, 5)
        for codes, by in ((villages, of_villages), (townships, of_townships), ([COUNTY], officer(COUNTY))):
            confirming.confirm(area_codes=codes, year=YEAR, month=month, by=by, on=on)
    waiting = [code for code in villages if code.startswith(TOWNSHIP) and code != VILLAGE]
    for month in range(CONFIRMED + 1, 13):
        confirming.confirm(area_codes=waiting, year=YEAR, month=month, by=of_villages, on=dt.date(YEAR + 1, 1, 5))


def _explain(pack: Pack) -> None:
    """The townships of the county that are behind at the year's end say why."""
    found = progress.standing(areas.division(COUNTY), YEAR, 12, pack.codes("planning_metric").ids)
    for place, row in found.behind[::2]:
        confirming.explain(
            area_code=place.division.code,
            year=YEAR,
            month=12,
            metric=row.metric,
            reason="部分农户收入未稳定超过标准，年底未退出",
            by=officer(place.division.code),
            pack=pack,
        )

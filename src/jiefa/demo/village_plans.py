"""Whole-village advancement in the demonstration's year 2015: as many villages as published at every scale, by a list."""

from __future__ import annotations

import datetime as dt

from jiefa.demo import geography, history, reference
from jiefa.demo.help_lists import YEAR, Sender
from jiefa.kernel.division_codes import Level
from jiefa.policy import Pack

VILLAGES = 780
"""Ledger E04."""
HEADER = ("行政村代码", "年度", "工程", "计划投资", "完成投资", "形象进度", "开工日期", "验收日期")
WORKS = {
    "小康路": 800_000,
    "小康水": 300_000,
    "小康房": 500_000,
    "小康电": 200_000,
    "小康讯": 50_000,
    "小康寨": 400_000,
}
"""What a work costs (made up)."""


def fill(until: int, pack: Pack) -> None:
    """The plans of the year; nothing where the demonstration ends before it."""
    if until < YEAR:
        return
    counties = tuple(county.code for county in reference.counties())
    by = history.offices_of(counties).first(Level.COUNTY)
    land = geography.land()
    poor = [str(code) for code in land.code[land.poor_village]]
    sent = Sender("village_works", HEADER, by, pack)
    for place in range(VILLAGES):
        village = poor[place * len(poor) // VILLAGES]
        for number, (work, yuan) in enumerate(WORKS.items()):
            # Three of four villages are finished; of the others the later works are under way.
            done = place % 4 != 3 or number < 2
            begun, accepted = dt.date(YEAR, 3 + number, 10), dt.date(YEAR, 11, 5 + number) if done else ""
            spent, percent = (yuan, 100) if done else (yuan // 2, 60)
            sent.add(village, YEAR, work, yuan, spent, percent, begun, accepted)
    sent.send()

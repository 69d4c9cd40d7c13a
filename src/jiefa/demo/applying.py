"""A village in which more apply than there are places: six households in a ranking, some of them on the waiting list.

They apply and are not poor, so that every total of poor people stays what it is.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from jiefa import sheets
from jiefa.access.rules import Scope
from jiefa.demo import pending
from jiefa.demo.pending import Family
from jiefa.insight.actions import intake
from jiefa.policy import Pack
from jiefa.registry import roster

VILLAGE = pending.VILLAGE
ROOM = 7
"""People for whom the village's quota has places beyond those registered: two of the six households."""
FIRST_NUMBER = 91_001
FAMILIES: tuple[tuple[Family, int], ...] = (
    # family; net income per person in per cent of the line of the year
    (("骆科举", "male", (1964, 5, 2), "田井凤", (1966, 1, 9), "骆倩", (2002, 3, 21), "schooling"), 62),
    (("韩太忠", "male", (1959, 10, 11), "冉隆英", (1961, 4, 30), "韩帅", (1990, 9, 5), "funds"), 71),
    (("郑继远", "male", (1973, 2, 14), "王德会", (1975, 8, 6), "郑欣", (2004, 11, 17), "transport"), 79),
    (("吴明江", "male", (1968, 7, 23), "骆光秀", (1970, 12, 12), "吴昊", (1997, 4, 8), "skill"), 86),
    (("冉崇信", "male", (1977, 3, 3), "陈绍琴", (1979, 10, 27), "冉静", (2006, 2, 15), "schooling"), 93),
    (("田景文", "male", (1970, 11, 30), "郑传敏", (1972, 6, 19), "田野", (1999, 8, 1), "funds"), 118),
)


def load(pack: Pack, year: int) -> None:
    """The applicants with their cards of ``year``, taken in as any roster is."""
    line = pack.for_year(year).fen("poverty_line.province")
    homes: list[dict[str, Any]] = []
    people: list[dict[str, Any]] = []
    for place, (of_family, percent) in enumerate(FAMILIES):
        number = f"{VILLAGE}{FIRST_NUMBER + place}"
        position = pending.FAMILIES_WAITING + place
        card, members = pending.family(of_family, position, number, year)
        card |= {"poverty_status": "applicant", "entered_year": None, "stated_size": len(members)}
        homes.append(card | _income(line * percent // 100, len(members), card["business_cost_fen"]))
        people += members
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"光明村申请农户{year}.xlsx"
        rows = {roster.HOUSEHOLDS: homes, roster.MEMBERS: people}
        sheets.write_template(path, roster.specs(pack, year), title=pack.form("roster").zh, rows=rows)
        intake.load_roster(path=path, pack=pack, within=Scope((VILLAGE[:6],)), by=pending.LOADED_BY)


def _income(per_person_fen: int, people: int, cost_fen: int) -> dict[str, int]:
    """An income that comes to so much for each person: half of it earned on the land, at a cost."""
    net = per_person_fen * people
    earned = net // 2
    return {
        "business_income_fen": earned + cost_fen,
        "other_transfer_fen": net - earned,
        "stated_income_per_person_fen": per_person_fen,
    }

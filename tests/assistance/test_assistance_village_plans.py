"""Plans of villages: works by list, what is wrong or odd, sums by village and place, inside the scope."""

from __future__ import annotations

from pathlib import Path

from tests.assistance import help_lists as given
from tests.procedures.people import VILLAGE, People

from jiefa.access.rules import Scope
from jiefa.assistance.models import VillageWork
from jiefa.assistance.queries import villages as queries
from jiefa.audit import queries as audit
from jiefa.lists import actions
from jiefa.policy import Pack
from jiefa.registry.models import Household

Village = dict[str, Household]
YEAR = 2015
HERE = Scope((VILLAGE,))
HEADER = ("行政村代码", "年度", "工程", "计划投资", "完成投资", "形象进度", "开工日期", "验收日期")
ROAD = (VILLAGE, YEAR, "小康路", "1000", "900", 100, "2015-03-01", "2015-11-01")
WATER = (VILLAGE, YEAR, "小康水", "500", "", "", "", "")


def test_works_come_to_their_sums(village: Village, people: People, pack: Pack, tmp_path: Path) -> None:
    done = given.taken(given.written(tmp_path, HEADER, ROAD, WATER), "village_works", people, pack)

    assert (done.accepted, done.held_back) == (2, 0)
    assert queries.sums(HERE, YEAR) == queries.Sums(1, 2, 0, 150_000, 90_000)
    (plan,) = queries.plans(HERE, YEAR)
    assert (plan["works"], plan["accepted"], plan["planned"], plan["progress"]) == (2, 1, 150_000, 50)
    assert queries.sums(Scope(("5201",)), YEAR).villages == 0
    assert not audit.verify().faults

    finished = (*WATER[:4], "500", 100, "2015-04-01", "2015-12-01")
    again = given.taken(given.written(tmp_path, HEADER, ROAD, finished, name="b.csv"), "village_works", people, pack)
    assert (again.unchanged, again.accepted) == (1, 2 - 1)
    assert queries.sums(HERE, YEAR).accepted == 1
    assert VillageWork.objects.count() == 2


def test_wrong_rows_are_held_back_and_odd_ones_said(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    done = given.staged(
        given.written(
            tmp_path,
            HEADER,
            (*ROAD[:5], 90, *ROAD[6:]),
            (*ROAD[:2], "小康电", "1", "2", 100, "2015-03-01", "2015-02-01"),
            (*ROAD[:2], "小康讯", "1", "2", 50, "", ""),
            WATER,
            WATER,
        ),
        "village_works",
        people,
        pack,
    )

    assert done.held_back == 3
    assert {rule for _level, rule, *_rest in actions.tally(done)} == {"HP13", "HP41", "HP42", "HP43", "HP44"}

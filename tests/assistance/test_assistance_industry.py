"""The register of industry and benefit links: lists by two officers, scope, what was paid, money that reached no household."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.assistance import help_lists as given
from tests.procedures.people import COUNTY, VILLAGE, People

from jiefa.access.rules import Scope
from jiefa.areas.models import Division
from jiefa.assistance.actions import plans
from jiefa.assistance.models import BenefitLink, BenefitPaid, IndustryBody, IndustryYear, Measure
from jiefa.assistance.queries import industry as queries
from jiefa.assistance.queries import plans as plan_queries
from jiefa.assistance.queries import programmes
from jiefa.assistance.rules.plans import Promise
from jiefa.audit import queries as audit
from jiefa.audit.models import Entry
from jiefa.casework import lists
from jiefa.lists import actions
from jiefa.lists.models import ReceivedList
from jiefa.policy import Pack
from jiefa.registry.models import Household

Village = dict[str, Household]
YEAR = 2015
HERE = Scope((VILLAGE,))
BODIES = (
    *("主体编号", "主体名称", "主体类型", "所在村代码", "年度", "主导产业", "龙头级别", "所在园区编号", "认定日期"),
    *("产值", "销售收入", "扶贫资金投入", "社员人数", "贫困社员人数"),
)
PARK = ("P1", "茶叶园区", "园区", VILLAGE, YEAR, "茶叶", "", "", "2015-03-01", "1000", "800", "500", "", "")
FIRM = ("E1", "茶叶公司", "企业", VILLAGE, YEAR, "茶叶", "省级", "P1", "2014-05-01", "", "", "200", "", "")
COOP = ("C1", "核桃合作社", "合作社", VILLAGE, YEAR, "核桃", "", "", "2013-05-01", "", "", "100", "50", "20")
BENEFITS = ("户编号", "主体编号", "联结方式", "协议起始日期", "协议终止日期", "兑现日期", "兑现金额")


def bodies(folder: Path, people: People, pack: Pack, *rows: Sequence[object], name: str = "bodies.csv") -> ReceivedList:
    return given.taken(given.written(folder, BODIES, *rows, name=name), "industry", people, pack)


def benefits(folder: Path, people: People, pack: Pack, *rows: Sequence[object], name: str = "paid.csv") -> ReceivedList:
    return given.taken(given.written(folder, BENEFITS, *rows, name=name), "benefits", people, pack)


def test_register_by_two_officers_comes_to_its_sums(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    file = given.written(tmp_path, BODIES, FIRM, PARK, COOP)
    waiting = given.staged(file, "industry", people, pack)
    with pytest.raises(actions.ListNotYours):
        lists.accept(list_id=waiting.pk, by=people.wang, pack=pack)
    assert not IndustryBody.objects.exists()

    done = lists.accept(list_id=waiting.pk, by=people.zhou, pack=pack)

    assert (done.accepted, done.held_back) == (3, 0)
    sums = queries.by_kind(HERE, YEAR)
    assert (sums["park"].recognised, sums["park"].output_fen, sums["park"].sales_fen) == (1, 100_000, 80_000)
    assert (sums["enterprise"].in_parks, sums["enterprise"].leading) == (1, 1)
    assert (sums["cooperative"].members, sums["cooperative"].poor_members) == (50, 20)
    assert queries.industries(HERE, YEAR) == 2
    assert queries.by_kind(Scope(("5201",)), YEAR) == {}
    assert not audit.verify().faults
    with pytest.raises(actions.ListLoaded):
        given.staged(file, "industry", people, pack)


def test_rows_that_are_wrong_are_held_back(village: Village, people: People, pack: Pack, tmp_path: Path) -> None:
    other = Division.objects.exclude(pk__startswith=COUNTY).filter(level="village").first()
    elsewhere = other.pk if other else "520399001001"
    done = bodies(
        tmp_path,
        people,
        pack,
        PARK,
        ("E2", "甲", "企业", VILLAGE, YEAR, "茶叶", "", "nowhere", "", "", "", "", "", ""),
        ("E3", "乙", "企业", VILLAGE, YEAR, "茶叶", "", "E2", "", "", "", "", "", ""),
        ("E4", "丙", "企业", elsewhere, YEAR, "茶叶", "", "", "", "", "", "", "", ""),
        ("C2", "丁", "合作社", VILLAGE, YEAR, "茶叶", "", "", "", "", "", "", "5", "6"),
        ("C3", "戊", "合作社", VILLAGE, YEAR, "", "", "", "", "", "", "", "", ""),
    )

    assert (done.accepted, done.held_back) == (1, 5)
    assert {rule for level, rule, *_rest in actions.tally(done) if level == "error"} >= {"HP15", "HP33", "HP34"}
    again = given.staged(
        given.written(tmp_path, BODIES, ("P1", "茶叶园区", "企业", *PARK[3:]), name="kind.csv"),
        "industry",
        people,
        pack,
    )
    assert again.held_back == 1


def test_next_list_changes_what_differs_and_an_empty_cell_nothing(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    bodies(tmp_path, people, pack, PARK, FIRM)

    again = bodies(
        tmp_path, people, pack, PARK, (*FIRM[:7], "", "", "300", *FIRM[10:]), (*PARK[:4], 2016, *PARK[5:]), name="b.csv"
    )

    assert (again.unchanged, again.accepted) == (1, 2)
    said = json.loads(Entry.objects.filter(action="industry.kept").latest("seq").diff)
    assert (said["digest"], said["new"], said["changed"]) == (again.digest, 1, 1)
    firm = IndustryBody.objects.get(number="E1")
    assert firm.park is not None
    assert firm.recognised_on == dt.date(2014, 5, 1)
    assert firm.years.get().output_fen == 30_000
    assert IndustryYear.objects.count() == 3
    assert [one.year for one in queries.years(IndustryBody.objects.get(number="P1").pk)] == [2016, 2015]


def test_links_with_what_was_paid_reach_the_household_once(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    bodies(tmp_path, people, pack, PARK, FIRM, COOP)
    first = ("A", "C1", "分红", "2014-01-01", "", "2015-12-20", "300.50")
    done = benefits(
        tmp_path,
        people,
        pack,
        first,
        ("A", "C1", "分红", "2014-01-01", "", "2014-12-20", "100"),
        ("B", "E1", "务工", "2015-02-01", "2015-12-31", "", ""),
        ("B", "none", "务工", "2015-02-01", "", "", ""),
        ("B", "E1", "务工", "2015-03-01", "2015-02-01", "", ""),
        ("B", "E1", "务工", "2015-03-01", "", "", "5"),
        ("B", "E1", "务工", "2015-03-01", "", "2015-02-01", "5"),
    )

    assert (done.accepted, done.held_back) == (3, 4)
    (link,) = queries.of_household(village["A"].pk, YEAR)
    assert link.paid_fen == 30_050
    assert queries.by_way(HERE, YEAR) == {
        "dividend": queries.Benefit(1, 1, 30_050),
        "work": queries.Benefit(1, 1, 0),
    }
    corrected = benefits(
        tmp_path, people, pack, (*first[:6], "310"), ("A", "C1", "分红", *first[3:4], "2016-01-01", "", "")
    )
    assert (corrected.accepted, BenefitLink.objects.count(), BenefitPaid.objects.count()) == (2, 2, 2)
    assert queries.by_way(HERE, YEAR)["dividend"].fen == 31_000
    assert queries.by_way(HERE, 2017) == {}
    assert benefits(tmp_path, people, pack, (*first[:6], "310"), name="same.csv").unchanged == 1
    assert not audit.verify().faults


def test_investment_without_a_link_is_found_until_a_household_has_something_of_it(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    idle = ("E9", "没有投入", "企业", VILLAGE, YEAR, "茶叶", "", "", "", "1", "1", "", "", "")
    bodies(tmp_path, people, pack, PARK, FIRM, COOP, idle)
    assert [one.number for one in queries.unlinked(HERE, YEAR)] == ["P1", "E1", "C1"]

    benefits(tmp_path, people, pack, ("A", "E1", "务工", "2015-02-01", "", "", ""))

    # By what lies in the park the park reaches a household, too.
    assert [one.number for one in queries.unlinked(HERE, YEAR)] == ["C1"]
    assert not queries.unlinked(Scope(("5201",)), YEAR)
    assert queries.body(IndustryBody.objects.get(number="C1").pk, Scope(("5201",))) is None


def test_measure_of_industry_leaves_its_trace_when_something_was_paid(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    promised = Promise("industry", "王芳", dt.date(YEAR, 10, 1), cause="funds")
    plans.draw_up(household_id=village["A"].pk, year=YEAR, promises=[promised], by=people.li, pack=pack)
    plan = plans.sign(household_id=village["A"].pk, year=YEAR, signed_by="户主", on=dt.date(YEAR, 3, 1), by=people.li)
    measure = plan.measures.get()
    plans.deliver(measure_id=measure.pk, on=dt.date(YEAR, 9, 1), by=people.li)

    def untraced() -> list[Measure]:
        kinds = programmes.traced_kinds(pack)
        return list(plan_queries.untraced(HERE, YEAR, dt.date(YEAR, 12, 1), kinds))

    bodies(tmp_path, people, pack, COOP)
    assert untraced() == [measure]
    benefits(tmp_path, people, pack, ("A", "C1", "分红", f"{YEAR}-01-01", "", "", ""), name="link.csv")
    assert untraced() == [measure]

    benefits(tmp_path, people, pack, ("A", "C1", "分红", f"{YEAR}-01-01", "", f"{YEAR}-12-20", "300"))

    assert untraced() == []

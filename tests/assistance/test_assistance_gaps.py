"""Lists to act on: each holds exactly the households that its sentence speaks of, and empties when help has arrived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.assistance import help_lists as given
from tests.assistance.conftest import wish
from tests.procedures.people import VILLAGE, People

from jiefa.access.rules import Scope
from jiefa.assistance.actions import credit, repaying
from jiefa.assistance.queries import exports, gaps
from jiefa.assistance.queries.gaps import Asked
from jiefa.policy import NotInForce, Pack
from jiefa.registry.models import Household, HouseholdYear, PersonYear

Village = dict[str, Household]
Listed = Callable[..., list[str]]
ON = dt.date(2015, 12, 1)


@pytest.fixture
def listed(pack: Pack) -> Listed:
    """The numbers of the households (or the numbers or names of the organisations) on a list."""

    def numbers(name: str, on: dt.date = ON, area: str = VILLAGE) -> list[str]:
        gap = gaps.GAPS[name]
        rows = gap.rows(Asked(Scope((area,)), 2015, on, pack))
        if not gap.home:
            return [str(number or name) for number, name in map(exports.named, rows)]
        return list(rows.values_list(f"{gap.home}__number", flat=True))

    return numbers


def guaranteed(folder: Path, people: People, pack: Pack, *numbers: str) -> None:
    header = ("户编号", "年度", "保障类别", "保障人数", "最近发放日期", "1月金额")
    rows = [(number, "2015", "低保", "2", "2015-11-10", "300") for number in numbers]
    given.taken(given.written(folder, header, *rows), "guarantee", people, pack)


def test_two_without_household_waits_until_civil_affairs_lists_it(
    village: Village, people: People, pack: Pack, listed: Listed, tmp_path: Path
) -> None:
    HouseholdYear.objects.filter(household=village["A"]).update(kind="two_none")
    HouseholdYear.objects.filter(household=village["C"]).update(kind="two_none")  # left the register
    assert listed("unguaranteed") == ["A"]
    assert listed("unguaranteed", area="520326") == []

    guaranteed(tmp_path, people, pack, "A")

    assert listed("unguaranteed") == []


def test_who_is_guaranteed_and_not_poor_and_who_is_so_on_the_card_alone(
    village: Village, people: People, pack: Pack, listed: Listed, tmp_path: Path
) -> None:
    HouseholdYear.objects.filter(household=village["B"]).update(household_class="dibao_poor")
    guaranteed(tmp_path, people, pack, "A", "C")

    assert listed("guaranteed-not-poor") == ["C"]
    assert listed("guarantee-unlisted") == ["B"]


def test_loan_is_listed_from_the_end_of_grace_until_it_is_repaid(
    village: Village, people: People, pack: Pack, listed: Listed
) -> None:
    asked = wish(village["A"], 10_000, months=12, begins=dt.date(2015, 1, 10))
    loan = credit.lend(household_id=village["A"].pk, wish=asked, by=people.wang, pack=pack)
    assert listed("overdue", dt.date(2016, 2, 9)) == []
    assert listed("overdue", dt.date(2016, 2, 10)) == ["A"]
    assert listed("overdue", dt.date(2016, 8, 1)) == ["A"]

    repaying.repay(loan_id=loan.pk, principal_fen=1_000_000, interest_fen=0, on=dt.date(2016, 8, 1), by=people.wang)

    assert listed("overdue", dt.date(2016, 8, 2)) == []
    assert listed("overdue", dt.date(2014, 1, 1)) == []


def test_pupil_entitled_and_unpaid(
    village: Village, people: People, pack: Pack, listed: Listed, tmp_path: Path
) -> None:
    pupils = {number: village[number].people.order_by("pk")[1] for number in "ABC"}
    PersonYear.objects.filter(person__in=[pupils["A"].pk, pupils["C"].pk]).update(school_stage="vocational")
    PersonYear.objects.filter(person=pupils["B"].pk).update(school_stage="bachelor")
    assert listed("pupils-unpaid") == ["A"]
    header = ("户编号", "姓名", "年度", "学期", "就读学段", "发放金额", "核定日期", "发放日期")
    row = ("A", pupils["A"].name, "2015", "秋季", "中职", "1500", "2015-09-10")
    given.taken(given.written(tmp_path, header, (*row, "")), "school_aid", people, pack)
    assert listed("pupils-unpaid") == ["A"]

    given.taken(given.written(tmp_path, header, (*row, "2015-10-10")), "school_aid", people, pack)

    assert listed("pupils-unpaid") == []


def test_coverage_of_training_counts_certificates_of_households_with_a_labourer(
    village: Village, people: People, pack: Pack, listed: Listed, tmp_path: Path
) -> None:
    PersonYear.objects.filter(household=village["B"]).update(labour="none")
    head = village["A"].people.order_by("pk")[0]
    header = ("户编号", "姓名", "年度", "培训班编号", "培训工种", "报名日期", "取证日期")
    asked = Asked(Scope(("52",)), 2015, ON, pack)

    def enrol(certified: str) -> None:
        row = ("A", head.name, "2015", "T1", "焊工", "2015-03-01", certified)
        given.taken(given.written(tmp_path, header, row), "training", people, pack)

    enrol("")
    assert listed("untrained") == ["A"]
    assert gaps.coverage(asked, 6)[VILLAGE[:6]] == gaps.Coverage(1, 0)

    enrol("2015-04-01")

    assert listed("untrained") == []
    assert gaps.coverage(asked, 6)[VILLAGE[:6]].share == 1.0


def test_move_without_a_job(village: Village, people: People, pack: Pack, listed: Listed, tmp_path: Path) -> None:
    header = ("户编号", "年度", "搬迁原因", "搬迁人数", "列入计划日期", "入住日期", "就业日期")

    def moved(*rows: tuple[str, ...]) -> None:
        given.taken(given.written(tmp_path, header, *rows), "relocation", people, pack)

    row = ("2015", "石山区", "2", "2015-01-10", "2015-09-01")
    moved(("A", *row, ""), ("B", *row[:-1], "", ""))
    assert listed("moved-without-a-job") == ["A"]

    moved(("A", *row, "2015-10-01"))

    assert listed("moved-without-a-job") == []


def test_counts_are_as_long_as_the_lists(village: Village, pack: Pack, listed: Listed) -> None:
    found = gaps.counts(Asked(Scope((VILLAGE,)), 2015, ON, pack))

    assert found == {name: len(listed(name)) for name in gaps.GAPS}
    assert found["unanswered"] == 2


@pytest.mark.django_db
def test_a_year_before_the_rules_has_nothing_to_act_on(pack: Pack) -> None:
    asked = Asked(Scope(("52",)), 2013, dt.date(2013, 12, 31), pack)
    with pytest.raises(NotInForce):
        pack.for_year(2013).texts("programme.school_aid_stages")
    assert gaps.counts(asked)["pupils-unpaid"] == 0
    assert gaps.paid_pupils(asked, 6) == {}

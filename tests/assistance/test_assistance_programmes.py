"""Programmes as data: a list is judged row by row and taken in by a second officer; a case is asked for, carried on, counted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from tests.assistance import help_lists as given
from tests.casework import going
from tests.procedures.people import People
from tests.registry import rosters

from jiefa import policy
from jiefa.access.rules import Scope
from jiefa.assistance.actions import records
from jiefa.assistance.models import ProgrammeRecord
from jiefa.assistance.queries import programmes as queries
from jiefa.audit import queries as audit
from jiefa.audit.models import Entry
from jiefa.casework import lists
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.lists import actions
from jiefa.lists.models import ReceivedList
from jiefa.policy import Pack
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household, HouseholdYear, PersonYear

Village = dict[str, Household]
PROVINCE = Scope(("52",))
ON = dt.date(2015, 11, 1)
REPAIR = ("户编号", "年度", "危房等级", "改造方式", "补助金额", "批准日期", "开工日期", "验收日期", "发放日期")


def repair(household: str, fen: str = "8000", grade: str = "C", **days: str) -> tuple[str, ...]:
    named = ("approved", "begun", "accepted", "paid")
    return (household, "2015", grade, "维修加固", fen, *(days.get(day, "") for day in named))


def test_every_programme_names_columns_that_cards_have(pack: Pack) -> None:
    for programme in pack.programmes.values():
        table = PersonYear if programme.about == "person" else HouseholdYear
        names = {field.name for field in table._meta.get_fields()}
        assert set(programme.fits) <= names, programme.id
        assert programme.stage(programme.trace) is not None
        assert bool(programme.amount) != bool(programme.monthly), programme.id


def test_list_is_judged_by_row_and_taken_in_by_a_second_officer(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    file = given.written(
        tmp_path,
        REPAIR,
        repair("A", approved="2015-03-01", begun="2015-04-01", accepted="2015-06-01", paid="2015-07-01"),
        repair("B", fen="12000", approved="2015-03-01"),  # above what a C house may have
        repair("X"),  # nobody of this number
        repair("C", approved="2015-05-01", begun="2015-04-01"),  # begun before it was approved
        repair("A"),  # twice
    )

    staged = given.staged(file, "house_repair", people, pack)

    assert (staged.rows, staged.accepted, staged.held_back) == (5, 1, 4)
    assert not ProgrammeRecord.objects.exists()
    rules = {
        (one["row"], one["rule"]) for one in actions.folder_of(staged).remarks().to_pylist() if one["level"] == "error"
    }
    assert rules == {(3, "HP03"), (4, "HP11"), (5, "HP02"), (6, "HP13")}
    with pytest.raises(actions.ListNotYours):
        lists.accept(list_id=staged.pk, by=people.wang, pack=pack)
    lists.accept(list_id=staged.pk, by=people.zhou, pack=pack)
    record = ProgrammeRecord.objects.get()
    assert (record.household.number, record.stage, record.traced_on) == ("A", "paid", dt.date(2015, 7, 1))
    assert (record.amount_fen, record.people, record.of_list_id) == (800_000, record.household.size, staged.pk)
    with pytest.raises(actions.ListDecided):
        lists.accept(list_id=staged.pk, by=people.zhou, pack=pack)
    assert not audit.verify().faults


def test_report_writes_beside_each_row_what_is_wrong(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    file = given.written(tmp_path, REPAIR, repair("A"), repair("X"))
    staged = given.staged(file, "house_repair", people, pack)

    assert lists.write_report(staged, pack, file, tmp_path / "report.xlsx")

    book = openpyxl.load_workbook(tmp_path / "report.xlsx", read_only=True)
    texts = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert any("在您管辖范围的登记册里找不到" in text for text in texts)


def test_same_content_is_taken_once_and_an_empty_cell_changes_nothing(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    given.taken(given.written(tmp_path, REPAIR, repair("A", approved="2015-03-01")), "house_repair", people, pack)
    with pytest.raises(actions.ListLoaded):
        given.staged(
            given.written(tmp_path, REPAIR, repair("A", approved="2015-03-01"), name="又.csv"),
            "house_repair",
            people,
            pack,
        )

    given.taken(
        given.written(tmp_path, REPAIR, repair("A", begun="2015-04-01"), name="后.csv"), "house_repair", people, pack
    )

    record = ProgrammeRecord.objects.get()
    assert (record.own["approved_on"], record.own["begun_on"], record.stage) == ("2015-03-01", "2015-04-01", "begun")


def test_list_of_strangers_alone_is_not_kept(village: Village, people: People, pack: Pack, tmp_path: Path) -> None:
    file = given.written(tmp_path, REPAIR, repair("X"))

    with pytest.raises(actions.ListEmpty):
        given.staged(file, "house_repair", people, pack)
    assert not ReceivedList.objects.exists()


def test_another_county_reaches_nobody_here_and_decides_nothing(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    file = given.written(tmp_path, REPAIR, repair("A"))
    with pytest.raises(actions.ListEmpty):
        lists.stage(file=file, name=file.name, kind="house_repair", by=people.wu, pack=pack)
    with pytest.raises(NotAllowed):
        lists.stage(file=file, name=file.name, kind="house_repair", by=people.li, pack=pack)
    staged = given.staged(file, "house_repair", people, pack)

    with pytest.raises(NotAllowed):
        lists.accept(list_id=staged.pk, by=people.wu, pack=pack)
    with pytest.raises(NotAllowed):
        lists.refuse(list_id=staged.pk, reason="不对", by=people.wu, pack=pack)
    assert lists.one(staged.pk, people.wu, pack) is None


def test_refused_list_writes_nothing_and_says_why(village: Village, people: People, pack: Pack, tmp_path: Path) -> None:
    staged = given.staged(given.written(tmp_path, REPAIR, repair("A")), "house_repair", people, pack)
    with pytest.raises(actions.ListReason):
        lists.refuse(list_id=staged.pk, reason=" ", by=people.zhou, pack=pack)

    lists.refuse(list_id=staged.pk, reason="金额待核", by=people.zhou, pack=pack)

    assert not ProgrammeRecord.objects.exists()
    assert Entry.objects.filter(action="list.refused").count() == 1


def test_person_is_found_by_certificate_or_by_household_and_name_and_no_number_is_kept(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    head = village["A"].people.order_by("pk")[0]
    other = village["B"].people.order_by("pk")[1]
    header = ("户编号", "姓名", "证件号码", "年度", "就业地", "用工单位", "上岗日期")
    number = rosters.id_number(head.birth_date or ON, 10, male=True)
    file = given.written(
        tmp_path,
        header,
        ("", "", number, "2015", "省外", "东莞电子厂", "2015-03-01"),
        ("B", other.name, "", "2015", "县内", "茶厂", "2015-03-01"),
        ("B", "无此人", "", "2015", "县内", "茶厂", "2015-03-01"),
    )

    taken = given.taken(file, "job_outside", people, pack)

    assert {record.person_id for record in ProgrammeRecord.objects.all()} == {head.pk, other.pk}
    assert taken.held_back == 1
    kept = actions.folder_of(taken).households().to_pylist()
    assert number not in str(kept)
    assert number not in "".join(Entry.objects.values_list("diff", flat=True))


def test_months_add_up_and_who_is_off_the_list_of_the_deciding_office_is_marked(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    header = ("户编号", "年度", "保障类别", "保障人数", "纳入日期", "最近发放日期", "1月金额", "2月金额")

    def row(number: str, first: str = "400.50") -> tuple[str, ...]:
        return (number, "2015", "低保", "2", "2014-12-01", "2015-02-10", first, "400")

    file = given.written(tmp_path, header, row("A"), row("B"), row("X"))
    first = given.taken(file, "guarantee", people, pack)
    assert (first.accepted, first.strangers, first.held_back) == (2, 1, 0)
    assert ProgrammeRecord.objects.get(household__number="A").amount_fen == 80_050

    given.taken(given.written(tmp_path, header, row("A", "500"), name="新.csv"), "guarantee", people, pack)

    sums = queries.by_programme(PROVINCE, 2015)["guarantee"]
    assert (sums.records, sums.households, sums.people, sums.fen) == (1, 1, 2, 90_000)
    assert ProgrammeRecord.objects.get(household__number="B").off_list


def test_household_asks_three_levels_decide_and_the_case_is_on_file_with_its_dossier(
    village: Village, people: People, pack: Pack
) -> None:
    HouseholdYear.objects.filter(household=village["A"], year=2015).update(house_danger="D")
    own = {"grade": "D", "way": "rebuild"}

    def ask() -> int:
        return records.propose(
            programme="house_repair",
            household_id=village["A"].pk,
            person_id=None,
            year=2015,
            own=own,
            by=people.li,
            on=ON,
            pack=pack,
        )

    key = ask()

    going.to_the_end(Dossier.objects.get(pk=key), people, pack, ON)

    record = ProgrammeRecord.objects.get()
    assert (record.household, record.dossier, record.stage) == (village["A"], key, "")
    with pytest.raises(records.CaseOnFile):
        ask()


@pytest.mark.parametrize(
    ("number", "own", "refusal"),
    [
        ("A", {"grade": "C"}, "卡片上不符合"),
        ("C", {"grade": "C"}, "不是在册贫困户"),
        ("A", {}, "没有填"),
    ],
)
def test_what_speaks_against_a_case_is_said_before_a_dossier_is_drawn_up(
    number: str, own: dict[str, str], refusal: str, village: Village, people: People, pack: Pack
) -> None:
    with pytest.raises(JiefaError, match=refusal):
        records.propose(
            programme="house_repair",
            household_id=village[number].pk,
            person_id=None,
            year=2015,
            own=own,
            by=people.li,
            on=ON,
            pack=pack,
        )
    assert not Dossier.objects.exists()


def test_case_is_carried_on_by_who_may_edit_the_household(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    given.taken(given.written(tmp_path, REPAIR, repair("A", approved="2015-03-01")), "house_repair", people, pack)
    record = ProgrammeRecord.objects.get()
    with pytest.raises(NotAllowed):
        records.carry_on(record_id=record.pk, own={"begun_on": ON}, by=people.wu, on=ON, pack=pack)
    with pytest.raises(records.CaseWrong):
        records.carry_on(record_id=record.pk, own={"begun_on": dt.date(2015, 1, 1)}, by=people.li, on=ON, pack=pack)

    records.carry_on(record_id=record.pk, own={"begun_on": dt.date(2015, 4, 1)}, by=people.li, on=ON, pack=pack)

    record.refresh_from_db()
    assert (record.stage, record.own["subsidy"]) == ("begun", 800_000)
    assert "begun_on" in Entry.objects.get(action="help.carried_on").diff


def test_sums_by_place_are_those_of_the_rows(village: Village, people: People, pack: Pack, tmp_path: Path) -> None:
    file = given.written(
        tmp_path,
        REPAIR,
        repair("A", paid="2015-07-01", fen="7000"),
        repair("B", fen="500.5"),
    )
    given.taken(file, "house_repair", people, pack)

    counts = queries.reached(PROVINCE, pack.programme("house_repair"), 2015)
    assert counts == {"approved_on": 0, "begun_on": 0, "accepted_on": 0, "paid_on": 1}
    for digits in (2, 4, 6, 9, 12):
        sums = queries.by_place(PROVINCE, "house_repair", 2015, digits)
        rows = ProgrammeRecord.objects.all()
        assert list(sums) == [village["A"].village_code[:digits]]
        (one,) = sums.values()
        assert (one.records, one.traced, one.fen) == (2, 1, sum(row.amount_fen for row in rows))
        assert one.people == sum(row.people for row in rows)
    assert queries.by_place(Scope(("520326",)), "house_repair", 2015, 4) == {}


def test_another_province_adds_a_programme_without_code(village: Village, people: People, tmp_path: Path) -> None:
    own_pack = policy.load(given.other_province(tmp_path))
    file = given.written(tmp_path, given.SOLAR, ("A", "2015", "3000", "2015-06-30"))

    given.taken(file, "solar", people, own_pack)

    assert queries.by_programme(PROVINCE, 2015)["solar"].fen == 300_000

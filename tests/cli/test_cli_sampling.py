"""``jiefa sample …``: drawn from the snapshot, sheets that tell nothing, replaced in order, answers in, estimates by hand; who sees what."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result
from django.db import DatabaseError, transaction
from django.utils import timezone
from tests.site import county
from typer.testing import CliRunner

from jiefa import policy
from jiefa.access.models import Post, User
from jiefa.access.queries import actor_of
from jiefa.areas.models import Designation, DivisionYear
from jiefa.audit.models import Entry
from jiefa.casework import actions as casework
from jiefa.cli import app
from jiefa.demo.papers import paper
from jiefa.evaluation.actions import drawing, fieldwork, rebutting
from jiefa.evaluation.models import DrawnHousehold, FieldAnswer, HandOver, Rebuttal, Sample
from jiefa.evaluation.queries.samples import SampleUnknown, SheetUnknown
from jiefa.evaluation.rules import refusals
from jiefa.evaluation.rules.drawing import Part
from jiefa.kernel.errors import NotAllowed
from jiefa.procedures import actions as procedures
from jiefa.procedures.actions.opening import AlreadyOpen
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.models import Household

pytestmark = pytest.mark.usefixtures("small_county")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app.build("sample"), ["sample", *arguments])


def shown(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exception is None, result.exception
    return json.loads(result.stdout)


def refused(*arguments: str) -> BaseException | None:
    return run(*arguments).exception


@pytest.fixture
def drawn(small_county: None) -> dict[str, Any]:
    return draw_again()


def draw_again() -> dict[str, Any]:
    found: dict[str, Any] = shown(
        *("draw", "--division", county.COUNTY, "--seed", "7", "--as", "evaluator"),
        *("--exited", "5", "--poor", "1", "--outside", "2", "--reserve", "1"),
    )
    return found


def sheets(number: int, folder: Path) -> tuple[Path, list[str], list[dict[str, Any]]]:
    file = folder / "sheets.xlsx"
    shown("sheets", str(number), "-o", str(file), "--as", "evaluator")
    titles, *rows = openpyxl.load_workbook(file).active.iter_rows(values_only=True)
    names = [str(title) for title in titles]
    return file, names, [dict(zip(names, row, strict=True)) for row in rows]


def filled(file: Path, answers: dict[int, dict[str, object]]) -> str:
    """The workbook with what was found written into the rows of these sheets; all else well and content."""
    book = openpyxl.load_workbook(file)
    sheet = book.active
    at = {str(cell.value): cell.column for cell in sheet[1]}
    well = {"入户日期": "2016-01-10", "实际人口": 2, "核实人均纯收入": 9000, "认可扶贫工作": "是"}
    well |= dict.fromkeys(("吃不愁", "穿不愁", "义务教育有保障", "基本医疗有保障", "住房安全有保障", "饮水安全"), "是")
    for row in range(2, sheet.max_row + 1):
        number = sheet.cell(row, at["表号"]).value
        if number in answers:
            for name, value in (well | answers[number]).items():
                sheet.cell(row, at[name]).value = value
    book.save(file)
    return str(file)


def test_size_needs_no_sample() -> None:
    assert shown("size", "--margin", "0.05") == {"simple": 385, "answers": 385, "drawn": 385, "deff": 1.0}
    assert (
        shown("size", "--margin", "0.01", "--share", "0.02", "--per-village", "37", "--rho", "0.05")["answers"] == 2109
    )
    assert refused("size", "--margin", "5") is not None


def test_a_draw_is_kept_with_snapshot_seed_and_chances(drawn: dict[str, Any]) -> None:
    made = Sample.objects.get(pk=drawn["sample"])

    assert (made.seed, made.evaluator, made.snapshot) == (7, "evaluator", drawn["snapshot"])
    assert drawn["frame"][Part.EXITED.value] == 1
    assert drawn["frame"][Part.OUTSIDE.value] == 8
    assert drawn["frame"]["distance_unknown"] == sum(drawn["frame"]["villages"].values())
    village = made.villages.get(village_code=county.VILLAGE)
    chances = {(one.part, one.reserve): one.probability for one in village.households.all()}
    assert chances == {
        ("exited", False): 1.0,
        ("poor", False): pytest.approx(1 / 3),
        ("poor", True): pytest.approx(1 / 3),
        ("outside", False): 2 / 8,
        ("outside", True): 2 / 8,
    }
    assert drawn["households"] == 1 + 1 + 2 + 1  # and one of the other village


def test_the_same_seed_draws_the_same_again_whatever_the_records_became(drawn: dict[str, Any]) -> None:
    DivisionYear.objects.create(division_id=county.VILLAGE, year=county.YEARS[-1], rural_registered_households=40)
    Designation.objects.create(division_id=county.VILLAGE, kind="poor_village", from_year=2011, source="late")
    Household.objects.filter(village_code=county.VILLAGE).update(village_code=county.NEXT_TOWNSHIP)

    again = draw_again()

    def households(number: int) -> list[tuple[object, ...]]:
        rows = DrawnHousehold.objects.filter(sample=number).order_by("sheet")
        return list(rows.values_list("sheet", "part", "household_id", "position", "order", "reserve"))

    assert again["frame"] == drawn["frame"]
    assert households(again["sample"]) == households(drawn["sample"])


def test_sheets_lead_to_a_household_and_tell_nothing_of_it(drawn: dict[str, Any], tmp_path: Path) -> None:
    _file, titles, rows = sheets(drawn["sample"], tmp_path)

    assert len(rows) == drawn["households"]
    assert not {"脱贫属性", "户属性", "户编号", "类别"} & set(titles)
    written = [str(value) for row in rows for value in row.values() if value is not None]
    assert not any(word in text for text in written for word in ("脱贫", "贫困", "低保", "exited", "poor"))
    assert sum(row["名册序号"] is not None for row in rows) == 2
    assert all(row["户主"] or row["名册序号"] for row in rows)
    assert all(row["实际人口"] is None for row in rows)


def test_an_evaluator_sees_and_works_on_his_own_sample_alone(drawn: dict[str, Any], tmp_path: Path) -> None:
    other = User.objects.create(username="other")
    Post.objects.create(user=other, role="evaluator", area_id=county.COUNTY, from_date="2015-01-01")
    number = str(drawn["sample"])

    assert shown("list", "--as", "other") == []
    assert [one["sample"] for one in shown("list", "--as", "evaluator")] == [drawn["sample"]]
    assert isinstance(refused("estimate", number, "--as", "other"), SampleUnknown)
    assert isinstance(refused("sheets", number, "-o", str(tmp_path / "a.xlsx"), "--as", "other"), SampleUnknown)
    # The county is not to know who will be asked, nor that somebody will.
    assert isinstance(refused("estimate", number, "--as", "wang"), SampleUnknown)
    assert isinstance(refused("discrepancies", number, "--as", "wang"), SampleUnknown)
    assert shown("list", "--as", "wang") == []
    assert not Entry.objects.filter(chain=county.COUNTY, object_type="sample").exists()
    assert isinstance(refused("draw", "--division", county.COUNTY, "--as", "wang"), NotAllowed)
    # Who ordered it sees what came of it and does not go into the field.
    assert shown("estimate", number, "--as", "zhao")[0]["value"] is None
    assert isinstance(refused("sheets", number, "-o", str(tmp_path / "a.xlsx"), "--as", "zhao"), NotAllowed)


def test_a_sample_is_ordered_for_somebody_who_evaluates_there(small_county: None) -> None:
    made = shown("draw", "--division", county.COUNTY, "--evaluator", "evaluator", "--as", "zhao")

    assert made["evaluator"] == "evaluator"
    assert isinstance(
        refused("draw", "--division", county.COUNTY, "--evaluator", "wang", "--as", "zhao"), drawing.NoEvaluator
    )


def test_a_household_is_replaced_by_the_next_one_drawn(drawn: dict[str, Any]) -> None:
    number = str(drawn["sample"])
    village = Sample.objects.get(pk=drawn["sample"]).villages.get(village_code=county.VILLAGE)
    gone = village.households.get(part="poor", reserve=False)
    reserve = village.households.get(part="poor", reserve=True)

    found = shown("replace", number, str(gone.sheet), "--reason", "moved", "--as", "evaluator")

    assert found == {"sheet": gone.sheet, "instead": reserve.sheet}
    assert isinstance(refused("replace", number, str(gone.sheet), "--reason", "moved"), SheetUnknown)
    assert isinstance(refused("replace", number, str(reserve.sheet), "--reason", "away"), fieldwork.NoReserve)
    assert Entry.objects.filter(action="sample.replaced", object_id=number).count() == 1


def test_estimates_are_those_reckoned_by_hand(drawn: dict[str, Any], tmp_path: Path) -> None:
    number = drawn["sample"]
    file, _titles, _rows = sheets(number, tmp_path)
    field = {
        (one.part, one.order, one.village.village_code): one for one in DrawnHousehold.objects.filter(sample=number)
    }
    exited = field["exited", 1, county.VILLAGE]
    one, two = field["outside", 1, county.VILLAGE], field["outside", 2, county.VILLAGE]
    poor = field["poor", 1, county.VILLAGE]

    taken = shown(
        *("answers", str(number), "--as", "evaluator"),
        filled(
            file,
            {
                exited.sheet: {"住房安全有保障": "否", "认可扶贫工作": "否"},
                one.sheet: {"核实人均纯收入": 500, "实际人口": 3},
                two.sheet: {"实际人口": 5},
                poor.sheet: {"核实人均纯收入": 900, "认可扶贫工作": None},
            },
        ),
    )

    assert taken == {"sheets": 4}
    # Who asks would know from what a sheet counts in what the register says of it.
    assert isinstance(refused("estimate", str(number), "--as", "evaluator"), refusals.NotHandedOver)
    found = {row["measure"]: row for row in shown("estimate", str(number), "--as", "zhao")}
    assert (found["wrongly_exited"]["value"], found["wrongly_exited"]["people"]) == (1.0, 2)
    assert found["missed"]["value"] == pytest.approx(3 / 8)
    assert (found["missed"]["households"], found["missed"]["counted"]) == (2, 3)
    assert (found["wrongly_in"]["value"], found["wrongly_in"]["missing"]) == (0.0, 1)
    # The exited household weighs 1, each of the two on no file 4, that did not answer nothing.
    assert found["approval"]["value"] == pytest.approx(4 * (3 + 5) / (4 * (3 + 5) + 2))
    assert {name: row["limit"] for name, row in found.items()} == {
        **{"wrongly_exited": 0.02, "missed": 0.02, "wrongly_in": None, "approval": 0.9},
    }
    told = {row["sheet"]: row["measure"] for row in shown("discrepancies", str(number), "--as", "zhao")}
    assert told == {exited.sheet: "wrongly_exited", one.sheet: "missed"}


def test_the_newer_answer_of_a_sheet_holds(drawn: dict[str, Any], tmp_path: Path) -> None:
    number = drawn["sample"]
    file, _titles, _rows = sheets(number, tmp_path)
    exited = DrawnHousehold.objects.get(sample=number, part="exited")

    for income in (100, 9000):
        shown("answers", str(number), filled(file, {exited.sheet: {"核实人均纯收入": income}}))

    (found, *_others) = shown("estimate", str(number))
    assert (found["measure"], found["value"]) == ("wrongly_exited", 0.0)
    assert FieldAnswer.objects.filter(household=exited).count() == 2


@pytest.fixture
def asked(drawn: dict[str, Any], tmp_path: Path) -> dict[str, int]:
    """The sample answered: the exited household has no safe house, one on no file is poor. ``number``, ``exited``, ``outside``."""
    number = drawn["sample"]
    file, _titles, rows = sheets(number, tmp_path)
    field = DrawnHousehold.objects.filter(sample=number, village__village_code=county.VILLAGE, order=1)
    exited, outside = field.get(part="exited").sheet, field.get(part="outside").sheet
    found: dict[int, dict[str, object]] = {int(row["表号"]): {} for row in rows}
    poor = DrawnHousehold.objects.filter(sample=number, part="poor").values_list("sheet", flat=True)
    found |= {one: {"核实人均纯收入": 900} for one in poor if one in found}
    found |= {exited: {"住房安全有保障": "否"}, outside: {"核实人均纯收入": 500, "实际人口": 3}}
    shown("answers", str(number), filled(file, found), "--as", "evaluator")
    return {"number": number, "exited": exited, "outside": outside}


def test_what_is_handed_over_is_final_and_known_to_the_county(asked: dict[str, int], tmp_path: Path) -> None:
    number = str(asked["number"])
    assert isinstance(
        refused("rebut", number, str(asked["exited"]), "--why", "x", "--as", "zhao"), refusals.NotHandedOver
    )

    made = shown("handover", number, "--note", "第一批", "--as", "evaluator")

    assert {row["measure"]: row["counted"] for row in made["estimates"]}["wrongly_exited"] == 2
    assert isinstance(refused("handover", number, "--as", "evaluator"), refusals.HandedOver)
    file = tmp_path / "again.xlsx"
    shown("sheets", number, "-o", str(file), "--as", "evaluator")
    late = refused("answers", number, filled(file, {asked["exited"]: {}}), "--as", "evaluator")
    assert isinstance(late, refusals.HandedOver)
    assert isinstance(refused("replace", number, "1", "--reason", "away", "--as", "evaluator"), refusals.HandedOver)
    assert [one["sample"] for one in shown("list", "--as", "wang")] == [asked["number"]]
    assert shown("estimate", number, "--as", "wang") == shown("estimate", number, "--as", "evaluator")
    assert [one["sheet"] for one in shown("discrepancies", number, "--as", "wang")] == sorted(
        (asked["exited"], asked["outside"])
    )
    assert isinstance(refused("discrepancies", number, "--as", "evaluator"), refusals.Blind)
    assert Entry.objects.get(action="sample.handed_over").chain == county.COUNTY


def test_an_unanswered_sample_is_not_handed_over(drawn: dict[str, Any]) -> None:
    assert isinstance(refused("handover", str(drawn["sample"]), "--as", "evaluator"), refusals.NothingAnswered)


def test_an_upheld_rebuttal_strikes_the_finding_and_not_the_approval(asked: dict[str, int]) -> None:
    number, sheet = str(asked["number"]), str(asked["exited"])
    before = shown("handover", number, "--as", "evaluator")["estimates"]
    made = shown("rebut", number, sheet, "--why", "危房已改造", "--as", "wang")
    assert isinstance(refused("rebut", number, sheet, "--why", "x", "--as", "wang"), AlreadyOpen)
    assert isinstance(refused("rebut", number, "999", "--why", "x", "--as", "wang"), refusals.NoDiscrepancy)
    assert isinstance(refused("rebut", number, sheet, "--why", " ", "--as", "wang"), refusals.WhyMissing)

    decided(made["dossier"], "wang", "approve")
    decided(made["dossier"], "zhao", "approve")

    after = {row["measure"]: row for row in shown("estimate", number, "--as", "wang")}
    assert [row["value"] for row in before if row["measure"] == "wrongly_exited"] == [1.0]
    assert (after["wrongly_exited"]["value"], after["wrongly_exited"]["people"]) == (0.0, 2)
    assert after["missed"] == next(row for row in before if row["measure"] == "missed")
    assert after["approval"] == next(row for row in before if row["measure"] == "approval")
    told = {row["sheet"]: row["struck"] for row in shown("discrepancies", number, "--as", "wang")}
    assert told == {asked["exited"]: True, asked["outside"]: False}
    assert isinstance(refused("rebut", number, sheet, "--why", "x", "--as", "wang"), refusals.AlreadyStruck)
    assert HandOver.objects.get().estimates == before
    assert Entry.objects.get(action="rebuttal.upheld").chain == county.COUNTY
    with pytest.raises(DatabaseError), transaction.atomic():
        Rebuttal.objects.all().delete()


def test_a_rebuttal_is_begun_within_its_term_and_decided_by_another(asked: dict[str, int]) -> None:
    number, sheet = asked["number"], asked["exited"]
    shown("handover", str(number), "--as", "evaluator")
    wang = actor_of(User.objects.get(username="wang"), timezone.localdate())
    last = HandOver.objects.get().on + dt.timedelta(days=10)
    said = {"number": number, "sheet": sheet, "why": "危房已改造", "by": wang, "pack": policy.load()}

    with pytest.raises(refusals.TermOver):
        rebutting.propose(**said, on=last + dt.timedelta(days=1))
    made = rebutting.propose(**said, on=last)
    with pytest.raises(refusals.TermOver):
        decided(made.pk, "wang", "approve", on=last + dt.timedelta(days=1))
    decided(made.pk, "wang", "approve", on=last)
    # Returned in time, it may be completed later.
    decided(made.pk, "zhao", "return", on=last + dt.timedelta(days=5))
    decided(made.pk, "wang", "approve", on=last + dt.timedelta(days=6))
    decided(made.pk, "zhao", "refuse", on=last + dt.timedelta(days=7))

    assert not Rebuttal.objects.exists()


def decided(number: int, username: str, kind: str, on: dt.date | None = None) -> None:
    """One step of the rebuttal, with the papers it needs."""
    dossier, day, pack = Dossier.objects.get(pk=number), on or timezone.localdate(), policy.load()
    by = actor_of(User.objects.get(username=username), timezone.localdate())
    if dossier.step == "statement":
        procedures.lay_in(dossier_id=number, kind="visit", name="v.pdf", content=paper("visit"), by=by, pack=pack)
    opinion = "" if kind == "approve" else "材料不足"
    decision = Decision(kind, by.name, by.posts, day, opinion)
    casework.decide(dossier=dossier, version=None, decision=decision, by=by, key=f"{dossier.version}", pack=pack)


@pytest.mark.parametrize("fault", [{"实际人口": None}, {"吃不愁": "也许"}, {"表号": 999}])
def test_a_file_with_a_fault_is_not_taken_in_at_all(
    drawn: dict[str, Any], tmp_path: Path, fault: dict[str, object]
) -> None:
    file, _titles, rows = sheets(drawn["sample"], tmp_path)
    first, second = (int(row["表号"]) for row in rows[:2])

    refusal = refused("answers", str(drawn["sample"]), filled(file, {first: {}, second: fault}))

    assert isinstance(refusal, fieldwork.SheetsWrong)
    assert [one.row for one in refusal.faults] == [3]
    assert FieldAnswer.objects.count() == 0


def test_what_was_drawn_is_never_changed(drawn: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        DrawnHousehold.objects.filter(sample=drawn["sample"]).update(reserve=True)

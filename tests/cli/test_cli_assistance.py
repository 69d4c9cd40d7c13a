"""``jiefa programmes`` and ``loans``: a list in by two officers or the operator, sums and lists to act on, within the posts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.assistance import help_lists as given
from tests.site import county
from typer.testing import CliRunner

from jiefa.assistance.models import Loan, ProgrammeRecord
from jiefa.cli import app
from jiefa.cli.assistance import GapUnknown
from jiefa.cli.received import ListUnknown
from jiefa.demo import users
from jiefa.kernel.errors import NotAllowed
from jiefa.lists.actions import ListNotYours

pytestmark = pytest.mark.usefixtures("office")

YEAR = str(county.YEARS[-1])
HEADER = ("户编号", "年度", "危房等级", "补助金额", "批准日期", "开工日期", "发放日期")


@pytest.fixture
def office(db: None, tmp_path: Path) -> None:
    """The small county's households of its last year, and the demonstration's users."""
    users.create(by="tests")
    county.load(tmp_path, county.YEARS[-1], county.FAMILIES)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app.build(arguments[0]), list(arguments))


def shown(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exception is None or result.exit_code == 1, result.exception
    return json.loads(result.stdout)


def repaired(folder: Path, *numbers: str) -> Path:
    return given.written(folder, HEADER, *((number, YEAR, "C", "5000", "", "", f"{YEAR}-06-01") for number in numbers))


def test_officers_list_waits_for_the_other_and_the_operator_answers_for_both(tmp_path: Path) -> None:
    sent = shown("programmes", "load", "house_repair", str(repaired(tmp_path, "A", "X")), "--as", "wang")
    assert (sent["state"], sent["accepted"], sent["held_back"]) == ("staged", 1, 1)
    assert (tmp_path / "名单-检查结果.xlsx").exists()
    number = str(sent["list"])
    assert isinstance(run("programmes", "accept", number, "--as", "wang").exception, ListNotYours)
    assert isinstance(run("programmes", "accept", number, "--as", "li").exception, NotAllowed)
    assert isinstance(run("programmes", "accept", "999").exception, ListUnknown)

    assert shown("programmes", "accept", number, "--as", "zhou")["state"] == "accepted"
    assert shown("programmes", "load", "house_repair", str(repaired(tmp_path, "E", "F")))["state"] == "accepted"

    (repair, *_others) = shown("programmes", "list", "--year", YEAR)
    assert (repair["programme"], repair["cases"], repair["fen"]) == ("house_repair", 3, 1_500_000)
    assert len(shown("programmes", "cases", "house_repair", "--year", YEAR, "--as", "wang")) == 2
    assert [row["household"] for row in shown("programmes", "cases", "house_repair", "--year", YEAR, "--as", "li")] == [
        "A"
    ]
    assert ProgrammeRecord.objects.count() == 3
    assert run("programmes", "list", "--year", YEAR).exit_code == 0


def test_refused_list_and_empty_workbook(tmp_path: Path) -> None:
    sent = shown("programmes", "load", "house_repair", str(repaired(tmp_path, "A")), "--as", "wang")
    refused = shown("programmes", "accept", str(sent["list"]), "--refuse", "待核", "--as", "zhou")
    assert refused["state"] == "refused"
    for kind in ("guarantee", "loans"):
        target = tmp_path / f"{kind}.xlsx"
        assert run("programmes", "template", kind, "-o", str(target)).exit_code == 0
        assert target.exists()


def test_lists_to_act_on() -> None:
    lengths = {row["gap"]: row["count"] for row in shown("programmes", "gaps", "--year", YEAR, "--as", "wang")}
    assert lengths["unanswered"] == 4

    rows = shown("programmes", "gaps", "--year", YEAR, "--name", "unanswered", "--as", "li")

    assert [row["household"] for row in rows] == ["A", "B", "C"]
    assert isinstance(run("programmes", "gaps", "--year", YEAR, "--name", "moon").exception, GapUnknown)
    assert isinstance(run("programmes", "gaps", "--year", YEAR, "--as", "evaluator").exception, NotAllowed)


def test_loans_of_a_bank_and_the_funds(tmp_path: Path) -> None:
    household = county.household("A")
    head = household.people.order_by("pk")[0]
    header = ("户编号", "借款人", "放贷机构", "贷款用途", "放款金额", "期限", "年利率", "放款日期")
    row = ("A", head.name, "农信社", "养殖", "30000", "12", "4.75", "2016-03-01")
    shown("programmes", "load", "loans", str(given.written(tmp_path, header, row)))

    (loan,) = shown("loans", "list", "--as", "wang")
    assert (loan["household"], loan["fen"], loan["stage"]) == ("A", 3_000_000, "to_compensate")
    assert shown("loans", "list", "--stage", "closed") == []
    (fund,) = shown("loans", "funds", "--as", "zhao")
    assert (fund["county"], fund["lent_fen"], fund["stopped"]) == (county.COUNTY, 3_000_000, True)
    assert run("loans", "list").exit_code == run("loans", "funds").exit_code == 0
    assert Loan.objects.count() == 1

"""``jiefa helpers``, ``visits`` and ``pairings``: lists in and out again, proposals, gaps; rows that are wrong are held back."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result
from django.utils import timezone
from tests.site import county
from typer.testing import CliRunner

from jiefa import policy, sheets
from jiefa.areas.models import Designation
from jiefa.cli import app
from jiefa.demo import users
from jiefa.kernel.errors import NotAllowed
from jiefa.lists.actions import ListLoaded, tally
from jiefa.lists.models import ReceivedList
from jiefa.responsibility.models import Arrival, Attendance, Cadre, Helper, Pairing, Team, TeamMember, Visit
from jiefa.responsibility.rules import refusals
from jiefa.sheets.forms import specs_of

pytestmark = pytest.mark.usefixtures("on_file")
PACK = policy.load()
SINCE, ON = dt.date(2015, 3, 1), dt.date(2015, 9, 1)
SECOND = {"wang": "zhou", "zhao": "lu", "sunx": "wang"}
CADRES = [("1", "甲", "staff"), ("2", "乙", "section")]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app.build(arguments[0]), [*arguments])


def told(result: Result) -> Any:
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return json.loads(result.stdout)


@pytest.fixture
def on_file(db: None, tmp_path: Path) -> None:
    """The demonstration's users, and the small county's households on cards of 2015."""
    users.create(by="tests")
    county.load(tmp_path / "rosters", 2015, county.FAMILIES)


@pytest.fixture
def load(tmp_path: Path) -> Any:
    def loaded(name: str, rows: list[tuple[object, ...]], user: str = "wang", *more: str) -> Result:
        (spec,) = specs_of(PACK, PACK.form(name))
        file = tmp_path / f"{name}.xlsx"
        sheets.stream_xlsx(iter(rows), spec.columns, file, sheet_name=spec.zh, language="zh")
        return run("helpers", "load", name, str(file), "--as", user, "--json", *more)

    return loaded


@pytest.fixture
def taken(load: Any) -> Any:
    """What came of a list that one officer sent in and a second one accepted."""

    def decided(name: str, rows: list[tuple[object, ...]], user: str = "wang") -> Any:
        waits = told(load(name, rows, user))
        assert (waits["state"], waits["rows"]) == ("staged", len(rows))
        return told(run("helpers", "accept", str(waits["list"]), "--as", SECOND[user], "--json"))

    return decided


@pytest.fixture
def cadres(on_file: None, taken: Any) -> None:
    rows = [(n, name, rank, "县农委", "county", county.VILLAGE[:9], None, SINCE) for n, name, rank in CADRES]
    assert taken("cadres", rows)["accepted"] == 2


def exported(name: str, folder: Path, user: str = "wang") -> tuple[Path, Any]:
    file = folder / f"out-{name}.xlsx"
    return file, told(run("helpers", "export", name, "-o", str(file), "--as", user, "--json"))


@pytest.mark.usefixtures("cadres")
def test_every_list_goes_in_and_comes_out_as_it_was(taken: Any, tmp_path: Path) -> None:
    village, paired = county.VILLAGE, ("中央单位甲", "52", None, "central", county.COUNTY)
    lists: dict[str, list[tuple[object, ...]]] = {
        "teams": [(village, "1", "member", SINCE), (village, "2", "first_sec", SINCE)],
        "attendance": [("1", 2015, 4, 21, 2, None, None, None, None, None)],
        "helpers": [("A", "1", ON), ("B", "2", ON)],
        "visits": [(ON, "1", "A", None, "regular", "看了屋顶", "下月再来"), (ON, "2", None, village, "other", "看了学校", None)],
        "pairings": [(*paired, "central", SINCE)],
        "commitments": [(*paired, SINCE, "money", "修路", 500_000_00, dt.date(2015, 12, 31))],
        "arrivals": [(*paired, ON, "money", "修路首款", 200_000_00, "own", village, "PZ-1")],
    }  # fmt: skip
    user = {"pairings": "zhao"}

    for name, rows in lists.items():
        done = taken(name, rows, user.get(name, "wang"))
        assert (done["kind"], done["accepted"], done["held_back"], done["unchanged"]) == (name, len(rows), 0, 0)

    assert (Team.objects.count(), TeamMember.objects.count(), Helper.objects.count()) == (1, 2, 2)
    assert Attendance.objects.get().leave == {"sick": 2}
    arrived = Arrival.objects.get()
    assert (arrived.area_code, arrived.amount_fen, arrived.voucher) == (village, 200_000_00, "PZ-1")
    for name, rows in lists.items():
        file, said = exported(name, tmp_path)
        (spec,) = specs_of(PACK, PACK.form(name))
        read = sheets.read(file, (spec,)).tables[name].to_pylist()
        columns = [column.stored_name for column in spec.columns]
        back = sorted(tuple(row[column] or None for column in columns) for row in read)
        assert said["rows"] == len(rows)
        assert back == sorted(tuple(value or None for value in row) for row in rows), name


@pytest.mark.usefixtures("cadres")
def test_lists_of_what_only_grows_are_loaded_once(load: Any, taken: Any) -> None:
    paired = ("中央单位甲", "52", None, "central", county.COUNTY)
    taken("pairings", [(*paired, "central", SINCE)], "zhao")
    for name, row in (
        ("visits", (ON, "1", "A", None, "regular", "看了屋顶", None)),
        ("commitments", (*paired, SINCE, "goods", "图书", 0, None)),
        ("arrivals", (*paired, ON, "goods", "图书", 0, "own", None, None)),
    ):
        assert taken(name, [row])["accepted"] == 1
        assert isinstance(load(name, [row]).exception, ListLoaded)


@pytest.mark.usefixtures("cadres")
@pytest.mark.parametrize(
    ("name", "row", "rule"),
    [
        ("helpers", ("A", "9", ON), "list.number"),
        ("helpers", ("Z", "1", ON), "list.household_number"),
        ("helpers", ("F", "1", ON), refusals.HouseholdUnknown.code),
        ("attendance", ("1", 2015, 4, 21, None, None, None, None, None, None), refusals.NotInTeam.code),
        ("attendance", ("1", 2015, 13, 21, None, None, None, None, None, None), "cell.above_maximum"),
        ("pairings", ("新单位", "52", None, "central", county.COUNTY, "central", SINCE), refusals.OrganisationUnknown.code),
        ("pairings", ("县农委", county.COUNTY, None, "central", "520326", "county", SINCE), NotAllowed.code),
        ("commitments", ("无", "52", None, "central", county.COUNTY, SINCE, "goods", "书", 0, None), "list.organisation"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_held_back_and_the_others_go_in(
    name: str, row: tuple[object, ...], rule: str, load: Any
) -> None:
    right = {
        "helpers": [("B", "2", ON)],
        "pairings": [("县农委", county.COUNTY, None, "unit", county.VILLAGE, "county", SINCE)],
    }

    before = right.get(name, [])

    result = load(name, [*before, row])

    said = told(result)
    assert (result.exit_code, said["held_back"], said["accepted"]) == (1, 1, len(before))
    assert [table.objects.count() for table in (Helper, Attendance, Pairing)] == [0, 0, 0]
    found = ReceivedList.objects.get(pk=said["list"])
    assert [one for level, one, *_ in tally(found) if level == "error"] == [rule]
    told(run("helpers", "accept", str(said["list"]), "--as", "zhou", "--json"))
    assert sum(table.objects.count() for table in (Helper, Attendance, Pairing)) == len(before)


@pytest.mark.usefixtures("cadres")
def test_report_says_of_every_row_what_is_wrong(load: Any, tmp_path: Path) -> None:
    rows = [("A", "9", ON), ("B", "2", ON), ("Z", "1", ON), ("B", "1", ON)]
    report = tmp_path / "report.xlsx"

    assert told(load("helpers", rows, "wang", "--report", str(report)))["held_back"] == 3
    book = openpyxl.load_workbook(report)
    lines = ["".join(str(cell.value or "") for cell in row) for sheet in book for row in sheet.iter_rows()]
    for number, problem in (("A9", "没有编号为“9”的干部"), ("Z1", "没有编号为“Z”的农户"), ("B1", "一户写了两行")):
        assert any(number in line and problem in line for line in lines), (number, lines)
    assert not Helper.objects.exists()


@pytest.mark.usefixtures("cadres")
def test_proposal_is_shown_written_and_confirmed(tmp_path: Path) -> None:
    assert len(told(run("helpers", "list", "--without", "--as", "sunx", "--json"))) == 3
    Cadre.objects.filter(number="2").update(rank="section")
    file = tmp_path / "proposal.xlsx"

    proposed = told(run("helpers", "propose", county.VILLAGE[:9], "-o", str(file), "--as", "sunx", "--json"))
    assert (proposed["households"], proposed["changes"], proposed["appointed"]) == (3, 3, 0)
    assert not Helper.objects.exists()

    confirmed = told(run("helpers", "propose", county.VILLAGE[:9], "--confirm", "--as", "sunx", "--json"))
    assert (confirmed["appointed"], confirmed["digest"]) == (3, proposed["digest"])
    assert run("helpers", "list", "--without", "--place", county.VILLAGE, "--as", "sunx").exit_code == 0
    assert len(told(run("helpers", "list", "--as", "li", "--json"))) == 3
    assert told(run("helpers", "propose", county.VILLAGE[:9], "--as", "sunx", "--json"))["changes"] == 0
    again = run("helpers", "load", "helpers", str(file), "--as", "sunx", "--json")
    waits = told(again)["list"]
    assert told(run("helpers", "accept", str(waits), "--as", "wang", "--json"))["unchanged"] == 3


@pytest.mark.usefixtures("cadres")
def test_visits_and_rounds_are_listed_without_what_was_found(taken: Any) -> None:
    taken("visits", [(ON, "1", "A", None, "regular", "家有病人", None)])

    listed = run("visits", "list", "--as", "wang", "--json")

    (row,) = told(listed)
    assert (row["household"], row["cadre"], row["on"]) == ("A", "1", ON.isoformat())
    assert "家有病人" not in listed.stdout
    assert told(run("visits", "list", "--as", "wang", "--place", county.NEXT_TOWNSHIP, "--json")) == []
    assert told(run("visits", "rounds", "--as", "wang", "--json")) == []
    assert "没有遍访" in run("visits", "rounds", "--as", "wang").stdout
    assert Visit.objects.count() == 1


def test_coverage_fails_where_there_are_gaps(taken: Any) -> None:
    Designation.objects.create(division_id=county.COUNTY, kind="key_county", from_year=2011, source="tests")
    taken("pairings", [("中央单位甲", "52", None, "central", county.COUNTY, "central", SINCE)], "zhao")
    taken("commitments", [("中央单位甲", "52", None, "central", county.COUNTY, SINCE, "money", "修路", 100, None)])

    result = run("pairings", "coverage", "--as", "wang", "--json")

    found = told(result)
    assert result.exit_code == 1
    assert found["duties"]["central"] == {"wanted": 1, "covered": 1, "missing": []}
    assert found["duties"]["department"]["missing"] == [county.COUNTY]
    assert (found["kinds"]["central"]["promised_fen"], found["kinds"]["central"]["arrived_fen"]) == (100, 0)
    (row,) = told(run("pairings", "list", "--as", "wang", "--kind", "central", "--json"))
    assert (row["organisation"], row["place"], row["promised_fen"]) == ("中央单位甲", county.COUNTY, 100)
    assert told(run("pairings", "list", "--as", "wang", "--on", "2014-01-01", "--json")) == []
    assert "各县都有省直部门挂钩" in run("pairings", "coverage", "--as", "wang").stdout
    assert timezone.localdate() > SINCE


def test_rights_decide(load: Any) -> None:
    rows: list[tuple[object, ...]] = [("9", "丙", "staff", "县农委", "county", county.COUNTY, None, SINCE)]
    for user in ("li", "helper", "auditor"):
        assert isinstance(load("cadres", rows, user).exception, NotAllowed)
    assert isinstance(load("pairings", [], "sunx").exception, NotAllowed)
    assert isinstance(run("pairings", "list", "--as", "admin").exception, NotAllowed)
    assert isinstance(run("helpers", "propose", county.COUNTY, "--as", "sunx").exception, NotAllowed)

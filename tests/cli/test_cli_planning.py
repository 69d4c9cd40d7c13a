"""``jiefa plan make|show|check|compare|list|load``: what they print, and that a plan that was changed is found out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.assistance import help_lists as given
from tests.planning import promised
from tests.planning.promised import TARGETS, YEAR
from tests.site import county
from typer.testing import CliRunner

from jiefa.cli import app
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.lists.actions import folder_of
from jiefa.lists.models import ReceivedList
from jiefa.planning.models import Assignment, Capacity, Plan, Target

pytestmark = pytest.mark.usefixtures("small_county")

TARGET_HEADER = ("年度", "地区代码", "指标", "目标数", "状态", "文号", "理由")
CAPACITY_HEADER = ("年度", "县代码", "能力", "数量", "文号")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app.build("plan"), ["plan", *arguments])


def shown(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exception is None or result.exit_code == 1, result.exception
    return json.loads(result.stdout)


@pytest.fixture
def made(small_county: None) -> dict[str, Any]:
    promised.targets()
    found: dict[str, Any] = shown("make", "--year", str(YEAR), "--division", county.COUNTY, "--as", "wang")
    return found


def test_make_says_what_it_costs_how_far_from_the_best_and_who_leaves_when(made: dict[str, Any]) -> None:
    assert set(made) == {
        *("plan", "objective", "bound", "gap", "reduction", "guarantee", "unplanned", "households", "seconds"),
    }
    assert made["reduction"] == {str(year): people for year, people in TARGETS.items()}
    assert (made["households"], made["unplanned"]) == (4, 0)
    assert 0 <= made["gap"] < 1


def test_make_takes_other_targets_line_and_capacities() -> None:
    promised.targets()

    found = shown(
        *("make", "--year", str(YEAR), "--division", county.COUNTY, "--target", "2019=0", "--line", "2800"),
        *("--capacity", "training=2", "--note", "试"),
    )

    plan = Plan.objects.get(pk=found["plan"])
    assert found["reduction"]["2019"] == 0
    assert found["unplanned"] == 2
    assert (plan.line_fen, plan.note, plan.asked["capacity_times"]) == (280_000, "试", {"training": 2.0})


@pytest.mark.parametrize("wrong", [("--target", "2016"), ("--target", "x=3"), ("--capacity", "training")])
def test_wrong_pairs_are_named(wrong: tuple[str, str]) -> None:
    promised.targets()

    result = run("make", "--year", str(YEAR), "--division", county.COUNTY, *wrong)

    assert isinstance(result.exception, JiefaError)
    assert result.exception.code == "cli.wrong_pair"
    assert not Plan.objects.exists()


def test_show_gives_places_and_in_a_village_the_households(made: dict[str, Any]) -> None:
    number = str(made["plan"])

    of_county = shown("show", number, "--division", county.COUNTY)
    of_village = shown("show", number, "--division", county.VILLAGE)

    assert {row["place"] for row in of_county["targets"]} == {county.VILLAGE[:9], county.NEXT_TOWNSHIP[:9]}
    assert of_county["assignment"] == []
    assert sum(row["reduction"]["2016"] for row in of_county["targets"]) == TARGETS[2016]
    homes = {county.household(number).pk for number in "ABC"}
    assert {row["household"] for row in of_village["assignment"]} == homes
    assert set(of_village["assignment"][0]) == {"household", "village", "people", "year", "pathway", "lacks"}
    unseen = shown("show", number, "--division", county.VILLAGE, "--as", "evaluator")
    assert unseen["assignment"] == []


def test_check_finds_a_plan_that_was_changed(made: dict[str, Any]) -> None:
    number = str(made["plan"])
    before = {one["limit"] for one in shown("check", number)["broken"]}
    assert before <= {"poorest"}  # four households cannot all keep the band
    Assignment.objects.filter(plan_id=made["plan"], year=2016).update(year=2017)

    result = run("check", number, "--json")

    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["kept"] is False
    assert {"limit": "target", "place": county.COUNTY, "year": 2016, "allowed": 4, "found": 0} in told["broken"]


def test_two_plans_are_compared_by_place(made: dict[str, Any]) -> None:
    other = shown("make", "--year", str(YEAR), "--division", county.COUNTY, "--target", "2019=0")

    found = shown("compare", str(made["plan"]), str(other["plan"]))

    assert set(found) == {"cost", "bound", "places"}
    assert found["cost"] == [made["objective"], other["objective"]]
    assert sum(row["before"]["2019"] - row["after"]["2019"] for row in found["places"]) == 2
    assert sum(row["moved"] for row in found["places"]) >= 1


def test_list_holds_the_plans_that_one_may_see(made: dict[str, Any]) -> None:
    own, outside = shown("list", "--as", "li"), shown("list", "--as", "qian")

    assert [row["plan"] for row in own] == [made["plan"]]
    assert own == outside == shown("list")
    assert isinstance(run("list", "--as", "admin").exception, NotAllowed)


def test_lists_are_loaded_and_what_is_wrong_with_them_is_said(tmp_path: Path) -> None:
    targets = given.written(
        tmp_path, TARGET_HEADER, (2016, county.COUNTY, "减贫人口", 4, "已确定", "文", ""), name="t.csv"
    )
    capacities = given.written(
        tmp_path, CAPACITY_HEADER, (2016, county.COUNTY, "培训名额（人）", 9, "文"), name="c.csv"
    )
    assert shown("load", "targets", str(targets))["state"] == "accepted"
    assert shown("load", "capacities", str(capacities))["state"] == "accepted"
    assert Target.objects.get().value == 4
    assert Capacity.objects.get().amount == 9

    wrong = given.written(
        tmp_path,
        TARGET_HEADER,
        (2016, county.COUNTY, "减贫人口", 5, "已确定", "文", ""),  # another word without a reason
        (2016, county.VILLAGE, "县退出", 1, "已确定", "文", ""),  # a village is no county
        name="w.csv",
    )
    told = shown("load", "targets", str(wrong))
    assert (told["accepted"], told["held_back"]) == (0, 2)
    said = {row["rule"] for row in folder_of(ReceivedList.objects.get(pk=told["list"])).remarks().to_pylist()}
    assert said == {"planning.reason", "planning.only_counties"}
    assert Target.objects.count() == 1
    result = run("load", "wishes", str(wrong))
    assert isinstance(result.exception, JiefaError)

"""``jiefa industry``, ``programmes villages`` and ``plan 33668``: lists in, sums and where the plan stands, within the posts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.assistance import help_lists as given
from tests.site import county
from typer.testing import CliRunner

from jiefa.areas import actions as areas
from jiefa.areas import bundled
from jiefa.areas.rules import DivisionUnknown
from jiefa.assistance.models import BenefitPaid, IndustryBody
from jiefa.cli import app
from jiefa.demo import users
from jiefa.kernel.errors import NotAllowed

pytestmark = pytest.mark.usefixtures("office")

YEAR = str(county.YEARS[-1])
BODIES = ("主体编号", "主体名称", "主体类型", "所在村代码", "年度", "主导产业", "产值", "社员人数")
BENEFITS = ("户编号", "主体编号", "联结方式", "协议起始日期", "兑现日期", "兑现金额")
WORKS = ("行政村代码", "年度", "工程", "计划投资", "完成投资", "形象进度", "开工日期", "验收日期")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app.build(arguments[0]), list(arguments))


def shown(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exception is None or result.exit_code == 1, result.exception
    return json.loads(result.stdout)


@pytest.fixture
def office(db: None, tmp_path: Path) -> None:
    """The small county's households, its register of industry, links and village plans, loaded by the operator."""
    users.create(by="tests")
    areas.load_designations(rows=bundled.county_designations(), by="tests")
    county.load(tmp_path, county.YEARS[-1], county.FAMILIES)
    lists = {
        "industry": (
            BODIES,
            ("C1", "茶社", "合作社", county.VILLAGE, YEAR, "茶叶", "", "30"),
            ("P1", "茶园", "园区", county.NEXT_TOWNSHIP, YEAR, "茶叶", "1000", ""),
        ),
        "benefits": (
            BENEFITS,
            ("A", "C1", "分红", "2014-01-01", "2015-12-20", "300.50"),
            ("F", "C1", "分红", "2014-01-01", "2015-12-20", "7"),
        ),
        "village_works": (
            WORKS,
            (county.VILLAGE, YEAR, "小康路", "1000", "900", 100, "2015-03-01", "2015-11-01"),
            (county.NEXT_TOWNSHIP, YEAR, "小康水", "500", "", "", "", ""),
        ),
    }
    for kind, (header, *rows) in lists.items():
        file = given.written(tmp_path, header, *rows, name=f"{kind}.csv")
        sent = shown("programmes", "load", kind, str(file))
        assert (sent["state"], sent["held_back"]) == ("accepted", 0), kind


def test_register_lists_what_lies_within_the_posts() -> None:
    every = shown("industry", "list", "--year", YEAR)
    assert {row["number"]: row["output_fen"] for row in every} == {"C1": None, "P1": 100_000}
    assert [row["number"] for row in shown("industry", "list", "--year", YEAR, "--kind", "park")] == ["P1"]
    assert [row["number"] for row in shown("industry", "list", "--year", YEAR, "--as", "li")] == ["C1"]
    assert shown("industry", "list", "--year", "2014") == []
    assert isinstance(run("industry", "list", "--year", YEAR, "--as", "evaluator").exception, NotAllowed)
    assert run("industry", "list", "--year", YEAR).exit_code == 0
    assert IndustryBody.objects.count() == 2


def test_benefits_are_those_of_ones_own_households() -> None:
    assert shown("industry", "benefits", "--year", YEAR) == [
        {"way": "dividend", "links": 2, "households": 2, "fen": 30_750}
    ]
    assert shown("industry", "benefits", "--year", YEAR, "--as", "wang")[0]["fen"] == 30_050
    assert shown("industry", "benefits", "--year", YEAR, "--place", county.NEXT_TOWNSHIP) == []
    assert run("industry", "benefits", "--year", YEAR).exit_code == 0
    assert BenefitPaid.objects.count() == 2


def test_village_plans_are_summed_by_village() -> None:
    rows = shown("programmes", "villages", "--year", YEAR)

    assert {row["village_code"]: (row["works"], row["accepted"], row["planned"]) for row in rows} == {
        county.VILLAGE: (1, 1, 100_000),
        county.NEXT_TOWNSHIP: (1, 0, 50_000),
    }
    assert len(shown("programmes", "villages", "--year", YEAR, "--as", "li")) == 1
    assert run("programmes", "villages", "--year", YEAR).exit_code == 0


def test_plan_stands_where_the_records_say() -> None:
    whole = shown("plan", "33668", "--year", YEAR)

    assert (whole["place"], whole["years"]) == ("52", {"first": 2015, "last": 2017, "passed": 1})
    assert whole["people"]["target"] == 3_000_000
    assert whole["people"]["complete"] is False
    assert whole["lines"]["industry"] == {"count": 2, "of": None, "fen": 30_750}
    assert whole["lines"]["pairing"] == {"count": 0, "of": 5, "fen": None}
    assert whole["works"]["road"]["accepted"] == 1
    assert whole["income"]["target_fen"] == 800_000
    assert (whole["income"]["counties"], whole["income"]["reached"]) == (66, 0)
    own = shown("plan", "33668", "--year", YEAR, "--as", "wang")
    assert (own["place"], own["lines"]["industry"]["count"], own["people"]["target"]) == (county.COUNTY, 1, None)
    assert run("plan", "33668", "--year", YEAR).exit_code == 0
    assert list(shown("plan", "33668", "--year", "2014")["lines"])[-1] == "infrastructure"
    assert shown("plan", "33668", "--year", "2018")["years"] is None


def test_plan_of_a_place_outside_the_posts_or_of_no_place_is_refused() -> None:
    outside = run("plan", "33668", "--year", YEAR, "--place", county.NEXT_COUNTY[:6], "--as", "wang")
    assert isinstance(outside.exception, NotAllowed)
    assert isinstance(run("plan", "33668", "--year", YEAR, "--place", "999999").exception, DivisionUnknown)

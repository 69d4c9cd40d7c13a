"""``jiefa quotas``, ``looks``, ``lookback``, ``leads``: within the posts, as JSON, exit statuses as everywhere."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from django.utils import timezone
from tests.site import county
from typer.testing import CliRunner

from jiefa.access.queries import holder
from jiefa.access.rules import Role
from jiefa.cli import app
from jiefa.cli.identification import CampaignUnknown
from jiefa.demo import users
from jiefa.identification.actions import lookback, quotas
from jiefa.identification.actions.leads import LeadsLoaded
from jiefa.identification.models import Lead, LookBack, Score
from jiefa.kernel.errors import NotAllowed

pytestmark = pytest.mark.usefixtures("office")

YEAR = str(county.YEARS[-1])


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


def test_quotas_with_sum_and_difference() -> None:
    zhao = holder("zhao", [(Role.PROVINCE_OFFICER, "52")])
    quotas.set_total(code="52", year=int(YEAR), people=9, by=zhao)
    quotas.split(code="52", year=int(YEAR), parts={"5203": 7, "5201": 2}, by=zhao)

    found = shown("quotas", "52", "--year", YEAR)
    assert (found["people"], found["total"], found["difference"]) == (9, 9, 0)
    assert {row["code"]: row["people"] for row in found["below"] if row["people"]} == {"5203": 7, "5201": 2}

    quotas.split(code="52", year=int(YEAR), parts={"5203": 6, "5201": 2}, by=zhao, reason="待核实")
    assert run("quotas", "52", "--year", YEAR).exit_code == 1
    assert isinstance(run("quotas", "52", "--year", YEAR, "--as", "wang").exception, NotAllowed)


def test_looks_are_scored_and_those_that_disagree_listed() -> None:
    assert shown("looks", "score", county.VILLAGE, "--year", YEAR, "--as", "li")["scored"] == 4
    Score.objects.filter(household__number="A").update(disagreement="false_in")

    (row,) = shown("looks", "list", "--year", YEAR, "--as", "wang")

    assert (row["household"], row["disagreement"]) == ("A", "false_in")
    assert "全家健康" in row["reasons_zh"]
    assert run("looks", "list", "--year", YEAR).exit_code == 1
    assert shown("looks", "list", "--year", YEAR, "--place", county.NEXT_COUNTY) == []
    assert isinstance(run("looks", "score", county.VILLAGE, "--year", YEAR, "--as", "zhao").exception, NotAllowed)


def begun(code: str) -> LookBack:
    by = holder("wang", [(Role.COUNTY_OFFICER, code)])
    today = timezone.localdate()
    return lookback.begin(title="回头看", area=code, year=int(YEAR), begins=today, ends=today + dt.timedelta(9), by=by)


def test_look_back_by_place_inside_the_posts() -> None:
    inside, outside = begun(county.COUNTY), begun(county.NEXT_COUNTY[:6])

    assert [row["campaign"] for row in shown("lookback", "list", "--as", "li")] == [inside.pk]
    (row,) = shown("lookback", "progress", str(inside.pk), "--place", county.VILLAGE, "--as", "li")
    assert (row["listed"], row["waiting"]) == (3, 3)
    assert isinstance(run("lookback", "progress", str(outside.pk), "--as", "li").exception, CampaignUnknown)


def test_leads_are_loaded_once_and_listed(tmp_path: Path) -> None:
    file = tmp_path / "车辆.csv"
    file.write_text("户编号,线索类型\nA,车辆\nF,车辆\n", encoding="utf-8")

    loaded = shown("leads", "load", str(file), "--as", "wang")

    assert (loaded["rows"], loaded["found"]) == (2, 1)
    assert isinstance(run("leads", "load", str(file)).exception, LeadsLoaded)
    (row,) = shown("leads", "list", "--state", "open", "--as", "li")
    assert (row["household"], row["kind"], row["list"]) == ("A", "vehicle", "车辆.csv")
    assert shown("leads", "list", "--state", "kept") == []
    assert isinstance(run("leads", "load", str(file), "--as", "li").exception, NotAllowed)
    assert Lead.objects.count() == 1

"""``jiefa watch``: what it prints, whom it lets in, what it refuses."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from django.utils import timezone
from tests.site import county
from typer.testing import CliRunner

from jiefa.cli import app
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.monitoring.models import Event, Watch
from jiefa.monitoring.queries.cards import NoSnapshot

pytestmark = pytest.mark.usefixtures("small_county")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app.build("watch"), ["watch", *arguments])


def shown(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exception is None, result.exception
    return json.loads(result.stdout)


def refused(*arguments: str) -> BaseException | None:
    return run(*arguments).exception


@pytest.fixture
def watched() -> Watch:
    return Watch.objects.create(
        household=county.household("D"), group="unstable", triggers="income", year=2015, since=dt.date(2015, 6, 1),
        dossier=1, by="x", at=timezone.now(),
    )  # fmt: skip


def test_search_says_what_it_found_and_leads_lists_it() -> None:
    found = shown("search", "--year", "2015", "--as", "wang")

    assert found["new"] == Event.objects.count() == sum(found["by_trigger"].values())
    assert {one["lead"] for one in shown("leads", "--as", "wang")} == set(Event.objects.values_list("pk", flat=True))
    assert shown("search", "--year", "2015", "--as", "wang")["new"] == 0


def test_a_year_without_cards_is_refused() -> None:
    assert isinstance(refused("search", "--year", "2019"), NoSnapshot)


def test_watches_are_listed_and_shown(watched: Watch) -> None:
    (one,) = shown("list", "--as", "wang")
    whole = shown("show", str(watched.pk), "--as", "wang")

    assert (one["watch"], one["household"], one["group"], one["measures"]) == (watched.pk, "D", "unstable", 0)
    assert {"income", "education", "medical", "housing", "water", "risk_gone"} <= set(whole["items"])
    assert whole["items"]["risk_gone"] is None
    assert shown("list", "--state", "unmeasured", "--as", "wang") == [one]
    assert shown("list", "--state", "removed", "--as", "wang") == []
    assert "D" in run("list", "--as", "wang").stdout


def test_another_area_has_no_watch(watched: Watch) -> None:
    assert shown("list", "--place", county.NEXT_COUNTY[:6]) == []
    Watch.objects.update(household=county.household("F"))

    assert isinstance(refused("show", str(watched.pk), "--as", "wang"), JiefaError)
    assert shown("list", "--as", "wang") == []


@pytest.mark.parametrize("arguments", [("leads", "--state", "x"), ("list", "--state", "x"), ("show", "99999999")])
def test_what_is_unknown_is_refused(arguments: tuple[str, ...]) -> None:
    assert isinstance(refused(*arguments), JiefaError)


def test_score_card_and_visits(capsys: pytest.CaptureFixture[str]) -> None:
    assert isinstance(refused("card", "--year", "2015"), JiefaError)
    assert isinstance(refused("score", "--year", "2015", "--as", "wang"), NotAllowed)

    made = shown("score", "--year", "2015")

    assert (made["used"], made["reason"]) == (False, "too_short")
    assert shown("card", "--year", "2015", "--as", "wang") == made
    order = shown("visits", "--year", "2015", "--as", "wang")
    assert (order["card"], order["by"]) == (made["card"], "triggers")
    assert [row["place"] for row in order["rows"]] == sorted(row["place"] for row in order["rows"])
    assert {row["village"][:6] for row in order["rows"]} <= {county.COUNTY}


def test_kept_names_its_snapshot() -> None:
    by_place = shown("kept", "--year", "2015", "--as", "wang")

    assert by_place["snapshot"].startswith("2015-")
    assert sum(row["left"] for row in by_place["rows"]) == 1
    assert shown("kept", "--year", "2015", "--state", "stopped", "--as", "wang")["rows"] == []


def test_a_department_sends_its_list_in(tmp_path: Path) -> None:
    file = tmp_path / "预警.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("户编号", "风险情形", "日期", "部门"), ("D", "遭受灾害", "2015-06-01", "应急")])

    assert shown("load", str(file), "--as", "wang")["state"] == "staged"
    assert not Event.objects.exists()

"""``jiefa assess`` and its commands: what they print, that points add up, who sees which place, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.assessment.test_assessment_runs import COUNTY, HEADER, OTHER, YEAR, assessed
from tests.assistance import help_lists as given
from typer.testing import CliRunner

from jiefa.assessment.models import CountyFigure, Run
from jiefa.assessment.rules import refusals
from jiefa.cli import app
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.lists.models import ReceivedList
from jiefa.policy import NotInForce
from jiefa.procedures.models import Dossier

__all__ = ["assessed"]

pytestmark = pytest.mark.usefixtures("small_county", "assessed")
SCHEME = ("--scheme", "key_counties", "--year", str(YEAR))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app.build("assess"), ["assess", *arguments])


def shown(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exception is None, result.exception
    assert result.exit_code == 0
    return json.loads(result.stdout)


def refused(*arguments: str) -> BaseException | None:
    result = run(*arguments, "--json")
    assert result.exit_code != 0
    assert result.stdout == ""
    return result.exception


def test_every_place_is_told_item_by_item_and_the_points_come_to_the_score() -> None:
    found = shown(*SCHEME)

    assert len(found) == 12
    for place in found:
        assert set(place) == {
            *("county", "group", "score", "grade", "rank", "ranked", "vetoes", "veto_figures", "items"),
            *("run", "snapshot", "digest"),
        }
        assert place["ranked"] == 12
        assert len(place["items"]) == (43 if place["group"] == "ecological" else 44)
        assert all(set(one) == {"indicator", "figure", "source", "points", "of", "why"} for one in place["items"])
        assert sum(round(100 * one["points"]) for one in place["items"]) == round(100 * place["score"])
        assert sum(round(100 * one["of"]) for one in place["items"]) == 10_000
        assert all(0 <= one["points"] <= one["of"] and one["why"] for one in place["items"])
        assert place["vetoes"] == []
        assert [(one["veto"], one["figure"], one["holds"]) for one in place["veto_figures"]] == [
            ("false_exits", None, False),
            ("fund_misuse", None, False),
        ]
        assert place["veto_figures"][0]["source"] == {"kind": "typed", "figure": "false_exits"}
    assert {place["run"] for place in found} == {Run.objects.get().pk}
    by_rank = sorted(found, key=lambda place: place["rank"])
    assert [place["score"] for place in by_rank] == sorted((place["score"] for place in found), reverse=True)


def test_one_county_alone_and_what_is_kept_is_not_computed_again() -> None:
    first = shown(*SCHEME)

    (own,) = shown(*SCHEME, "--county", COUNTY, "--kept")

    assert own == next(place for place in first if place["county"] == COUNTY)
    assert Run.objects.count() == 1
    (again,) = shown(*SCHEME, "--county", COUNTY)
    assert (Run.objects.count(), again["digest"]) == (2, own["digest"])
    assert again["run"] != own["run"]


def test_a_county_reads_itself_in_the_newest_result_and_never_runs() -> None:
    shown(*SCHEME)

    assert [place["county"] for place in shown(*SCHEME, "--as", "wang")] == [COUNTY]
    assert Run.objects.count() == 1
    assert isinstance(refused(*SCHEME, "--county", OTHER, "--as", "wang"), refusals.NotAssessed)
    assert isinstance(refused(*SCHEME, "--as", "admin"), NotAllowed)


def test_what_cannot_be_answered_is_refused_with_the_reason_and_nothing_is_kept() -> None:
    for arguments, error, named in (
        (("--year", str(YEAR)), "cli.assess_options", "--scheme"),
        (("--scheme", "key_counties"), "cli.assess_options", "--year"),
        (("--scheme", "nothing", "--year", str(YEAR)), None, "nothing"),
        (("--scheme", "key_counties", "--year", "2014"), None, "2014-12-31"),
        ((*SCHEME, "--kept"), "assessment.not_run", "key_counties"),
        ((*SCHEME, "--as", "wang"), "assessment.not_run", "key_counties"),
        ((*SCHEME, "--county", "520199"), "assessment.not_assessed", "520199"),
    ):
        reason = refused(*arguments)
        assert isinstance(reason, JiefaError), arguments
        assert error is None or reason.code == error
        assert named in reason.message("zh")
        assert named in reason.message("en")
    assert isinstance(refused("--scheme", "key_counties", "--year", "2014"), NotInForce)
    assert Run.objects.count() == 0


def test_the_table_for_people_names_place_score_and_grade() -> None:
    shown(*SCHEME)

    result = run(*SCHEME, "--kept", "--as", "wang")

    assert result.exit_code == 0
    assert "正安县" in result.stdout
    assert "不合格" in result.stdout
    assert "/ 12" in result.stdout


def test_the_schemes_with_what_is_known_of_them() -> None:
    found = {one["scheme"]: one for one in shown("schemes")}

    assert set(found) == {"key_counties", "provinces_2016"}
    assert found["key_counties"] == {
        "scheme": "key_counties",
        "name": "贫困县党政领导班子和领导干部经济社会发展实绩考核",
        "from": "2015-01-01",
        "to": "2020-12-31",
        "indicators": 44,
        "groups": ["ecological", "others"],
        "assumption": True,
        "known_weights": ["poor_reduction", "income_growth"],
    }
    assert found["provinces_2016"]["known_weights"] == []


def test_what_would_gain_most_comes_first_and_is_what_lacks() -> None:
    (own,) = shown(*SCHEME, "--county", COUNTY)

    found = shown("gains", *SCHEME, "--county", COUNTY, "--as", "wang")

    assert all(set(one) == {"indicator", "name", "gain", "figure", "needed"} for one in found)
    gains = [one["gain"] for one in found]
    assert gains == sorted(gains, reverse=True)
    lacks = {one["indicator"]: round(one["of"] - one["points"], 2) for one in own["items"] if one["of"] > one["points"]}
    assert {one["indicator"]: one["gain"] for one in found} == lacks
    assert isinstance(refused("gains", *SCHEME, "--county", OTHER, "--as", "wang"), refusals.NotAssessed)


def test_gains_before_any_result_say_what_to_do() -> None:
    reason = refused("gains", *SCHEME, "--county", COUNTY)

    assert isinstance(reason, refusals.NotRun)
    assert f"--year {YEAR}" in reason.message("en")


def test_figures_go_in_and_what_is_held_back_ends_with_1(tmp_path: Path) -> None:
    row = (YEAR, COUNTY, "森林覆盖率（%）", "50", "县林业局", "")
    waits = shown("figures", str(given.written(tmp_path, HEADER, row, name="w.csv")), "--as", "wang")
    assert (waits["kind"], waits["state"], waits["accepted"]) == ("assessment_figures", "staged", 1)
    assert CountyFigure.objects.count() == 0
    ReceivedList.objects.all().delete()

    taken = shown("figures", str(given.written(tmp_path, HEADER, row, name="t.csv")))
    assert taken["state"] == "accepted"
    assert CountyFigure.objects.get().value == 50

    wrong = given.written(tmp_path, HEADER, (YEAR, COUNTY, "森林覆盖率（%）", "51", "县林业局", ""), name="x.csv")
    report = tmp_path / "report.xlsx"
    result = run("figures", str(wrong), "--report", str(report), "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["held_back"] == 1
    assert report.is_file()
    assert CountyFigure.objects.get().value == 50


def test_an_appeal_becomes_a_dossier_about_an_item_or_a_veto() -> None:
    shown(*SCHEME)
    said = ("appeal", *SCHEME, "--county", COUNTY, "--reason", "公报已修订")

    of_item = shown(*said, "--item", "gdp", "--value", "9.5", "--as", "wang")
    of_veto = shown(*said, "--item", "false_exits", "--value", "0", "--as", "wang")

    assert set(of_item) == {"dossier", "step", "title"}
    assert of_item["step"] == "statement"
    found = {one.pk: one.proposal["workings"]["item"] for one in Dossier.objects.all()}
    assert found == {of_item["dossier"]: "gdp", of_veto["dossier"]: "false_exits"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"--value": "x"}, "cli.assess_number"),
        ({"--item": "nothing"}, "assessment.appeal_item"),
        ({"--item": "income_growth", "--value": "10"}, "assessment.appeal_same"),
        ({"--reason": " "}, "assessment.appeal_reason"),
        ({"--value": "1e12"}, "assessment.appeal_number"),
        ({"--county": OTHER}, "access.not_allowed"),
    ],
)
def test_an_appeal_that_cannot_be_is_refused(changed: dict[str, str], code: str) -> None:
    shown(*SCHEME)
    said = {"--county": COUNTY, "--item": "gdp", "--value": "9.5", "--reason": "公报已修订"} | changed

    reason = refused("appeal", *SCHEME, *(part for pair in said.items() for part in pair), "--as", "wang")

    assert isinstance(reason, JiefaError)
    assert reason.code == code
    assert Dossier.objects.count() == 0

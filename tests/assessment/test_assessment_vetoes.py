"""Vetoes of a run: every figure kept with its source, told apart from none; contested, lifted, and the cap on the grade with them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.assessment.test_assessment_evaluated import sample
from tests.assessment.test_assessment_runs import (
    COUNTY,
    OTHER,
    QIAN,
    WANG,
    YEAR,
    ZHAO,
    appealed,
    assessed,
    made,
    point,
    sent,
    taken,
)

from jiefa import policy
from jiefa.assessment.actions import running
from jiefa.assessment.models import Run, Score
from jiefa.assessment.queries import runs
from jiefa.assessment.rules import refusals
from jiefa.casework import lists

__all__ = ["assessed"]

pytestmark = pytest.mark.usefixtures("small_county", "assessed")


def label(name: str) -> str:
    return policy.load().codes("assessment_figure").label(name, "zh")


def figures(folder: Path, **values: str) -> None:
    """Figures of the county, sent in and accepted."""
    rows = [(YEAR, COUNTY, label(name), value, f"来源 {name}", "核实") for name, value in values.items()]
    lists.accept(list_id=sent(folder, *rows), by=ZHAO, pack=policy.load())


def national() -> Run:
    return running.run(scheme="provinces_2016", year=YEAR, by=ZHAO, pack=policy.load())


def standing(scheme: str = "provinces_2016") -> Score:
    """The county in the run that stands."""
    return runs.newest(policy.load().scheme(scheme, YEAR), YEAR).scores.get(area_code=COUNTY)


def kept(score: Score, name: str) -> dict[str, object]:
    (found,) = (one for one in score.vetoes if one["veto"] == name)
    return dict(found)


def test_every_veto_of_every_place_is_kept_with_its_figure_and_source(tmp_path: Path) -> None:
    figures(tmp_path, false_exits="0", fund_misuse="2")

    of = made()

    assert [[one["veto"] for one in score.vetoes] for score in of.scores.all()] == [["false_exits", "fund_misuse"]] * 12
    own, other = of.scores.get(area_code=COUNTY), of.scores.get(area_code=OTHER)
    assert own.held == ["fund_misuse"]
    assert Decimal(str(kept(own, "false_exits")["figure"])) == 0
    assert (kept(own, "false_exits")["holds"], kept(own, "fund_misuse")["holds"]) == (False, True)
    assert kept(own, "fund_misuse")["source"]["source"] == "来源 fund_misuse"  # type: ignore[index]  # kept as JSON, without types
    assert (kept(other, "false_exits")["figure"], kept(other, "false_exits")["holds"]) == (None, False)
    assert other.held == []


def test_another_figure_of_a_veto_is_another_digest_even_if_no_point_changes(tmp_path: Path) -> None:
    before = made()
    figures(tmp_path, false_exits="0")
    after = made()

    assert before.digest != after.digest
    points = [list(one.scores.order_by("area_code").values_list("hundredths", "grade")) for one in (before, after)]
    assert points[0] == points[1]


def test_a_veto_lifted_by_appeal_lifts_the_cap_on_the_grade(tmp_path: Path) -> None:
    sample(COUNTY, (True, True, True, True))
    figures(tmp_path, fund_score="95", false_exits="1")
    of = national()
    assert (standing().grade, standing().held) == ("poor", ["false_exits"])
    assert standing().hundredths >= 6_000

    dossier = appealed(of, "0", "false_exits", "经核查不属实")
    for by in (WANG, QIAN, ZHAO):
        taken(dossier, by)

    now = standing()
    assert now.run.corrects_id == of.pk
    assert (now.grade, now.held) == ("ordinary", [])
    assert now.hundredths == of.scores.get(area_code=COUNTY).hundredths
    source = kept(now, "false_exits")["source"]
    assert (source["kind"], source["dossier"]) == ("correction", dossier.pk)  # type: ignore[index]  # kept as JSON, without types


def test_a_figure_that_an_item_and_a_veto_share_is_put_right_for_both() -> None:
    sample(COUNTY, (False, False, False, False))
    of = national()
    assert point(of, "approval")[:2] == (0, 0)
    assert "low_approval" in standing().held

    dossier = appealed(of, "90", "low_approval", "问卷录错")
    for by in (WANG, QIAN, ZHAO):
        taken(dossier, by)

    figure, points, full = point(standing().run, "approval")
    assert (figure, points) == (90, full)
    assert "low_approval" not in standing().held


def test_a_veto_without_a_figure_may_be_contested_and_a_figure_that_came_since_makes_the_appeal_stale(
    tmp_path: Path,
) -> None:
    dossier = appealed(made(), "0", "false_exits", "没有发现")
    assert dossier.proposal["changes"][0] == {
        "field": "false_exits",
        "before": None,
        "after": "0",
        "label_zh": "弄虚作假、数字脱贫",
        "label_en": "Exits on paper alone",
    }
    taken(dossier, WANG)
    figures(tmp_path, false_exits="3")
    made()

    with pytest.raises(refusals.AppealStale, match="3"):
        taken(dossier, QIAN)


def test_a_run_that_kept_only_the_vetoes_that_held_is_read_as_it_was() -> None:
    of = made()
    score = of.scores.get(area_code=COUNTY)
    score.vetoes = [{"veto": "false_exits", "figure": "1", "source": {"kind": "typed", "figure": "false_exits"}}]

    scheme = policy.load().scheme("key_counties", YEAR)

    assert score.held == ["false_exits"]
    found = runs.contested(score, scheme, "false_exits")
    assert found is not None
    assert found.figure == 1
    assert runs.contested(score, scheme, "fund_misuse") is None

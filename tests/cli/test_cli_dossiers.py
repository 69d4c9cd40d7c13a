"""``jiefa dossiers`` and ``jiefa procedures``: within the posts, nothing cut, exit statuses as everywhere."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from click.testing import Result
from django.utils import timezone
from tests.site import cases, county
from typer.testing import CliRunner

from jiefa import policy
from jiefa.cli import app
from jiefa.demo import users
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.procedures.models import Dossier


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app.build(arguments[0]), list(arguments))


def listed(*arguments: str) -> list[dict[str, Any]]:
    result = run("dossiers", *arguments, "--json")
    assert result.exception is None or result.exit_code == 1
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


@pytest.fixture
def posts(db: None) -> None:
    """The demonstration's users with their posts."""
    users.create(by="tests")


@pytest.mark.usefixtures("posts")
class TestDossiers:
    def test_line_says_where_a_dossier_stands(self) -> None:
        dossier = cases.at_appraisal()

        (line,) = listed()

        assert line == {
            "dossier": dossier.pk,
            "procedure": "identification",
            "step": "appraisal",
            "title": "申请户0",
            "place": county.VILLAGE,
            "year": 2017,
            "outcome": "",
            "due_on": dossier.due_on.isoformat() if dossier.due_on else None,
            "version": 2,
        }

    def test_options_narrow_the_list(self) -> None:
        one, two = cases.opened(2)
        cases.take(two, "li", "withdraw", opinion="农户撤回")

        assert [line["dossier"] for line in listed("--state", "open")] == [one.pk]
        assert [line["dossier"] for line in listed("--state", "withdrawn")] == [two.pk]
        assert len(listed("--procedure", "identification", "--place", county.COUNTY)) == 2
        assert listed("--procedure", "household_exit") == []
        assert listed("--place", county.NEXT_COUNTY) == []

    def test_user_sees_the_own_area_and_posts_without_dossiers_are_refused(self) -> None:
        cases.opened(2)
        Dossier.objects.filter(title="申请户1").update(place_code=county.NEXT_COUNTY)

        assert [line["title"] for line in listed("--as", "wang")] == ["申请户0"]
        assert len(listed("--as", "auditor")) == 2
        assert isinstance(run("dossiers", "--as", "helper").exception, NotAllowed)

    def test_overdue_ones_give_status_one(self) -> None:
        dossier = cases.at_appraisal()

        assert run("dossiers", "--overdue").exit_code == 0
        Dossier.objects.filter(pk=dossier.pk).update(due_on=timezone.localdate() - dt.timedelta(days=1))
        result = run("dossiers", "--overdue")

        assert result.exit_code == 1
        assert "民主评议" in result.stdout

    def test_unknown_procedure_cannot_be_listed(self) -> None:
        assert isinstance(run("dossiers", "--procedure", "nothing").exception, JiefaError)


def test_procedures_are_listed_with_their_versions() -> None:
    lines = json.loads(run("procedures", "list", "--json").stdout)

    wanted = [(v.id, v.from_date.isoformat()) for versions in policy.load().procedures.values() for v in versions]
    assert [(line["procedure"], line["from"]) for line in lines] == wanted
    assert "贫困户识别" in run("procedures", "list").stdout


def test_procedure_is_drawn_as_it_held_on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    old = run("procedures", "draw", "identification", "--on", "2015-06-30").stdout
    new = json.loads(run("procedures", "draw", "identification", "--on", "2017-06-30", "--json").stdout)

    assert old.startswith("stateDiagram-v2\n")
    assert "数据比对" not in old
    assert "数据比对" in new["mermaid"]
    monkeypatch.setenv("JIEFA_LANG", "en")
    assert "Village appraisal" in run("procedures", "draw", "identification").stdout
    assert isinstance(run("procedures", "draw", "nothing").exception, JiefaError)
    assert isinstance(run("procedures", "draw", "identification", "--on", "1990-01-01").exception, JiefaError)

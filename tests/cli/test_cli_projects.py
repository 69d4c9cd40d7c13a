"""Projects on the command line: listed within one's area, shown, applied for, looked over by the rules of money."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from tests.funds import building
from typer.testing import CliRunner

from jiefa.access import actions as access
from jiefa.access.rules import Role
from jiefa.cli import app as command_line
from jiefa.funds.actions import projects
from jiefa.funds.actions.projects import Entry
from jiefa.funds.models import Project
from jiefa.funds.rules.project_refusals import ProjectNotThere
from jiefa.procedures.actions.opening import AlreadyOpen

pytestmark = pytest.mark.django_db


def _run(*arguments: object) -> Any:
    return CliRunner().invoke(command_line.build("project"), ["project", *(str(one) for one in arguments)])


def _said(*arguments: object) -> dict[str, Any]:
    found = _run(*arguments, "--json")
    assert found.exit_code == 0, found.output
    answer: dict[str, Any] = json.loads(found.output)
    return answer


@pytest.fixture
def users() -> None:
    for name, role, area in (
        ("sunx", Role.TOWNSHIP_OFFICER, building.TOWNSHIP),
        ("far", Role.COUNTY_OFFICER, "520102"),
    ):
        user = access.create_user(username=name, name=name, password="Correct-horse-9", by="x")
        access.give_post(user=user, role=role, area=area, by="x", on=dt.date(2013, 1, 1))


@pytest.mark.usefixtures("users")
def test_a_project_of_the_library_is_listed_applied_for_and_shown() -> None:
    (made,) = projects.enter_many(entries=[Entry(building.new(), {})], by=building.township(), pack=building.PACK)
    listed = _said("list", "--state", "none", "--as", "sunx")
    assert [one["number"] for one in listed["projects"]] == [made.number]
    assert _said("list", "--as", "far")["projects"] == []
    assert isinstance(_run("show", made.number, "--as", "far").exception, ProjectNotThere)

    key = _said("apply", made.number, "--as", "sunx")["dossier"]
    assert Project.objects.get().dossier_id == key
    assert isinstance(_run("apply", made.number, "--as", "sunx").exception, AlreadyOpen)
    shown = _said("show", made.number, "--as", "sunx")
    assert (shown["step"], shown["asked_fen"], shown["claims"]) == ("library_proposal", 100_000_00, [])

    found = _said("findings", "--as", "sunx")["findings"]
    assert {one["rule"] for one in found} >= {"FU01", "FU06", "LN01"}
    assert all(one["found"] == 0 for one in found)

"""``jiefa changes``: a change from a file within the posts, listed, flagged; what cannot be read is refused in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.site import county
from typer.testing import CliRunner

from jiefa.changes.rules import refusals
from jiefa.cli import app
from jiefa.cli.changes import FileUnreadable, HouseholdUnknown
from jiefa.demo import users
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.registry.models import HouseholdYear, Person
from jiefa.registry.queries import households

pytestmark = pytest.mark.usefixtures("on_file")
BIRTH = {
    "household": "A", "kind": "birth", "on": "2015-06-15",
    "facts": {"name": "张小宝", "relation": "之子", "sex": "男"},
}  # fmt: skip


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app.build("changes"), ["changes", *arguments])


@pytest.fixture
def on_file(db: None, tmp_path: Path) -> None:
    """The demonstration's users, and the small county's households on cards of 2015."""
    users.create(by="tests")
    county.load(tmp_path / "rosters", 2015, county.FAMILIES)


@pytest.fixture
def open_file(tmp_path: Path) -> Any:
    def opened(asked: object, *options: str, user: str = "li") -> Result:
        file = tmp_path / "change.json"
        file.write_text(asked if isinstance(asked, str) else json.dumps(asked), encoding="utf-8")
        return run("open", str(file), "--as", user, "--json", *options)

    return opened


def told(result: Result) -> Any:
    assert result.exception is None, result.exception
    return json.loads(result.stdout)


def test_birth_from_a_file_is_recorded_and_listed(open_file: Any) -> None:
    assert not Person.objects.filter(name="张小宝").exists()
    lines = told(open_file(BIRTH, "--preview"))["lines"]
    assert {"who": "张小宝", "field": "relation", "before": None, "after": "son"} in lines

    done = told(open_file(BIRTH))

    assert (done["outcome"], done["procedure"]) == ("approved", "household_change_small")
    assert Person.objects.get(name="张小宝").household_id == county.household("A").pk
    (line,) = told(run("list", "--as", "wang", "--kind", "birth", "--json"))
    assert (line["dossier"], line["on"], line["flags"]) == (done["dossier"], "2015-06-15", [])
    assert told(run("list", "--as", "wang", "--place", county.NEXT_COUNTY, "--json")) == []
    assert "新生儿" in run("list", "--as", "wang").stdout


def test_split_by_names_is_flagged(open_file: Any) -> None:
    home = county.household("A")
    _head, second, *_others = [member.person.name for member in households.present_members(home)]
    asked = {
        "household": "A", "kind": "split", "on": "2015-06-15", "persons": [second], "relations": {second: "户主"},
        "inherits": True,
    }  # fmt: skip

    done = told(open_file(asked))

    assert (done["step"], done["flags"]) == ("township_check", ["new_entry", "restate_income"])
    assert [row["dossier"] for row in told(run("list", "--state", "flagged", "--json"))] == [done["dossier"]]
    assert "将新增贫困户" in run("list").stdout


def test_correction_of_money_is_typed_in_yuan(open_file: Any) -> None:
    asked = {
        "household": "A",
        "kind": "correction",
        "on": "2015-06-15",
        "correct": {"household": {"wage_income": 88.5}},
    }

    done = told(open_file(asked))

    assert (done["grounds"], done["outcome"]) == (["field"], "")
    assert HouseholdYear.objects.get(household=county.household("A"), year=2015).wage_income_fen == 600_000


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ("{", FileUnreadable),
        ({"kind": "birth"}, FileUnreadable),
        ({**BIRTH, "on": "yesterday"}, FileUnreadable),
        ({**BIRTH, "facts": {"name": "张小宝", "nothing": 1}}, FileUnreadable),
        ({**BIRTH, "facts": {"name": "张小宝", "relation": "远亲中的远亲", "sex": "男"}}, FileUnreadable),
        ({**BIRTH, "household": "F"}, HouseholdUnknown),
        ({**BIRTH, "kind": "flood"}, refusals.KindUnknown),
        ({**BIRTH, "kind": "death", "persons": ["没有这人"]}, refusals.NotMember),
    ],
)
def test_what_cannot_be_is_refused(open_file: Any, asked: object, refusal: type[JiefaError]) -> None:
    assert isinstance(open_file(asked).exception, refusal)


def test_posts_decide(open_file: Any) -> None:
    assert isinstance(open_file(BIRTH, user="helper").exception, NotAllowed)
    assert isinstance(open_file(BIRTH, user="wang").exception, JiefaError)
    assert isinstance(run("list", "--as", "helper").exception, NotAllowed)
    assert isinstance(run("list", "--kind", "flood").exception, refusals.KindUnknown)

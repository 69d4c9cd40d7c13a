"""Notices on the command line: the same guards as on the pages, JSON for programs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone
from tests.disclosure import lists
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE, People
from typer.testing import CliRunner

from jiefa import policy
from jiefa.areas.rules import DivisionUnknown
from jiefa.cli import app
from jiefa.cli.notices import NoticeUnknown
from jiefa.demo import users
from jiefa.disclosure import actions, rules
from jiefa.disclosure.models import Notice, Objection
from jiefa.kernel.errors import NotAllowed

PACK = policy.load()


@pytest.fixture
def people(db: None) -> People:
    users.create(by="tests")
    return People(VILLAGE, TOWNSHIP, COUNTY)


def said(*arguments: object) -> Any:
    """What the command prints as JSON. Raises what it raises."""
    words = ["notices", *(str(one) for one in arguments), "--json"]
    result = CliRunner().invoke(app.build("notices"), words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_list_that_waits_is_looked_at_and_posted(people: People) -> None:
    keys = lists.at_first_notice(people, PACK)

    (waiting,) = said("list", "--waiting", "--as", "li")
    assert (waiting["kind"], waiting["place"], waiting["dossiers"]) == ("first_list", VILLAGE, keys)
    preview = said("post", *keys, "--preview", "--as", "li")
    assert preview[1]["name"] == "张*三"
    assert not Notice.objects.exists()
    (made,) = said("post", *keys, "--as", "li")

    assert made["lines"] == 4
    assert [row["notice"] for row in said("list", "--place", COUNTY)] == [made["notice"]]
    assert said("list", "--kind", "exit_list") == []
    assert said("list", "--waiting", "--as", "li") == []


def test_who_holds_no_post_publishes_nothing(people: People) -> None:
    keys = lists.at_first_notice(people, PACK)

    for user in (["--as", "wang"], ["--as", "helper"], []):
        with pytest.raises(NotAllowed):
            said("post", *keys, *user)
    with pytest.raises(NotAllowed):
        said("list", "--waiting", "--as", "helper")
    with pytest.raises(DivisionUnknown):
        said("list", "--place", "99")


def test_announcement_is_made_in_a_place(people: People) -> None:
    keys = lists.at_announcement(people, PACK)

    (made,) = said("post", *keys, "--announce-in", VILLAGE, "--as", "zhou")

    assert (made["kind"], made["until"], made["place"]) == ("final_list", None, VILLAGE)


def test_letter_is_typed_in(people: People) -> None:
    keys = lists.at_first_notice(people, PACK)
    notice = actions.post_notice(dossier_ids=keys, by=people.li, on=timezone.localdate(), pack=PACK)

    answer = said("object", notice.pk, "--text", "不公平", "--line", 2, "--name", "王二", "--as", "wang")

    made = Objection.objects.get()
    assert answer == {"notice": notice.pk, "number": 1, "dossier": made.dossier_id}
    assert (made.channel, made.by) == ("paper", "wang")
    with pytest.raises(NoticeUnknown):
        said("object", 10**9, "--text", "不公平")
    with pytest.raises(rules.NoSuchRow):
        said("object", notice.pk, "--text", "不公平", "--line", 9)
    with pytest.raises(NotAllowed):
        said("object", notice.pk, "--text", "不公平", "--as", "auditor")


def test_people_read_a_table(people: People) -> None:
    result = CliRunner().invoke(app.build("notices"), ["notices", "list"])
    assert result.exit_code == 0
    assert "没有公示公告" in result.output
    lists.posted(people, PACK)

    result = CliRunner().invoke(app.build("notices"), ["notices", "list"])

    assert "first_list" in result.output
    assert "张小三" not in result.output

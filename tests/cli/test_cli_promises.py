"""``jiefa plan targets|send-down|fix|letters|letter|draw-letter|progress|confirm|unlock``: what they print, and whom they refuse."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.cli.test_cli_planning import run, shown
from tests.planning import promised as given
from tests.planning.promised import LU, TOWNSHIP, WANG, ZHAO
from tests.site import county

from jiefa.kernel.errors import NotAllowed
from jiefa.planning.models import Confirmation, Letter, Unlock
from jiefa.planning.rules import refusals

pytestmark = pytest.mark.usefixtures("small_county")
COUNTY, VILLAGE = county.COUNTY, county.VILLAGE


def test_targets_are_sent_down_fixed_and_added_up() -> None:
    given.targets()
    given.made()
    told = ("--year", "2016", "--document", "文")

    sent = shown("send-down", COUNTY, *told, "--as", "wang")
    fixed = shown("fix", COUNTY, *told, "--as", "wang")
    (line,) = shown("targets", COUNTY, "--year", "2016", "--as", "wang")["targets"]

    assert sum(one["value"] for one in sent) == given.TARGETS[2016]
    assert {one["state"] for one in fixed} == {"fixed"}
    assert (line["metric"], line["target"], line["below"], line["difference"]) == ("people", 4, 4, 0)
    assert line["by_place"] == {one["place"]: one["value"] for one in sent}
    assert "减贫人口" in run("targets", COUNTY, "--year", "2016").stdout
    assert isinstance(run("send-down", COUNTY, *told).exception, refusals.NotYourPlace)  # the operator holds no post
    assert isinstance(run("fix", COUNTY, *told, "--as", "li").exception, NotAllowed)


def test_a_letter_is_drawn_up_listed_and_followed_up(uncounted: str) -> None:
    given.target(2016, 10)
    given.target(2016, 7, metric=uncounted)
    drawn = ("draw-letter", COUNTY, "--year", "2016", "--document", "黔1号")

    assert isinstance(run(*drawn, "--as", "zhao").exception, refusals.NotYourPlace)  # the prefecture stands right above
    assert shown(*drawn, "--upper", "52", "--as", "zhao")["lines"][0] == {"metric": "people", "value": 10}
    given.target(2017, 10)
    given.target(2017, 7, metric=uncounted)
    found = given.signed(COUNTY, "52", ZHAO, WANG, LU, year=2017)

    assert [one["letter"] for one in shown("letters", "--year", "2017", "--as", "wang")] == [found.pk]
    assert shown("letters", "--year", "2017", "--as", "li") == []
    said = shown("letter", str(found.pk), "--as", "wang")
    assert said["digest"] == Letter.objects.get().digest
    assert {line["metric"]: (line["target"], line["done"], line["gap"]) for line in said["lines"]} == {
        "people": (10, 0, 10),
        uncounted: (7, None, None),
    }
    assert "不统计" in run("letter", str(found.pk)).stdout
    assert run("letter", str(found.pk), "--as", "li").exit_code != 0


def test_progress_is_shown_confirmed_and_unlocked() -> None:
    given.target(2015, 10, TOWNSHIP)
    given.left("A", dt.date(2015, 11, 20))
    month = ("--year", "2015", "--month", "11")

    assert shown("confirm", VILLAGE, *month, "--as", "li")["figures"]["people"] == 4
    assert isinstance(run("confirm", TOWNSHIP, *month, "--as", "sunx").exception, refusals.NotAllConfirmed)
    assert isinstance(run("confirm", VILLAGE, *month, "--as", "helper").exception, NotAllowed)
    found = shown("progress", *month, "--division", TOWNSHIP, "--as", "sunx")
    own, *below = found["places"]
    people = own["metrics"]["people"]
    assert (people["target"], people["done"], people["ought"], people["behind"]) == (10, 4, 9, 5)
    assert people["months"][10] == 4
    assert (own["confirmed"], own["below_confirmed"], own["below"]) == (False, 1, len(below))
    assert [one["place"] for one in below if one["confirmed"]] == [VILLAGE]
    assert "减贫人口" in run("progress", *month, "--division", TOWNSHIP).stdout
    assert shown("unlock", VILLAGE, *month, "--reason", "漏报一户", "--as", "sunx")["reason"] == "漏报一户"
    assert (Confirmation.objects.count(), Unlock.objects.count()) == (1, 1)
    assert isinstance(run("progress", *month, "--division", "520326", "--as", "wang").exception, NotAllowed)

"""Whether a hamlet may move as a whole, item by item and day by day; what speaks against rows and against cases that name them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from jiefa.assistance.rules import moving as rules
from jiefa.assistance.rules.moving import Living, NamedCourse
from jiefa.policy import Pack

BEFORE, SINCE = dt.date(2015, 12, 31), dt.date(2016, 1, 1)
SMALL = Living("deep_mountain", 50, 100, 20, 50)


def said(living: Living, on: dt.date, pack: Pack) -> dict[str, bool | None]:
    return {item.id: item.met for item in rules.eligibility(living, pack.codes("relocation_reason"), pack.at(on))}


@pytest.mark.parametrize(
    ("living", "found", "whole"),
    [
        (SMALL, {"area": True, "households": True, "incidence": True}, True),
        (Living("hazard", 51, 100, 20, 50), {"area": True, "households": False, "incidence": True}, False),
        (Living("hazard", 50, 1000, 20, 499), {"area": True, "households": True, "incidence": False}, False),
        (Living("hazard", None, 100, 20, 50), {"area": True, "households": None, "incidence": True}, None),
        (Living("hazard", 51, None, 20, 50), {"area": True, "households": False, "incidence": None}, False),
        (Living("", 50, 100, 20, 50), {"area": None, "households": True, "incidence": True}, None),
    ],
)
def test_a_hamlet_may_move_when_every_condition_is_met(
    living: Living, found: dict[str, bool | None], whole: bool | None, pack: Pack
) -> None:
    items = rules.eligibility(living, pack.codes("relocation_reason"), pack.at(SINCE))

    assert {item.id: item.met for item in items} == found
    assert rules.verdict(items) is whole


def test_before_2016_the_kind_of_area_alone_decides(pack: Pack) -> None:
    large = Living("endemic", 400, 2000, 1, 1)

    assert said(large, BEFORE, pack) == {"area": True}
    assert said(large, SINCE, pack) == {"area": True, "households": False, "incidence": False}


def test_incidence_just_below_the_limit_is_not_rounded_up(pack: Pack) -> None:
    almost = Living("hazard", 40, 10_000, 20, 4_999)

    assert almost.incidence == Decimal("50.0")
    assert said(almost, SINCE, pack)["incidence"] is False


def test_words_name_numbers_limit_and_source(pack: Pack) -> None:
    items = rules.eligibility(Living("hazard", 60, 100, 9, 30, True), pack.codes("relocation_reason"), pack.at(SINCE))

    words = {item.id: (item.zh, item.en, item.reference) for item in items}
    assert words["households"][:2] == ("全寨 60 户，上限 50 户", "60 households, at most 50")
    assert "30.0%" in words["incidence"][0]
    assert "by the register" in words["incidence"][1]
    assert all(reference for _zh, _en, reference in words.values())


def test_row_of_a_register_that_contradicts_itself(pack: Pack) -> None:
    reasons, policy = pack.codes("relocation_reason"), pack.at(SINCE)
    course = {"from_on": "2015-03-01", "to_on": "2015-03-10", "days": 11}
    hamlet = {"poor_households": 9, "households": 8, "decided_on": "2016-05-01", "moved_on": "2016-04-01"}

    assert [one.rule for one in rules.against_course(course)] == ["HP52"]
    assert [one.rule for one in rules.against_course({**course, "to_on": "2015-02-28"})] == ["HP51"]
    assert rules.against_course({**course, "days": 10}) == []
    late = {"begun_on": "2015-02-01", "built_on": "2015-01-01", "opened_on": "2014-12-01"}
    assert [one.rule for one in rules.against_site(late)] == ["HP53", "HP54"]
    assert [one.rule for one in rules.against_site({"flats_planned": 1, "flats_built": 2})] == ["HP55"]
    found = rules.against_hamlet({**hamlet, "site": "无此地"}, reasons, policy, frozenset({"别处"}))
    assert [one.rule for one in found] == ["HP56", "HP58", "HP66"]
    big = {"households": 60, "people": 100, "poor_people": 60, "reason": "hazard"}
    assert rules.against_hamlet(big, reasons, policy, frozenset()) == []  # not decided on yet
    decided = rules.against_hamlet({**big, "decided_on": "2016-05-01"}, reasons, policy, frozenset())
    assert [(one.level, one.rule) for one in decided] == [("warn", "HP59")]
    assert rules.against_hamlet({**big, "decided_on": "2015-05-01"}, reasons, pack.at(BEFORE), frozenset()) == []


def test_case_of_training_agrees_with_its_course() -> None:
    course, share = NamedCourse("welding", 20), Decimal(80)
    own = {"course": "T1", "trade": "welding", "days": 20, "present": 16, "certified_on": "2015-04-01"}

    def found(course: NamedCourse | None, **other: object) -> list[tuple[str, str]]:
        return [(one.level, one.rule) for one in rules.of_training({**own, **other}, course, share)]

    assert found(course) == []
    assert found(None) == [("warn", "HP61")]
    assert found(course, trade="cooking") == [("error", "HP62")]
    assert found(course, days=19) == [("error", "HP63")]
    assert found(course, present=21) == [("error", "HP64")]
    assert found(course, present=15) == [("warn", "HP65")]
    assert rules.of_training({"course": "T1", "present": 1}, course, share) == []  # no certificate yet
    assert [one.rule for one in rules.of_training({**own, "present": 0}, course, None)] == []  # no limit in force


def test_case_of_relocation_names_what_is_on_file() -> None:
    own = {"site": "县城安置区", "settled_in": "town", "hamlet": "上寨"}

    assert rules.of_relocation(own, "town", True) == []
    assert [one.rule for one in rules.of_relocation(own, None, False)] == ["HP66", "HP68"]
    assert [one.rule for one in rules.of_relocation(own, "country", True)] == ["HP67"]
    assert rules.of_relocation({}, None, False) == []

"""Masking and the clock of a notice: cases that an officer can read, and a slow twin that counts day by day."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiefa import policy
from jiefa.disclosure import rules
from jiefa.disclosure.rules import Clock, Pause, PublicProject, PublicRow
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL

DAY = dt.timedelta(days=1)
UNTIL = dt.date(2015, 3, 9)


def day(number: int) -> dt.date:
    """That day of March 2015."""
    return dt.date(2015, 2, 28) + number * DAY


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张小三", "张*三"),
        ("欧阳小三", "欧**三"),
        ("欧阳小小三", "欧***三"),
        ("阿依·古丽", "阿***丽"),
        ("阿依•古丽", "阿***丽"),
        ("买买提·阿不都热合曼", "买******曼"),
        ("张 三", "张*"),
        ("  张小三  ", "张*三"),
        ("张三 残疾", "张*"),
        ("张三（户主）", "张*"),
        ("张三520324199001011234", "张*"),
        ("𠮷三", "𠮷*"),
        ("张", "*"),
        ("阿·", "*"),
        ("", "*"),
        ("13800000001", "*"),
        ("Li Lei", "*"),
    ],
)
def test_middle_of_a_name_is_hidden(name: str, shown: str) -> None:
    assert rules.masked(name) == shown


@given(st.text(max_size=40))
def test_no_name_shows_more_than_its_first_and_last_character(name: str) -> None:
    shown = rules.masked(name).replace(rules.HIDDEN, "")

    assert len(shown) <= 2
    assert len(shown) < len(name.strip()) or not shown
    assert not any(character.isdigit() or character.isascii() for character in shown)


@given(st.text(alphabet="张王李赵欧阳小三残疾糖尿病癌", min_size=3, max_size=12))
def test_two_characters_that_stand_together_are_never_shown_together(name: str) -> None:
    shown = rules.masked(name)

    assert not any(name[at : at + 2] in shown for at in range(len(name) - 1))


def test_public_row_has_no_place_for_anything_else() -> None:
    assert {field.name for field in fields(PublicRow)} == {
        *("name", "place_code", "place_name", "people", "decided"),
        "project",  # None for a household: PublicProject has masked names and no room for a number
    }
    assert {field.name for field in fields(PublicProject)} == {
        *(
            "source",
            "amount_fen",
            "content",
            "goal",
            "starts_on",
            "ends_on",
            "implementer",
            "responsible",
            "contractor",
        ),
        *("households", "beneficiaries", "result"),
    }


@pytest.mark.parametrize(
    ("proposal", "people"),
    [({"members": 4}, 4), ({"members": [1, 2]}, 2), ({"members": []}, None), ({"members": 13800000001}, None), ({"members": True}, None), ({}, None)],
)  # fmt: skip
def test_people_are_counted_and_nothing_else_is(proposal: dict[str, object], people: int | None) -> None:
    assert rules.people_in(proposal) == people


@pytest.mark.parametrize(
    ("pauses", "end", "stopped"),
    [
        ([], 9, False),
        ([(3, 3)], 9, False),  # answered the same day
        ([(3, 5)], 11, False),
        ([(3, None)], 9, True),
        ([(3, 5), (4, 6)], 12, False),  # the 4th counts once
        ([(3, 8), (4, 5)], 14, False),  # one inside the other
        ([(3, 5), (6, 8)], 13, False),
        ([(9, 12)], 12, False),  # filed on the last day
        ([(10, 12)], 9, False),  # too late
        ([(3, 6), (11, 14)], 15, False),  # in time because of the first
        ([(3, 5), (4, None)], 10, True),
        ([(10, None)], 9, False),
    ],
)
def test_days_on_which_the_clock_stood_still_are_added(
    pauses: list[tuple[int, int | None]], end: int, stopped: bool
) -> None:
    found = rules.clock(UNTIL, [Pause(day(a), None if b is None else day(b)) for a, b in pauses])

    assert found == Clock(day(end), stopped)


spans = st.lists(st.tuples(st.integers(1, 30), st.none() | st.integers(0, 15)), max_size=5)


@given(spans)
def test_clock_is_that_of_the_wall(found: list[tuple[int, int | None]]) -> None:
    pauses = [Pause(day(a), None if b is None else day(a) + b * DAY) for a, b in found]

    assert rules.clock(UNTIL, pauses) == by_the_wall(UNTIL, pauses)


def by_the_wall(until: dt.date, pauses: list[Pause]) -> Clock:
    """The same, counted day by day: a day on which something is open does not count, while the notice hangs."""
    end, today = until, day(1)
    while today <= end:
        if any(p.answered_on is None and p.filed_on <= today for p in pauses):
            return Clock(end, True)
        if any(p.filed_on <= today < p.answered_on for p in pauses if p.answered_on):
            end += DAY
        today += DAY
    return Clock(end, False)


@pytest.mark.parametrize("area", ["52", "5203", "520324", "520324100", "520324100201"])
def test_objection_goes_one_level_above_whoever_posted(area: str) -> None:
    place = rules.inquiring_place(area)
    procedure = policy.load().procedures[rules.procedure_for(area)][-1]

    assert area.startswith(place)
    assert len(place) < len(area) or area == "52"
    assert {LENGTH_OF_LEVEL[step.level] for step in procedure.steps} == {len(place)}


def test_every_kind_of_notice_has_its_words() -> None:
    pack = policy.load()

    assert pack.codes("notice").ids == pack.codes("notice_row").ids
    assert {*rules.ANNOUNCEMENT_AFTER, *rules.ANNOUNCEMENT_AFTER.values()} <= set(pack.codes("notice").ids)
    assert set(pack.procedures) >= rules.OBJECTIONS

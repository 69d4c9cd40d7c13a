"""Whose a complaint is, by which day a step is due, what may be told: pure rules."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jiefa import policy
from jiefa.access.rules import Role
from jiefa.hotline.rules import moves, publishing, terms, units
from jiefa.hotline.rules.units import Unit

VILLAGE = "520324103200"
LEVELS = (2, 4, 6, 9, 12)
PACK = policy.load()
places = st.tuples(st.sampled_from(("52", "53")), st.text("12", min_size=10, max_size=10)).map("".join)
lines = st.builds(lambda code, digits: code[:digits], places, st.sampled_from(LEVELS[1:]))
bodies = st.lists(st.sampled_from(LEVELS), max_size=3)


@given(about=lines, digits=bodies)
def test_no_complaint_is_kept_or_looked_into_by_whom_it_is_about_nor_from_inside(about: str, digits: list[int]) -> None:
    named = [about[:count] for count in digits if count <= len(about)]
    against = units.broadest(named)

    kept = units.kept_at(about, against)
    offered = units.handlers(about, against)

    for place in [unit.place for unit in offered] + ([kept] if kept else []):
        assert about.startswith(place)
        assert not any(place.startswith(code) for code in named)
    assert (kept is None) == (against == about[:2] or (len(about) < 6 and not against and len(about) < 4))


@given(about=lines, digits=bodies, area=lines, role=st.sampled_from(Role))
def test_whoever_belongs_to_the_body_complained_of_is_concerned(
    about: str, digits: list[int], area: str, role: Role
) -> None:
    against = units.broadest([about[:count] for count in digits if count <= len(about)])
    assume(against)

    assert units.is_concerned([(role, area)], against) == area.startswith(against)


@given(about=lines, digits=bodies, other=bodies, later=st.sampled_from(LEVELS))
def test_whoever_answers_an_earlier_complaint_stands_above_all_that_are_merged_with_it(
    about: str, digits: list[int], other: list[int], later: int
) -> None:
    own, earlier = (
        units.broadest([about[:count] for count in named if count <= len(about)]) for named in (digits, other)
    )
    if own:
        assert units.may_join(own, earlier) == (earlier in units.joined_to(own))
    assume(units.may_join(own, earlier))
    broader = about[:later]
    assume(not earlier or earlier.startswith(broader))

    # As it stands, and once a broader body is named in it.
    for against in (earlier, broader) if earlier else (earlier,):
        kept = units.kept_at(about, against)
        above = [unit.place for unit in units.handlers(about, against)] + ([kept] if kept else [])
        assert not own or all(units.is_above(place, own) for place in above)


@pytest.mark.parametrize(
    ("against", "kept", "nearest"),
    [
        ((), "520324", Unit("office", "520324103")),
        ((VILLAGE,), "520324", Unit("office", "520324103")),
        ((VILLAGE[:9],), "520324", Unit("office", "520324")),
        ((VILLAGE, VILLAGE[:6]), "5203", Unit("office", "5203")),  # the county covers for its village: above the county
        ((VILLAGE[:4],), "52", Unit("office", "52")),
    ],
)
def test_a_complaint_goes_to_the_nearest_place_above(against: tuple[str, ...], kept: str, nearest: Unit) -> None:
    meant = units.broadest(against)

    assert (units.kept_at(VILLAGE, meant), units.handlers(VILLAGE, meant)[0]) == (kept, nearest)


def test_nobody_in_the_system_is_above_the_province() -> None:
    assert (units.kept_at(VILLAGE, "52"), units.handlers(VILLAGE, "52")) == (None, [])


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (dt.date(2015, 2, 16), 2, dt.date(2015, 2, 25)),  # Tuesday, then Spring Festival until the 24th
        (dt.date(2015, 9, 2), 2, dt.date(2015, 9, 7)),  # off on the 3rd and 4th, worked on Sunday the 6th
        (dt.date(2019, 5, 3), 1, dt.date(2019, 5, 6)),  # no list of the year: weekends alone
    ],
)
def test_working_days_follow_the_calendar_of_the_state(start: dt.date, days: int, end: dt.date) -> None:
    off, worked = terms._days("calendar.days_off", PACK), terms._days("calendar.days_worked", PACK)

    assert terms.add_working(start, days, off, worked) == end


def test_terms_are_in_the_unit_that_the_pack_says() -> None:
    friday = dt.date(2015, 6, 5)

    assert terms.finish_by(friday, "special_funds", PACK) == dt.date(2015, 6, 20)
    assert terms.finish_by(friday, "other", PACK) == dt.date(2015, 6, 29)  # 15 working days, one of them a holiday
    assert terms.due(friday, "hotline.screen_days", PACK) == dt.date(2015, 6, 12)


counts = st.integers(0, 30)


@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=7), st.integers(2, 6))
def test_no_small_count_is_told_nor_follows_from_those_told(cells: list[tuple[int, int]], least: int) -> None:
    may, total = publishing.told(cells, least)

    kept = [cell for cell, told in zip(cells, may, strict=True) if not told]
    for cell, told in zip(cells, may, strict=True):
        assert not told or min(cell) >= least
    if total and kept:  # what is left of the sum is of at least two, and not small
        assert len(kept) > 1
        assert all(sum(column) >= least for column in zip(*kept, strict=True))


@given(st.data())
def test_no_way_through_the_states_leaves_anything_out(data: st.DataObject) -> None:
    """Steps drawn one after another from those that the state allows, with the rounds that the actions count."""
    state, taken, rounds = moves.RECEIVED, ["receive"], 1
    for _ in range(data.draw(st.integers(1, 25))):
        offered = sorted(one for one in moves.MOVES if moves.allowed(one, state))
        if rounds == moves.ROUNDS:
            offered = [one for one in offered if one != "reopen"]
        if not offered:
            break
        step = data.draw(st.sampled_from(offered))
        before, state = state, moves.MOVES[step].to or state
        rounds += step == "reopen"
        since = taken[max(place for place, one in enumerate(taken) if one in ("receive", "reopen", "name")) :]
        if step in ("note", "conclude"):
            assert "route" in since  # nothing is found out by nobody, nor by whom it was taken from
        if step == "answer":
            assert "conclude" in since
        if step == "call_back":
            assert "answer" in taken
        if step == "follow":
            assert "conclude" in taken
        assert before not in (moves.MERGED, moves.PASSED_ON)
        taken.append(step)

    assert state in (*moves.OPEN, *moves.ENDED)
    assert rounds <= moves.ROUNDS


def test_every_state_but_an_end_has_a_step_that_leads_on() -> None:
    left = {state for move in moves.MOVES.values() for state in move.states if move.to and move.to != state}

    assert set(moves.OPEN) <= left
    assert not any(move.to in moves.ENDED and not move.states for move in moves.MOVES.values())

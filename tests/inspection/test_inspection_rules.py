"""Who visits whom, and from whom a plan is kept: pure rules."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from jiefa.access.rules import Role
from jiefa.inspection.rules import visiting

LEVELS = (2, 4, 6, 9, 12)
places = st.builds(
    lambda code, digits: code[:digits],
    st.tuples(st.just("52"), st.text("12", min_size=10, max_size=10)).map("".join),
    st.sampled_from(LEVELS),
)
days = st.dates(dt.date(2015, 1, 1), dt.date(2015, 12, 31))


@given(one=places, other=places, third=places)
def test_visits_come_from_strictly_above_and_never_go_up_or_round(one: str, other: str, third: str) -> None:
    assert not visiting.may_visit(one, one)
    assert not (visiting.may_visit(one, other) and visiting.may_visit(other, one))
    if visiting.may_visit(one, other) and visiting.may_visit(other, third):
        assert visiting.may_visit(one, third)
    if visiting.may_visit(one, other):
        assert other in visiting.own_and_above([(Role.HELPER, other)])


@given(visited=places, posts=st.lists(st.tuples(st.sampled_from(Role), places), max_size=3))
def test_a_plan_is_kept_from_whoever_has_a_post_in_the_place_or_inside_it(
    visited: str, posts: list[tuple[Role, str]]
) -> None:
    inside = any(area.startswith(visited) for _role, area in posts)

    assert (visited in visiting.own_and_above(posts)) == inside


@given(state=st.sampled_from((visiting.OPEN, visiting.REPLIED, visiting.CLOSED)), due=days, on=days)
def test_only_what_is_not_closed_is_late_and_not_on_its_last_day(state: str, due: dt.date, on: dt.date) -> None:
    assert visiting.is_late(state, due, on) == (state != visiting.CLOSED and on > due)
    assert not visiting.is_late(state, due, due)

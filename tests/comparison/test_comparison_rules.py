"""Which rows are leads, which a clerk decides, and what numbers say: pure."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st
from tests.procedures.people import COUNTY

from jiefa.casework.actions import ReviewFirst
from jiefa.comparison.rules import Likely, Numbers, Worth, numbers, parted
from jiefa.kernel import id_numbers
from jiefa.kernel.errors import JiefaError


def number_of(born: dt.date, serial: int) -> str:
    first = f"{COUNTY}{born:%Y%m%d}{serial:03d}"
    return first + id_numbers.check_character(first)


def test_numbers_beside_each_other() -> None:
    ours = number_of(dt.date(1970, 5, 6), 12)
    wrong = ours[:-1] + ("0" if ours[-1] != "0" else "1")

    assert numbers(None, ours) is numbers(ours, None) is numbers(ours, ours) is Numbers.NOTHING
    assert numbers("G12345678", ours) is Numbers.NOTHING
    assert numbers(number_of(dt.date(1970, 5, 6), 13), ours) is Numbers.UNCLEAR
    assert numbers(number_of(dt.date(1971, 8, 16), 345), ours) is Numbers.ANOTHER
    assert numbers(wrong, ours) is Numbers.MISTYPED
    assert numbers(f"9{wrong[1:6]}2001{wrong[10:]}", ours) is Numbers.UNCLEAR


def test_who_is_meant_by_a_row() -> None:
    both, near, far = Likely(1, 10, 0.99), Likely(1, 11, 0.96), Likely(1, 12, 0.6)

    assert parted([both, far], {}, 0.95) == ([both], [])
    assert parted([near, both], {}, 0.95) == ([], [both])  # two people may be meant
    assert parted([near, both], {both: Numbers.ANOTHER}, 0.95) == ([near], [])
    assert parted([both], {both: Numbers.UNCLEAR}, 0.95) == ([], [both])


@given(
    st.lists(
        st.builds(Likely, st.integers(1, 6), st.integers(1, 5), st.sampled_from([0.5, 0.7, 0.95, 0.99])), unique=True
    ),
    st.sampled_from(list(Numbers)),
)
def test_a_row_means_one_person_at_most(several: list[Likely], say: Numbers) -> None:
    leads, doubtful = parted(several, dict.fromkeys(several[::2], say), 0.95)

    lines = [one.line for one in (*leads, *doubtful)]
    assert len(lines) == len(set(lines))
    assert {*leads, *doubtful} <= set(several)
    assert all(one.probability >= 0.95 for one in leads)
    possible = {one.line for one in several[1::2]} | (
        {one.line for one in several} if say is not Numbers.ANOTHER else set()
    )
    assert set(lines) == possible


def test_rows_are_parted_at_the_threshold_and_worth_is_of_what_was_settled() -> None:
    several = [Likely(1, 10, 0.99), Likely(2, 20, 0.95), Likely(3, 30, 0.7)]

    leads, doubtful = parted(several, {}, 0.95)

    assert ([one.line for one in leads], [one.line for one in doubtful]) == ([1, 2], [3])
    assert (Worth(5, 0, 0, 0).hit, Worth(5, 1, 2, 1).hit, Worth(5, 1, 2, 1).removed) == (None, 0.75, 0.25)
    assert issubclass(ReviewFirst, JiefaError)

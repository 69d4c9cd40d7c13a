"""A prefix is a range, in every collation that a database may have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiefa.kernel import division_codes as codes

LENGTHS = [2, 4, 6, 9, 12]


def code_of(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


CODES = st.sampled_from(LENGTHS).flatmap(code_of)


@given(CODES, CODES)
def test_range_holds_exactly_the_codes_with_the_prefix(code: str, prefix: str) -> None:
    low, high = codes.prefix_range(prefix)

    assert (low <= code < high) == code.startswith(prefix)
    assert codes.is_inside(code, prefix) == code.startswith(prefix)


@given(CODES, st.integers(0, 11))
def test_range_holds_the_neighbours_that_share_all_but_little(code: str, keep: int) -> None:
    prefix = code[: max(length for length in LENGTHS if length <= max(keep, 2))]

    low, high = codes.prefix_range(prefix)

    assert low <= code < high


@given(CODES.filter(lambda code: set(code) != {"9"}))
def test_bounds_are_digits_alone_so_that_no_collation_sorts_them_otherwise(prefix: str) -> None:
    low, high = codes.prefix_range(prefix)

    assert low.isdecimal()
    assert high.isdecimal()


@given(CODES)
def test_ancestors_are_the_shorter_levels(code: str) -> None:
    above = codes.ancestors(code)

    assert [len(one) for one in above] == [length for length in LENGTHS if length < len(code)]
    assert all(code.startswith(one) for one in above)


@pytest.mark.parametrize("text", ["", "5", "520", "52032", "52 ", "5203２１", "52032a", "5203260010010"])
def test_level_of_what_is_no_code(text: str) -> None:
    with pytest.raises(ValueError, match="not a division code"):
        codes.level_of(text)


@pytest.mark.parametrize(("code", "level"), [("52", "province"), ("520326", "county"), ("520326001001", "village")])
def test_level_of_a_code(code: str, level: str) -> None:
    assert codes.level_of(code).value == level

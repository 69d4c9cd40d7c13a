"""Yuan and fen, rounding half-up, splitting without loss."""

from __future__ import annotations

import itertools
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiefa.kernel import allocation, money

FEN = st.integers(-(10**12), 10**12)


@pytest.mark.parametrize(
    ("yuan", "fen"),
    [("0", 0), ("2770.00", 277_000), ("0.005", 1), ("0.0049", 0), ("-0.005", -1), ("1.115", 112), (11080, 1_108_000)],
)
def test_fen_from_yuan_rounds_half_away_from_zero(yuan: str | int, fen: int) -> None:
    assert money.fen_from_yuan(yuan) == fen


def test_fen_from_yuan_of_text_that_is_no_number() -> None:
    with pytest.raises(InvalidOperation):
        money.fen_from_yuan("两千元")


@given(FEN)
def test_yuan_and_back_is_the_same(fen: int) -> None:
    assert money.fen_from_yuan(money.yuan_from_fen(fen)) == fen


@given(FEN, st.integers(1, 40))
def test_divide_half_up_is_what_decimal_says(numerator: int, denominator: int) -> None:
    exact = Decimal(numerator) / Decimal(denominator)

    assert money.divide_half_up(numerator, denominator) == int(exact.to_integral_value(ROUND_HALF_UP))


@pytest.mark.parametrize("denominator", [0, -1])
def test_divide_half_up_by_nobody(denominator: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        money.divide_half_up(1, denominator)


def test_format_yuan_of_the_worked_example() -> None:
    assert money.format_yuan(277_000) == "2,770.00"


WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=40).filter(any)


@given(st.integers(0, 10**10), WEIGHTS)
def test_largest_remainder_parts_sum_and_stay_within_one_of_the_share(total: int, weights: list[int]) -> None:
    parts = allocation.largest_remainder(total, weights)

    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        floor = total * weight // sum(weights)
        assert floor <= part <= floor + 1


@given(st.integers(0, 10**6), WEIGHTS)
def test_largest_remainder_gives_more_weight_no_smaller_part(total: int, weights: list[int]) -> None:
    parts = allocation.largest_remainder(total, weights)

    by_weight = sorted(zip(weights, parts, strict=True))
    for (light, small), (heavy, large) in itertools.pairwise(by_weight):
        assert light == heavy or small <= large


def test_largest_remainder_ties_go_to_the_earlier() -> None:
    assert allocation.largest_remainder(2, [1, 1, 1]) == [1, 1, 0]


def test_largest_remainder_of_nothing_and_by_nothing() -> None:
    assert allocation.largest_remainder(0, [0, 0]) == [0, 0]
    with pytest.raises(ValueError, match="zero weights"):
        allocation.largest_remainder(1, [0, 0])
    with pytest.raises(ValueError, match="negative"):
        allocation.largest_remainder(1, [2, -1])

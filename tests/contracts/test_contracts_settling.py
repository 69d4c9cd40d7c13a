"""What a contract comes to, to the fen: beside the plain arithmetic for any heads, prices, payments and terms."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiefa.contracts.rules.settling import Held, Terms, returns, settle

GUIZHOU = Terms(100, True, 100, 5)
HEADS = st.integers(0, 200_000)
TERMS = st.builds(Terms, st.integers(1, 150), st.booleans(), st.integers(0, 100), st.integers(0, 30))


@pytest.mark.parametrize(
    ("exited", "returned", "paid", "expected"),
    [
        # heads that left, that fell back, yuan paid; verified, due, claw-back, owed in yuan
        (100, 0, 500_000, (100, 500_000, 0, 0)),
        (90, 0, 500_000, (90, 450_000, 50_000, 0)),
        (95, 5, 400_000, (90, 450_000, 0, 50_000)),
        (130, 0, 500_000, (130, 500_000, 0, 0)),  # more than contracted are not paid for
        (5, 9, 500_000, (0, 0, 500_000, 0)),  # more fell back than left
        (0, 0, 0, (0, 0, 0, 0)),
    ],
)
def test_hundred_heads_at_five_thousand_yuan(
    exited: int, returned: int, paid: int, expected: tuple[int, int, int, int]
) -> None:
    found = settle(
        contracted=100,
        unit_price_fen=5_000_00,
        exited=exited,
        returned=returned,
        paid_fen=paid * 100,
        terms=GUIZHOU,
    )

    assert (found.verified, found.due_fen // 100, found.claw_back_fen // 100, found.owed_fen // 100) == expected


@given(
    contracted=st.integers(1, 200_000), price=st.integers(1, 10_000_000), exited=HEADS, returned=HEADS,
    paid=st.integers(0, 10**13), terms=TERMS,
)  # fmt: skip
def test_settlement_is_the_plain_arithmetic(
    contracted: int, price: int, exited: int, returned: int, paid: int, terms: Terms
) -> None:
    found = settle(
        contracted=contracted,
        unit_price_fen=price,
        exited=exited,
        returned=returned,
        paid_fen=paid,
        terms=terms,
    )

    heads = exited - returned if terms.returned_counted_off else exited
    heads = heads if heads > 0 else 0
    limit = Fraction(contracted) * terms.paid_up_to_percent / 100
    paid_heads = heads if heads <= limit else int(limit)
    due = paid_heads * price
    assert (found.verified, found.paid_heads, found.due_fen) == (heads, paid_heads, due)
    assert found.claw_back_fen == (int(Fraction(paid - due) * terms.claw_back_percent / 100) if paid > due else 0)
    assert found.owed_fen == (due - paid if due > paid else 0)
    assert found.claw_back_fen == 0 or found.owed_fen == 0
    off = abs(Fraction(heads, contracted) - 1) * 100
    assert found.needs_reason == (heads != contracted and off >= terms.explain_from_percent)


@given(st.lists(st.integers(1, 10**9), max_size=6), st.integers(0, 10**10))
def test_return_takes_what_is_asked_and_from_no_money_more_than_it_holds(held: list[int], asked: int) -> None:
    pots = [Held(number, "52", fen) for number, fen in enumerate(held)]

    parts = returns(pots, asked)

    assert sum(fen for _pot, fen in parts) == min(asked, sum(held))
    assert all(0 < fen <= pot.fen for pot, fen in parts)
    assert [pot.origin for pot, _fen in parts] == sorted(pot.origin for pot, _fen in parts)

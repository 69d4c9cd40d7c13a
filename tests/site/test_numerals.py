"""Numbers as people read them, in both languages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jiefa.site import numerals


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (0, "people", "0人", "0 people"),
        (9_999, "people", "9,999人", "9,999 people"),
        (10_000, "people", "1.00万人", "10,000 people"),
        (4_932_107, "people", "493.2万人", "4.93 M people"),
        (135_000_000, "people", "1.35亿人", "135.0 M people"),
        (296_800, "fen", "2,968元", "2,968 yuan"),
        (-19_800, "fen", "−198元", "−198 yuan"),
        (Decimal("0.1403"), "share", "14.0%", "14.0%"),
        (0.004, "share", "0.40%", "0.40%"),
        (Decimal("0.3211"), "index", "0.3211", "0.3211"),
        (Decimal("4.20"), "mu", "4.20亩", "4.20 mu"),
        (7, "只", "7只", "7只"),
        (None, "people", "—", "—"),
    ],
)
def test_short_form_in_both_languages(value: numerals.Number | None, unit: str, zh: str, en: str) -> None:
    assert numerals.short(value, unit, "zh").text == zh
    assert numerals.short(value, unit, "en").text == en


def test_exact_form_keeps_every_digit() -> None:
    assert numerals.exact(4_932_107, "people", "zh") == "4,932,107 人"
    assert numerals.exact(277_000, "fen", "en") == "2,770.00 yuan"
    assert numerals.short(4_932_107, "people", "zh").exact == "4,932,107 人"


def test_a_missing_value_is_never_zero() -> None:
    assert numerals.exact(None, "people", "zh") == numerals.MISSING
    assert numerals.signed(None, "people", "zh") == numerals.MISSING


def test_changes_carry_their_sign_and_shares_are_in_points() -> None:
    assert numerals.signed(21_034, "people", "zh") == "+2.10万人"
    assert numerals.signed(0, "people", "zh") == "0人"
    assert numerals.signed(Decimal("-0.0397"), "share", "zh") == "−4.0个百分点"
    assert numerals.signed(Decimal("0.01"), "share", "en") == "+1.0 points"


def test_rounding_is_half_up() -> None:
    assert numerals.grouped(Decimal("0.125"), 2) == "0.13"
    assert numerals.grouped(Decimal("-0.125"), 2) == "−0.13"

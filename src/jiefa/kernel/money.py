"""Yuan as people write it, fen (分) as the system keeps it. Integers only; no float ever holds an amount."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

FEN_PER_YUAN = 100


def fen_from_yuan(yuan: Decimal | int | str) -> int:
    """``yuan`` in fen, rounded half-up to the fen. Raises ``decimal.InvalidOperation`` for text that is no number."""
    return int((Decimal(yuan) * FEN_PER_YUAN).to_integral_value(rounding=ROUND_HALF_UP))


def yuan_from_fen(fen: int) -> Decimal:
    """``fen`` in yuan with two decimals, exactly."""
    return Decimal(fen).scaleb(-2)


def divide_half_up(numerator: int, denominator: int) -> int:
    """``numerator / denominator`` rounded half away from zero, in integers (method.md 1.7: half-up, for display)."""
    if denominator <= 0:
        raise ValueError("denominator must be positive")
    quotient, remainder = divmod(abs(numerator), denominator)
    rounded = quotient + (1 if remainder * 2 >= denominator else 0)
    return rounded if numerator >= 0 else -rounded


def format_yuan(fen: int) -> str:
    """``fen`` as yuan with thousands commas and two decimals, e.g. ``2,770.00``."""
    return f"{yuan_from_fen(fen):,.2f}"

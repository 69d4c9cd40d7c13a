"""A stated figure at the size of the register, and whether a counted one agrees with it."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from jiefa.policy.stated import StatedFigure

FEN = Decimal("0.01")
ONE = Decimal(1)
MONEY = "CNY"


def scaled(figure: StatedFigure, scale: Decimal) -> Decimal:
    """What the figure is in a register of so large a part of the people (1: all), rounded half up to whole units, money to the
    fen. Places and organisations do not shrink with the register."""
    if not figure.scales:
        return figure.value
    return (figure.value * scale).quantize(FEN if figure.unit == MONEY else ONE, ROUND_HALF_UP)


def agrees(figure: StatedFigure, stated: Decimal, counted: Decimal | None) -> bool | None:
    """Whether what was counted agrees with what was stated (already scaled), as the source says it; None where nothing is
    counted yet."""
    if counted is None:
        return None
    if figure.compare == "at_least":
        return counted >= stated
    if figure.compare == "rounded":
        return counted.quantize(ONE, ROUND_HALF_UP) == stated
    if figure.compare == "cut":
        return _cut(counted) == _cut(stated)
    return counted == stated


def _cut(number: Decimal) -> Decimal:
    """The number to its two leading digits, the rest cut off: 11,590 is 11,000."""
    whole = number.quantize(ONE, ROUND_DOWN)
    return whole.quantize(Decimal(1).scaleb(max(whole.adjusted() - 1, 0)), ROUND_DOWN)

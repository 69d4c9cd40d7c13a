"""From what stands on file to a figure of an item: as it is, as a share, as a change or growth; exact, then six decimals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

PLACES = Decimal("0.000001")
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Found:
    """A figure and what it was read from, as a run keeps it. ``value`` None: there is none."""

    value: Decimal | None
    source: Mapping[str, object]


def exact(value: Fraction) -> Decimal:
    """The number with six decimals."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(PLACES)


def number(value: float | Decimal | int | None) -> Fraction | None:
    """A number from a snapshot or the records; a float by the digits that it prints."""
    return None if value is None else Fraction(str(value))


def percent(part: Fraction | None, whole: Fraction | None) -> Fraction | None:
    """Per cent of ``whole``; None where one is not known or there is nothing to divide by."""
    return None if part is None or not whole else WHOLE * part / whole


def followed(how: str, now: Fraction | None, before: Fraction | None) -> Fraction | None:
    """The value, its ``change`` or its ``growth`` in per cent since the year before; growth from nothing or less is none."""
    if how == "value" or now is None or before is None:
        return now if how == "value" else None
    if how == "change":
        return now - before
    return percent(now - before, before) if before > 0 else None

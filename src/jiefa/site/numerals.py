"""Numbers as people read them: 万 and 亿, yuan from fen, per cent; the short form and the exact one.

Knows languages and units, not where a number comes from. ``None`` is shown as a dash, never as zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Number = int | float | Decimal
Language = Literal["zh", "en"]
MISSING = "—"
MINUS = "\u2212"

UNIT_WORDS: dict[str, tuple[str, str]] = {
    "people": ("人", "people"),
    "persons": ("人", "people"),
    "households": ("户", "households"),
    "count": ("", ""),
    "villages": ("个村", "villages"),
    "townships": ("个乡镇", "townships"),
    "counties": ("个县", "counties"),
    "share": ("%", "%"),
    "fen": ("元", "yuan"),
    "yuan": ("元", "yuan"),
    "index": ("", ""),
    "m2": ("㎡", "m²"),
    "mu": ("亩", "mu"),
    "km": ("公里", "km"),
    "years": ("年", "years"),
    "points": ("分", "points"),
    "cells": ("格", "cells"),
}
WHOLE_UNITS = {"people", "persons", "households", "count", "villages", "townships", "counties", "years"}
INDEX_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """A number split as it is typeset: figures, scale word (万, 亿, M), unit word; and the exact text."""

    figures: str
    scale: str
    unit: str
    exact: str

    @property
    def text(self) -> str:
        """Everything in one line; English puts a space before words."""
        if self.figures == MISSING or not self.unit:
            return self.figures + self.scale
        space = " " if self.unit.isascii() and self.unit[0].isalpha() else ""
        return f"{self.figures}{self.scale}{space}{self.unit}"


def unit_word(unit: str, language: Language) -> str:
    """The word behind a number of ``unit``; an unknown unit is its own word."""
    words = UNIT_WORDS.get(unit)
    return unit if words is None else words[0 if language == "zh" else 1]


def rounded(value: Number, decimals: int) -> Decimal:
    """``value`` half-up to ``decimals`` places."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def grouped(value: Number, decimals: int = 0) -> str:
    """``value`` with thousands commas and a real minus sign."""
    return f"{rounded(value, decimals):,f}".replace("-", MINUS)


def base_value(value: Number, unit: str) -> Decimal:
    """``value`` in the unit that is printed: yuan for fen, per cent for a share."""
    number = Decimal(str(value))
    if unit == "fen":
        return number.scaleb(-2)
    return number * 100 if unit == "share" else number


def exact_decimals(number: Decimal, unit: str) -> int:
    """How many decimals the exact form of ``number`` carries."""
    if unit in ("fen", "yuan", "share"):
        return 2
    if unit == "index":
        return INDEX_DECIMALS
    return 0 if unit in WHOLE_UNITS and number == number.to_integral_value() else 2


def exact(value: Number | None, unit: str, language: Language) -> str:
    """All digits of ``value`` with its unit, e.g. ``4,932,107 人``."""
    if value is None:
        return MISSING
    number = base_value(value, unit)
    word = unit_word(unit, language)
    figures = grouped(number, exact_decimals(number, unit))
    return figures + (word if word in ("", "%") else f" {word}")


def short(value: Number | None, unit: str, language: Language) -> Shown:
    """``value`` in at most four or five figures: 493.2万, 1.35亿; English says M above a million."""
    if value is None:
        return Shown(MISSING, "", "", MISSING)
    number = base_value(value, unit)
    word, whole = unit_word(unit, language), exact(value, unit, language)
    size = abs(number)
    scales: tuple[tuple[Decimal, str], ...] = (
        ((Decimal(10**8), "亿"), (Decimal(10**4), "万"))
        if language == "zh"
        else ((Decimal(10**9), " bn"), (Decimal(10**6), " M"))
    )
    for step, name in scales:
        if size >= step:
            scaled = number / step
            return Shown(grouped(scaled, 2 if abs(scaled) < 100 else 1), name, word, whole)
    return Shown(grouped(number, short_decimals(size, unit)), "", word, whole)


def short_decimals(size: Decimal, unit: str) -> int:
    """How many decimals the short form of a number below 万 carries."""
    if unit == "index":
        return INDEX_DECIMALS
    if unit == "share":
        return 1 if size >= 1 or size == 0 else 2
    if unit in ("fen", "yuan"):
        return 0 if size >= 100 else 2
    return 0 if size == size.to_integral_value() else 2 if size < 100 else 1


def signed(value: Number | None, unit: str, language: Language) -> str:
    """The short form with its sign, also for gains: ``+3.1万人``; a change of a share is in points."""
    shown = short(value, unit, language)
    text = shown.text
    if unit == "share" and value is not None:
        text = f"{shown.figures}{'个百分点' if language == 'zh' else ' points'}"
    return f"+{text}" if value is not None and value > 0 else text

"""Typing one cell: any value a spreadsheet can hold -> the column's value, with notes on what was repaired or is wrong.

A value that cannot be typed is None with an error note. ``typer`` returns a pure function, so callers may remember
its results by value: a sheet has few distinct values in most columns.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from jiefa.sheets.codes import code_typer, codes_typer
from jiefa.sheets.columns import Bound, Column, ColumnType
from jiefa.sheets.dates import type_date
from jiefa.sheets.remarks import Note
from jiefa.sheets.text_cells import clean_number_text, clean_sealed, clean_text, clean_token

Typed = tuple[object, tuple[Note, ...]]
Typer = Callable[[object], Typed]

SAFE_DIGITS = 15
"""Excel keeps 15 significant digits of a number."""
MAYBE_LOST_LENGTH = 16
INT32_MAX = 2**31 - 1
FEN_MAX = 10**15
MEASURE_MAX = Decimal("99999999.99")
CENT = Decimal("0.01")

BLANK_MARKS = frozenset({"-", "--", "---", "—", "——", "–", "/", "\\", "*", "×××"})
NONE_MARKS = frozenset({"无", "没有", "不详", "未知", "none", "n/a", "N/A", "#N/A"})
SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+?\d{1,3}\Z")
NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?\Z", re.ASCII)
NUMBER_WITH_UNIT = re.compile(r"([¥￥$]?)([+-]?[\d,.]+)\s*(\D{0,8})\Z", re.ASCII)
GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z", re.ASCII)
NEGATIVE_IN_BRACKETS = re.compile(r"\(([\d,.]+)\)\Z", re.ASCII)

UNIT_FAMILIES: dict[str, tuple[str, ...]] = {
    "yuan": ("元", "圆", "块", "元整", "块钱", "元/年", "元/人", "yuan", "rmb", "人民币"),
    "m2": ("m2", "m²", "㎡", "平方米", "平米", "平方", "平", "m^2"),
    "mu": ("亩", "mu"),
    "km": ("公里", "km", "千米", "kilometres"),
    "month": ("月", "个月", "months", "month"),
    "person": ("人", "口", "名", "people", "persons"),
    "household": ("户", "households"),
    "year": ("年", "年度", "year"),
    "age": ("岁", "周岁"),
    "day": ("天", "日", "days"),
    "piece": ("个", "次", "头", "只", "年级", "级", "班"),
    "share": ("%",),
}
FAMILY_OF_UNIT = {unit: family for family, units in UNIT_FAMILIES.items() for unit in units}
FAMILIES_OF_TYPE: dict[ColumnType, frozenset[str]] = {
    ColumnType.MONEY: frozenset({"yuan"}),
    ColumnType.MEASURE: frozenset({"m2", "mu", "km"}),
    ColumnType.INT: frozenset({"month", "person", "household", "year", "age", "day", "piece"}),
}
TEN_THOUSAND = ("万", "万元", "w")

YES = frozenset({"是", "有", "√", "✓", "✔", "☑", "y", "yes", "true", "t", "1", "对", "已", "v", "■", "参加", "享受"})
NO = frozenset(
    {
        "否",
        "无",
        "×",
        "✗",
        "✘",
        "☐",
        "□",
        "n",
        "no",
        "false",
        "f",
        "0",
        "没有",
        "不是",
        "未",
        "x",
        "〤",
        "未参加",
        "不享受",
    }
)


@dataclass(frozen=True)
class Circumstances:
    """What typing must know of the source. ``plain_text``: every cell is text by nature (CSV), so text is no repair."""

    plain_text: bool = False
    in_fen: bool = False
    epoch_1904: bool = False


def typer(column: Column, circumstances: Circumstances) -> Typer:
    """The function that types one cell of ``column``; None and text of blanks only give ``(None, ())``."""
    inner = _typer_of_type(column, circumstances)
    words = column.type in (ColumnType.TEXT, ColumnType.BOOL)
    none_is_doubt = column.type in (ColumnType.INT, ColumnType.MONEY, ColumnType.MEASURE)

    def type_cell(value: object) -> Typed:
        if value is None:
            return None, ()
        if isinstance(value, str):
            token = clean_token(value)[0]
            if not token:
                return None, ()
            if not words and token in BLANK_MARKS:
                return None, (Note("blank_mark"),)
            if not words and token in NONE_MARKS and not (column.choices and token in column.choices):
                return None, (Note("none_mark" if none_is_doubt else "blank_mark"),)
        elif isinstance(value, float) and not math.isfinite(value):
            return None, (Note("not_a_number"),) if not math.isnan(value) else ()
        return inner(value)

    return type_cell


def _typer_of_type(column: Column, circumstances: Circumstances) -> Typer:
    kind = column.type
    if kind is ColumnType.CODE:
        return code_typer(column)
    if kind is ColumnType.CODES:
        return codes_typer(column)
    if kind is ColumnType.BOOL:
        return _type_bool
    if kind is ColumnType.DATE:
        low, high = (bound if isinstance(bound, dt.date) else None for bound in (column.minimum, column.maximum))
        return lambda value: _bounded(
            *type_date(value, plain_text=circumstances.plain_text, epoch_1904=circumstances.epoch_1904), low, high
        )
    if kind in (ColumnType.INT, ColumnType.MONEY, ColumnType.MEASURE):
        return lambda value: _type_quantity(value, column, circumstances)
    cleaner = {ColumnType.CERTIFICATE: clean_number_text, ColumnType.SEALED: clean_sealed}.get(kind, clean_text)
    return lambda value: _type_words(value, cleaner, column)


def _type_words(value: object, cleaner: Callable[[str], tuple[str, tuple[str, ...]]], column: Column) -> Typed:
    if isinstance(value, str):
        if SCIENTIFIC.match(value) and (column.secret or "+" in value):
            return None, (Note("lost_digits"),)
        text, kinds = cleaner(value)
        notes = tuple(Note(kind) for kind in kinds)
        if column.secret and len(text) >= MAYBE_LOST_LENGTH and text.isdigit() and text.endswith("000"):
            notes = (*notes, Note("maybe_lost_digits"))
        return (text or None), notes
    if isinstance(value, bool):
        return ("是" if value else "否"), (Note("number_as_text"),)
    if isinstance(value, (dt.date, dt.datetime, dt.time, dt.timedelta)):
        return None, (Note("date_in_text"),)
    if isinstance(value, (int, float, Decimal)):
        return _number_as_words(value, column)
    return None, (Note("wrong_kind"),)


def _number_as_words(value: int | float | Decimal, column: Column) -> Typed:
    if abs(value) >= 10**SAFE_DIGITS:
        return None, (Note("lost_digits"),)
    if value == int(value):
        notes = [Note("number_as_text")]
        if column.type is ColumnType.SEALED:
            notes.append(Note("leading_zero"))
        return str(int(value)), tuple(notes)
    if column.secret:
        return None, (Note("fraction_in_text"),)
    return format(value, ".15g") if isinstance(value, float) else str(value), (Note("number_as_text"),)


def _type_bool(value: object) -> Typed:
    if isinstance(value, bool):
        return value, ()
    if isinstance(value, (int, float)) and value in (0, 1):
        return bool(value), ()
    if isinstance(value, str):
        token, kinds = clean_token(value)
        word = token.casefold()
        notes = tuple(Note(kind) for kind in kinds)
        if word in YES:
            return True, notes
        if word in NO:
            return False, notes
        if word in BLANK_MARKS:
            return None, (Note("blank_mark"),)
    return None, (Note("not_yes_no"),)


def _type_quantity(value: object, column: Column, circumstances: Circumstances) -> Typed:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        return None, (Note("not_a_number"),)
    if type(value) is float and column.type is ColumnType.MONEY and not circumstances.in_fen and abs(value) < 10**11:
        cents = round(value * 100)
        # The nearest double to a number of fen: no other amount with two decimals was typed. 5 times Decimal's speed.
        if cents / 100 == value:
            return cents, _bounded(value, (), column.minimum, column.maximum)[1]
    if isinstance(value, str):
        number, notes = _number_from_text(value, column, circumstances)
        if number is None:
            return None, notes
    else:
        # 15 significant digits are what Excel shows: 0.1 + 0.2 is 0.3 to the officer who typed it.
        number, notes = Decimal(format(value, ".15g") if isinstance(value, float) else value), ()
    return _fitted(number, notes, column, circumstances)


def _number_from_text(
    text: str, column: Column, circumstances: Circumstances
) -> tuple[Decimal | None, tuple[Note, ...]]:
    token, kinds = clean_token(text)
    if NUMBER.match(token):
        told = kinds if circumstances.plain_text else (*kinds, "text_as_number")
        return Decimal(token), tuple(Note(kind) for kind in told)
    notes = [Note(kind) for kind in kinds]
    sign = 1
    if in_brackets := NEGATIVE_IN_BRACKETS.match(token):
        token, sign = in_brackets[1], -1
        notes.append(Note("brackets_negative"))
    match = NUMBER_WITH_UNIT.match(token)
    if not match:
        return None, (Note("not_a_number"),)
    currency, digits, suffix = match[1], match[2], match[3].strip().casefold()
    if "," in digits:
        if not GROUPED.match(digits):
            return None, (Note("not_a_number"),)
        digits = digits.replace(",", "")
        notes.append(Note("thousands"))
    if not NUMBER.match(digits):
        return None, (Note("not_a_number"),)
    factor = 1
    if suffix or currency:
        outcome = _unit_factor(suffix, currency, column)
        if isinstance(outcome, Note):
            return None, (outcome,)
        factor = outcome
        notes.append(Note("unit"))
    return Decimal(digits) * sign * factor, tuple(notes)


def _unit_factor(suffix: str, currency: str, column: Column) -> int | Note:
    wrong = Note("wrong_unit", column.unit or "", column.unit or "as in the header")
    if column.type is ColumnType.MONEY and suffix in TEN_THOUSAND:
        return 10_000
    if currency:
        return (
            1
            if column.type is ColumnType.MONEY and currency != "$" and suffix in ("", *UNIT_FAMILIES["yuan"])
            else wrong
        )
    family = FAMILY_OF_UNIT.get(suffix)
    own = FAMILY_OF_UNIT.get((column.unit or "").casefold())
    if suffix == (column.unit or "").casefold() or (family and family == own):
        return 1
    if family is None:
        return wrong if suffix in ("米", "m", "公顷", "万", "角", "分", "美元", "里", "斤") else Note("not_a_number")
    if own is None or column.type is ColumnType.INT:
        return 1 if family in FAMILIES_OF_TYPE[column.type] else wrong
    return wrong


def _fitted(number: Decimal, notes: tuple[Note, ...], column: Column, circumstances: Circumstances) -> Typed:
    if column.type is ColumnType.INT:
        if abs(number) > INT32_MAX:
            return None, (Note("too_large"),)
        if number != int(number):
            return None, (Note("not_whole"),)
        return _bounded(int(number), notes, column.minimum, column.maximum)
    if column.type is ColumnType.MEASURE:
        if abs(number) > MEASURE_MAX:
            return None, (Note("too_large"),)
        rounded = number.quantize(CENT, ROUND_HALF_UP)
        told = notes if rounded == number else (*notes, Note("rounded"))
        return _bounded(rounded, told, column.minimum, column.maximum)
    if abs(number) > FEN_MAX:
        return None, (Note("too_large"),)
    exact = number if circumstances.in_fen else number * 100
    fen = int(exact.to_integral_value(ROUND_HALF_UP))
    told = notes if fen == exact else (*notes, Note("rounded"))
    _, verdict = _bounded(Decimal(fen).scaleb(-2), told, column.minimum, column.maximum)
    return fen, verdict


def _bounded(value: object, notes: tuple[Note, ...], minimum: Bound | None, maximum: Bound | None) -> Typed:
    if value is None:
        return None, notes
    if minimum is not None and value < minimum:  # type: ignore[operator]
        return value, (*notes, Note("below_minimum", str(minimum)))
    if maximum is not None and value > maximum:  # type: ignore[operator]
        return value, (*notes, Note("above_maximum", str(maximum)))
    return value, notes

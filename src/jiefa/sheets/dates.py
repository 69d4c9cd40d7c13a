"""The many ways to write a date. Year, month and day must all be written; the century and the day are never guessed."""

from __future__ import annotations

import datetime as dt
import re

from jiefa.sheets.remarks import Note
from jiefa.sheets.text_cells import clean_token

ISO = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
FULL = re.compile(
    r"(\d{4})\s*[-./年,、\\—–]\s*(\d{1,2})\s*[-./月,、\\—–]\s*(\d{1,2})\s*[日号]?(?:[ T]?\d{1,2}[:时]\d{1,2}.*)?\Z",
    re.ASCII,
)
EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})\Z", re.ASCII)
MONTH_ONLY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*月?(?:份)?\Z", re.ASCII)
SIX = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])\Z", re.ASCII)
YEAR_ONLY = re.compile(r"(?:19|20)\d{2}\s*年?\Z", re.ASCII)
DAY_FIRST = re.compile(r"(\d{1,2})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{4})\Z", re.ASCII)
TWO_DIGIT_YEAR = re.compile(r"(?:'?\d{2})\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*[日号]?\Z", re.ASCII)
SERIAL = re.compile(r"\d{5}(?:\.\d+)?\Z", re.ASCII)
DOTTED_NUMBER = re.compile(r"(?:19|20)\d{2}\.(?:0[1-9]|1[0-2]|[1-9])\Z", re.ASCII)

CHINESE_DIGITS = {sign: str(value) for value, sign in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "Ο": "0",
}
CHINESE_DATE = re.compile(
    r"([〇零○Ο一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十廿卅]{1,3})[日号]\Z"
)

EPOCH_1900 = dt.date(1899, 12, 30)
EPOCH_1904 = dt.date(1904, 1, 1)
FIRST_SERIAL, LAST_SERIAL = 2101, 73_050
"""Numbers up to 2100 in a date column are years; day 2101 is in 1905, day 73,050 the last of 2099."""

Typed = tuple[dt.date | None, tuple[Note, ...]]


def type_date(value: object, *, plain_text: bool = False, epoch_1904: bool = False) -> Typed:
    """The date in a cell, with notes. Month or year alone gives None with a warning."""
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date(), () if midnight else (Note("date_time"),)
    if isinstance(value, dt.date):
        return value, ()
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None, (Note("not_a_date"),)
    if isinstance(value, str):
        return _from_text(value, plain_text, epoch_1904)
    return _from_number(value, epoch_1904)


def _from_number(value: float, epoch_1904: bool) -> Typed:
    if value == int(value):
        digits = str(int(value))
        if match := EIGHT.match(digits):
            return _day(match.groups(), (Note("date_style"),))
        if SIX.match(digits) or YEAR_ONLY.match(digits):
            return None, (Note("date_incomplete"),)
    elif DOTTED_NUMBER.match(format(value, ".15g")):
        return None, (Note("date_incomplete"),)
    if FIRST_SERIAL <= value <= LAST_SERIAL:
        return _serial(value, epoch_1904), (Note("date_serial"),)
    return None, (Note("not_a_date"),)


def _serial(value: float, epoch_1904: bool) -> dt.date:
    return (EPOCH_1904 if epoch_1904 else EPOCH_1900) + dt.timedelta(days=int(value))


def _from_text(text: str, plain_text: bool, epoch_1904: bool) -> Typed:
    token, kinds = clean_token(text)
    notes = tuple(Note(kind) for kind in kinds)
    if ISO.match(token):
        return _day(token.split("-"), notes if plain_text else (*notes, Note("date_text")))
    if match := FULL.match(token) or EIGHT.match(token):
        return _day(match.groups(), (*notes, Note("date_style")))
    if match := CHINESE_DATE.match(token.replace(" ", "")):
        year = "".join(CHINESE_DIGITS[sign] for sign in match[1])
        return _day((year, str(_chinese(match[2])), str(_chinese(match[3]))), (*notes, Note("date_style")))
    if MONTH_ONLY.match(token) or SIX.match(token) or YEAR_ONLY.match(token):
        return None, (Note("date_incomplete"),)
    if match := DAY_FIRST.match(token):
        return _day_first(match, notes)
    if TWO_DIGIT_YEAR.match(token):
        return None, (Note("date_ambiguous"),)
    if SERIAL.match(token) and FIRST_SERIAL <= float(token) <= LAST_SERIAL:
        day = _serial(float(token), epoch_1904)
        return day, (Note("date_serial_text", day.isoformat(), day.isoformat()),)
    return None, (Note("not_a_date"),)


def _day_first(match: re.Match[str], notes: tuple[Note, ...]) -> Typed:
    first, second, year = int(match[1]), int(match[2]), match[3]
    if first == second or (first > 12 and second <= 12):
        return _day((year, match[2], match[1]), (*notes, Note("date_style")))
    if second > 12 and first <= 12:
        return _day((year, match[1], match[2]), (*notes, Note("date_style")))
    return None, (Note("date_ambiguous"),)


def _chinese(text: str) -> int:
    """一 to 三十一, also 廿 and 卅; 0 when it is none."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, units = text.partition("十")
    if not ten:
        return int(CHINESE_DIGITS.get(text, "0"))
    return int(CHINESE_DIGITS.get(tens, "1")) * 10 + int(CHINESE_DIGITS.get(units, "0"))


def _day(parts: tuple[str | None, ...] | list[str], notes: tuple[Note, ...]) -> Typed:
    try:
        return dt.date(*(int(part or 0) for part in parts[:3])), notes
    except ValueError:
        return None, (Note("no_such_day"),)

"""Citizen ID numbers (GB 11643-1999) and disability-card numbers built on them: what a number says of itself.

A digit is never guessed. The facts derived here are all that later stages may see of a number.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
OLDEST_AGE = 120
PLACEHOLDER_REGION = "999999"
SHOWN_HEAD, SHOWN_TAIL = 6, 4


class IdForm(StrEnum):
    """What kind of number stands in the field, told from its length and characters alone."""

    MISSING = "missing"
    CITIZEN = "citizen"
    OLD_CITIZEN = "old_citizen"
    DISABILITY = "disability"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class IdFacts:
    """The facts of one number. ``None`` where the number does not say."""

    form: IdForm
    length: int
    checksum_ok: bool | None
    birth_date: dt.date | None
    sex: str | None
    region: str | None
    placeholder: bool
    disability_kind: int | None
    disability_level: int | None


def check_character(first_17: str) -> str:
    """The 18th character that GB 11643 demands after 17 digits (ISO 7064 MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first_17, strict=True))
    return CHECK_CHARACTERS[total % 11]


def citizen_part(number: str) -> str:
    """The 18-character citizen number within a citizen or disability-card number; other text unchanged."""
    return number[:18] if len(number) in (18, 20, 22) else number


def mask(number: str) -> str:
    """``number`` with all but the first six and last four characters hidden; short text is hidden whole."""
    if len(number) <= SHOWN_HEAD + SHOWN_TAIL:
        return "*" * len(number)
    return number[:SHOWN_HEAD] + "*" * (len(number) - SHOWN_HEAD - SHOWN_TAIL) + number[-SHOWN_TAIL:]


def _form(number: str) -> IdForm:
    if not number:
        return IdForm.MISSING
    if not number.isascii():
        return IdForm.OTHER
    if len(number) in (18, 20, 22) and number[:17].isdigit() and (number[17].isdigit() or number[17] == "X"):
        if len(number) == 18:
            return IdForm.CITIZEN
        return IdForm.DISABILITY if number[18:20].isdigit() else IdForm.OTHER
    if len(number) == 15 and number.isdigit():
        return IdForm.OLD_CITIZEN
    return IdForm.OTHER


def _date(digits: str) -> dt.date | None:
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def facts(number: str) -> IdFacts:
    """What ``number`` (already trimmed, upper case) says of itself. Never raises."""
    form = _form(number)
    if form not in (IdForm.CITIZEN, IdForm.DISABILITY):
        return IdFacts(form, len(number), None, None, None, None, False, None, None)
    citizen = number[:18]
    return IdFacts(
        form=form,
        length=len(number),
        checksum_ok=check_character(citizen[:17]) == citizen[17],
        birth_date=_date(citizen[6:14]),
        sex="male" if int(citizen[16]) % 2 else "female",
        region=citizen[:6],
        placeholder=citizen[:6] == PLACEHOLDER_REGION,
        disability_kind=int(number[18]) if form is IdForm.DISABILITY else None,
        disability_level=int(number[19]) if form is IdForm.DISABILITY else None,
    )

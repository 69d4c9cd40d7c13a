"""Cleaning the text of one cell: what is harmless is put right and named; a digit is never changed or guessed."""

from __future__ import annotations

import re

# CJK letters of names: unified ideographs with extensions, compatibility ideographs, 〇.
CJK = "〇㐀-䶿一-鿿豈-﫿\U00020000-\U000323af"
PLAIN = re.compile(rf"[!-~{CJK}·（），。、：；《》“”]+\Z")
"""Text that surely needs no cleaning (except a dot between CJK letters)."""

INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\uffff]"
)
BLANKS = re.compile(r"[\s\u00a0\u3000\u2000-\u200a\u202f\u205f]+")
WIDE = re.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
CJK_BLANK_CJK = re.compile(rf"(?<=[{CJK}·]) (?=[{CJK}·])")
DOT = re.compile(rf"(?<=[{CJK}]) ?[•・．.‧∙⋅●ᐧ·᛫｡｀] ?(?=[{CJK}])")
DISARMED = re.compile(r"'[=+\-@\t\r]")
SPACED_DIGITS = re.compile(r"\d[\d ]* [\d ]*\Z", re.ASCII)
WIDE_TABLE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
X_LOOKALIKES = {"х": "X", "Х": "X", "×": "X", "Χ": "X", "χ": "X", "✕": "X", "╳": "X"}

Cleaned = tuple[str, tuple[str, ...]]


def half_width(text: str) -> str:
    """``text`` with every full-width ASCII sign made half-width, punctuation too."""
    return text.translate(WIDE_TABLE)


def clean_text(text: str) -> Cleaned:
    """Free text (names, addresses): blanks, invisible signs, full-width letters and digits, the dot in a name.

    Full-width punctuation stays, it is proper Chinese. Blanks between two CJK letters go, others become one.
    """
    if PLAIN.match(text) and "." not in text and text[0] != "'":
        return text, ()
    done: list[str] = []
    if DISARMED.match(text):
        text = text[1:]
        done.append("apostrophe")
    result = INVISIBLE.sub("", text)
    if result != text:
        done.append("invisible")
    narrow = WIDE.sub(lambda match: chr(ord(match[0]) - 0xFEE0), result)
    if narrow != result:
        done.append("full_width")
    spaced = CJK_BLANK_CJK.sub("", BLANKS.sub(" ", narrow).strip(" "))
    if spaced != narrow:
        done.append("blanks")
    if SPACED_DIGITS.match(spaced):
        spaced = spaced.replace(" ", "")
        done = [*done, "blanks"] if "blanks" not in done else done
    dotted = DOT.sub("·", spaced)
    if dotted != spaced:
        done.append("dot")
    return dotted, tuple(done)


def clean_token(text: str) -> Cleaned:
    """Numbers, dates, codes: everything half-width, invisible signs and outer blanks gone."""
    if text.isascii() and text.isprintable() and text == text.strip():
        return text, ()
    done: list[str] = []
    result = INVISIBLE.sub("", text)
    if result != text:
        done.append("invisible")
    narrow = half_width(result)
    if narrow.replace(" ", "") != result.replace("\u3000", "").replace(" ", ""):
        done.append("full_width")
    spaced = BLANKS.sub(" ", narrow).strip(" ")
    if spaced != narrow or "\u3000" in result:
        done.append("blanks")
    return spaced, tuple(done)


def clean_number_text(text: str) -> Cleaned:
    """A certificate number: blanks and an apostrophe before it gone, upper case, lookalikes of a final X made X."""
    if text.isascii() and text.isalnum() and text == text.upper():
        return text, ()
    token, kinds = clean_token(text)
    done = list(kinds)
    if token[:1] in ("'", "`", "‘", "’"):
        token = token[1:].lstrip()
        done.append("apostrophe")
    tight = token.replace(" ", "")
    if tight != token and "blanks" not in done:
        done.append("blanks")
    if tight[-1:] in X_LOOKALIKES:
        tight = tight[:-1] + "X"
        done.append("letter_x")
    upper = tight.upper() if tight.isascii() else tight
    if upper != tight:
        done.append("upper")
    return upper, tuple(done)


def clean_sealed(text: str) -> Cleaned:
    """Telephone and account numbers lose all blanks; anything else sealed is cleaned like text."""
    if text.isascii() and text.isalnum():
        return text, ()
    token, kinds = clean_token(text)
    if token[:1] == "'":
        token, kinds = token[1:].lstrip(), (*kinds, "apostrophe")
    tight = token.replace(" ", "")
    if tight.isascii() and any(sign.isdigit() for sign in tight):
        return tight, kinds if tight == token or "blanks" in kinds else (*kinds, "blanks")
    return clean_text(text)


def code_key(text: str) -> str:
    """The form in which labels are compared when they are not equal: half-width, no blanks, no brackets' style."""
    token = clean_token(text)[0].casefold().replace(" ", "")
    return token.replace("·", "").replace("—", "-").replace("或", "/").rstrip("。.;,、")

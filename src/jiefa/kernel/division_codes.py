"""Division codes (GB/T 2260 and 10114): 2, 4, 6, 9 or 12 digits; "inside" is a prefix, a prefix is a range."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


LENGTH_OF_LEVEL: dict[Level, int] = {
    Level.PROVINCE: 2,
    Level.PREFECTURE: 4,
    Level.COUNTY: 6,
    Level.TOWNSHIP: 9,
    Level.VILLAGE: 12,
}
LEVEL_OF_LENGTH = {length: level for level, length in LENGTH_OF_LEVEL.items()}


def level_of(code: str) -> Level:
    """The level that a code's length says. Raises ``ValueError`` for anything that is not a division code."""
    if not code.isdecimal() or not code.isascii() or len(code) not in LEVEL_OF_LENGTH:
        raise ValueError(f"not a division code: {code!r}")
    return LEVEL_OF_LENGTH[len(code)]


def ancestors(code: str) -> list[str]:
    """The codes above ``code``, province first, without ``code`` itself."""
    return [code[:length] for length in LENGTH_OF_LEVEL.values() if length < len(code)]


def prefix_range(prefix: str) -> tuple[str, str]:
    """``[low, high)`` such that a code lies under ``prefix`` exactly when ``low <= code < high``, in any collation."""
    level_of(prefix)
    # Digits alone compare alike everywhere; ':', the byte after '9', sorts before the digits in most languages' collations.
    if prefix.strip("9"):
        return prefix, f"{int(prefix) + 1:0{len(prefix)}d}"
    return prefix, prefix[:-1] + ":"


def is_inside(code: str, prefix: str) -> bool:
    """Whether ``code`` is ``prefix`` or lies under it."""
    return code.startswith(prefix)

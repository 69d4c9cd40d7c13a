"""What is to be said of a row of a list, and what came of rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of a row; ``level``: ``error``, ``warn`` or ``fixed``. ``column``: where, '' for the whole."""

    level: str
    rule: str
    column: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of rows: new ones, changed ones, those no longer listed."""

    new: int
    changed: int
    off_list: int

"""Which repayments are on file already: by the bank's voucher, else by loan, day and amounts, as often as they stand there.

A bank's lists overlap. A repayment on file answers for one row, never for two.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid for a loan on a day. ``voucher``: the bank's number of it, '' where it gives none."""

    loan: int
    on: dt.date
    principal_fen: int
    interest_fen: int
    voucher: str = ""

    @property
    def amounts(self) -> tuple[int, dt.date, int, int]:
        return self.loan, self.on, self.principal_fen, self.interest_fen


class Known(Enum):
    """``LIKE``: on file, though only one of the two has a voucher. ``OTHERWISE``: its voucher is on file with another day or amount."""

    NEW = "new"
    ON_FILE = "on_file"
    LIKE = "like"
    OTHERWISE = "otherwise"


def known(rows: Sequence[Paid], on_file: Iterable[Paid]) -> list[Known]:
    """What is known of each row, in their order: vouchers first, then rows with a voucher, then those without."""
    by_voucher: dict[tuple[int, str], Paid] = {}
    bare: dict[tuple[int, dt.date, int, int], int] = defaultdict(int)
    vouched: dict[tuple[int, dt.date, int, int], int] = defaultdict(int)
    for one in on_file:
        if one.voucher:
            by_voucher[one.loan, one.voucher] = one
        (vouched if one.voucher else bare)[one.amounts] += 1
    found = [Known.NEW] * len(rows)
    for place, row in enumerate(rows):
        same = by_voucher.get((row.loan, row.voucher)) if row.voucher else None
        if same is not None:
            found[place] = Known.ON_FILE if same.amounts == row.amounts else Known.OTHERWISE
            vouched[same.amounts] -= 1
    for place, row in enumerate(rows):
        if row.voucher and found[place] is Known.NEW and bare[row.amounts] > 0:
            bare[row.amounts] -= 1
            found[place] = Known.LIKE
    for place, row in enumerate(rows):
        if row.voucher:
            continue
        if bare[row.amounts] > 0:
            bare[row.amounts] -= 1
            found[place] = Known.ON_FILE
        elif vouched[row.amounts] > 0:
            vouched[row.amounts] -= 1
            found[place] = Known.LIKE
    return found

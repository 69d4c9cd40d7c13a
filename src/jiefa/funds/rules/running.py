"""Balances in the order in which transfers happen, and fund years that have ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Short:
    """A transfer that its account could not pay: its row, and what the account held at that moment."""

    row: int
    balance_fen: int


def over(on: dt.date) -> int:
    """The last fund year that has ended on a day; it ends with its 31 December."""
    return on.year if (on.month, on.day) == (12, 31) else on.year - 1


def walk(
    payers: Sequence[int],
    receivers: Sequence[int],
    amounts: Sequence[int],
    balances: list[int],
    unlimited: Collection[int],
    left_out: Collection[int] = (),
) -> list[Short]:
    """The transfers that come to a short account; ``balances`` is changed to what stands after all the others.

    Accounts are places in ``balances``; those in ``unlimited`` may go below zero. A row that is short, or in ``left_out``,
    moves nothing: what follows is judged without it.
    """
    short = []
    for row, (payer, receiver, fen) in enumerate(zip(payers, receivers, amounts, strict=True)):
        if row in left_out:
            continue
        if balances[payer] < fen and payer not in unlimited:
            short.append(Short(row, balances[payer]))
            continue
        balances[payer] -= fen
        balances[receiver] += fen
    return short

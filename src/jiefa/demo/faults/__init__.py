"""Faults put into clean cards: a stated share of each rule's kind, one per household and year, all in a book of truth.

The exact totals stay untouched: no fault changes who is a member, or a household's status.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from jiefa.demo.arrays import BoolArray, IntArray
from jiefa.demo.cards import Card, Part
from jiefa.demo.faults import family, hardship, identity, labour, living, money
from jiefa.demo.faults import spare as spare_rows
from jiefa.demo.faults.bench import TRUTH, Bench, net_income
from jiefa.demo.faults.catalogue import FAULTS, NOT_INJECTED
from jiefa.demo.roster import Spare

MODULES = (identity, family, hardship, labour, money, living, spare_rows)
EDITS: dict[str, Callable[[Bench], None]] = {
    fault.rule: next(getattr(module, fault.rule.lower()) for module in MODULES if hasattr(module, fault.rule.lower()))
    for fault in FAULTS
}


class Injector:
    """Puts faults into the cards of one part, year after year."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.spare = Spare()
        self._before: IntArray | None = None
        self._jumped: BoolArray = np.zeros(0, bool)

    def inject(self, card: Card) -> pa.Table:
        """``card`` made faulty in place; the truth about it."""
        for name in ("phone", "bank_account", "household_number", "account_holder"):
            card.households[name] = card.households[name].copy()
        bench = Bench(self.part, card, np.zeros(len(card.home), bool), self._before)
        for fault in FAULTS:
            EDITS[fault.rule](bench)
        money.jumped(bench, self._jumped)
        self.spare = spare_rows.collect(bench)
        self._before = net_income(card.households) // np.maximum(card.family.size, 1)
        self._jumped = bench.wrong_income
        return pa.concat_tables(bench.book)


def truth_rows(year: pa.ChunkedArray, rule: str, villages: pa.ChunkedArray, column: str) -> pa.Table:
    """Truth about facts of villages: no part, no household."""
    count = len(year)
    return pa.table(
        [
            year.cast(pa.int32()), pa.nulls(count, pa.int32()), pa.array([rule] * count, pa.string()),
            pa.array(["injected"] * count, pa.string()), pa.nulls(count, pa.string()), villages,
            pa.nulls(count, pa.int64()), pa.array([column] * count, pa.string()),
        ],
        schema=TRUTH,
    )  # fmt: skip


__all__ = ["FAULTS", "NOT_INJECTED", "TRUTH", "Injector", "truth_rows"]

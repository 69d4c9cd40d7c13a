"""Faults of income (IN01-IN08)."""

from __future__ import annotations

import numpy as np

from jiefa.demo import incomes
from jiefa.demo.arrays import BoolArray, IntArray, RealArray
from jiefa.demo.faults.bench import INCOME_PARTS, TRANSFERS, Bench
from jiefa.demo.population import EXITED

TOO_MUCH_FEN = 10_000_000
FALL = 0.35


def _size(bench: Bench) -> IntArray:
    return np.maximum(bench.card.family.size, 1)


def in01(bench: Bench) -> None:
    """Business income typed a hundred times too high."""
    gross = bench.h["business_income_fen"]
    rows = bench.homes("IN01", gross * 99 > 1.05 * TOO_MUCH_FEN * _size(bench))
    gross[rows] *= 100
    bench.wrong_income[rows] = True
    bench.restate(rows)
    bench.note("IN01", rows)


def in02(bench: Bench) -> None:
    rows = bench.homes("IN02", np.ones(len(bench.busy), bool))
    draws = bench.lasting("in02")[rows]
    step = 500 + (draws * 40_000).astype(np.int64)
    up = (draws < 0.5) | (bench.h["stated_income_per_person_fen"][rows] <= 2 * step)
    bench.h["stated_income_per_person_fen"][rows] += np.where(up, step, -step)
    bench.note("IN02", rows)


def in03(bench: Bench) -> None:
    rows = bench.homes("IN03", bench.h["business_cost_fen"] > 0)
    bench.h["business_income_fen"][rows] -= bench.h["business_cost_fen"][rows]
    bench.h["business_cost_fen"][rows] = 0
    # without any business left there would be nothing to find
    none = rows[bench.h["business_income_fen"][rows] <= 0]
    bench.h["business_income_fen"][none] += 10_000
    bench.restate(none)
    bench.note("IN03", rows)


def in04(bench: Bench) -> None:
    rows = bench.homes("IN04", (bench.h["business_income_fen"] > 0) & ~bench.exits_now())
    gross, cost = bench.h["business_income_fen"], bench.h["business_cost_fen"]
    more = gross[rows] * 36 // 10 - cost[rows]
    cost[rows] += more
    bench.h["other_transfer_fen"][rows] += more
    bench.note("IN04", rows)


def in05(bench: Bench) -> None:
    """Income a third of what it should be: more than half below last year's."""
    if bench.before is None:
        return
    known = np.zeros(len(bench.busy), bool)
    known[: len(bench.before)] = True
    before = np.zeros(len(bench.busy), np.int64)
    before[: len(bench.before)] = bench.before
    now = bench.net() / _size(bench)
    poor = bench.h["poverty_status"] != EXITED
    rows = bench.homes("IN05", known & poor & (now * FALL < 0.47 * before))
    for column in (*INCOME_PARTS, "business_cost_fen"):
        amount = bench.h[column][rows]
        bench.h[column][rows] = np.where(
            amount > 0, np.maximum((amount * FALL / 100).astype(np.int64), 1) * 100, amount
        )
    bench.wrong_income[rows] = True
    bench.restate(rows)
    bench.note("IN05", rows)


def _lower(bench: Bench, rule: str, wanted: RealArray) -> None:
    """Business income of exiting households lowered until the net income per person is ``wanted`` (fen)."""
    size = _size(bench)
    cut = bench.net() - np.rint(wanted * size / 100).astype(np.int64) * 100
    gross, cost = bench.h["business_income_fen"], bench.h["business_cost_fen"]
    rows = bench.homes(rule, bench.exits_now() & (cut > 0) & (gross - cut > np.maximum(cost // 2, 10_000)))
    gross[rows] -= cut[rows]
    bench.restate(rows)
    bench.note(rule, rows)


def in06(bench: Bench) -> None:
    held = incomes.lines(bench.year)
    top = max(held.national, held.province) * 100
    _lower(bench, "IN06", top * (1.004 + 0.013 * bench.lasting("in06")))


def in07(bench: Bench) -> None:
    """Farm income of an exiting household entered as other transfer."""
    gross, cost = bench.h["business_income_fen"], bench.h["business_cost_fen"]
    transfers = np.sum([bench.h[name] for name in TRANSFERS], axis=0)
    enough = (transfers + gross - cost) > 0.66 * bench.net()
    rows = bench.homes("IN07", bench.exits_now() & enough & (gross > cost))
    bench.h["other_transfer_fen"][rows] += gross[rows] - cost[rows]
    gross[rows], cost[rows] = 0, 0
    bench.note("IN07", rows)


def in08(bench: Bench) -> None:
    held = incomes.lines(bench.year)
    low = min(held.national, held.province) * 100
    _lower(bench, "IN08", low * (0.84 + 0.13 * bench.lasting("in08")))


def jumped(bench: Bench, last: BoolArray) -> None:
    """Households whose wrong income of last year makes this year's right one look like a jump."""
    if bench.before is None:
        return
    rows = np.flatnonzero(last)
    now, before = bench.net()[rows] / _size(bench)[rows], bench.before[rows]
    bench.note_also("IN05", rows[np.abs(now - before) > 0.5 * np.abs(before)])

"""What a check looks like in a place: columns that were counted, and beside them what was to be expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from jiefa.access.rules import Scope
from jiefa.policy import Pack
from jiefa.snapshots import Snapshot
from jiefa.truth.queries import counted, results
from jiefa.truth.rules import bunching
from jiefa.truth.rules.heaping import SHARES, STEPS
from jiefa.truth.rules.limits import Limits
from jiefa.truth.rules.tables import Check

FEN = 100


@dataclass(frozen=True, slots=True)
class Picture:
    """``expected``: None where the check has no column by column; ``marked``: columns that the question is about."""

    labels: Sequence[str]
    observed: Sequence[int]
    expected: Sequence[float] | None
    marked: frozenset[int]


def of_place(snapshot: Snapshot, pack: Pack, limits: Limits, check: Check, within: Scope) -> Picture | None:
    """The picture of a check inside the scope; None where there is nothing to draw."""
    if check == Check.BUNCHING:
        return _bunching(snapshot, limits, within)
    if check == Check.HEAPING:
        return _heaping(snapshot, within)
    if check == Check.SAME_DAY:
        return _same_day(snapshot, within)
    if check == Check.EXACT:
        return _exact(snapshot, limits, within) if snapshot.holds("targets") else None
    found = [int(one.observed) for one in results.every(snapshot, pack, within, check)]
    counts = Counter(found)
    if not counts:
        return None
    sizes = range(1, max(counts) + 1)
    return Picture([str(size) for size in sizes], [counts[size] for size in sizes], None, frozenset())


def _grouped(snapshot: Snapshot, table: ir.Table, column: str) -> tuple[list[object], list[int]]:
    rows: pa.Table = counted.rows(snapshot, table.group_by(column).aggregate(number=table.count()))
    rows = rows.sort_by(column)
    return rows[column].to_pylist(), rows["number"].to_pylist()


def _columns(
    values: Sequence[object], numbers: Sequence[int], classes: int
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    counts = np.zeros(classes, np.int64)
    for value, number in zip(values, numbers, strict=True):
        counts[int(str(value))] += number
    return counts


def _bunching(snapshot: Snapshot, limits: Limits, within: Scope) -> Picture | None:
    window = limits.window
    inside = counted.inside(counted.beside_line(snapshot, limits), within)
    counts = _columns(*_grouped(snapshot, inside, "bin"), 2 * window.bins)
    if not counts.sum():
        return None
    found = bunching.test(counts, window)
    edges = [limits.line_fen * (1 + (place - window.bins) * limits.bin_fraction) / FEN for place in range(len(counts))]
    return Picture(
        [f"{edge:.0f}" for edge in edges],
        counts.tolist(),
        None if found is None else found.curve.tolist(),
        frozenset(range(window.bins, window.bins + window.near)),
    )


def _heaping(snapshot: Snapshot, within: Scope) -> Picture | None:
    inside = counted.inside(counted.amounts(snapshot), within)
    counts = _columns(*_grouped(snapshot, inside, "rounded"), len(SHARES))
    total = int(counts.sum())
    if not total:
        return None
    return Picture(
        [f"×{step}" for step in STEPS],
        counts[: len(STEPS)].tolist(),
        [total * share for share in SHARES[: len(STEPS)]],
        frozenset(range(len(STEPS))),
    )


def _same_day(snapshot: Snapshot, within: Scope) -> Picture | None:
    days, numbers = _grouped(snapshot, counted.inside(counted.exits(snapshot), within), "on")
    if not days:
        return None
    most = max(numbers)
    return Picture(
        [str(day) for day in days], numbers, None, frozenset({place for place, n in enumerate(numbers) if n == most})
    )


def _exact(snapshot: Snapshot, limits: Limits, within: Scope) -> Picture | None:
    near = limits.near_people
    differences = [one for one in counted.differences(snapshot, within) if abs(one) <= near]
    if not differences:
        return None
    counts = Counter(differences)
    every = range(-near, near + 1)
    share = len(differences) / (2 * near + 1)
    return Picture(
        [f"{one:+d}" if one else "0" for one in every],
        [counts[one] for one in every],
        [share] * len(every),
        frozenset({near}),
    )

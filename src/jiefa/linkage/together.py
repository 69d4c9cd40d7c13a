"""What pairs say together: who is the same as the same, one counterpart at most, and what may be expected from a threshold on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

SURE = 0.9
"""Probability from which a pair carries on to a third record. Chosen, not measured."""
LARGEST = 12
"""Records of one person above which nothing more is implied: long chains join strangers. Chosen, not measured."""


def best(pairs: pa.Table) -> pa.Table:
    """Each pair once, by its greatest probability; the most probable first, then by record."""
    order = pc.sort_indices(pairs, sort_keys=[("p", "descending"), ("l", "ascending"), ("r", "ascending")])
    pairs = pairs.take(order)
    ends = np.stack([pairs["l"].to_numpy(), pairs["r"].to_numpy()], axis=1)
    _values, first = np.unique(ends, axis=0, return_index=True)
    return pairs.take(pa.array(np.sort(first)))


def closed(pairs: pa.Table) -> pa.Table:
    """The pairs, and beside them those that follow: A is B and B is C. Implied ones are as probable as the weaker of the two."""
    sure = pairs.filter(pc.greater_equal(pairs["p"], SURE))
    neighbours: dict[int, dict[int, float]] = {}
    for left, right, p in zip(sure["l"].to_pylist(), sure["r"].to_pylist(), sure["p"].to_pylist(), strict=True):
        neighbours.setdefault(left, {})[right] = p
        neighbours.setdefault(right, {})[left] = p
    known = set(zip(pairs["l"].to_pylist(), pairs["r"].to_pylist(), strict=True))
    implied: dict[tuple[int, int], float] = {}
    for group in _groups(neighbours):
        if len(group) > LARGEST:
            continue
        for place, one in enumerate(group):
            for other in group[place + 1 :]:
                shared = neighbours[one].keys() & neighbours[other].keys()
                if shared and (one, other) not in known:
                    implied[one, other] = max(min(neighbours[one][by], neighbours[other][by]) for by in shared)
    more = {
        "l": pa.array([left for left, _right in implied], pa.int64()),
        "r": pa.array([right for _left, right in implied], pa.int64()),
        "p": pa.array(list(implied.values()), pa.float64()),
        "how": pa.array(["implied"] * len(implied), pa.string()),
    }
    return pa.concat_tables([pairs, pa.table(more)])


def _groups(neighbours: dict[int, dict[int, float]]) -> list[list[int]]:
    """Records that hang together, each group in order."""
    seen: set[int] = set()
    groups = []
    for start in sorted(neighbours):
        if start in seen:
            continue
        group, waiting = [], [start]
        seen.add(start)
        while waiting:
            one = waiting.pop()
            group.append(one)
            fresh = [other for other in neighbours[one] if other not in seen]
            seen.update(fresh)
            waiting += fresh
        groups.append(sorted(group))
    return groups


def one_to_one(pairs: pa.Table) -> pa.Table:
    """The pairs of which each record has one at most: the most probable are taken first. ``pairs`` in that order."""
    left: set[int] = set()
    right: set[int] = set()
    kept = []
    for place, (one, other) in enumerate(zip(pairs["l"].to_pylist(), pairs["r"].to_pylist(), strict=True)):
        if one not in left and other not in right:
            left.add(one)
            right.add(other)
            kept.append(place)
    return pairs.take(pa.array(kept, pa.int64()))


def expected(p: npt.NDArray[np.float64], threshold: float | None) -> tuple[float, float, float]:
    """``(threshold, precision, recall)`` as the probabilities say; without a threshold the one with the best expected F1.

    Recall is over the pairs that were weighed: what no rule brought together is not in it.
    """
    ranked = np.sort(p)[::-1]
    true = np.cumsum(ranked)
    if not len(ranked) or true[-1] <= 0:
        return threshold or 1.0, 1.0, 0.0
    count = np.arange(1, len(ranked) + 1)
    if threshold is None:
        place = int(np.argmax(2 * true / (count + true[-1])))
        threshold = float(ranked[place])
    taken = int((ranked >= threshold).sum())
    if not taken:
        return threshold, 1.0, 0.0
    return threshold, float(true[taken - 1] / taken), float(true[taken - 1] / true[-1])

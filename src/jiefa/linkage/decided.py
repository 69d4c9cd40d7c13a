"""What a clerk said of pairs: who was looked at is the same or is not, whatever the model thinks of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

CLERK = "clerk"
"""How a pair came about that a clerk took for the same."""
SIDE = 1 << 32
"""More records than a side has."""


@dataclass(frozen=True)
class Decided:
    """Pairs by ``unique_id`` of both sides; within one table the smaller first."""

    same: frozenset[tuple[int, int]] = frozenset()
    different: frozenset[tuple[int, int]] = frozenset()

    def __len__(self) -> int:
        return len(self.same) + len(self.different)

    def applied(self, pairs: pa.Table, *, one_to_one: bool = False) -> pa.Table:
        """``l``, ``r``, ``p``, ``how`` with what was decided: those that are the same are certain, those that are not are gone.

        ``one_to_one``: a record that has its counterpart has no other.
        """
        if not len(self):
            return pairs
        pairs = self.without(pairs, self.same | self.different)
        if one_to_one:
            for side, place in (("l", 0), ("r", 1)):
                taken = pa.array(sorted({pair[place] for pair in self.same}), pa.int64())
                pairs = pairs.filter(pc.invert(pc.is_in(pairs[side], value_set=taken)))
        certain = sorted(self.same)
        more = {
            "l": pa.array([one for one, _other in certain], pa.int64()),
            "r": pa.array([other for _one, other in certain], pa.int64()),
            "p": pa.array([1.0] * len(certain), pa.float64()),
            "how": pa.array([CLERK] * len(certain), pa.string()),
        }
        return pa.concat_tables([pairs, pa.table(more)])

    def without(self, pairs: pa.Table, these: Iterable[tuple[int, int]]) -> pa.Table:
        """The pairs ``l``, ``r`` that are none of ``these``."""
        known = np.array([one * SIDE + other for one, other in sorted(these)], dtype=np.int64)
        if not len(known):
            return pairs
        both: npt.NDArray[np.int64] = pairs["l"].to_numpy() * SIDE + pairs["r"].to_numpy()
        return pairs.filter(pa.array(~np.isin(both, known)))


NOTHING = Decided()

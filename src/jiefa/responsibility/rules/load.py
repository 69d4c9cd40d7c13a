"""How many households a cadre carries: by rank, and from how many on it is pointed out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from jiefa.policy import Pack

RANKS = ("hall", "division", "section", "unit", "staff")


@dataclass(frozen=True, slots=True)
class Capacity:
    """Households by rank that a cadre is meant to carry, and the number above which it is too many for anybody."""

    by_rank: Mapping[str, int]
    warn: int


def capacity_on(pack: Pack, on: dt.date) -> Capacity:
    """What held that day. Raises ``NotInForce`` before 2014."""
    policy = pack.at(on)
    by_rank = {rank: int(policy.number(f"responsibility.households_{rank}")) for rank in RANKS}
    return Capacity(by_rank, int(policy.number("responsibility.households_warn")))

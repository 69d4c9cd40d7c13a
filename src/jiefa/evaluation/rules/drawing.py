"""Which villages and which households are drawn: two stages, by strata, from a seed.

Strata are kinds of villages and, where enough of a kind are drawn, its nearer and its farther half by their distance to a market.
Chance is the SHA-256 of seed and key, a number between 0 and 1: whoever has seed and frame can check the draw with any program, in any
year; a random generator of a library changes with its version. A simple random sample of villages is those with the smallest numbers.
By size, villages are put in the order of their numbers, their households laid end to end, and every k-th is counted off from a start
that the seed gives (systematic sampling in random order, Cochran 1977, 9A.10), which keeps the chances exactly. Villages are drawn by
their numbers of households alone. In a drawn village the households of a part stand in the order of their keys and are shuffled as far
as they are wanted (Fisher and Yates; Knuth, TAOCP 2, 3.4.2 P), each turn by a number of its own.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from jiefa.kernel.allocation import largest_remainder

VILLAGE, START, ORDER = "village", "start", "sheet"
NEAR, FAR = "near", "far"
LEAST_IN_HALF = 2
"""Villages that each half has to be drawn with: one alone gives no error of a stratum (``survey.design``)."""


class Part(StrEnum):
    """Which households of a village: left poverty, still in it, on no file."""

    EXITED = "exited"
    POOR = "poor"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class Village:
    """A village of the frame with the number of its households of each part. ``outside``: none where that is not known; ``km``: how far
    its households have to a market on the average, none where no card says it."""

    code: str
    kind: str
    exited: int
    poor: int
    outside: int | None
    km: float | None = None

    @property
    def households(self) -> int:
        return self.exited + self.poor + (self.outside or 0)


@dataclass(frozen=True)
class Wanted:
    """How many villages of each kind, how many households of each part in a village, how many more in reserve."""

    villages: Mapping[str, int]
    households: Mapping[Part, int]
    reserve: int
    by_size: bool = False


@dataclass(frozen=True)
class DrawnHousehold:
    """A household on file by its key, one on no file by its ``position`` on the village's list. ``order`` counts from 1 in village and part."""

    part: Part
    household: int | None
    position: int | None
    order: int
    reserve: bool
    probability: float


@dataclass(frozen=True)
class DrawnVillage:
    """``of`` villages of the stratum ``drawn`` were drawn, this one with ``probability``."""

    village: Village
    stratum: str
    of: int
    drawn: int
    probability: float


@dataclass
class Homes:
    """The households on file of one village, by their keys."""

    exited: list[int] = field(default_factory=list)
    poor: list[int] = field(default_factory=list)


def number(seed: int, *key: object) -> float:
    """The key's own number between 0 and 1."""
    return _own(seed, *key) / 2**64


def _own(seed: int, *key: object) -> int:
    """The first eight bytes of the SHA-256 of ``seed|key|…`` as a whole number."""
    digest = hashlib.sha256("|".join(str(part) for part in (seed, *key)).encode()).digest()
    return int.from_bytes(digest[:8], "big")


def draw_villages(frame: Sequence[Village], wanted: Wanted, seed: int) -> list[DrawnVillage]:
    """The first stage: the drawn villages by code. Villages without any household are no units."""
    found: list[DrawnVillage] = []
    for stratum, inside, most in _strata(frame, wanted):
        ranked = sorted(inside, key=lambda one: (number(seed, VILLAGE, one.code), one.code))
        if wanted.by_size:
            chances = _chances(inside, most)
            taken = _by_size(ranked, chances, number(seed, START, stratum))
        else:
            taken = ranked[:most]
            chances = {village.code: len(taken) / len(inside) for village in taken}
        for village in taken:
            found.append(DrawnVillage(village, stratum, len(inside), len(taken), chances[village.code]))
    return sorted(found, key=lambda one: one.village.code)


def _strata(frame: Sequence[Village], wanted: Wanted) -> Iterator[tuple[str, list[Village], int]]:
    """Name, villages and how many to draw of each stratum.

    The farther half of a kind are its villages beyond the middle one by distance; those of which none is known stand with the near
    ones. Both halves have two villages at least, the others go to them in proportion to what each has left.
    """
    for kind, most in sorted(wanted.villages.items()):
        inside = [village for village in frame if village.kind == kind and village.households]
        by_distance = sorted((village.km, village.code) for village in inside if village.km is not None)
        beyond = {code for _km, code in by_distance[(len(by_distance) + 1) // 2 :]}
        halves = (
            [village for village in inside if village.code not in beyond],
            [village for village in inside if village.code in beyond],
        )
        if most < LEAST_IN_HALF * len(halves) or min(map(len, halves)) < LEAST_IN_HALF:
            yield kind, inside, most
            continue
        left = [len(half) - LEAST_IN_HALF for half in halves]
        more = largest_remainder(min(most - LEAST_IN_HALF * len(halves), sum(left)), left)
        for name, half, extra in zip((NEAR, FAR), halves, more, strict=True):
            yield f"{kind}_{name}", half, LEAST_IN_HALF + extra


def _chances(villages: Sequence[Village], most: int) -> dict[str, float]:
    """The chance of each village: n times its share of the households; who would have more than 1 is certain."""
    certain: dict[str, float] = {}
    left = list(villages)
    while left:
        total, places = sum(village.households for village in left), most - len(certain)
        large = [village for village in left if places * village.households >= total]
        if not large:
            return certain | {village.code: places * village.households / total for village in left}
        certain |= {village.code: 1.0 for village in large}
        left = [village for village in left if village.code not in certain]
    return certain


def _by_size(ranked: Sequence[Village], chances: Mapping[str, float], start: float) -> list[Village]:
    """Those in whose stretch of the line, as long as its chance, a whole number after ``start`` falls."""
    taken, reached = [], 0.0
    for village in ranked:
        chance = chances[village.code]
        # Certain ones lie on no line: a rounding error must not miss one.
        after = reached if chance >= 1 else reached + chance
        if chance >= 1 or math.ceil(after - start) > math.ceil(reached - start):
            taken.append(village)
        reached = after
    return taken


def draw_households(village: Village, homes: Homes, wanted: Wanted, seed: int) -> Iterator[DrawnHousehold]:
    """The second stage in one drawn village: its households by part, in the order of drawing."""
    keys_of: dict[Part, Sequence[int]] = {
        Part.EXITED: sorted(homes.exited),
        Part.POOR: sorted(homes.poor),
        Part.OUTSIDE: range(1, (village.outside or 0) + 1),
    }
    for part, keys in keys_of.items():
        most = min(wanted.households.get(part, 0), len(keys))
        if most == 0:
            continue
        places = _shuffled(len(keys), most + wanted.reserve, seed, village.code, part.value)
        for order, place in enumerate(places, start=1):
            key = keys[place]
            household, position = (None, key) if part is Part.OUTSIDE else (key, None)
            yield DrawnHousehold(part, household, position, order, order > most, most / len(keys))


def _shuffled(of: int, most: int, seed: int, *key: object) -> Iterator[int]:
    """The first ``most`` places of a Fisher-Yates shuffle of ``of``. Only what was moved is kept: a village has a thousand households on
    no file, of which a dozen are drawn."""
    moved: dict[int, int] = {}
    for turn in range(min(most, of)):
        there = turn + (_own(seed, *key, turn) * (of - turn) >> 64)
        yield moved.get(there, there)
        moved[there] = moved.get(turn, turn)

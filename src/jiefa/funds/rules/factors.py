"""Money shared out by factors (因素法), so that anybody can do the sums again: whole numbers, the largest remainder, no float.

The money is first split between the factors by their weights; the part of a factor then between the counties, each by its poor
people times its value. Source: 财农〔2011〕412号 names the factors; weights are dated parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from jiefa.kernel.allocation import largest_remainder

FACTORS = ("people", "incidence", "depth", "income", "fiscal", "performance")
REPORTED = ("fiscal", "performance")
"""Factors that no card holds: an office reports them."""
THE_LESS_THE_MORE = frozenset({"income", "fiscal"})
SCALE = Decimal(1_000_000)
"""Values are millionths, rounded half up: what is shown is what is reckoned with."""
ONE = int(SCALE)
RECIPROCAL_OF = Decimal(10_000)
"""Where less earns more, ten thousand yuan divided by the county's yuan: a value with seven figures, not one."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a county. ``values``: by factor, None where nobody said; incidence and depth as shares,
    income and fiscal strength in yuan a person."""

    area: str
    people: int
    values: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Part:
    """A factor's part of the money: of its ``weight`` per cent; 0 where a county lacks its value (``missing`` of them)."""

    factor: str
    weight: int
    missing: int
    fen: int


@dataclass(frozen=True, slots=True)
class Share:
    """A county's money, by factor and in all; ``values``: what each factor was reckoned with, in millionths."""

    area: str
    people: int
    values: Mapping[str, int]
    parts: Mapping[str, int]
    fen: int


@dataclass(frozen=True, slots=True)
class Workings:
    """The whole of the arithmetic: parts add up to the money, and so do shares."""

    fen: int
    parts: tuple[Part, ...]
    shares: tuple[Share, ...]

    def as_json(self) -> dict[str, object]:
        return {
            "fen": self.fen,
            "parts": [
                {"factor": one.factor, "weight": one.weight, "missing": one.missing, "fen": one.fen}
                for one in self.parts
            ],
            "shares": [
                {
                    "area": one.area,
                    "people": one.people,
                    "values": dict(one.values),
                    "parts": dict(one.parts),
                    "fen": one.fen,
                }
                for one in self.shares
            ],
        }


def value(factor: str, raw: Decimal | None) -> int | None:
    """What a county's factor is reckoned with, in millionths: 1 for people, ten thousand by the value where less earns more."""
    if factor == "people":
        return ONE
    if raw is None or (factor in THE_LESS_THE_MORE and raw <= 0):
        return None
    said = RECIPROCAL_OF * SCALE / raw if factor in THE_LESS_THE_MORE else raw * SCALE
    return int(said.to_integral_value(ROUND_HALF_UP))


def share_out(fen: int, counties: Sequence[Facts], weights: Mapping[str, int]) -> Workings:
    """The money of every county, to the last fen. Raises ``ValueError`` where no county has a poor person.

    A factor that is not known of every county with poor people, or is nought in all, drops out: its weight goes to the
    others in proportion.
    """
    if not any(county.people for county in counties):
        raise ValueError("no county has a poor person")
    known = {
        factor: [value(factor, county.values.get(factor)) if county.people else 0 for county in counties]
        for factor in FACTORS
    }
    missing = {factor: sum(one is None for one in values) for factor, values in known.items()}
    counted = {factor: [one or 0 for one in values] for factor, values in known.items()}
    used = [factor for factor in FACTORS if weights.get(factor) and not missing[factor] and any(counted[factor])]
    money = dict(zip(used, largest_remainder(fen, [weights[factor] for factor in used]), strict=True))
    by_factor = {
        factor: largest_remainder(
            money[factor],
            [county.people * one for county, one in zip(counties, counted[factor], strict=True)],
        )
        for factor in used
    }
    shares = tuple(
        Share(
            county.area,
            county.people,
            {factor: counted[factor][place] for factor in used},
            {factor: by_factor[factor][place] for factor in used},
            sum(by_factor[factor][place] for factor in used),
        )
        for place, county in enumerate(counties)
    )
    parts = tuple(Part(factor, weights.get(factor, 0), missing[factor], money.get(factor, 0)) for factor in FACTORS)
    return Workings(fen, parts, shares)

"""Figures become points: shares by the scheme's functions, exact in hundredths of a point, so that points add up to the score.

Everything is a fraction until the one rounding of each item. A share is between 0 and 1 and never falls when a figure gets better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jiefa.policy.scheme_parts import Scoring
from jiefa.policy.schemes import Scheme

HUNDREDTHS = 10_000
"""A full score, in hundredths of a point."""
Figures = Mapping[str, Decimal | None]
"""The figures of one item by place; None: there is none."""


@dataclass(frozen=True, slots=True)
class Worked:
    """How a figure stands: its share of the full points; ``rank`` of ``peers`` with a figure in the group (equal ones share the mean),
    ``best``: the best figure among them."""

    share: Fraction
    rank: Fraction
    peers: int
    best: Decimal


@dataclass(frozen=True, slots=True)
class ItemPoints:
    """An item of a place. ``worked`` None: no figure, so no points, or, with ``of`` 0, left out."""

    item: str
    figure: Decimal | None
    hundredths: int
    of: int
    worked: Worked | None


@dataclass(frozen=True, slots=True)
class PlaceScore:
    """A place: its points, their sum, its grade with the vetoes that hold, its rank among the ``ranked`` places of its level."""

    place: str
    group: str
    items: tuple[ItemPoints, ...]
    hundredths: int
    grade: str
    vetoes: tuple[str, ...]
    rank: int = 0
    ranked: int = 0


def share(scoring: Scoring, figure: Decimal) -> Fraction:
    """The share of the full points by a function that looks at this figure alone."""
    value = Fraction(figure)
    if scoring.kind == "linear":
        none_at, full_at = Fraction(scoring.none_at), Fraction(scoring.full_at)
        return min(Fraction(1), max(Fraction(0), (value - none_at) / (full_at - none_at)))
    if scoring.kind == "threshold":
        higher = scoring.better == "higher"
        reached = [percent for at, percent in scoring.steps if (figure >= at if higher else figure <= at)]
        return Fraction(reached[-1]) / 100 if reached else Fraction(0)
    assert scoring.kind == "deduction", scoring.kind
    beyond = max(Fraction(0), (value - Fraction(scoring.free)) / Fraction(scoring.each))
    return max(Fraction(0), 1 - beyond * Fraction(scoring.percent) / 100)


def standings(scoring: Scoring, figures: Figures) -> dict[str, Worked]:
    """Every place that has a figure, among the places of its group."""
    known = {place: figure for place, figure in figures.items() if figure is not None}
    if not known:
        return {}
    ranks = _ranks(known, scoring.better)
    best = max(known.values()) if scoring.better == "higher" else min(known.values())
    return {
        place: Worked(
            _by_rank(scoring, ranks[place], len(known)) if scoring.kind == "rank" else share(scoring, figure),
            ranks[place],
            len(known),
            best,
        )
        for place, figure in known.items()
    }


def _ranks(known: Mapping[str, Decimal], better: str) -> dict[str, Fraction]:
    """1 is best; places with the same figure share the mean of their ranks."""
    ordered = sorted(known.values(), reverse=better == "higher")
    first: dict[Decimal, int] = {}
    count: dict[Decimal, int] = {}
    for number, figure in enumerate(ordered, start=1):
        first.setdefault(figure, number)
        count[figure] = count.get(figure, 0) + 1
    return {place: first[figure] + Fraction(count[figure] - 1, 2) for place, figure in known.items()}


def _by_rank(scoring: Scoring, rank: Fraction, peers: int) -> Fraction:
    worst = Fraction(scoring.worst_percent) / 100
    if peers == 1:  # nobody to compare with
        return Fraction(1)
    return worst + (1 - worst) * (peers - rank) / (peers - 1)


def weights(scheme: Scheme, group: str, lacking: Sequence[str]) -> dict[str, int]:
    """Full points of every item of a group in hundredths, adding up to 100 points; those left out for want of a figure have 0, and
    theirs are shared out over the others by weight (largest remainder, ties in the order of the scheme)."""
    items = scheme.of_group(group)
    left_out = {one.id for one in items if one.missing == "neutral" and one.id in lacking}
    kept = {one.id: Fraction(one.weights[group]) for one in items if one.id not in left_out}
    total = sum(kept.values(), Fraction(0))
    exact = {name: weight * HUNDREDTHS / total for name, weight in kept.items()}
    found = {name: int(value) for name, value in exact.items()}
    rest = HUNDREDTHS - sum(found.values())
    by_remainder = sorted(exact, key=lambda name: found[name] - exact[name])
    for name in by_remainder[:rest]:
        found[name] += 1
    return {one.id: found.get(one.id, 0) for one in items}


def rounded(value: Fraction) -> int:
    """The nearest whole number, halves up."""
    return int((2 * value + 1) // 2)


def scored(scheme: Scheme, groups: Mapping[str, str], figures: Mapping[str, Figures]) -> list[PlaceScore]:
    """Every place of ``groups`` (by place), by group as in the scheme, then by place; ``figures``: by item or veto, by place."""
    found: list[PlaceScore] = []
    for group in scheme.groups:
        places = sorted(place for place, name in groups.items() if name == group.id)
        items = scheme.of_group(group.id)
        of_item = {
            one.id: standings(one.scoring, {place: figures.get(one.id, {}).get(place) for place in places})
            for one in items
        }
        for place in places:
            lacking = [name for name, places_of in of_item.items() if place not in places_of]
            full = weights(scheme, group.id, lacking)
            points = []
            for one in items:
                worked = of_item[one.id].get(place)
                got = 0 if worked is None else rounded(worked.share * full[one.id])
                points.append(ItemPoints(one.id, figures.get(one.id, {}).get(place), got, full[one.id], worked))
            vetoes = tuple(veto.id for veto in scheme.vetoes if veto.holds(figures.get(veto.id, {}).get(place)))
            total = sum(one.hundredths for one in points)
            found.append(PlaceScore(place, group.id, tuple(points), total, grade(scheme, total, vetoes), vetoes))
    return _ranked(scheme, found)


def grade(scheme: Scheme, hundredths: int, vetoes: Sequence[str]) -> str:
    """What the score is called; a veto leaves nothing better than its own grade."""
    order = [one.id for one in scheme.grades]
    earned = next(place for place, one in enumerate(scheme.grades) if hundredths >= one.start * 100)
    worst = max((order.index(veto.grade) for veto in scheme.vetoes if veto.id in vetoes), default=0)
    return order[max(earned, worst)]


def _ranked(scheme: Scheme, found: Sequence[PlaceScore]) -> list[PlaceScore]:
    """Ranks among the places of each level; equal scores have the same rank, the next one counts them all."""
    level = {group.id: group.level for group in scheme.groups}
    scores: dict[str, list[int]] = {}
    for one in found:
        scores.setdefault(level[one.group], []).append(one.hundredths)
    return [
        PlaceScore(
            one.place,
            one.group,
            one.items,
            one.hundredths,
            one.grade,
            one.vetoes,
            1 + sum(other > one.hundredths for other in scores[level[one.group]]),
            len(scores[level[one.group]]),
        )
        for one in found
    ]

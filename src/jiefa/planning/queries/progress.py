"""How far a place and those below it have come by the end of a month: done against the target, behind or not, what the year may come
to, who has confirmed it.

Twelve to fourteen queries for a village as for a province: sums by place in the database, no row read one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jiefa.access.rules import Scope
from jiefa.areas import queries as areas
from jiefa.areas.models import Division
from jiefa.planning.models import Confirmation, ShortfallReason, Target
from jiefa.planning.queries import confirming, done, promised
from jiefa.planning.queries.plans import BELOW
from jiefa.planning.rules import forecast as rules
from jiefa.planning.rules.forecast import Forecast
from jiefa.planning.rules.negotiating import COUNTY

ALWAYS = ("people", "households")
"""Metrics that are shown without a target, too."""


@dataclass(frozen=True, slots=True)
class Row:
    """One metric of a place by the end of the month.

    ``target`` None: nothing was promised. ``months`` None: the metric is not counted. ``ought`` and ``behind`` None without the two.
    """

    metric: str
    target: Target | None
    months: Sequence[int] | None
    done: int | None
    ought: int | None
    behind: int | None
    forecast: Forecast | None
    reason: ShortfallReason | None

    @property
    def share(self) -> float | None:
        return (
            None if self.done is None or self.target is None or not self.target.value else self.done / self.target.value
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A place with its metrics. ``confirmation``: of the month, if it stands; ``changed``: by metric what was confirmed and what is
    counted now. ``below``, ``below_confirmed``: places right below it, and how many of them have confirmed the month.
    ``months_confirmed``: which months it stands by."""

    division: Division
    rows: Mapping[str, Row]
    confirmation: Confirmation | None
    changed: Mapping[str, tuple[int, int]]
    below: int
    below_confirmed: int
    months_confirmed: frozenset[int]

    def settled(self, month: int) -> bool:
        """Whether every month up to this one is confirmed: what is shown of the year is then what the place stands by."""
        return self.months_confirmed.issuperset(range(1, month + 1))


@dataclass(frozen=True, slots=True)
class Standing:
    """The place asked about and those right below it, by code. ``metrics``: in the order of the code list of the pack."""

    year: int
    month: int
    metrics: Sequence[str]
    own: Place
    below: Sequence[Place]

    @property
    def behind(self) -> list[tuple[Place, Row]]:
        """Places below that are behind with a metric, the place itself where none is below; those furthest behind first."""
        found = [(place, row) for place in (self.below or [self.own]) for row in place.rows.values() if row.behind]
        return sorted(found, key=lambda pair: (-_part(pair[1]), pair[0].division.code, pair[1].metric))


def _part(row: Row) -> float:
    """How much of its target a row lacks: places are ranked by that, not by their size."""
    return (row.behind or 0) / row.target.value if row.target is not None and row.target.value else 0.0


@dataclass(frozen=True)
class _Read:
    """What was read, before it is put together."""

    year: int
    month: int
    metrics: Sequence[str]
    order: Sequence[str]
    targets: Mapping[str, Mapping[str, Target]]
    found: done.Found
    seasons: done.Found
    confirmations: Mapping[tuple[str, int], Confirmation]
    reasons: Mapping[tuple[str, str], ShortfallReason]
    past: Sequence[int]

    def history(self, code: str, metric: str) -> list[list[int]]:
        """The years before of the place, or of the county around it: a village is too small to tell when work is done."""
        place = code[:COUNTY]
        return [self.seasons[place, metric, year] for year in self.past if (place, metric, year) in self.seasons]


def standing(place: Division, year: int, month: int, order: Sequence[str]) -> Standing:
    """The place by the end of the month. ``order``: the metrics of the pack, in the order in which they are shown."""
    code, digits = place.code, BELOW.get(len(place.code))
    children = list(areas.children(code).order_by("code"))
    codes = [code, *(child.code for child in children)]
    targets = promised.by_place(codes, year)
    promised_of = {metric for one in targets.values() for metric in one}
    metrics = [metric for metric in order if metric in promised_of or metric in ALWAYS]
    # All that is counted, not only what is shown: a month that was confirmed is compared with all of it.
    counted = sorted(done.COUNTED)
    past = range(year - rules.YEARS_BACK, year)
    within = Scope((code,))
    own = done.by_month(within, [year, *past], len(code), counted)
    below = done.by_month(within, [year, *past], digits, counted) if digits else {}
    around = own | below if len(code) <= COUNTY else done.by_month(Scope((code[:COUNTY],)), past, COUNTY, counted)
    read = _Read(
        year,
        month,
        metrics,
        order,
        targets,
        own | below,
        around,
        confirming.standing(codes, year),
        confirming.reasons(codes, year, month),
        past,
    )
    farther = BELOW.get(digits or 0)
    there, confirmed = confirming.counted_below(code, year, month, digits, farther) if digits and farther else ({}, {})
    of_children = sum((child.code, month) in read.confirmations for child in children)
    return Standing(
        year,
        month,
        metrics,
        _place(read, place, len(children), of_children),
        [_place(read, child, there.get(child.code, 0), confirmed.get(child.code, 0)) for child in children],
    )


def _place(read: _Read, division: Division, below: int, below_confirmed: int) -> Place:
    code, month = division.code, read.month
    confirmation = read.confirmations.get((code, month))
    rows = {metric: _row(read, code, metric) for metric in read.metrics}
    now = {metric: done.months(read.found, code, metric, read.year)[month - 1] for metric in done.COUNTED}
    compared = confirming.changed(confirmation, now) if confirmation else {}
    return Place(
        division,
        rows,
        confirmation,
        {metric: compared[metric] for metric in read.order if metric in compared},
        below,
        below_confirmed,
        frozenset(when for place, when in read.confirmations if place == code),
    )


def _row(read: _Read, code: str, metric: str) -> Row:
    target = read.targets.get(code, {}).get(metric)
    reason = read.reasons.get((code, metric))
    if metric not in done.COUNTED:
        return Row(metric, target, None, None, None, None, None, reason)
    months, history = done.months(read.found, code, metric, read.year), read.history(code, metric)
    reached = sum(months[: read.month])
    ought = None if target is None else rules.ought(target.value, read.month, history)
    return Row(
        metric,
        target,
        months,
        reached,
        ought,
        None if target is None else rules.behind(target.value, reached, read.month, history),
        rules.forecast(months, read.month, history),
        reason,
    )

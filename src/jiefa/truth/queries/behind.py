"""The households or places behind a question, from the same tables of the same snapshot that it was reckoned from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis.expr.types as ir

from jiefa.access.rules import Scope
from jiefa.insight.queries.behind import Behind
from jiefa.snapshots import Snapshot
from jiefa.truth.queries import counted
from jiefa.truth.queries.results import Result
from jiefa.truth.rules.heaping import STEPS
from jiefa.truth.rules.limits import Limits
from jiefa.truth.rules.tables import Check


def households(snapshot: Snapshot, limits: Limits, found: Result, within: Scope) -> Behind | None:
    """The households that a question is about inside the scope; None where it is about places or about nothing."""
    rows = _rows(snapshot, limits, found)
    if rows is None:
        return None
    inside = counted.inside(rows, within.narrowed(found.division) if found.unit is None else within)
    return Behind(inside.select("household_id").distinct())


@dataclass(frozen=True, slots=True)
class AtTarget:
    """A place where as many people left as its target asked."""

    code: str
    people: int


def at_target(snapshot: Snapshot, found: Result, within: Scope) -> list[AtTarget]:
    """The places that a question about targets counted as met to the last person, inside the scope, by code; none of checks made before
    they said at which level."""
    if not found.mark:
        return []
    inside = within.narrowed(found.division)
    return [
        AtTarget(area, people)
        for area, people, done in counted.compared(snapshot)
        if done == people and len(area) == int(found.mark) and inside.covers(area)
    ]


def _rows(snapshot: Snapshot, limits: Limits, found: Result) -> ir.Table | None:
    if found.check == Check.BUNCHING:
        of = counted.beside_line(snapshot, limits)
        first = limits.window.bins
        return of.filter((of.bin >= first) & (of.bin < first + limits.window.near))
    if found.check == Check.HEAPING:
        of = counted.amounts(snapshot)
        return of.filter(of.rounded < len(STEPS))
    if found.check == Check.COPIED and found.mark:
        of = counted.answers(snapshot)
        return of.filter(of.card == found.mark)
    if found.check == Check.SAME_DAY:
        of = counted.exits(snapshot)
        return of.filter(of.on == dt.date.fromisoformat(found.mark))
    if found.check == Check.VISITS and found.mark:
        of = counted.visited(snapshot, limits)
        return of.filter((of.cadre_id == found.unit) & (of.text_key == int(found.mark)))
    return None

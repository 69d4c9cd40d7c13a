"""Visits, findings and talks as whoever may know of them sees them.

A visit that is planned is known to the unit that makes it and those above, and to none of them who also holds a post in the place
or under it; one that was dropped stays that way for good. What is done is known to the place, too.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from jiefa.access.queries import Actor, gate
from jiefa.access.rules import Permission, Scope
from jiefa.inspection.models import (
    FindingState,
    Interview,
    SpotCheck,
    SpotFile,
    SpotFinding,
    SpotItem,
    SpotRecheck,
    SpotReply,
    VisitState,
)
from jiefa.inspection.rules import visiting

P = Permission


def made(by: Actor, place: str | None = None) -> QuerySet[SpotCheck]:
    """The visits of the units of ``by`` and below them; those to a place to which ``by`` belongs only once they are done."""
    rows = gate(SpotCheck.objects.all(), by.scope(P.SPOT_CHECK), "by_code")
    own = visiting.own_and_above(by.posts)
    if own:
        rows = rows.exclude(~Q(state=VisitState.DONE), place_code__in=sorted(own))
    return rows.filter(place_code__startswith=place) if place else rows


def suffered(by: Actor, place: str | None = None) -> QuerySet[SpotCheck]:
    """The visits that were made to places in the area of ``by``."""
    return gate(SpotCheck.objects.filter(state=VisitState.DONE), _places(by, place), "place_code")


def _places(by: Actor, place: str | None) -> Scope:
    return by.scope(P.INSPECTION_VIEW).narrowed(place)


def visits(by: Actor, place: str | None = None, state: str = "") -> QuerySet[SpotCheck]:
    """Every visit of which ``by`` may know, the newest first. ``state``: planned, done, dropped; '' for all."""
    rows = made(by, place) | suffered(by, place)
    return (rows.filter(state=state) if state else rows).order_by("-pk")


def visit(pk: int, by: Actor) -> SpotCheck | None:
    """The visit, if ``by`` may know of it."""
    return visits(by).filter(pk=pk).first()


def inspects(found: SpotCheck, by: Actor) -> bool:
    """Whether ``by`` belongs to those who make the visit."""
    return by.may(P.SPOT_CHECK, found.by_code)


@dataclass(frozen=True, slots=True)
class Sifted:
    """Which findings to list: '' for any. ``state``: a state of findings, or ``overdue``."""

    state: str = ""
    item: str = ""


def findings(by: Actor, place: str | None, wish: Sifted, on: dt.date) -> QuerySet[SpotFinding]:
    """The findings of visits that were done and of which ``by`` may know, the most urgent first."""
    known = (made(by, place) | suffered(by, place)).filter(state=VisitState.DONE)
    rows = SpotFinding.objects.filter(check_of__in=known.order_by().values("pk")).select_related("check_of")
    if wish.item:
        rows = rows.filter(item=wish.item)
    if wish.state == "overdue":
        rows = rows.exclude(state=FindingState.CLOSED).filter(due_on__lt=on)
    elif wish.state:
        rows = rows.filter(state=wish.state)
    return rows.order_by("due_on", "pk")


def finding(pk: int, by: Actor) -> SpotFinding | None:
    """The finding, if ``by`` may know of it."""
    return findings(by, None, Sifted(), dt.date.min).filter(pk=pk).first()


def beyond(rows: QuerySet[SpotFinding], pk: int) -> QuerySet[SpotFinding]:
    """``rows``, ordered by day and key, behind the finding of that key; none where there is no such finding."""
    due_on = SpotFinding.objects.filter(pk=pk).values_list("due_on", flat=True).first()
    return rows.filter(Q(due_on__gt=due_on) | Q(due_on=due_on, pk__gt=pk)) if due_on else rows.none()


@dataclass(frozen=True, slots=True)
class ToAct:
    """How much waits for a place and for those who inspect, all of it overdue."""

    to_put_right: int
    to_look_again: int
    to_visit: int


def overdue(
    by: Actor, place: str | None, on: dt.date
) -> tuple[QuerySet[SpotFinding], QuerySet[SpotFinding], QuerySet[SpotCheck]]:
    """What is overdue in the area of ``by``: findings to put right, findings to look at again, visits to make."""
    late = findings(by, place, Sifted("overdue"), on).order_by()
    visits_due = made(by, place).filter(state=VisitState.PLANNED, planned_for__lt=on)
    return late.filter(state=FindingState.OPEN), late.filter(state=FindingState.REPLIED), visits_due


def to_act(by: Actor, place: str | None, on: dt.date) -> ToAct:
    """``overdue``, counted. Three queries."""
    return ToAct(*(rows.count() for rows in overdue(by, place, on)))


def waiting(by: Actor, place: str | None, on: dt.date) -> tuple[QuerySet[Any], ...]:
    """``overdue`` as it waits for ``by``: findings where ``by`` answers for putting right, looking again and visits of units of ``by``.

    Whoever only reads what was found owes nothing.
    """
    to_put_right, to_look_again, to_visit = overdue(by, place, on)
    return (
        gate(to_put_right, by.scope(P.INSPECTION_ANSWER), "place_code"),
        gate(to_look_again, by.scope(P.SPOT_CHECK), "check_of__by_code"),
        to_visit,
    )


@dataclass(frozen=True, slots=True)
class Whole:
    """A visit that passed the gate with all that belongs to it, each list oldest first."""

    items: list[SpotItem]
    findings: list[SpotFinding]
    replies: list[SpotReply]
    rechecks: list[SpotRecheck]
    files: list[SpotFile]


def whole(found: SpotCheck) -> Whole:
    """Everything of the visit. Five queries."""
    of = Q(finding__check_of=found)
    return Whole(
        list(SpotItem.objects.filter(check_of=found).order_by("pk")),
        list(SpotFinding.objects.filter(check_of=found).order_by("pk")),
        list(SpotReply.objects.filter(of).order_by("pk")),
        list(SpotRecheck.objects.filter(of).order_by("pk")),
        list(SpotFile.objects.filter(of).order_by("pk")),
    )


def file(pk: int, by: Actor) -> SpotFile | None:
    """The file, if ``by`` may know of its finding."""
    known = findings(by, None, Sifted(), dt.date.min).order_by().values("pk")
    return SpotFile.objects.filter(pk=pk, finding__in=known).first()


def interviews(by: Actor, place: str | None = None) -> QuerySet[Interview]:
    """The talks that units of ``by`` held, or to which officers of the area of ``by`` were called, the newest first."""
    held = gate(Interview.objects.all(), by.scope(P.SPOT_CHECK), "by_code")
    if place:
        held = held.filter(place_code__startswith=place)
    return (held | gate(Interview.objects.all(), _places(by, place), "place_code")).order_by("-pk")

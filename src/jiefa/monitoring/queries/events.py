"""Reading leads: those of a place, of a household, what they turned out to be worth."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.monitoring.models import Event, EventState
from jiefa.policy import NotInForce, Pack


def events(within: Scope, state: str = "", trigger: str = "", source: str = "") -> QuerySet[Event]:
    """Leads inside the scope, the newest first; '' for every state, trigger, source."""
    rows = gate(Event.objects.select_related("household"), within)
    exact = {"state": state, "trigger": trigger, "source": source}
    return rows.filter(**{name: value for name, value in exact.items() if value}).order_by("-pk")


def event(pk: int, within: Scope) -> Event | None:
    """The lead, if its household lies inside the scope."""
    return events(within).filter(pk=pk).first()


def of_household(household_id: int) -> list[Event]:
    """The leads about a household that passed the gate, the newest first."""
    return list(Event.objects.filter(household=household_id).order_by("-pk"))


def open_of(household_ids: Sequence[int]) -> dict[int, list[Event]]:
    """The leads about each of these households that nobody has settled, oldest first. One query."""
    found: dict[int, list[Event]] = defaultdict(list)
    for one in Event.objects.filter(household__in=list(household_ids), state=EventState.OPEN).order_by("pk"):
        found[one.household_id].append(one)
    return found


def counts(within: Scope) -> list[dict[str, Any]]:
    """``{trigger, events, open, followed, closed}`` inside the scope, by trigger."""
    rows: Iterable[Mapping[str, Any]] = (
        gate(Event.objects.all(), within)
        .values("trigger")
        .annotate(
            events=Count("pk"),
            open=Count("pk", filter=Q(state=EventState.OPEN)),
            followed=Count("pk", filter=Q(state=EventState.FOLLOWED)),
            closed=Count("pk", filter=Q(state=EventState.CLOSED)),
        )
        .order_by("trigger")
    )
    return [dict(row) for row in rows]


def late(within: Scope, on: dt.date, pack: Pack) -> QuerySet[Event]:
    """Leads that nobody has settled within the days that the whole procedure may take, counted from when they came in."""
    try:
        days = int(pack.at(on).number("monitoring.procedure_days"))
    except NotInForce:
        return Event.objects.none()
    last = dt.datetime.combine(on - dt.timedelta(days=days), dt.time(), timezone.get_default_timezone())
    return events(within, EventState.OPEN).filter(at__lt=last)

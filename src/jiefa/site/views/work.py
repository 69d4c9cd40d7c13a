"""What waits for the reader, counted: dossiers on the desk, rosters, findings, waivers, households and villages without anybody, leads,
complaints, what unannounced visits left."""

from __future__ import annotations

from django.utils import timezone

from jiefa.access.rules import Permission
from jiefa.funds.queries import accounts
from jiefa.insight.queries.findings import COUNT_LIMIT
from jiefa.integrity.queries import violations
from jiefa.procedures import queries as dossiers
from jiefa.registry.queries import batches
from jiefa.site.presenters.tasks import Waiting
from jiefa.site.reader import Reader

P = Permission


def waiting(reader: Reader, place: str | None = None) -> Waiting:
    """The counts in the reader's scope, or in the part of it inside ``place``; each is one bounded query."""
    who = reader.actor
    found = reader.waiting if place is None else reader.waiting_in(place)
    counts = Waiting(
        desk=found.desk,
        desk_overdue=found.desk_overdue,
        overdue=found.overdue,
        errors=found.errors,
        warnings=found.warnings,
        waivers=found.waivers,
        without_helper=found.without_helper,
        without_team=found.without_team,
        unvisited=found.unvisited,
        leads=found.leads,
        reviews=found.reviews,
        complaints=found.complaints,
        complaints_overdue=found.complaints_overdue,
        complaints_below=found.complaints_below,
        to_put_right=found.to_put_right,
        to_look_again=found.to_look_again,
        to_visit=found.to_visit,
    )
    if place is not None and who.may(P.DOSSIER_VIEW, place):
        late = dossiers.Filters(place=place, overdue_on=timezone.localdate())
        counts.late = dossiers.count_up_to(dossiers.find(late, who.scope(P.DOSSIER_VIEW)))
    if who.may(P.ROSTER_ACCEPT, place):
        counts.rosters = batches.waiting_for(who.scope(P.ROSTER_ACCEPT).narrowed(place), who.name)
    if place is not None and who.may(P.MONEY_VIEW, place):
        money = who.scope(P.MONEY_VIEW).narrowed(place)
        counts.idle_pots = accounts.idle_count(money, reader.as_of, COUNT_LIMIT)
    if who.may(P.INSPECTION_VIEW, place):
        counts.violations = violations.overdue(who.scope(P.INSPECTION_VIEW).narrowed(place), timezone.localdate())
    return counts

"""What waits for the reader, counted: dossiers on the desk, rosters, findings, waivers, households and villages without anybody."""

from __future__ import annotations

from django.utils import timezone

from jiefa.access.rules import Permission
from jiefa.insight.queries import findings
from jiefa.procedures import queries as dossiers
from jiefa.registry.queries import batches, households
from jiefa.responsibility.queries import answering, teams
from jiefa.site.presenters.answering import as_of, visited_since
from jiefa.site.presenters.tasks import Waiting
from jiefa.site.reader import Reader

P = Permission


def waiting(reader: Reader, place: str | None = None) -> Waiting:
    """The counts in the reader's scope, or in the part of it inside ``place``; each is one bounded query."""
    who = reader.actor
    counts = Waiting()
    if place is None:
        counts.desk, counts.desk_overdue = reader.desk_count, sum(entry[3] for entry in reader.desk)
    elif who.may(P.DOSSIER_VIEW, place):
        late = dossiers.Filters(place=place, overdue_on=timezone.localdate())
        counts.late = dossiers.count_up_to(dossiers.find(late, who.scope(P.DOSSIER_VIEW)))
    if who.may(P.ROSTER_ACCEPT, place):
        counts.rosters = batches.waiting_for(who.scope(P.ROSTER_ACCEPT).narrowed(place), who.name)
    if who.may(P.FINDING_VIEW, place):
        within = who.scope(P.FINDING_VIEW).narrowed(place)
        counts.overdue = findings.count(findings.Filters(reader.year, overdue_on=timezone.localdate()), within)
        counts.errors = findings.count(findings.Filters(reader.year, level="error"), within)
        counts.warnings = findings.count(findings.Filters(reader.year, level="warn"), within)
    if who.may(P.FINDING_WAIVE, place):
        within = who.scope(P.FINDING_WAIVE).narrowed(place)
        counts.waivers = findings.count(findings.Filters(reader.year, state="asked"), within)
    if who.may(P.HELPER_ASSIGN, place) and reader.years:
        within, on = who.scope(P.HELPER_ASSIGN).narrowed(place), as_of(reader)
        limit = findings.COUNT_LIMIT
        counts.without_helper = households.count_up_to(answering.without_helper(within, on), limit - 1)
        counts.unvisited = households.count_up_to(answering.unvisited(within, visited_since(reader, on), on), limit - 1)
        counts.without_team = len(teams.without_team(within, on))
    return counts

"""The lists of an area as rows of the workbooks with which they are loaded: what goes out can come in again."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Max

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.responsibility.models import Attendance, Helper, Pairing, TeamMember, Visit
from jiefa.responsibility.queries import pairings, people, visits

Row = tuple[object, ...]
LEAVE = ("sick", "personal", "annual", "maternity", "duty", "other")
"""Kinds of leave in the order of the form's columns."""


def rows(kind: str, within: Scope) -> Iterator[Row]:
    """The rows of a list inside the scope in the order of its form's columns: what holds now; of attendance the last year on record."""
    return _ROWS[kind](within)


def _cadres(within: Scope) -> Iterator[Row]:
    for one in people.posted(within).filter(to_date__isnull=True).order_by("pk").iterator():
        unit = one.organisation
        yield one.number, one.name, one.rank, unit.name, unit.kind, one.area_code, one.username or None, one.from_date


def _teams(within: Scope) -> Iterator[Row]:
    serving = gate(TeamMember.objects.filter(to_date__isnull=True), within).order_by("village_code", "pk")
    yield from serving.values_list("village_code", "cadre__number", "role", "from_date").iterator()


def _helpers(within: Scope) -> Iterator[Row]:
    held = gate(Helper.objects.filter(to_date__isnull=True), within).order_by("village_code", "household")
    yield from held.values_list("household__number", "cadre__number", "from_date").iterator()


def _visits(within: Scope) -> Iterator[Row]:
    made = gate(visits.counted(Visit.objects.all()), within).select_related("cadre", "household").order_by("pk")
    for one in made.iterator():
        home = one.household
        where = (home.number, None) if home else (None, one.village_code)
        yield one.on, one.cadre.number, *where, one.purpose, one.found, one.next_step


def _attendance(within: Scope) -> Iterator[Row]:
    rows = gate(Attendance.objects.all(), within)
    year = rows.aggregate(last=Max("year"))["last"]
    newest = rows.filter(year=year).values("cadre", "month").annotate(last=Max("pk")).order_by().values("last")
    kept = Attendance.objects.filter(pk__in=newest).select_related("cadre").order_by("village_code", "cadre", "month")
    for one in kept.iterator():
        leave = (one.leave.get(kind) for kind in LEAVE)
        yield one.cadre.number, one.year, one.month, one.present, *leave


def _who(pairing: Pairing) -> Row:
    unit, leader = pairing.organisation, pairing.leader
    return unit.name, unit.area_code, leader.number if leader else None, pairing.kind, pairing.area_code


def _pairings(within: Scope) -> Iterator[Row]:
    for one in pairings.inside(within).filter(to_date__isnull=True).iterator():
        yield *_who(one), one.organisation.kind, one.from_date


def _commitments(within: Scope) -> Iterator[Row]:
    for one in pairings.promised(within).select_related("pairing__organisation", "pairing__leader").iterator():
        yield *_who(one.pairing), one.on, one.form, one.what, one.amount_fen, one.due


def _arrivals(within: Scope) -> Iterator[Row]:
    for one in pairings.arrived(within).select_related("pairing__organisation", "pairing__leader").iterator():
        came_to = one.area_code if one.area_code != one.pairing.area_code else None
        yield *_who(one.pairing), one.on, one.form, one.what, one.amount_fen, one.source, came_to, one.voucher or None


_ROWS = {
    "cadres": _cadres,
    "teams": _teams,
    "attendance": _attendance,
    "helpers": _helpers,
    "visits": _visits,
    "pairings": _pairings,
    "commitments": _commitments,
    "arrivals": _arrivals,
}

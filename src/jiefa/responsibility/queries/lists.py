"""The lists of an area as rows of the workbooks with which they are loaded: what goes out can come in again."""

from __future__ import annotations

from collections.abc import Iterator

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.responsibility.models import Helper, TeamMember, Visit
from jiefa.responsibility.queries import people

Row = tuple[object, ...]


def rows(kind: str, within: Scope) -> Iterator[Row]:
    """The rows of a list inside the scope in the order of its form's columns: what holds now; of visits all."""
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
    made = gate(Visit.objects.all(), within).order_by("pk")
    columns = ("on", "cadre__number", "household__number", "village_code", "purpose", "found", "next_step")
    yield from made.values_list(*columns).iterator()


_ROWS = {"cadres": _cadres, "teams": _teams, "helpers": _helpers, "visits": _visits}

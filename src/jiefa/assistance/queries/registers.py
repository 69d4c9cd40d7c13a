"""Registers of what cases name (courses, settlement sites, hamlets): their columns, what is on file, lists of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.assistance.models import Course, Hamlet, SettlementSite

COURSES, SITES, HAMLETS = "courses", "sites", "hamlets"
AT_ONCE = 450
"""Pairs of place and name in one question: SQLite of older builds takes at most 999 values."""

Record = Course | SettlementSite | Hamlet
Key = tuple[str, str]
"""Place and name."""


@dataclass(frozen=True, slots=True)
class Register:
    """A register. ``place``: the column with its division, of so many ``digits``; ``key``: that by which cases name it there.

    ``columns``: the others, by column of the list.
    """

    id: str
    table: type[Any]
    place: str
    digits: int
    key: str
    columns: Mapping[str, str]

    def key_of(self, record: Any) -> Key:
        return getattr(record, self.place), getattr(record, self.key)


def _register(name: str, table: type[Any], place: str, digits: int, key: str, *own: str, **others: str) -> Register:
    return Register(name, table, place, digits, key, {**{one: one for one in own}, **others})


REGISTERS: Mapping[str, Register] = {
    one.id: one
    for one in (
        _register(
            *(COURSES, Course, "county_code", 6, "number"),
            *("name", "trade", "organiser", "from_on", "to_on", "days", "places"),
            a_head="fen_a_head",
        ),
        _register(
            *(SITES, SettlementSite, "county_code", 6, "name"),
            *(
                "where",
                "kind",
                "settled_in",
                "flats_planned",
                "flats_built",
                "people_planned",
                "jobs",
                "school",
                "clinic",
            ),
            *("begun_on", "built_on", "opened_on"),
        ),
        _register(
            *(HAMLETS, Hamlet, "village_code", 12, "name"),
            *("households", "people", "poor_households", "poor_people", "reason", "site", "decided_on", "moved_on"),
        ),
    )
}
"""By identifier, which is also that of the list and its form."""


def on_file(register: Register, keys: Iterable[Key], *, lock: bool = False) -> dict[Key, Any]:
    """The records of these places and names; ``lock``: held until the transaction ends."""
    wanted = sorted(set(keys))
    every: QuerySet[Any] = register.table.objects.select_for_update() if lock else register.table.objects.all()
    found: dict[Key, Any] = {}
    for first in range(0, len(wanted), AT_ONCE):
        some = set(wanted[first : first + AT_ONCE])
        places, names = {place for place, _name in some}, {name for _place, name in some}
        rows = every.filter(**{f"{register.place}__in": places, f"{register.key}__in": names})
        found |= {key: row for row in rows if (key := register.key_of(row)) in some}
    return found


def counties(within: Scope) -> Scope:
    """The scope widened to whole counties: a course or a site is the county's, and says nothing of any household."""
    return Scope.over(area[:6] for area in within.areas)


def courses(within: Scope, year: int, trade: str = "", text: str = "") -> QuerySet[Course]:
    """The courses that begin in the year, of the counties that the scope touches, by key; ``text``: in number, name or organiser."""
    span = (dt.date(year, 1, 1), dt.date(year, 12, 31))
    rows = gate(Course.objects.filter(from_on__range=span), counties(within), "county_code")
    if trade:
        rows = rows.filter(trade=trade)
    if text:
        rows = rows.filter(Q(number__contains=text) | Q(name__contains=text) | Q(organiser__contains=text))
    return rows.order_by("pk")


def sites(within: Scope, kind: str = "", text: str = "") -> QuerySet[SettlementSite]:
    """The sites of the counties that the scope touches, by key; ``text``: in name or place."""
    rows = gate(SettlementSite.objects.all(), counties(within), "county_code")
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(Q(name__contains=text) | Q(where__contains=text))
    return rows.order_by("pk")


def hamlets(within: Scope, state: str = "", text: str = "") -> QuerySet[Hamlet]:
    """The hamlets inside the scope, by key; ``state``: ``proposed``, ``decided`` (and not moved) or ``moved``; ``text``: in name or site."""
    rows = gate(Hamlet.objects.all(), within)
    if state == "moved":
        rows = rows.filter(moved_on__isnull=False)
    elif state:
        rows = rows.filter(moved_on__isnull=True, decided_on__isnull=state != "decided")
    if text:
        rows = rows.filter(Q(name__contains=text) | Q(site__contains=text))
    return rows.order_by("pk")


def course(pk: int, within: Scope) -> Course | None:
    """The course, if it is of a county that the scope touches."""
    return gate(Course.objects.filter(pk=pk), counties(within), "county_code").first()


def site(pk: int, within: Scope) -> SettlementSite | None:
    """The site, if it is of a county that the scope touches."""
    return gate(SettlementSite.objects.filter(pk=pk), counties(within), "county_code").first()


def hamlet(pk: int, within: Scope) -> Hamlet | None:
    """The hamlet, if it lies inside the scope."""
    return gate(Hamlet.objects.filter(pk=pk), within).first()


def site_of(hamlet: Hamlet) -> SettlementSite | None:
    """The site to which the hamlet moves, where it is on file in its county."""
    rows = SettlementSite.objects.filter(county_code=hamlet.village_code[:6], name=hamlet.site)
    return rows.first() if hamlet.site else None

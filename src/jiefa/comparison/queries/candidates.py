"""People on the register as a list may name them: name, birthday, village; columns, not rows, since there may be millions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pyarrow as pa
from django.db.models import F, Q, QuerySet

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.identification.queries import AT_ONCE
from jiefa.registry.models import Person, PersonYear
from jiefa.stores import bulk

COLUMNS = pa.schema([("person", pa.string()), ("name", pa.string()), ("born", pa.string()), ("place", pa.string())])


def of_scope(within: Scope) -> pa.Table:
    """``person, name, born, place`` of everybody inside the scope who belongs to a household; by key."""
    inside = " OR ".join("(p.village_code >= %s AND p.village_code < %s)" for _ in within.areas) or "1 = 0"
    bounds = [bound for pair in within.ranges() for bound in pair]
    sql = (
        "SELECT CAST(p.id AS TEXT), p.name, CAST(coalesce(p.birth_date, p.id_birth_date) AS TEXT), d.name "
        "FROM registry_person p LEFT JOIN areas_division d ON d.code = p.village_code "
        f"WHERE p.household_id IS NOT NULL AND ({inside}) ORDER BY p.id"
    )
    return bulk.read(sql, bounds, COLUMNS)


def persons(keys: Sequence[int]) -> dict[int, Person]:
    """The people of these keys who belong to a household."""
    found: dict[int, Person] = {}
    for first in range(0, len(keys), AT_ONCE):
        found |= Person.objects.filter(household__isnull=False).in_bulk(keys[first : first + AT_ONCE])
    return found


CLAIMS: Mapping[str, tuple[Q, Q]] = {
    "guarantee": (Q(dibao=True) | Q(tekun=True), Q(dibao=True) | Q(tekun=True)),
    "school": (
        Q(school_stage__isnull=False) & ~Q(school_stage__in=("not_pupil", "preschool")),
        Q(school_stage__in=("primary", "junior")),
    ),
}
"""By kind of list what a card says itself of being on it, and of whom the list cannot miss: a pupil above compulsory schooling may be on
the roll of another county."""


def claiming(kind: str, keys: Collection[int]) -> set[int]:
    """Those of these people whose newest card says what the list says."""
    says, _must = CLAIMS[kind]
    found: set[int] = set()
    wanted = sorted(keys)
    for first in range(0, len(wanted), AT_ONCE):
        rows = _newest().filter(says, person__in=wanted[first : first + AT_ONCE])
        found |= set(rows.values_list("person_id", flat=True))
    return found


def claimed(kind: str, within: Scope) -> list[Person]:
    """The people inside the scope whose newest card says that a whole list of the kind names them, by key."""
    _says, must = CLAIMS[kind]
    rows = gate(_newest().filter(must), within, "person__village_code").order_by("person")
    return [card.person for card in rows.select_related("person")]


def _newest() -> QuerySet[PersonYear]:
    """The newest card of everybody who belongs to a household."""
    return PersonYear.objects.filter(year=F("person__household__card_year"))

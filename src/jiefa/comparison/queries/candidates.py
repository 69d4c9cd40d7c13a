"""People on the register as a list may name them: name, birthday, village; columns, not rows, since there may be millions."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from jiefa.access.rules import Scope
from jiefa.identification.queries import AT_ONCE
from jiefa.registry.models import Person
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

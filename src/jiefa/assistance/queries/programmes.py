"""Cases of programmes: of an area, of a household, by place; lists on their way in; whom the rows of a list are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Substr

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.assistance.models import ProgrammeRecord
from jiefa.policy import Pack, Programme
from jiefa.registry.models import Household, HouseholdYear, Person, PersonYear

AT_ONCE = 900
"""Keys in one question: SQLite of older builds takes at most 999."""
ARRIVED = "arrived"
"""Beside the stages of a programme: cases that came to their trace."""


def records(within: Scope, programme: str, year: int, stage: str = "", text: str = "") -> QuerySet[ProgrammeRecord]:
    """The cases of a programme inside the scope in a year, the newest first.

    ``stage``: '' for any, ``none`` for none reached, ``arrived`` for those that came to their trace, whatever followed.

    ``text``: a household's number or the beginning of its head's name.
    """
    rows = gate(ProgrammeRecord.objects.select_related("household", "person"), within)
    rows = rows.filter(programme=programme, year=year, off_list=False)
    if stage == ARRIVED:
        rows = rows.filter(traced_on__isnull=False)
    elif stage:
        rows = rows.filter(stage="" if stage == "none" else stage)
    if text:
        rows = rows.filter(Q(household__number=text) | Q(household__head_name__startswith=text))
    return rows.order_by("-pk")


def record(pk: int, within: Scope) -> ProgrammeRecord | None:
    """The case, if it lies inside the scope."""
    return gate(ProgrammeRecord.objects.select_related("household", "person"), within).filter(pk=pk).first()


def of_household(household: int, year: int) -> list[ProgrammeRecord]:
    """The household's cases of the year, the newest first."""
    rows = ProgrammeRecord.objects.filter(household=household, year=year, off_list=False)
    return list(rows.select_related("person").order_by("-pk"))


def listed(household: int, most: int) -> list[ProgrammeRecord]:
    """The household's cases that an accepted list last put on file or carried on, with that list, the latest first."""
    rows = ProgrammeRecord.objects.filter(household=household, of_list__decided_at__isnull=False)
    return list(rows.select_related("person", "of_list").order_by("-of_list__decided_at", "-pk")[:most])


@dataclass(frozen=True, slots=True)
class Sums:
    """Cases of a programme: how many, about how many households and people, how many came to their trace, what was paid."""

    records: int
    households: int
    people: int
    traced: int
    traced_people: int
    fen: int


SUMS: Mapping[str, Any] = {
    "records": Count("pk"),
    "households": Count("household", distinct=True),
    # Not under the column's own name: that would hide it from the sums after it.
    "all_people": Sum("people"),
    "traced": Count("pk", filter=Q(traced_on__isnull=False)),
    "traced_people": Sum("people", filter=Q(traced_on__isnull=False)),
    "fen": Sum("amount_fen"),
}


def _sums(row: Mapping[str, Any]) -> Sums:
    names = ("records", "households", "all_people", "traced", "traced_people", "fen")
    return Sums(*(int(row[name] or 0) for name in names))


def by_programme(within: Scope, year: int) -> dict[str, Sums]:
    """The sums of every programme that has cases in the year. One query."""
    rows = gate(ProgrammeRecord.objects.filter(year=year, off_list=False), within).order_by().values("programme")
    return {row["programme"]: _sums(row) for row in rows.annotate(**SUMS)}


def by_place(within: Scope, programme: str, year: int, digits: int) -> dict[str, Sums]:
    """The sums of a programme by place of so many digits. One query."""
    rows = gate(ProgrammeRecord.objects.filter(programme=programme, year=year, off_list=False), within)
    placed = rows.order_by().annotate(place=Substr("village_code", 1, digits)).values("place")
    return {row["place"]: _sums(row) for row in placed.annotate(**SUMS).order_by("place")}


@dataclass(frozen=True, slots=True)
class Arrived:
    """Cases of a programme that came to their trace: of how many households, and what was paid by them."""

    households: int
    fen: int


def arrived(within: Scope, programmes: Sequence[str], year: int, digits: int) -> dict[tuple[str, str], Arrived]:
    """By programme and place of so many digits the households to whom help arrived in the year. One query."""
    rows = gate(ProgrammeRecord.objects.filter(programme__in=programmes, year=year, off_list=False), within).order_by()
    counted: Any = rows.annotate(place=Substr("village_code", 1, digits)).values("programme", "place")
    counted = counted.filter(traced_on__isnull=False)
    found = counted.annotate(households=Count("household", distinct=True), fen=Sum("amount_fen"))
    return {(row["programme"], row["place"]): Arrived(row["households"], row["fen"] or 0) for row in found}


def reached(within: Scope, programme: Programme, year: int) -> dict[str, int]:
    """How many cases have a day in each of the programme's columns of days. One query.

    For a move these are its steps and its promises: moved out, settled (schools, insurance), employed, secured.
    """
    rows = gate(ProgrammeRecord.objects.filter(programme=programme.id, year=year, off_list=False), within)
    days = [field.id for field in programme.fields if field.type == "date"]
    # Named by place: a column of the pack may be called like one of the table.
    counts = {f"day_{place}": Count("pk", filter=Q(own__has_key=name)) for place, name in enumerate(days)}
    found = rows.order_by().aggregate(**counts)
    return {name: int(found[f"day_{place}"]) for place, name in enumerate(days)}


def standing(
    programme: str, years: Iterable[int], identities: Sequence[str], *, lock: bool = False
) -> dict[tuple[int, str], ProgrammeRecord]:
    """The cases on file of these identities, by ``(year, identity)``; ``lock``: held until the transaction ends."""
    found: dict[tuple[int, str], ProgrammeRecord] = {}
    every = ProgrammeRecord.objects.select_for_update() if lock else ProgrammeRecord.objects.all()
    for first in range(0, len(identities), AT_ONCE):
        rows = every.filter(programme=programme, year__in=set(years), identity__in=identities[first : first + AT_ONCE])
        found |= {(row.year, row.identity): row for row in rows}
    return found


def homes(keys: Iterable[int]) -> dict[int, Household]:
    """The households by key."""
    return _in_bulk(Household.objects.all(), keys)


def people(keys: Iterable[int]) -> dict[int, Person]:
    """The people by key."""
    return _in_bulk(Person.objects.all(), keys)


def _in_bulk(rows: QuerySet[Any], keys: Iterable[int]) -> dict[int, Any]:
    wanted = sorted(set(keys))
    found: dict[int, Any] = {}
    for first in range(0, len(wanted), AT_ONCE):
        found |= rows.in_bulk(wanted[first : first + AT_ONCE])
    return found


def named(households: Sequence[int]) -> dict[tuple[int, str], list[int]]:
    """The keys of the members of these households, by household and name."""
    found: dict[tuple[int, str], list[int]] = {}
    for first in range(0, len(households), AT_ONCE):
        rows = Person.objects.filter(household__in=households[first : first + AT_ONCE])
        for household, name, key in rows.values_list("household_id", "name", "pk"):
            found.setdefault((household, name), []).append(key)
    return found


def cards(programme: Programme, keys: Iterable[int], years: Iterable[int]) -> dict[tuple[int, int], dict[str, Any]]:
    """What the cards say in the columns for which the programme is meant, by ``(household or person, year)``."""
    if not programme.fits:
        return {}
    wanted = sorted(set(keys))
    found: dict[tuple[int, int], dict[str, Any]] = {}
    table: Any = PersonYear if programme.about == "person" else HouseholdYear
    key = "person_id" if programme.about == "person" else "household_id"
    for first in range(0, len(wanted), AT_ONCE):
        rows = table.objects.filter(**{f"{key}__in": wanted[first : first + AT_ONCE], "year__in": set(years)})
        found |= {(row[key], row["year"]): row for row in rows.values(key, "year", *programme.fits)}
    return found


def traced_kinds(pack: Pack) -> dict[str, list[str]]:
    """By kind of measure the programmes whose records are its trace."""
    found: dict[str, list[str]] = {}
    for programme in pack.programmes.values():
        for kind in programme.traces:
            found.setdefault(kind, []).append(programme.id)
    return found

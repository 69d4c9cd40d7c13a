"""What was promised to those who move, and to how many it was kept: by place, by site, household by household.

The four promises: that they move out, settle down, find work, are secured. Beside them the two rates of an office: moved in
of those who have the keys, old houses down of those who moved. A household counts once, by the case that went furthest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Substr

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.assistance.models import ProgrammeRecord
from jiefa.assistance.queries import registers
from jiefa.registry.models import PersonYear

RELOCATION = "relocation"
LABOUR = ("ordinary", "skilled", "weak")
NOT_AT_SCHOOL = ("not_pupil", "preschool")
NEVER = "9999"
"""Later than every day, as text: an empty column must not make a condition unknown."""
PARTS = ("of", "kept", "open")
"""All whom a promise is about, those to whom it was kept, the others."""
DAYS = ("handed_on", "medical_on", "school_on", "employed_on", "secured_on", "demolished_on")


@dataclass(frozen=True, slots=True)
class Promise:
    """Whom it is about, and when it is kept; over the columns that ``standing`` adds."""

    of: Q
    kept: Q


def year_end(year: int) -> dt.date:
    return dt.date(year, 12, 31)


def promises(end: dt.date) -> Mapping[str, Promise]:
    """The promises as they stand at the end of a day, by identifier."""
    until = end.isoformat()
    by = {name: Q(**{f"day_{name}__lte": until}) for name in DAYS}
    moved = Q(traced_on__lte=end)
    return {
        "moved_out": Promise(Q(), moved),
        "settled": Promise(moved, by["medical_on"] & (by["school_on"] | Q(has_pupil=False))),
        "employed": Promise(moved & Q(has_labour=True), by["employed_on"]),
        "secured": Promise(moved, by["secured_on"]),
        "occupied": Promise(by["handed_on"] | moved, moved),
        "demolished": Promise(moved, by["demolished_on"]),
    }


FOUR = ("moved_out", "settled", "employed", "secured")
RATES = ("occupied", "demolished")


def homes_with(within: Scope, year: int, **what: object) -> QuerySet[Any]:
    """The households of which the card of somebody says so in the year, of the counties that the scope touches.

    To be asked once and looked up in: cards of people are found by year and place, so that asking them household by household
    reads a year's cards each time (25,000 households: 200 s so, 0.1 s this way; SQLite, 2 processors, 2026-11-28).
    """
    cards = gate(PersonYear.objects.filter(year=year, **what), registers.counties(within))
    return cards.order_by().values("household_id")


def _moving(homes: QuerySet[Any], every: QuerySet[ProgrammeRecord]) -> QuerySet[Any]:
    """Of these households those that are to move, each once: few enough for PostgreSQL to keep them in memory while it looks each up.

    Of a whole province's three million cards it kept none, and read them again for every household: minutes (2026-11).
    """
    return homes.filter(household_id__in=every.order_by().values("household_id")).distinct()


def _with_pupil(within: Scope, year: int) -> QuerySet[Any]:
    return homes_with(within, year, school_stage__isnull=False).exclude(school_stage__in=NOT_AT_SCHOOL)


def _among(homes: QuerySet[Any]) -> ExpressionWrapper[Q]:
    return ExpressionWrapper(Q(household_id__in=homes), BooleanField())


def standing(within: Scope, year: int) -> QuerySet[Any]:
    """The case of every household that is to move, inside the scope: of several the one that moved, else the newest.

    Beside its own columns ``day_…`` (text, ``NEVER`` where empty), ``site``, ``hamlet``, ``has_labour``, ``has_pupil`` by the
    card of the year.
    """
    moved = Case(When(traced_on__lte=year_end(year), then=1), default=0, output_field=IntegerField())
    every = ProgrammeRecord.objects.filter(programme=RELOCATION, year__lte=year, off_list=False).annotate(far=moved)
    further = every.filter(household=OuterRef("household_id")).filter(
        Q(far__gt=OuterRef("far")) | Q(far=OuterRef("far"), pk__gt=OuterRef("pk"))
    )
    days = {f"day_{name}": Coalesce(KT(f"own__{name}"), Value(NEVER, TextField())) for name in DAYS}
    names = {name: Coalesce(KT(f"own__{name}"), Value("", TextField())) for name in ("site", "hamlet")}
    mine = gate(every, within)
    return mine.filter(~Exists(further)).annotate(
        **days,
        **names,
        has_labour=_among(_moving(homes_with(within, year, labour__in=LABOUR), mine)),
        has_pupil=_among(_moving(_with_pupil(within, year), mine)),
    )


@dataclass(frozen=True, slots=True)
class Share:
    """Households whom a promise is about, and those of them to whom it was kept."""

    of: int = 0
    kept: int = 0

    @property
    def open(self) -> int:
        return self.of - self.kept

    @property
    def share(self) -> float | None:
        return self.kept / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How those who move stand. ``at_work``: people with work of moved households with a labourer."""

    shares: Mapping[str, Share] = field(default_factory=dict)
    people: int = 0
    moved_people: int = 0
    at_work: int = 0

    @property
    def employed_a_household(self) -> float | None:
        """People with work for each moved household with a labourer; at least one is wanted."""
        able = self.shares.get("employed", Share()).of
        return self.at_work / able if able else None

    @classmethod
    def total(cls, several: list[Standing]) -> Standing:
        """The sum of places that do not overlap."""
        names = several[0].shares if several else ()
        shares = {
            name: Share(sum(one.shares[name].of for one in several), sum(one.shares[name].kept for one in several))
            for name in names
        }
        sums = (sum(getattr(one, name) for one in several) for name in ("people", "moved_people", "at_work"))
        return cls(shares, *sums)


def _sums(year: int) -> dict[str, Any]:
    known = promises(year_end(year))
    moved = known["moved_out"].kept
    stated = Cast(KT("own__employed"), IntegerField())
    by_day = Case(When(known["employed"].kept, then=1), default=0, output_field=IntegerField())
    found: dict[str, Any] = {
        "all_people": Sum("people"),
        "moved_people": Sum("people", filter=moved),
        "at_work": Sum(Coalesce(stated, by_day), filter=known["employed"].of),
    }
    for name, promise in known.items():
        found[f"of_{name}"] = Count("pk", filter=promise.of) if promise.of else Count("pk")
        found[f"kept_{name}"] = Count("pk", filter=promise.of & promise.kept)
    return found


def _standing(row: Mapping[str, Any], year: int) -> Standing:
    shares = {name: Share(row[f"of_{name}"], row[f"kept_{name}"]) for name in promises(year_end(year))}
    return Standing(shares, *(int(row[name] or 0) for name in ("all_people", "moved_people", "at_work")))


def by_place(within: Scope, year: int, digits: int) -> dict[str, Standing]:
    """How those who move stand, by place of so many digits. One query."""
    rows = standing(within, year).order_by().annotate(place=Substr("village_code", 1, digits)).values("place")
    return {row["place"]: _standing(row, year) for row in rows.annotate(**_sums(year)).order_by("place")}


def by_site(within: Scope, year: int, name: str | None = None) -> dict[tuple[str, str], Standing]:
    """How those who move stand, by county and name of the site ('' where none is named), of all or of one name. One query."""
    rows = standing(within, year).order_by().annotate(county=Substr("village_code", 1, 6))
    if name is not None:
        rows = rows.filter(site=name)
    found = rows.values("county", "site").annotate(**_sums(year)).order_by("county", "site")
    return {(row["county"], row["site"]): _standing(row, year) for row in found}


def households(within: Scope, year: int, promise: str, part: str, site: str | None = None) -> QuerySet[ProgrammeRecord]:
    """The cases behind a number, by key; ``site``: of one site alone."""
    asked = promises(year_end(year))[promise]
    rows = standing(within, year).filter(asked.of)
    if part != "of":
        rows = rows.filter(asked.kept if part == "kept" else ~asked.kept)
    if site is not None:
        rows = rows.filter(site=site)
    return rows.select_related("household").order_by("pk")

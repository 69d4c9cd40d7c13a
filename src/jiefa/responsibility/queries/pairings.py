"""Who is paired with which places, what was promised and what has come of it, and which places nobody is paired with."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.areas.models import DesignationKind, Division
from jiefa.kernel.division_codes import Level, ancestors
from jiefa.policy import Pack
from jiefa.responsibility.models import Arrival, Commitment, Pairing
from jiefa.responsibility.queries import teams
from jiefa.responsibility.queries.people import AT_ONCE, holds
from jiefa.responsibility.rules import pairings as rules


def inside(within: Scope, on: dt.date | None = None) -> QuerySet[Pairing]:
    """Pairings with places inside the scope, those that hold on a day, by place."""
    rows = Pairing.objects.select_related("organisation", "leader")
    return gate(rows.filter(holds(on)) if on else rows, within, "area_code").order_by("area_code", "pk")


def over(within: Scope, on: dt.date) -> QuerySet[Pairing]:
    """As ``inside``, with the pairings of places above: a township sees who is paired with its county."""
    above = {code for area in within.areas for code in ancestors(area)}
    rows = Pairing.objects.select_related("organisation", "leader").filter(holds(on))
    return (gate(rows, within, "area_code") | rows.filter(area_code__in=sorted(above))).order_by("area_code", "pk")


def page(
    rows: QuerySet[Pairing], kind: str = "", after: tuple[str, int] | None = None, size: int | None = None
) -> list[Pairing]:
    """The next of these pairings, of one kind where it is given; ``after``: place and key of the last one seen."""
    found = rows.filter(kind=kind) if kind else rows
    if after is not None:
        found = found.filter(Q(area_code__gt=after[0]) | Q(area_code=after[0], pk__gt=after[1]))
    return list(found[:size])


def pairing(pk: int, within: Scope) -> Pairing | None:
    """The pairing, if its place lies inside the scope or above it."""
    found = Pairing.objects.select_related("organisation", "leader").filter(pk=pk).first()
    if found is None:
        return None
    above = {code for area in within.areas for code in ancestors(area)}
    return found if found.area_code in above or within.covers(found.area_code) else None


def commitments(pairing_id: int) -> list[Commitment]:
    """Every line of what was promised within a pairing that passed the gate, corrected ones too, the latest first."""
    return list(Commitment.objects.filter(pairing=pairing_id).select_related("corrected").order_by("-on", "-pk"))


def arrivals(pairing_id: int) -> list[Arrival]:
    """Every line of what came within a pairing that passed the gate, corrected ones too, the latest first."""
    return list(Arrival.objects.filter(pairing=pairing_id).select_related("corrected").order_by("-on", "-pk"))


def promised(within: Scope) -> QuerySet[Commitment]:
    """What was promised to places inside the scope, corrections in the place of what they correct."""
    return gate(Commitment.objects.filter(corrected__isnull=True), within, "pairing__area_code").order_by("pk")


def arrived(within: Scope) -> QuerySet[Arrival]:
    """What came to places inside the scope, corrections in the place of what they correct."""
    return gate(Arrival.objects.filter(corrected__isnull=True), within, "area_code").order_by("pk")


@dataclass(frozen=True, slots=True)
class Money:
    """Fen promised, come in all, and come in the year of the day asked about; things in kind at their value."""

    promised: int = 0
    arrived: int = 0
    arrived_this_year: int = 0


def money(pairing_ids: Sequence[int], on: dt.date) -> dict[int, Money]:
    """By pairing what was promised and what came up to a day. Two queries for every ``AT_ONCE`` pairings."""
    found: dict[int, Money] = {}
    for first in range(0, len(pairing_ids), AT_ONCE):
        part = list(pairing_ids[first : first + AT_ONCE])
        said = Commitment.objects.filter(corrected__isnull=True, on__lte=on, pairing__in=part)
        came = Arrival.objects.filter(corrected__isnull=True, on__lte=on, pairing__in=part)
        found |= _sums(said, came, "pairing", on)
    return found


def _sums(said: QuerySet[Commitment], came: QuerySet[Arrival], by: str, on: dt.date) -> dict[Any, Money]:
    this_year = Q(on__gte=dt.date(on.year, 1, 1))
    promises: Any = said.order_by().values_list(by).annotate(fen=Sum("amount_fen"))
    receipts: Any = (
        came.order_by().values_list(by).annotate(fen=Sum("amount_fen"), year=Sum("amount_fen", filter=this_year))
    )
    wanted = dict(promises)
    found = {key: Money(wanted.pop(key, 0), fen, year or 0) for key, fen, year in receipts}
    return found | {key: Money(fen) for key, fen in wanted.items()}


@dataclass(frozen=True, slots=True)
class Kind:
    """The pairings of one kind: units, leaders among them, places, and their money."""

    kind: str
    organisations: int
    leaders: int
    places: int
    counties: int
    money: Money


def by_kind(within: Scope, on: dt.date, pack: Pack) -> list[Kind]:
    """Every kind of pairing inside the scope on a day, in the order of the code list. Four queries."""
    rows = inside(within, on).order_by()
    counted: Any = rows.values("kind").annotate(
        organisations=Count("organisation", distinct=True),
        leaders=Count("leader", distinct=True),
        places=Count("area_code", distinct=True),
    )
    counts = {row["kind"]: row for row in counted}
    counties: dict[str, set[str]] = defaultdict(set)
    for kind, area in rows.values_list("kind", "area_code").distinct():
        counties[kind].add(area[:6])
    sums = _sums(promised(within).filter(on__lte=on), arrived(within).filter(on__lte=on), "pairing__kind", on)
    made = []
    for code in pack.codes("pairing_kind").values:
        row = counts.get(code.id, {"organisations": 0, "leaders": 0, "places": 0})
        own = sums.get(code.id, Money())
        made.append(Kind(code.id, row["organisations"], row["leaders"], row["places"], len(counties[code.id]), own))
    return made


@dataclass(frozen=True, slots=True)
class Duty:
    """Places that ought to be paired in one way: how many, and those without."""

    kind: str
    wanted: int
    missing: list[str]

    @property
    def covered(self) -> int:
        return self.wanted - len(self.missing)


def duties(within: Scope, on: dt.date) -> list[Duty]:
    """By kind of pairing which places inside the scope ought to have one and have none on that day."""
    key_counties = teams.designated(DesignationKind.KEY_COUNTY, within, on.year).values_list("division_id", flat=True)
    keys = list(dict.fromkeys(key_counties))
    divisions = gate(Division.objects.filter(level=Level.COUNTY), within, "code").order_by("code")
    prefectures = [code for code in dict.fromkeys(key[:4] for key in keys) if within.covers(code)]
    wanted = {"key_county": keys, "county": list(divisions.values_list("code", flat=True)), "prefecture": prefectures}
    have: dict[str, set[str]] = defaultdict(set)
    for kind, area in inside(within, on).order_by().values_list("kind", "area_code").distinct():
        have[kind].add(area)
    return [
        Duty(kind, len(wanted[places]), [code for code in wanted[places] if code not in have[kind]])
        for kind, places in rules.DUTIES.items()
    ]


@dataclass(frozen=True, slots=True)
class Link:
    """A leader with key counties and townships linked on a day."""

    leader: int
    name: str
    counties: int
    townships: int


def leaders(within: Scope, on: dt.date) -> list[Link]:
    """Every leader linked with places inside the scope, with how many counties and townships, by key."""
    found: dict[int, list[Any]] = {}
    rows = inside(within, on).filter(kind=rules.LEADER, leader__isnull=False)
    for leader, name, area in rows.values_list("leader", "leader__name", "area_code"):
        one = found.setdefault(leader, [name, 0, 0])
        one[1 if len(area) == 6 else 2] += 1
    return [Link(key, name, counties, townships) for key, (name, counties, townships) in sorted(found.items())]


@dataclass(frozen=True, slots=True)
class Concentrated:
    """Where money was put together (集团帮扶): townships and counties that got fiscal funds, these and those of departments."""

    townships: int
    counties: int
    fiscal_fen: int
    department_fen: int


def concentrated(within: Scope, on: dt.date) -> Concentrated:
    """What came up to a day to townships inside the scope in which money was put together. One query."""
    rows = arrived(within).filter(on__lte=on, pairing__kind=rules.GROUP, amount_fen__gt=0)
    counted: Any = rows.order_by().values_list("area_code", "source").annotate(fen=Sum("amount_fen"))
    fiscal = {area[:9] for area, source, _fen in counted if source == "fiscal"}
    fen: dict[str, int] = defaultdict(int)
    for _area, source, amount in counted:
        fen[source] += amount
    return Concentrated(len(fiscal), len({area[:6] for area in fiscal}), fen["fiscal"], fen["department"])


def paired_villages(organisations: set[int], within: Scope) -> dict[int, set[str]]:
    """By organisation the places inside the scope with which it is paired now."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = inside(within).filter(to_date__isnull=True, organisation__in=organisations)
    for organisation, area in rows.values_list("organisation", "area_code"):
        found[organisation].add(area)
    return dict(found)

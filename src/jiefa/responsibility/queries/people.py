"""Organisations and cadres: those of an area, and those above it who may be asked to serve there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Count, Model, Q, QuerySet

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.kernel.division_codes import ancestors
from jiefa.responsibility.models import Cadre, Helper, Organisation, TeamMember

Row = TypeVar("Row", bound=Model)
AT_ONCE = 900
"""Values in one question: SQLite of older builds takes at most 999."""


def holds(on: dt.date) -> Q:
    """That a period ``[from_date, to_date)`` holds on that day."""
    return Q(from_date__lte=on) & (Q(to_date__isnull=True) | Q(to_date__gt=on))


def organisations(within: Scope) -> QuerySet[Organisation]:
    """The organisations with their seat inside the scope or above it, by name."""
    return (
        gate(Organisation.objects.all(), within, "area_code") | _above(Organisation.objects.all(), within)
    ).order_by("name", "pk")


def _above(rows: QuerySet[Row], within: Scope) -> QuerySet[Row]:
    codes = {above for area in within.areas for above in ancestors(area)}
    return rows.filter(area_code__in=sorted(codes)) if codes else rows.none()


def posted(within: Scope) -> QuerySet[Cadre]:
    """The cadres posted inside the scope."""
    return gate(Cadre.objects.select_related("organisation"), within, "area_code")


def cadres(within: Scope) -> QuerySet[Cadre]:
    """The cadres posted inside the scope or at a level above it: whoever may answer for a household in it; by key."""
    every = Cadre.objects.select_related("organisation")
    return (gate(every, within, "area_code") | _above(every, within)).order_by("pk")


def search(rows: QuerySet[Cadre], text: str) -> QuerySet[Cadre]:
    """Those whose name or number holds ``text``."""
    return rows.filter(Q(name__contains=text) | Q(number__startswith=text)) if text else rows


def cadre(pk: int, within: Scope) -> Cadre | None:
    """The cadre, if posted inside the scope or above it, or serving inside it today or formerly."""
    found = cadres(within).filter(pk=pk).first()
    if found is not None:
        return found
    serves = gate(TeamMember.objects.filter(cadre=pk), within).exists()
    if serves or gate(Helper.objects.filter(cadre=pk), within).exists():
        return Cadre.objects.select_related("organisation").filter(pk=pk).first()
    return None


def cadre_of_user(username: str, on: dt.date) -> Cadre | None:
    """The cadre who signs in under this name, while serving."""
    if not username:
        return None
    return Cadre.objects.select_related("organisation").filter(holds(on), username=username).first()


def by_number(numbers: Sequence[str], within: Scope) -> dict[str, Cadre]:
    """By number the cadres whom the scope may ask to serve."""
    found: dict[str, Cadre] = {}
    wanted = sorted(set(numbers))
    for first in range(0, len(wanted), AT_ONCE):
        part = cadres(within).filter(number__in=wanted[first : first + AT_ONCE])
        found |= {cadre.number: cadre for cadre in part}
    return found


def by_key(keys: Iterable[int]) -> dict[int, Cadre]:
    """Cadres by key, whoever they are: call with keys from rows that passed the gate."""
    found: dict[int, Cadre] = {}
    wanted = sorted(set(keys))
    for first in range(0, len(wanted), AT_ONCE):
        part = Cadre.objects.select_related("organisation").filter(pk__in=wanted[first : first + AT_ONCE])
        found |= {cadre.pk: cadre for cadre in part}
    return found


def loads(keys: Sequence[int]) -> dict[int, int]:
    """How many households each of these cadres answers for now; those with none are left out."""
    found: dict[int, int] = {}
    wanted = sorted(set(keys))
    for first in range(0, len(wanted), AT_ONCE):
        open_rows = Helper.objects.filter(to_date__isnull=True, cadre__in=wanted[first : first + AT_ONCE])
        counted = open_rows.values("cadre").annotate(households=Count("pk")).order_by()
        found |= {row["cadre"]: row["households"] for row in counted}
    return found


def overloaded(within: Scope, more_than: int, most: int = 50) -> list[tuple[Cadre, int]]:
    """Cadres who answer for more households inside the scope than that, with how many, the fullest first; at most so many."""
    rows = gate(Helper.objects.filter(to_date__isnull=True), within)
    counted: Any = rows.values("cadre").annotate(n=Count("pk")).filter(n__gt=more_than).order_by("-n", "cadre")[:most]
    full = [(row["cadre"], row["n"]) for row in counted]
    named = by_key(key for key, _ in full)
    return [(named[key], count) for key, count in full]

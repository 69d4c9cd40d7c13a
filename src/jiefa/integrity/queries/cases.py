"""The case book and the groups: read by whoever holds the case book of the area, by nobody else. Counts for the public."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractYear, Substr

from jiefa.access.queries import Actor, gate
from jiefa.access.rules import Permission, Scope, bodies_of
from jiefa.integrity.models import Case, CaseNote, Group, GroupTownship, HandOver

PREFECTURE = 4
STATES = ("open", "founded", "unfounded")


def cases(by: Actor, state: str = "", place: str | None = None) -> QuerySet[Case]:
    """The cases that ``by`` may read, of ``place`` alone where one is given, the newest first; none against a body of theirs.

    ``state``: open, founded, unfounded; '' for all.
    """
    within = by.scope(Permission.CASE_BOOK).narrowed(place)
    rows = gate(Case.objects.select_related("dossier", "group"), within, "area_code")
    rows = rows.exclude(against_code__in=sorted(bodies_of(by.posts)))
    of_state = {
        "open": Q(dossier__outcome=""),
        "founded": Q(dossier__outcome="approved"),
        "unfounded": Q(dossier__outcome="refused"),
    }
    return (rows.filter(of_state[state]) if state in of_state else rows).order_by("-pk")


def case(pk: int, by: Actor) -> Case | None:
    """The case, if ``by`` may read it."""
    return cases(by).filter(pk=pk).first()


def notes(found: Case) -> list[CaseNote]:
    """The lines of a case that passed the gate, oldest first."""
    return list(CaseNote.objects.filter(case=found).order_by("on", "pk"))


def handed_over(found: Case) -> list[HandOver]:
    """To whom a case that passed the gate was handed over, oldest first."""
    return list(HandOver.objects.filter(case=found).order_by("pk"))


def groups(within: Scope, on: dt.date) -> QuerySet[GroupTownship]:
    """Which group watches which township inside the scope on that day, by township."""
    rows = gate(GroupTownship.objects.select_related("group"), within, "area_code")
    holds = Q(to_date__isnull=True) | Q(to_date__gt=on)
    return rows.filter(holds, from_date__lte=on).order_by("area_code")


def group_of(township: str, on: dt.date) -> Group | None:
    """The group that watches the township on that day."""
    holds = Q(to_date__isnull=True) | Q(to_date__gt=on)
    row = GroupTownship.objects.filter(holds, area_code=township, from_date__lte=on).select_related("group").first()
    return row.group if row else None


@dataclass(frozen=True, slots=True)
class PublicCount:
    """What is published of a prefecture: groups at work, townships watched, cases concluded in a year. None: too few to be told."""

    prefecture: str
    groups: int
    townships: int
    concluded: int | None
    founded: int | None


def public_counts(year: int, on: dt.date, least: int) -> list[PublicCount]:
    """The counts by prefecture (cases of the province's own under its code), none narrower and none below ``least``: an office must not
    learn of a case by a number.

    Where cases found true, or those that were not, are fewer than ``least``, only all concluded ones are told.
    """
    holds = Q(to_date__isnull=True) | Q(to_date__gt=on)
    watched = (
        GroupTownship.objects.filter(holds, from_date__lte=on)
        .annotate(place=Substr("area_code", 1, PREFECTURE))
        .order_by()
        .values("place")
        .annotate(groups=Count("group", distinct=True), townships=Count("pk"))
    )
    told = {
        row["place"]: (row["concluded"], row["founded"])
        for row in Case.objects.filter(dossier__outcome__in=("approved", "refused"))
        .annotate(place=Substr("area_code", 1, PREFECTURE), year=ExtractYear("dossier__closed_on"))
        .filter(year=year)
        .order_by()
        .values("place")
        .annotate(concluded=Count("pk"), founded=Count("pk", filter=Q(dossier__outcome="approved")))
    }
    rows = {row["place"]: (row["groups"], row["townships"]) for row in watched}
    found = []
    for place in sorted({*rows, *told}):
        concluded, founded = told.get(place, (0, 0))
        whole = concluded >= least
        parts = whole and founded >= least and concluded - founded >= least
        found.append(
            PublicCount(
                place,
                *rows.get(place, (0, 0)),
                concluded if whole else None,
                founded if parts else None,
            )
        )
    return found

"""Visits of a household or by a cadre, how far a round has come, and entries that are doubtful: findings, not verdicts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Substr, TruncMinute

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.kernel.division_codes import ancestors
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import Household
from jiefa.responsibility.models import Round, Visit
from jiefa.responsibility.queries import teams

CORRECTED = Exists(Visit.objects.filter(corrects=OuterRef("pk")))


def counted(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    """Those that hold: not corrected by a further visit, and not withdrawn."""
    return rows.filter(~CORRECTED, void=False)


def of_household(household_id: int, most: int = 20) -> list[Visit]:
    """The visits of a household that passed the gate, corrected and withdrawn ones too, the latest first; ``corrected`` on each."""
    rows = Visit.objects.filter(household=household_id).select_related("cadre").annotate(corrected=CORRECTED)
    return list(rows.order_by("-on", "-pk")[:most])


def by_cadre(cadre_id: int, within: Scope, most: int = 50) -> list[Visit]:
    """The latest visits of a cadre inside the scope that hold."""
    rows = gate(counted(Visit.objects.filter(cadre=cadre_id)), within).select_related("household")
    return list(rows.order_by("-on", "-pk")[:most])


def visit(pk: int, within: Scope) -> Visit | None:
    """The visit, if it was made inside the scope."""
    rows = gate(Visit.objects.filter(pk=pk), within).select_related("household", "cadre")
    return rows.annotate(corrected=CORRECTED).first()


def visits(within: Scope, since: dt.date | None = None) -> QuerySet[Visit]:
    """Visits inside the scope that hold, the newest entry first."""
    rows = gate(counted(Visit.objects.select_related("cadre", "household")), within)
    return (rows.filter(on__gte=since) if since else rows).order_by("-pk")


def rounds(within: Scope) -> QuerySet[Round]:
    """Rounds whose area lies inside the scope, or holds it, the newest first."""
    above = Q(pk__in=[])
    for area in within.areas:
        above |= Q(division__in=ancestors(area))
    inside = gate(Round.objects.all(), within, "division_id")
    return (inside | Round.objects.filter(above)).order_by("-pk")


def round_over(village: str, on: dt.date) -> Round | None:
    """The round under way over a village on that day: the narrowest, of several the newest."""
    found = Round.objects.filter(division__in=[*ancestors(village), village], begins__lte=on, ends__gte=on)
    return max(found, key=lambda one: (len(one.division_id), one.pk), default=None)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a round has come in a place: poor households and poor villages visited, of how many, by how many people."""

    households: int
    households_visited: int
    villages: int
    villages_visited: int
    visitors: int


def coverage(found: Round, within: Scope) -> Coverage:
    """The coverage of a round in that part of its area that lies inside the scope. Five queries."""
    within = within.narrowed(found.division_id)
    poor = gate(Household.objects.filter(poverty_status__in=IN_POVERTY), within)
    made = gate(counted(Visit.objects.filter(of_round=found)), within)
    villages = set(teams.poor_villages(within, found.begins.year).values_list("division_id", flat=True))
    reached = set(made.order_by().values_list("village_code", flat=True).distinct())
    visited = poor.filter(pk__in=made.filter(household__isnull=False).values("household"))
    return Coverage(
        households=poor.count(),
        households_visited=visited.count(),
        villages=len(villages),
        villages_visited=len(villages & reached),
        visitors=made.aggregate(n=Count("cadre", distinct=True))["n"],
    )


def coverage_by_place(found: Round, digits: int, within: Scope) -> dict[str, tuple[int, int]]:
    """By place of so many digits: poor households, and those of them that the round visited."""
    within = within.narrowed(found.division_id)
    poor = gate(Household.objects.filter(poverty_status__in=IN_POVERTY), within)
    seen = gate(counted(Visit.objects.filter(of_round=found, household__isnull=False)), within).values("household")
    placed = poor.annotate(place=Substr("village_code", 1, digits)).order_by()
    every = dict(placed.values_list("place").annotate(n=Count("pk")))
    visited = dict(placed.filter(pk__in=seen).values_list("place").annotate(n=Count("pk")))
    return {place: (count, visited.get(place, 0)) for place, count in sorted(every.items())}


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Many households of one cadre entered in one minute, or visited on one day: a question to ask, nothing more."""

    cadre: int
    kind: str
    when: dt.date | dt.datetime
    households: int


def doubtful(within: Scope, since: dt.date, in_a_minute: int, in_a_day: int) -> list[Doubtful]:
    """What is doubtful of visits from ``since`` on, the latest first. Lists that came in as workbooks have no minute."""
    rows = gate(counted(Visit.objects.filter(on__gte=since, household__isnull=False)), within).order_by()
    by_minute: Any = (
        rows.filter(of_list="")
        .annotate(minute=TruncMinute("at"))
        .values("cadre", "minute")
        .annotate(n=Count("household", distinct=True), last=Max("pk"))
        .filter(n__gt=in_a_minute)
    )
    by_day: Any = (
        rows.values("cadre", "on").annotate(n=Count("household", distinct=True), last=Max("pk")).filter(n__gt=in_a_day)
    )
    found = [(row["last"], Doubtful(row["cadre"], "minute", row["minute"], row["n"])) for row in by_minute]
    found += [(row["last"], Doubtful(row["cadre"], "day", row["on"], row["n"])) for row in by_day]
    return [one for _, one in sorted(found, key=lambda pair: -pair[0])]

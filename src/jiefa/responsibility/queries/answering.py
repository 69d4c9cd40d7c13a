"""Who answers for a household, whose households are whose, and which households have nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import Household
from jiefa.responsibility.models import Helper, Visit
from jiefa.responsibility.queries import teams
from jiefa.responsibility.queries.people import holds
from jiefa.responsibility.queries.visits import counted


def history(household_id: int) -> list[Helper]:
    """Who answered for a household that passed the gate, the latest first."""
    rows = Helper.objects.filter(household=household_id).select_related("cadre__organisation")
    return list(rows.order_by("-from_date", "-pk"))


def helper_on(household_id: int, on: dt.date) -> Helper | None:
    """Who answers for a household that passed the gate on that day."""
    rows = Helper.objects.filter(holds(on), household=household_id).select_related("cadre__organisation")
    return rows.first()


def helpers_of(household_ids: Sequence[int], on: dt.date) -> dict[int, Helper]:
    """By household who answers for it on that day. One query."""
    rows = Helper.objects.filter(holds(on), household__in=list(household_ids)).select_related("cadre__organisation")
    return {row.household_id: row for row in rows}


def open_helpers(within: Scope) -> QuerySet[Helper, tuple[Any, ...]]:
    """``(household number, village, cadre number, cadre name, since)`` of whoever answers now inside the scope, by village."""
    rows = gate(Helper.objects.filter(to_date__isnull=True), within).order_by("village_code", "household")
    return rows.values_list("household__number", "village_code", "cadre__number", "cadre__name", "from_date")


AT_ONCE = 900


def numbers_of(household_ids: Sequence[int]) -> dict[int, str]:
    """The numbers of households that passed the gate, by key."""
    found: dict[int, str] = {}
    for first in range(0, len(household_ids), AT_ONCE):
        part = Household.objects.filter(pk__in=household_ids[first : first + AT_ONCE])
        found |= dict(part.values_list("pk", "number"))
    return found


def households_of(cadre_id: int, within: Scope, on: dt.date) -> QuerySet[Household]:
    """The households inside the scope for which the cadre answers on that day, by village and key."""
    answered = Helper.objects.filter(holds(on), cadre=cadre_id).values("household")
    return gate(Household.objects.filter(pk__in=answered), within).order_by("village_code", "pk")


def last_visits(household_ids: Sequence[int], until: dt.date) -> dict[int, Visit]:
    """The last visit up to a day of each of these households. Two queries."""
    rows = counted(Visit.objects.filter(household__in=list(household_ids), on__lte=until))
    latest = {row["household"]: row["last"] for row in rows.values("household").annotate(last=Max("on")).order_by()}
    found: dict[int, Visit] = {}
    days = rows.filter(on__in=set(latest.values())).select_related("cadre").order_by("pk")
    for visit in days:
        if visit.household_id is not None and latest[visit.household_id] == visit.on:
            found[visit.household_id] = visit
    return found


def _poor(within: Scope) -> QuerySet[Household]:
    return gate(Household.objects.filter(poverty_status__in=IN_POVERTY), within)


def _answered(on: dt.date) -> Exists:
    return Exists(Helper.objects.filter(holds(on), household=OuterRef("pk")))


def _seen(since: dt.date, on: dt.date) -> Exists:
    return Exists(counted(Visit.objects.filter(household=OuterRef("pk"), on__gte=since, on__lte=on)))


def without_helper(within: Scope, on: dt.date) -> QuerySet[Household]:
    """Households in poverty for which nobody answers on that day, by village and key."""
    return _poor(within).filter(~_answered(on)).order_by("village_code", "pk")


def unvisited(within: Scope, since: dt.date, on: dt.date) -> QuerySet[Household]:
    """Households in poverty that nobody visited from ``since`` to ``on``, by village and key."""
    return _poor(within).filter(~_seen(since, on)).order_by("village_code", "pk")


def waiting(within: Scope, since: dt.date, on: dt.date) -> list[QuerySet[Any]]:
    """What lacks somebody inside the scope: households without a helper, poor villages without a team, households not visited."""
    return [without_helper(within, on), teams.lacking(within, on), unvisited(within, since, on)]


@dataclass(frozen=True, slots=True)
class Standing:
    """The poor households of a place: how many, of these without a helper, and not visited in time."""

    households: int = 0
    without: int = 0
    unvisited: int = 0


def standing(within: Scope, digits: int, since: dt.date, on: dt.date) -> dict[str, Standing]:
    """By place of so many digits how its poor households stand on a day; places without one are left out."""
    rows: Any = (
        _poor(within)
        .annotate(place=Substr("village_code", 1, digits), answered=_answered(on), seen=_seen(since, on))
        .values("place")
        .annotate(
            households=Count("pk"),
            without=Count("pk", filter=Q(answered=False)),
            unvisited=Count("pk", filter=Q(seen=False)),
        )
        .order_by("place")
    )
    return {row["place"]: Standing(row["households"], row["without"], row["unvisited"]) for row in rows}


def answered(within: Scope, digits: int, on: dt.date) -> dict[str, tuple[int, int]]:
    """By place of so many digits: its poor households, and of these those for which somebody answers on that day. One query."""
    rows: Any = (
        _poor(within)
        .order_by()
        .annotate(place=Substr("village_code", 1, digits), answered=_answered(on))
        .values("place")
        .annotate(households=Count("pk"), with_one=Count("pk", filter=Q(answered=True)))
    )
    return {row["place"]: (row["households"], row["with_one"]) for row in rows}

"""What others who had the same cause left poverty with: counted from their cards, cases and loans, never a promise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.registry.models import HouseholdYear

CREDIT = "credit"
"""Stands for a loan, which is no programme of the pack."""


@dataclass(frozen=True, slots=True)
class Left:
    """Of ``households`` that left poverty with a cause on the card of that year, how many each programme had reached, most first."""

    households: int
    reached: tuple[tuple[str, int], ...]


def _left(within: Scope, causes: Iterable[str]) -> QuerySet[HouseholdYear]:
    """The cards, of the year in which they left poverty, of households with one of these as main cause."""
    rows = HouseholdYear.objects.filter(household__exited_year=F("year"), main_cause__in=list(causes))
    return gate(rows, within).order_by()


def left_with(within: Scope, causes: Iterable[str]) -> dict[str, Left]:
    """By main cause, what the households of the area had had when they left poverty. Three queries; nothing for causes without any.

    A household counts once for a programme, however many cases; only cases with the day of their trace count.
    """
    cards = _left(within, causes)
    counted = Count("household", distinct=True)
    all_of = dict(cards.values_list("main_cause").annotate(n=Count("pk")))
    traced = cards.filter(household__help_records__traced_on__isnull=False, household__help_records__off_list=False)
    by_programme = traced.values_list("main_cause", "household__help_records__programme").annotate(n=counted)
    lent = cards.filter(household__loans__isnull=False).values_list("main_cause").annotate(n=counted)
    reached: dict[str, list[tuple[str, int]]] = {cause: [] for cause in all_of}
    for cause, programme, households in by_programme:
        reached[cause].append((programme, households))
    for cause, households in lent:
        reached[cause].append((CREDIT, households))
    return {
        cause: Left(all_of[cause], tuple(sorted(found, key=lambda one: (-one[1], one[0]))))
        for cause, found in reached.items()
    }

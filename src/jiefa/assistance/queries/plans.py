"""Plans and measures: what is in force for a household, causes that nothing answers, measures that left no trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.assistance.models import BenefitPaid, HouseholdPlan, Loan, Measure, PlanState, ProgrammeRecord
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import HouseholdYear
from jiefa.responsibility.models import Helper
from jiefa.responsibility.queries.people import holds

CAUSES = ("main_cause", "other_cause_1", "other_cause_2")
CREDIT, INDUSTRY = "credit", "industry"
"""The kinds of measures whose trace is a loan, or what was paid by a benefit link."""


def in_force(household: int, year: int) -> HouseholdPlan | None:
    """The signed version; the draft where none is signed; None without either."""
    plans = HouseholdPlan.objects.filter(household=household, year=year).exclude(state=PlanState.REPLACED)
    return plans.prefetch_related(_measures()).order_by("-state").first()


def draft(household: int, year: int) -> HouseholdPlan | None:
    """What is being agreed and not signed yet."""
    plans = HouseholdPlan.objects.filter(household=household, year=year, state=PlanState.DRAFT)
    return plans.prefetch_related(_measures()).first()


def _measures() -> Prefetch[Any]:
    """In the order of their rows: a measure is taken off by its place."""
    return Prefetch("measures", Measure.objects.select_related("person", "cadre").order_by("pk"))


def versions(household: int, year: int) -> list[HouseholdPlan]:
    """Every version of the year, the newest first."""
    return list(HouseholdPlan.objects.filter(household=household, year=year).order_by("-version"))


def measure(pk: int, within: Scope) -> Measure | None:
    """The measure, if it lies inside the scope."""
    rows = Measure.objects.select_related("plan__household", "person", "cadre")
    return gate(rows, within).filter(pk=pk).first()


def answered_for(user: str, within: Scope, *, open_only: bool = False) -> QuerySet[Measure]:
    """The measures of signed plans for which this user answers, as a cadre or by name, by key; ``open_only``: those to come."""
    mine = Q(cadre__username=user) | Q(cadre__isnull=True, responsible_user=user)
    rows = Measure.objects.filter(mine, plan__state=PlanState.SIGNED)
    if open_only:
        rows = rows.filter(delivered_on__isnull=True)
    return gate(rows.select_related("plan__household", "person", "cadre"), within).order_by("pk")


def to_come() -> QuerySet[Measure]:
    """The measures of plans in force or being agreed that have not arrived, whoever's they are: for what follows from an action."""
    return Measure.objects.filter(plan__state__in=(PlanState.SIGNED, PlanState.DRAFT), delivered_on__isnull=True)


def of_former_helpers(households: Iterable[int], on: dt.date) -> QuerySet[Measure]:
    """Measures to come of these households for which somebody answers who helped the household and does not on that day; by key."""
    # The day beside the household: else SQLite reads all periods of the cadre (6,000 households of one: 85 s, so 1 s).
    helped = Helper.objects.filter(household=OuterRef("plan__household"), from_date__lte=on)
    by_cadre = helped.filter(cadre=OuterRef("cadre"))
    by_name = helped.filter(cadre__username=OuterRef("responsible_user"))
    former = Q(Exists(by_cadre), ~Exists(by_cadre.filter(holds(on))), cadre__isnull=False)
    named = Q(Exists(by_name), ~Exists(by_name.filter(holds(on))), cadre__isnull=True) & ~Q(responsible_user="")
    rows = to_come().filter(former | named, plan__household__in=list(households))
    return rows.select_related("plan__household", "person", "cadre").order_by("pk")


def unanswered(within: Scope, year: int) -> QuerySet[HouseholdYear]:
    """The cards of the year's poor households with a cause that no measure of their plan answers; by key of the household."""
    missing = Q()
    for cause in CAUSES:
        answered = Measure.objects.filter(
            plan__household=OuterRef("household_id"),
            plan__year=year,
            plan__state=PlanState.SIGNED,
            cause=OuterRef(cause),
        )
        missing |= Q(~Exists(answered), **{f"{cause}__isnull": False})
    cards = HouseholdYear.objects.filter(missing, year=year, poverty_status__in=IN_POVERTY)
    return gate(cards.select_related("household"), within).order_by("household_id")


def answered_causes(households: Iterable[int], year: int) -> dict[int, set[str]]:
    """By household, the causes that a measure of its signed plan answers."""
    rows = Measure.objects.filter(plan__household__in=list(households), plan__year=year, plan__state=PlanState.SIGNED)
    found: dict[int, set[str]] = {}
    for household, cause in rows.values_list("plan__household_id", "cause"):
        found.setdefault(household, set()).add(cause)
    return found


def untraced(within: Scope, year: int, on: dt.date, traces: Mapping[str, Sequence[str]]) -> QuerySet[Measure]:
    """Measures of signed plans that should have arrived by ``on`` and left no trace; by key.

    A trace is the day of delivery; of what is said to have arrived, the loan, what was paid by a benefit link of industry,
    or a case of one of the programmes that ``traces`` names for its kind (``programmes.traced_kinds``).
    """
    lent = Loan.objects.filter(household=OuterRef("plan__household"), from_on__year__gte=year)
    paid = BenefitPaid.objects.filter(link__household=OuterRef("plan__household"), on__year__gte=year)
    late = Q(delivered_on__isnull=True, planned_on__lt=on)
    said = Q(~Exists(lent), delivered_on__isnull=False, kind=CREDIT)
    said |= Q(~Exists(paid), delivered_on__isnull=False, kind=INDUSTRY)
    for kind, programmes in traces.items():
        came = ProgrammeRecord.objects.filter(
            household=OuterRef("plan__household"),
            programme__in=programmes,
            year__gte=year,
            traced_on__isnull=False,
            off_list=False,
        )
        said |= Q(~Exists(came), delivered_on__isnull=False, kind=kind)
    rows = Measure.objects.filter(late | said, plan__year=year, plan__state=PlanState.SIGNED)
    return gate(rows.select_related("plan__household", "person", "cadre"), within).order_by("pk")

"""The kind of a household: as the rules derive it from its cards, and as an officer set it against them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Max, QuerySet

from jiefa.policy import Policy
from jiefa.registry import rules
from jiefa.registry.models import HouseholdYear, KindChoice, PersonYear


def rules_of(policy: Policy) -> rules.KindRules:
    """The dated lists of the four kinds."""
    return rules.KindRules(
        able_labour=frozenset(policy.texts("four_kinds.able_labour")),
        two_cause=frozenset(policy.texts("four_kinds.two_cause_causes")),
        two_lack=frozenset(policy.texts("four_kinds.two_lack_causes")),
    )


def derived(card: HouseholdYear, policy: Policy) -> str:
    """The kind that follows from a card and its members' labour. Call only with a card that passed the gate."""
    labour = PersonYear.objects.filter(
        year=card.year, village_code=card.village_code, household=card.household_id
    ).values_list("labour", flat=True)
    return rules.kind(list(labour), card.main_cause, rules_of(policy))


def in_force(year: int) -> QuerySet[KindChoice]:
    """The choices that hold in a year: the newest of each household, unless it gave the derived kind back."""
    newest = KindChoice.objects.filter(year=year).values("household").annotate(last=Max("pk")).order_by().values("last")
    return KindChoice.objects.filter(pk__in=newest).exclude(kind="")


def chosen(household_ids: Iterable[int], year: int) -> dict[int, str]:
    """The kind that an officer's choice holds to, of those of these households where one does."""
    held = in_force(year).filter(household__in=list(household_ids))
    return dict(held.values_list("household_id", "kind"))


def choices(household_id: int, year: int) -> list[KindChoice]:
    """Every choice about a household that passed the gate, the newest first."""
    return list(KindChoice.objects.filter(household=household_id, year=year).order_by("-pk"))

"""What assistance adds to the page of a household: its plan of the year, its loans."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jiefa.assistance.queries import credit, plans
from jiefa.assistance.rules import credit as rules
from jiefa.policy import NotInForce
from jiefa.registry.models import Household, HouseholdYear
from jiefa.site.presenters import assistance as shown
from jiefa.site.reader import Reader


def context(reader: Reader, household: Household, card: HouseholdYear | None) -> dict[str, Any]:
    """``help`` of the household's page; None without a card of the year."""
    if card is None:
        return {"help": None}
    today = timezone.localdate()
    try:
        held = rules.limits(reader.pack.at(today))
    except NotInForce:
        held = None
    plan = plans.in_force(household.pk, card.year)
    return {"help": shown.card(reader, plan, credit.of_household(household.pk), card, held, today)}

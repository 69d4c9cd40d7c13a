"""What assistance adds to the page of a household: its plan of the year, its loans, its cases, what it may apply for."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.assistance.actions import credit as lending
from jiefa.assistance.actions import records as cases
from jiefa.assistance.queries import credit, industry, plans, programmes
from jiefa.assistance.rules import credit as rules
from jiefa.policy import NotInForce, Programme
from jiefa.procedures import queries as dossiers
from jiefa.registry.actions.statuses import IN_POVERTY
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
    records = programmes.of_household(household.pk, card.year)
    links = industry.of_household(household.pk, card.year)
    return {
        "help": shown.card(reader, plan, credit.of_household(household.pk), card, held, today, records, links),
        "applies": _applies(reader, household),
        "plan_url": _plan_url(reader, household, card.year),
    }


def _plan_url(reader: Reader, household: Household, year: int) -> str:
    """Where the plan is drawn up, for who edits the household."""
    may = reader.actor.may(Permission.HOUSEHOLD_EDIT, household.village_code)
    return f"{reverse('site:household-plan', args=[household.pk])}?year={year}" if may else ""


def _applies(reader: Reader, household: Household) -> list[dict[str, str]]:
    """What the household may apply for today, at the desk of the reader."""
    if household.poverty_status not in IN_POVERTY:
        return []
    offered = [
        {
            "label": reader.words(chosen.zh, chosen.en),
            "url": reader.at(reverse("site:apply", args=[household.pk, chosen.id])),
        }
        for chosen in applies(reader, household)
    ]
    if lends_here(reader, household):
        offered.append({"label": _("Microcredit"), "url": reverse("site:apply-loan", args=[household.pk])})
    return offered


def applies(reader: Reader, household: Household) -> list[Programme]:
    """The programmes for which the reader may take an application of the household today."""
    today, found = timezone.localdate(), []
    for chosen in reader.pack.programmes.values():
        if cases.PREFIX + chosen.id not in reader.pack.procedures:
            continue
        procedure = reader.pack.procedure(cases.PREFIX + chosen.id, today)
        if dossiers.may_take(reader.actor, procedure.first, household.village_code):
            found.append(chosen)
    return found


def lends_here(reader: Reader, household: Household) -> bool:
    """Whether the reader takes applications for loans of the household today."""
    procedure = reader.pack.procedure(lending.PROCEDURE, timezone.localdate())
    return dossiers.may_take(reader.actor, procedure.first, household.village_code)

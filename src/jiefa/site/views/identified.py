"""What identification adds to the page of a household: its kind with the rule, its score, leads, look-back campaigns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.identification import queries
from jiefa.identification.actions import scores as actions
from jiefa.identification.models import Score
from jiefa.identification.rules import looks as rules
from jiefa.policy import NotInForce, Scorecard
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import Household, HouseholdYear
from jiefa.registry.queries import kinds
from jiefa.registry.rules import kind as derived_kind
from jiefa.site.presenters import kinds as kinds_shown
from jiefa.site.presenters import leads as leads_shown
from jiefa.site.presenters import looks as looks_shown
from jiefa.site.reader import Reader

P = Permission


def context(
    reader: Reader, household: Household, card: HouseholdYear | None, labour: Iterable[str | None]
) -> dict[str, Any]:
    """``kind, looks, leads, campaigns`` of the household's page; ``labour`` of the members on its card."""
    may = reader.actor.may(P.DOSSIER_VIEW, household.village_code)
    derived = derived_kind(list(labour), card.main_cause, _rules(reader, card)) if card else ""
    return {
        "kind": kind(reader, household, card, derived) if card else None,
        "looks": _looks(reader, household, card.year) if card else None,
        "leads": leads_shown.of_household(reader, queries.leads_of(household.pk)) if may else [],
        "campaigns": _campaigns(reader, household),
    }


def _rules(reader: Reader, card: HouseholdYear) -> Any:
    return kinds.rules_of(reader.pack.for_year(card.year))


def kind(reader: Reader, household: Household, card: HouseholdYear, derived: str) -> dict[str, Any]:
    """The kind of a household on a card, beside what the rule derives, with every choice."""
    choices = kinds.choices(household.pk, card.year)
    people = access.full_names({choice.by for choice in choices}) if choices else {}
    return kinds_shown.context(reader, household, card, derived, choices, people)


def scorecard(reader: Reader, year: int) -> Scorecard:
    """The version of the scorecard that scores a year."""
    return reader.pack.at(dt.date(year, 12, 31)).scorecard(actions.SCORECARD)


def scored(reader: Reader, household: Household, year: int) -> tuple[rules.Scored, Score | None] | None:
    """The household by the looks: as it was scored last, else what its card alone says; None without a card of the year."""
    kept = queries.latest_scores([household.pk], year).get(household.pk)
    if kept is not None:
        return rules.kept(scorecard(reader, year), kept.answers, kept.asked), kept
    carded = queries.facts_of([household.pk], year).get(household.pk)
    if carded is None:
        return None
    return rules.score(scorecard(reader, year), rules.facts(carded.facts), {}), None


def _looks(reader: Reader, household: Household, year: int) -> dict[str, Any] | None:
    """The score; None where no scorecard or no card is of the year."""
    try:
        found = scored(reader, household, year)
    except NotInForce:
        found = None
    if found is None:
        return None
    people = access.full_names([found[1].by]) if found[1] else {}
    made = looks_shown.panel(reader, scorecard(reader, year), found[0], found[1], people)
    may = reader.actor.may(P.HOUSEHOLD_EDIT, household.village_code)
    url = f"{reverse('site:household-looks', args=[household.pk])}?year={year}"
    return made | {"form_url": url if may else ""}


def _campaigns(reader: Reader, household: Household) -> list[dict[str, Any]]:
    """The look-back campaigns over the village: what was found, or the way to enter who was missed."""
    may = reader.actor.may(P.HOUSEHOLD_EDIT, household.village_code)
    made = []
    for campaign, row in queries.campaigns_about(household):
        if row is None and (not may or household.poverty_status in IN_POVERTY):
            continue
        visit = reverse("site:lookback-visit", args=[campaign.pk, household.pk])
        listed = f"{reverse('site:lookback', args=[campaign.pk])}?place={household.village_code}"
        found = _("not on the list: enter as missed") if row is None else _("not visited yet")
        made.append(
            {
                "title": campaign.title,
                "found": row.get_found_display() if row and row.found else found,
                "url": visit if may else listed,
            }
        )
    return made

"""One household: its page, its card to print, its numbers for those who may see them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.assistance.queries import programmes as help_records
from jiefa.audit import actions as audit_actions
from jiefa.audit import queries as audit
from jiefa.casework import actions as casework
from jiefa.changes.actions import proposing as changes
from jiefa.funds.queries import accounts
from jiefa.funds.queries import projects as project_queries
from jiefa.insight.queries import findings
from jiefa.planning.queries import plans as planned
from jiefa.policy import Procedure
from jiefa.procedures import queries as dossiers
from jiefa.procedures import subjects
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household, HouseholdYear
from jiefa.registry.queries import households
from jiefa.site.presenters import household as shown
from jiefa.site.presenters import money as paid
from jiefa.site.presenters import planning as planning_shown
from jiefa.site.presenters import projects as project_shown
from jiefa.site.presenters import proposing
from jiefa.site.reader import Reader
from jiefa.site.views import after_exit, answered, helped, identified
from jiefa.site.views.parts import page

P = Permission
ENTRIES = 50


def found_or_404(reader: Reader, pk: int, permission: Permission) -> Household:
    """The household, if the reader holds ``permission`` where it lies. Outside: it does not exist for this reader."""
    household = households.household(pk, reader.scope(permission))
    if household is None:
        raise Http404
    reader.place_code = household.village_code
    return household


def year_of(reader: Reader, cards: list[HouseholdYear]) -> int:
    """The year that the page is about: the reader's, or the latest card where there is none of that year."""
    years = [card.year for card in cards]
    return reader.year if reader.year in years or not years else years[-1]


def looked(reader: Reader, household: Household, purpose: str) -> None:
    """This look is kept."""
    audit_actions.record_read(
        by=reader.actor.name, household_id=household.pk, village_code=household.village_code, purpose=purpose
    )


def _facts(reader: Reader, household: Household, full: bool) -> shown.Facts:
    cards = households.cards(household.pk)
    year = year_of(reader, cards)
    entries = list(audit.history("household", household.pk)[:ENTRIES])
    listed = help_records.listed(household.pk, ENTRIES)
    deciders = [case.of_list.decided_by for case in listed if case.of_list]
    may_see = reader.actor.may(P.FINDING_VIEW, household.village_code)
    return shown.Facts(
        household=household,
        cards=cards,
        year=year,
        members=households.members(household.pk, year, latest=household.card_year in (None, year)),
        findings=findings.of_household(household.pk, year) if may_see else [],
        movements=households.movements(household.pk),
        entries=entries,
        listed=listed,
        editors=access.full_names([*(entry.by for entry in entries), *deciders]),
        places=areas.way_up(household.village_code),
        full=full,
        dossiers=_dossiers(reader, household),
        records_changes=_records_changes(reader, household),
    )


def _context(reader: Reader, household: Household, full: bool) -> dict[str, Any]:
    return shown.context(reader, _facts(reader, household, full))


def _dossiers(reader: Reader, household: Household) -> list[Dossier]:
    if not reader.actor.may(P.DOSSIER_VIEW, household.village_code):
        return []
    return dossiers.of_subject(subjects.household(household.pk), reader.scope(P.DOSSIER_VIEW))


def _records_changes(reader: Reader, household: Household) -> bool:
    """Whether the reader may record a change of the household today."""
    begins = changes.begun_by(
        actor=reader.actor, village=household.village_code, on=timezone.localdate(), pack=reader.pack
    )
    return bool(begins) and household.poverty_status != "closed"


def offered(reader: Reader, household: Household) -> list[Procedure]:
    """What the reader may begin about the household today."""
    return casework.begins_here(
        actor=reader.actor,
        status=household.poverty_status,
        village=household.village_code,
        on=timezone.localdate(),
        pack=reader.pack,
    )


def _pots(reader: Reader, household: Household) -> list[dict[str, Any]]:
    """What reached the household's account, by where it came from, for who may see money; each opens its way from the source."""
    if not reader.actor.may(P.MONEY_VIEW, household.village_code):
        return []
    found = accounts.of_household(household.pk)
    return [paid.account(reader, one, {}) for one in found if reader.actor.may(P.MONEY_VIEW, one.area_code)]


@page
def household(reader: Reader, pk: int) -> HttpResponseBase:
    found = found_or_404(reader, pk, P.HOUSEHOLD_VIEW)
    looked(reader, found, "page")
    facts = _facts(reader, found, full=False)
    labour = [member.card.labour for member in facts.members if member.card]
    context = shown.context(reader, facts) | identified.context(reader, found, facts.card, labour)
    context |= answered.card(reader, found)
    context |= helped.context(reader, found, facts.card)
    context["pots"] = _pots(reader, found)
    context["projects"] = project_shown.of_household(reader, project_queries.of_household(found.pk))
    context["planned"] = planning_shown.of_household(reader, planned.newest_of_household(found.pk))
    context["after_exit"] = after_exit.card(reader, found, facts.year)
    context["begins"] = proposing.begins(reader, found, offered(reader, found))
    return render(reader.request, "site/household.html", context)


@page
def card(reader: Reader, pk: int) -> HttpResponseBase:
    found = found_or_404(reader, pk, P.HOUSEHOLD_VIEW)
    looked(reader, found, "print")
    context = _context(reader, found, full=False) | answered.card(reader, found)
    return render(reader.request, "site/household_print.html", context)


@page
def numbers(reader: Reader, pk: int) -> HttpResponseBase:
    """The page with full numbers, for posts that may see them; the look is kept with its purpose."""
    if reader.request.method != "POST":
        return redirect("site:household", pk)
    found = found_or_404(reader, pk, P.ID_NUMBER_VIEW)
    looked(reader, found, "full numbers")
    return render(reader.request, "site/household.html", _context(reader, found, full=True))

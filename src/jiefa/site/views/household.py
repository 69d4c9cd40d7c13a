"""One household: its page, its card to print, its numbers for those who may see them, its form."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit_actions
from jiefa.audit import queries as audit
from jiefa.insight.actions import edit as edit_actions
from jiefa.insight.queries import findings
from jiefa.registry.actions.households import EditConflict
from jiefa.registry.models import Household, HouseholdYear
from jiefa.registry.queries import households
from jiefa.site import card_forms
from jiefa.site.presenters import household as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page

P = Permission


def _found(reader: Reader, pk: int, permission: Permission) -> Household:
    """The household, if the reader holds ``permission`` where it lies. Outside: it does not exist for this reader."""
    household = households.household(pk, reader.scope(permission))
    if household is None:
        raise Http404
    return household


def _year(reader: Reader, cards: list[HouseholdYear]) -> int:
    years = [card.year for card in cards]
    return reader.year if reader.year in years or not years else years[-1]


def _context(reader: Reader, household: Household, full: bool) -> dict[str, Any]:
    reader.place_code = household.village_code
    cards = households.cards(household.pk)
    year = _year(reader, cards)
    facts = shown.Facts(
        household=household,
        cards=cards,
        year=year,
        members=households.members(household.pk, year),
        findings=findings.of_household(household.pk) if reader.actor.may(P.FINDING_VIEW, household.village_code) else [],
        movements=households.movements(household.pk),
        entries=list(audit.history("household", household.pk)[:50]),
        places=areas.way_up(household.village_code),
        full=full,
    )
    return shown.context(reader, facts)


@page
def household(reader: Reader, pk: int) -> HttpResponseBase:
    found = _found(reader, pk, P.HOUSEHOLD_VIEW)
    audit_actions.record_read(
        by=reader.actor.name, household_id=found.pk, village_code=found.village_code, purpose="page"
    )
    return render(reader.request, "site/household.html", _context(reader, found, full=False))


@page
def card(reader: Reader, pk: int) -> HttpResponseBase:
    found = _found(reader, pk, P.HOUSEHOLD_VIEW)
    audit_actions.record_read(
        by=reader.actor.name, household_id=found.pk, village_code=found.village_code, purpose="print"
    )
    return render(reader.request, "site/household_print.html", _context(reader, found, full=False))


@page
def numbers(reader: Reader, pk: int) -> HttpResponseBase:
    """The page with full numbers, for posts that may see them; the look is kept with its purpose."""
    if reader.request.method != "POST":
        return redirect("site:household", pk)
    found = _found(reader, pk, P.ID_NUMBER_VIEW)
    audit_actions.record_read(
        by=reader.actor.name, household_id=found.pk, village_code=found.village_code, purpose="full numbers"
    )
    return render(reader.request, "site/household.html", _context(reader, found, full=True))


@page
def edit(reader: Reader, pk: int) -> HttpResponseBase:
    found = _found(reader, pk, P.HOUSEHOLD_EDIT)
    reader.place_code = found.village_code
    cards = households.cards(found.pk)
    if not cards:
        raise Http404
    year = _year(reader, cards)
    card_of_year = next(card for card in cards if card.year == year)
    members = [member for member in households.members(found.pk, year) if member.card is not None]
    full = reader.actor.may(P.ID_NUMBER_VIEW, found.village_code)
    bound = card_forms.bind(reader, found, card_of_year, members, reader.request.POST or None, full=full)
    context: dict[str, Any] = {
        "household": {"pk": found.pk, "number": found.number, "head": found.head_name},
        "year": year,
        "form": bound.form,
        "sections": bound.sections,
        "members": bound.members,
        "version": reader.request.POST.get("version") or found.version,
        "findings": [],
        "save_url": reader.at(reverse("site:household-edit", args=[pk])),
        "check_url": reader.at(reverse("site:household-edit", args=[pk]), check=1),
        "cancel_url": reader.at(reverse("site:household", args=[pk])),
    }
    if reader.request.method != "POST":
        return render(reader.request, "site/household_form.html", context)
    version = _version(reader, found)
    if not bound.is_valid():
        return render(reader.request, "site/household_form.html", context, status=422)
    return _saved(reader, found, year, version, bound, context)


def _version(reader: Reader, found: Household) -> int:
    text = reader.request.POST.get("version", "")
    return int(text) if text.isdecimal() else -found.version


def _saved(
    reader: Reader, found: Household, year: int, version: int, bound: card_forms.Bound, context: dict[str, Any]
) -> HttpResponseBase:
    arguments: dict[str, Any] = {
        "household_id": found.pk,
        "year": year,
        "version": version,
        "edit": bound.edit(),
        "pack": reader.pack,
        "by": reader.actor.name,
    }
    try:
        if reader.request.GET.get("check"):
            violations = edit_actions.try_out(**arguments)
            context["findings"] = shown.violations(reader, violations, bound.names)
            return render(reader.request, "site/_form_findings.html", context)
        edit_actions.save(**arguments)
    except EditConflict as conflict:
        facts = card_forms.conflict(reader, bound, conflict)
        context |= {
            "theirs_by": conflict.by,
            "theirs_at": conflict.at,
            "fields": facts,
            "version": conflict.version,
            "payload": bound.payload(),
        }
        return render(reader.request, "site/household_conflict.html", context, status=409)
    except edit_actions.CardRefused as refused:
        context["findings"] = shown.violations(reader, refused.violations, bound.names)
        return render(reader.request, "site/household_form.html", context, status=422)
    return redirect(reader.at(reverse("site:household", args=[found.pk])))



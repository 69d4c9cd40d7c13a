"""The household's card as a form: checked while typing, refused with findings, merged when somebody was faster.

What touches status, income or money is not on it: two officers change that (docs/adr/0015).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.changes.actions import proposing
from jiefa.changes.rules import kinds
from jiefa.insight.actions import edit as actions
from jiefa.registry.actions.households import EditConflict
from jiefa.registry.models import Household
from jiefa.registry.queries import households
from jiefa.site import card_forms
from jiefa.site.presenters import conflict as conflict_shown
from jiefa.site.presenters import household as shown
from jiefa.site.reader import Reader
from jiefa.site.views.household import found_or_404, looked, year_of
from jiefa.site.views.parts import page

P = Permission


@page
def edit(reader: Reader, pk: int) -> HttpResponseBase:
    found = found_or_404(reader, pk, P.HOUSEHOLD_EDIT)
    cards = households.cards(found.pk)
    if not cards:
        raise Http404
    year = year_of(reader, cards)
    card = next(card for card in cards if card.year == year)
    members = [member for member in households.members(found.pk, year) if member.card is not None]
    full = reader.actor.may(P.ID_NUMBER_VIEW, found.village_code)
    by_two = kinds.by_two(reader.pack.for_year(year))
    bound = card_forms.bind(reader, found, card, members, reader.request.POST or None, full=full, without=by_two)
    context = _context(reader, found, year, bound) | _by_correction(reader, found, by_two)
    if reader.request.method != "POST":
        looked(reader, found, "form with numbers" if full else "form")
        return render(reader.request, "site/household_form.html", context)
    if reader.request.GET.get("check"):
        return _checked(reader, found, year, bound, context)
    if not bound.is_valid():
        return render(reader.request, "site/household_form.html", context, status=422)
    return _saved(reader, found, year, bound, context)


def _context(reader: Reader, found: Household, year: int, bound: card_forms.Bound) -> dict[str, Any]:
    url = reverse("site:household-edit", args=[found.pk])
    return {
        "household": {"pk": found.pk, "number": found.number, "head": found.head_name},
        "year": year,
        "form": bound.form,
        "whole": bound,
        "sections": bound.sections,
        "members": bound.members,
        "version": reader.request.POST.get("version") or found.version,
        "findings": None,
        "save_url": f"{url}?year={year}",
        "check_url": f"{url}?year={year}&check=1",
        "cancel_url": f"{reverse('site:household', args=[found.pk])}?year={year}",
        "draft": f"{found.pk}:{year}:{reader.request.POST.get('version') or found.version}",
        "draft_skip": " ".join(sorted(card_forms.NUMBERS)),
    }


def _by_correction(reader: Reader, found: Household, by_two: frozenset[str]) -> dict[str, str]:
    """Which fields two officers change, and where the reader applies for it, if the reader does."""
    labels = [
        reader.words(field.zh, field.en)
        for sheet in reader.pack.form("roster").sheets
        for field in sheet.fields
        if field.id in by_two
    ]
    today = timezone.localdate()
    begins = proposing.begun_by(actor=reader.actor, village=found.village_code, on=today, pack=reader.pack)
    url = reverse("site:household-change", args=[found.pk, kinds.Doing.CORRECTION.value])
    return {
        "moved_fields": reader.words("、", ", ").join(labels),
        "correction_url": url if kinds.TWO in begins else "",
    }


def _arguments(reader: Reader, found: Household, year: int, bound: card_forms.Bound) -> dict[str, Any]:
    version = reader.request.POST.get("version", "")
    return {
        "household_id": found.pk,
        "year": year,
        # A form without a readable version is as old as can be: it meets the conflict page, never overwrites.
        "version": int(version) if version.isdecimal() else 0,
        "edit": bound.edit(),
        "pack": reader.pack,
        "by": reader.actor.name,
    }


def _checked(
    reader: Reader, found: Household, year: int, bound: card_forms.Bound, context: dict[str, Any]
) -> HttpResponseBase:
    """What the rules say of the form as typed so far; nothing is kept."""
    if not bound.is_valid():
        context |= {"findings": [], "unreadable": bound.unreadable()}
    else:
        try:
            violations = actions.try_out(**_arguments(reader, found, year, bound))
            context["findings"] = shown.violations(reader, violations, bound.names)
        except EditConflict as conflict:
            context |= {"findings": [], "overtaken_by": conflict_shown.who(conflict, access.full_names([conflict.by]))}
    return render(reader.request, "site/_form_findings.html", context)


def _saved(
    reader: Reader, found: Household, year: int, bound: card_forms.Bound, context: dict[str, Any]
) -> HttpResponseBase:
    try:
        saved = actions.save(**_arguments(reader, found, year, bound))
    except EditConflict as conflict:
        people = access.full_names([conflict.by])
        context |= conflict_shown.context(reader, bound, conflict, people)
        return render(reader.request, "site/household_conflict.html", context, status=409)
    except actions.CardRefused as refused:
        context["findings"] = shown.violations(reader, refused.violations, bound.names)
        context["refused"] = refused.message(reader.lang)
        bound.mark(refused.violations.to_pylist(), reader)
        return render(reader.request, "site/household_form.html", context, status=422)
    left = saved.violations.num_rows
    said = _("Saved.")
    if left:
        said += " " + ngettext(
            "{count} finding is left; see below.", "{count} findings are left; see below.", left
        ).format(count=left)
    messages.success(reader.request, said)
    return redirect(context["cancel_url"])

"""A household applies: its card is filled in, checked while typing, and put on file together with the dossier that decides."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.areas.models import Division
from jiefa.casework import actions as casework
from jiefa.changes.actions import applications
from jiefa.changes.actions.applications import ApplicationUnfit
from jiefa.insight.actions import edit as judging
from jiefa.insight.actions.edit import CardRefused
from jiefa.kernel.division_codes import Level
from jiefa.registry.actions import applicants
from jiefa.registry.actions.applicants import NumberInUse
from jiefa.site import application_forms, card_forms
from jiefa.site.card_forms import Bound
from jiefa.site.presenters import household as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page


def received_here(reader: Reader, village: str) -> bool:
    """Whether the reader may put an application of a household of this village on file today."""
    return applications.received_by(actor=reader.actor, village=village, on=timezone.localdate(), pack=reader.pack)


def _village(reader: Reader, code: str) -> Division:
    """The village; for whoever receives no applications there it does not exist."""
    if not received_here(reader, code):
        raise Http404
    place = areas.division(code)
    if place.level != Level.VILLAGE:
        raise Http404
    reader.place_code = code
    return place


@page
def new(reader: Reader, code: str) -> HttpResponseBase:
    village = _village(reader, code)
    posted = reader.request.POST if reader.request.method == "POST" else None
    years = _years(reader)
    asked = reader.request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else years[0]
    # The codes to choose from are those of the card's year, whichever year the reader came from.
    reader.year = year
    rows, do = application_forms.rows_of(posted), posted.get("do", "") if posted is not None else ""
    if posted is None or do == "add" or do.startswith("remove-"):
        bound = card_forms.bind_new(reader, posted, application_forms.changed_rows(rows, do), check=False)
        return _form(reader, village, years, bound)
    bound = card_forms.bind_new(reader, posted, rows, check=True)
    if reader.request.GET.get("check"):
        return _checked(reader, village, bound)
    if not bound.is_valid():
        return _form(reader, village, years, bound, status=422)
    return _saved(reader, village, years, bound)


def _years(reader: Reader) -> list[int]:
    """The years whose card may be filled in, the likelier first."""
    today = timezone.localdate()
    first = applications.year_of(today, reader.pack)
    return [first, today.year if first != today.year else today.year - 1]


def _form(
    reader: Reader, village: Division, years: list[int], bound: Bound, status: int = 200, **more: Any
) -> HttpResponseBase:
    posted = bound.posted
    if posted is None:
        bound.form.initial["household_number"] = applicants.free_number(village.code)
    url = reverse("site:application-new", args=[village.code])
    context: dict[str, Any] = {
        "household": None,
        "village": {"code": village.code, "name": village.name},
        "year": reader.year,
        "other_years": [{"year": year, "url": f"{url}?year={year}"} for year in years if year != reader.year],
        "form": bound.form,
        "whole": bound,
        "sections": bound.sections,
        "members": bound.members,
        "blank_member": card_forms.bind_new(reader, None, [0], check=False).members[0],
        "key": (posted.get("key", "")[:64] if posted is not None else "") or application_forms.new_key(),
        "findings": None,
        "save_url": f"{url}?year={reader.year}",
        "check_url": f"{url}?year={reader.year}&check=1",
        "cancel_url": reader.at(reverse("site:area", args=[village.code])),
        "draft": f"new-{village.code}:{reader.year}:0",
        "draft_skip": " ".join(sorted(application_forms.NOT_KEPT)),
    }
    return render(reader.request, "site/household_form.html", context | more, status=status)


def _application(reader: Reader, village: Division, bound: Bound) -> applicants.Application:
    key = bound.posted.get("key", "")[:64] if bound.posted is not None else ""
    return application_forms.application(bound, village.code, reader.year, key)


def _checked(reader: Reader, village: Division, bound: Bound) -> HttpResponseBase:
    """What the rules say of the form as typed so far; nothing is kept."""
    context: dict[str, Any] = {"findings": [], "unreadable": []}
    if not bound.is_valid():
        context["unreadable"] = bound.unreadable()
    else:
        try:
            typed = _application(reader, village, bound)
            fitted = applications.fitted(typed, reader.actor.scope(Permission.HOUSEHOLD_VIEW), timezone.localdate())
            violations = judging.try_entering(application=fitted, pack=reader.pack, by=reader.actor.name)
            context["findings"] = shown.violations(reader, violations, _names(bound))
        except ApplicationUnfit as unfit:
            application_forms.refuse(bound, unfit.refused, reader)
            context["unreadable"] = bound.unreadable()
        except NumberInUse as reason:
            bound.form.add_error("household_number", reason.message(reader.lang))
            context["unreadable"] = bound.unreadable()
    return render(reader.request, "site/_form_findings.html", context)


def _names(bound: Bound) -> dict[int, str]:
    """The members' names by their place in the form."""
    return dict(enumerate(bound.names.values(), start=1))


def _saved(reader: Reader, village: Division, years: list[int], bound: Bound) -> HttpResponseBase:
    typed = _application(reader, village, bound)
    try:
        key = casework.apply_household(application=typed, by=reader.actor, on=timezone.localdate(), pack=reader.pack)
    except ApplicationUnfit as unfit:
        application_forms.refuse(bound, unfit.refused, reader)
        return _form(reader, village, years, bound, 422, refused=unfit.message(reader.lang))
    except NumberInUse as reason:
        bound.form.add_error("household_number", reason.message(reader.lang))
        return _form(reader, village, years, bound, 422)
    except CardRefused as refused:
        found = shown.violations(reader, refused.violations, _names(bound))
        bound.mark(_by_row(bound, refused.violations), reader)
        return _form(reader, village, years, bound, 422, refused=refused.message(reader.lang), findings=found)
    messages.success(reader.request, _("The household is on file as an applicant, and its dossier is drawn up."))
    return redirect(f"{reverse('site:dossier', args=[key])}?applied=1")


def _by_row(bound: Bound, violations: pa.Table) -> list[dict[str, Any]]:
    """The violations with the member's row in place of the member's place."""
    rows = list(bound.member_forms)
    found: list[dict[str, Any]] = violations.to_pylist()
    return [one | {"person_id": rows[one["person_id"] - 1] if one["person_id"] else None} for one in found]

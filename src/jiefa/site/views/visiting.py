"""The helper's own households and visits: on a phone first. A visit written down, its photograph shown."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission, Scope
from jiefa.assistance.queries import plans
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.procedures import evidence
from jiefa.responsibility.actions import visiting
from jiefa.responsibility.actions.visiting import NewVisit
from jiefa.responsibility.models import Cadre
from jiefa.responsibility.queries import answering, people, teams, visits
from jiefa.site.presenters import answering as shown
from jiefa.site.presenters import assistance as helped
from jiefa.site.reader import Reader
from jiefa.site.responsibility_forms import Visit
from jiefa.site.views.answered import listed
from jiefa.site.views.household import found_or_404, looked
from jiefa.site.views.parts import page

P = Permission
MOST = 200
"""Households on the page of one helper: more than ten are already too many to answer for."""


def me(reader: Reader) -> Cadre | None:
    """The cadre as whom the reader serves today."""
    return people.cadre_of_user(reader.actor.name, timezone.localdate())


@page
def my_households(reader: Reader) -> HttpResponseBase:
    """The households for which the reader answers, those to be visited first."""
    within, cadre, on = reader.scope(P.VISIT_RECORD), me(reader), reader.as_of
    rows: list[dict[str, Any]] = []
    context: dict[str, Any] = {"on": on, "cadre": None}
    if cadre is not None:
        found = list(answering.households_of(cadre.pk, within, on)[:MOST])
        rows = sorted(listed(reader, found), key=lambda row: (not row["late"], row["last"] or on))
        to_confirm = _to_confirm(reader, within)
        rows = [row | {"measures": to_confirm.get(row["pk"], [])} for row in rows]
        service = [one for one in teams.service_of(cadre.pk, within) if one.to_date is None]
        context |= {
            "cadre": shown.cadre(reader, cadre),
            "to_confirm": sum(len(own) for own in to_confirm.values()),
            "service": shown.team(reader, service),
            "visits": [
                {
                    **shown.visit(reader, row),
                    "head": row.household.head_name if row.household else "",
                    "url": reverse("site:household", args=[row.household_id]) if row.household_id else "",
                }
                for row in visits.by_cadre(cadre.pk, within, 10)
            ],
        }
    context |= {"rows": rows, "late": sum(row["late"] for row in rows)}
    return render(reader.request, "site/my_households.html", context)


def _to_confirm(reader: Reader, within: Scope) -> dict[int, list[dict[str, Any]]]:
    """By household, the measures of signed plans that have not arrived and for which the reader answers."""
    found: dict[int, list[dict[str, Any]]] = {}
    for one in plans.answered_for(reader.actor.name, within, open_only=True)[:MOST]:
        found.setdefault(one.plan.household_id, []).append(helped.measure_row(reader, one, {}, timezone.localdate()))
    return found


def _write(reader: Reader, form: Visit, cadre_id: int, household_id: int, corrects: int | None = None) -> None:
    """What was typed goes on record with its photograph, as a visit or in the place of one. Raises as ``visiting.record``."""
    typed = form.cleaned_data
    sent = typed["photo"]
    new = NewVisit(
        on=typed["on"],
        cadre_id=cadre_id,
        purpose=typed["purpose"],
        found=typed["found"],
        household_id=household_id,
        next_step=typed["next_step"],
        place=typed["place"],
        corrects=corrects,
        reason=typed.get("reason", ""),
        void=typed.get("void", False),
    )
    visiting.record(visit=new, by=reader.actor, photo=(sent.name, sent.read()) if sent else None)


@page
def household_visit(reader: Reader, pk: int) -> HttpResponseBase:
    """A visit of one household written down: one's own, or that of others by who assigns helpers."""
    found = found_or_404(reader, pk, P.VISIT_RECORD)
    cadre, today = me(reader), timezone.localdate()
    of_others = cadre is None and reader.actor.may(P.HELPER_ASSIGN, found.village_code)
    posted = reader.request.method == "POST"
    form = Visit(
        reader.request.POST if posted else None,
        reader.request.FILES if posted else None,
        reader=reader,
        of_others=of_others,
        initial={"on": today},
    )
    refusal, status = "", 200
    if cadre is None and not of_others:
        refusal = _("Your user is not yet entered as a cadre. Ask the township to enter you with your user name.")
        status = 422 if posted else 200
    elif posted and form.is_valid():
        visitor: Cadre = cadre or form.cleaned_data["cadre"]
        try:
            _write(reader, form, visitor.pk, pk)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), 422
        else:
            messages.success(reader.request, _("The visit is on record."))
            return redirect("site:my-households" if cadre is not None else "site:household", *([] if cadre else [pk]))
    elif posted:
        status = 422
    else:
        looked(reader, found, "visit")
    context = {
        "household": {"pk": pk, "head": found.head_name, "number": found.number, "address": found.address},
        "status": found.poverty_status,
        "status_label": reader.label("poverty_status", found.poverty_status),
        "last": [shown.visit(reader, row) for row in visits.of_household(pk, 1)],
        "form": form if cadre is not None or of_others else None,
        "of_others": of_others,
        "refusal": refusal,
        "back_url": reverse("site:my-households") if cadre is not None else reverse("site:household", args=[pk]),
    }
    return render(reader.request, "site/household_visit.html", context, status=status)


@page
def correct(reader: Reader, pk: int) -> HttpResponseBase:
    """A further entry in the place of a visit that was written down wrongly, or of one that never was."""
    wrong = visits.visit(pk, reader.scope(P.VISIT_RECORD))
    if wrong is None or wrong.household is None:
        raise Http404
    household = found_or_404(reader, wrong.household.pk, P.VISIT_RECORD)
    posted = reader.request.method == "POST"
    form = Visit(
        reader.request.POST if posted else None,
        reader.request.FILES if posted else None,
        reader=reader,
        of_others=False,
        corrects=True,
        initial={name: getattr(wrong, name) for name in ("on", "purpose", "found", "next_step", "place")},
    )
    refusal, status = "", 422 if posted else 200
    if posted and form.is_valid():
        try:
            _write(reader, form, wrong.cadre_id, household.pk, corrects=pk)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal = reason.message(reader.lang)
        else:
            messages.success(reader.request, _("The correction is on record; the earlier entry stays readable."))
            return redirect("site:household", household.pk)
    elif not posted:
        looked(reader, household, "visit")
    context = {
        "household": {"pk": household.pk, "head": household.head_name, "number": household.number},
        "wrong": shown.visit(reader, wrong),
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/visit_correct.html", context, status=status)


@page
def photo(reader: Reader, pk: int) -> HttpResponseBase:
    """The photograph of a visit, after its content was checked against what was kept."""
    found = visits.visit(pk, reader.scope(P.HOUSEHOLD_VIEW))
    if found is None or not found.photo:
        raise Http404
    if found.household is not None:
        looked(reader, found.household, "visit photo")
    content = evidence.content_of(reader.home, _("Photograph"), found.photo)
    response = HttpResponse(content, content_type=found.photo_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response

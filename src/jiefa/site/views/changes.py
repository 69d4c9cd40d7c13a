"""A change of a household: the kind is chosen, the form filled in, the difference looked at, then it is submitted."""

from __future__ import annotations

import secrets
from typing import Any

import pyarrow as pa
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.casework import actions as casework
from jiefa.changes import queries
from jiefa.changes.actions import amending, drawing, proposing
from jiefa.changes.queries import Standing
from jiefa.changes.rules import kinds, proposal
from jiefa.changes.rules.proposal import Proposal
from jiefa.changes.rules.refusals import ChangeRefused
from jiefa.changes.rules.request import Request
from jiefa.insight.actions import edit as judging
from jiefa.kernel.errors import JiefaError
from jiefa.procedures import queries as dossiers
from jiefa.procedures import rules
from jiefa.procedures.models import Dossier
from jiefa.registry.actions.households import Edit
from jiefa.site import change_forms
from jiefa.site.change_forms import ChangeForm
from jiefa.site.presenters import changes as shown
from jiefa.site.presenters import dossiers as lists
from jiefa.site.presenters import household as household_shown
from jiefa.site.reader import Reader
from jiefa.site.views.household import found_or_404, looked
from jiefa.site.views.parts import page


def _standing(reader: Reader, pk: int) -> tuple[Standing, list[str]]:
    """The household as it stands, and the procedures of changes that the reader may begin about it; without any: 404."""
    household = found_or_404(reader, pk, Permission.DOSSIER_VIEW)
    begins = proposing.begun_by(
        actor=reader.actor, village=household.village_code, on=timezone.localdate(), pack=reader.pack
    )
    if not begins or household.poverty_status == "closed":
        raise Http404
    return queries.standing(household), begins


@page
def choose(reader: Reader, pk: int) -> HttpResponseBase:
    now, begins = _standing(reader, pk)
    looked(reader, now.household, "change")
    context = {"household": shown.heading(now.household), "groups": shown.offered(reader, now, begins)}
    return render(reader.request, "site/change_kinds.html", context)


@page
def change(reader: Reader, pk: int, kind: str) -> HttpResponseBase:
    now, _begins = _standing(reader, pk)
    known = kind in reader.pack.codes(kinds.CODES).by_id
    if not known or (now.card is None and kind == "correction"):
        raise Http404
    return filled_in(reader, now, kind, None)


def filled_in(reader: Reader, now: Standing, kind: str, returned: Dossier | None) -> HttpResponseBase:
    """The form of a change, its preview, its submission; ``returned``: the dossier that is put right by it."""
    posted = reader.request.POST if reader.request.method == "POST" else None
    if posted is None:
        looked(reader, now.household, f"change {kind}")
    earlier = proposal.read(returned.proposal) if returned is not None else None
    form = change_forms.form_of(reader, now, kind, posted, earlier)
    heading = _heading(reader, now, kind) if returned is None else _heading_again(reader, now, kind, returned)
    if posted is None or posted.get("do") == "back":
        return _form(reader, heading, form, 200)
    if not form.is_valid():
        return _form(reader, heading, form, 422)
    asked = form.request() if earlier is None else amending.completed(form.request(), earlier)
    try:
        one = drawing.draw_up(now.household, asked, reader.pack, timezone.localdate())
        if posted.get("do") == "submit" and posted.get("seen") == _digest(one):
            return _submitted(reader, now, one, posted.get("key", "")[:64] or secrets.token_urlsafe(16), returned)
    except ChangeRefused as reason:
        done = queries.carried_out(now.household, posted.get("key", "")[:64])
        if done is not None:
            messages.info(reader.request, _("This was done already; nothing was done twice."))
            return redirect("site:dossier", done.pk)
        form.refuse(reason, reason.message(reader.lang))
        return _form(reader, heading, form, 422)
    except JiefaError as reason:
        return _preview(reader, now, heading, asked, one, refusal=reason)
    return _preview(reader, now, heading, asked, one)


def _digest(one: Proposal) -> str:
    """Of what the page shows: sealed anew, the same number has other bytes."""
    return rules.proposal_digest({**one.as_json(), "sealed": sorted(one.sealed)})


def _heading(reader: Reader, now: Standing, kind: str) -> dict[str, Any]:
    return {
        "household": shown.heading(now.household),
        "title": reader.label(kinds.CODES, kind),
        "change_url": reverse("site:household-change", args=[now.household.pk, kind]),
        "kinds_url": reverse("site:household-changes", args=[now.household.pk]),
        "cancel_url": reverse("site:household", args=[now.household.pk]),
    }


def _heading_again(reader: Reader, now: Standing, kind: str, returned: Dossier) -> dict[str, Any]:
    """The same of a change that is put right: it leads back to its dossier, and sends the version that was seen."""
    dossier_url = reverse("site:dossier", args=[returned.pk])
    return _heading(reader, now, kind) | {
        "change_url": reverse("site:dossier-amend", args=[returned.pk]),
        "kinds_url": "",
        "cancel_url": dossier_url,
        "return_reason": dossiers.return_reason(returned),
        "version": reader.request.POST.get("version") or returned.version,
    }


def _form(reader: Reader, heading: dict[str, Any], form: ChangeForm, status: int) -> HttpResponseBase:
    context = heading | {"form": form, "sections": form.sections}
    return render(reader.request, "site/change_form.html", context, status=status)


def _preview(
    reader: Reader,
    now: Standing,
    heading: dict[str, Any],
    asked: Request,
    one: Proposal,
    refusal: JiefaError | None = None,
) -> HttpResponseBase:
    """The frozen difference before it is submitted; once more where the record moved on since it was looked at."""
    today, posted = timezone.localdate(), reader.request.POST
    procedure = proposing.procedure_of(one, reader.actor, now.household.village_code, today, reader.pack)
    context = heading | shown.preview(reader, one, procedure)
    context |= {
        "carried": change_forms.carried(posted),
        "seen": _digest(one),
        "key": posted.get("key") or secrets.token_urlsafe(16),
        "moved_on": posted.get("do") == "submit" and refusal is None,
        "refusal": refusal.message(reader.lang) if refusal else "",
        "findings": _judged(reader, now, asked) if asked.kind == kinds.Doing.CORRECTION else [],
    }
    status = lists.status_of(refusal) if refusal else 409 if context["moved_on"] else 200
    return render(reader.request, "site/change_preview.html", context, status=status)


def _judged(reader: Reader, now: Standing, asked: Request) -> list[dict[str, Any]]:
    """What the rules would say of the corrected card that they do not say already."""
    edit = Edit(asked.household, asked.members)
    before, after = (_violations(reader, now, one) for one in (Edit({}), edit))
    known = {(row["rule"], row["person_id"]) for row in before.to_pylist()}
    new = [(row["rule"], row["person_id"]) not in known for row in after.to_pylist()]
    return household_shown.violations(reader, after.filter(pa.array(new, pa.bool_())), now.names)


def _violations(reader: Reader, now: Standing, edit: Edit) -> pa.Table:
    assert now.card is not None
    return judging.try_out(
        household_id=now.household.pk,
        year=now.card.year,
        version=now.household.version,
        edit=edit,
        pack=reader.pack,
        by=reader.actor.name,
    )


def _submitted(reader: Reader, now: Standing, one: Proposal, key: str, returned: Dossier | None) -> HttpResponseBase:
    today, version = timezone.localdate(), reader.request.POST.get("version", "")
    if returned is None:
        done = casework.submit_change(
            household=now.household, one=one, by=reader.actor, on=today, key=key, pack=reader.pack
        )
    else:
        done = casework.amend_change(
            dossier=returned,
            version=int(version) if version.isdecimal() else 0,
            one=one,
            by=reader.actor,
            on=today,
            key=key,
            pack=reader.pack,
        )
    said = _("Recorded.") if done.outcome else _("Submitted; it waits for the next officer.")
    messages.success(reader.request, said)
    return redirect("site:dossier", done.dossier)

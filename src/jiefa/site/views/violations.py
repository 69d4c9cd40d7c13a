"""Violations: the list of the place, one put on file, one with how it was put right; handed over; the list as Excel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa import sheets
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.integrity.actions import lists
from jiefa.integrity.actions import violations as actions
from jiefa.integrity.actions.violations import NewViolation
from jiefa.integrity.models import HandOver, Violation
from jiefa.integrity.queries import campaigns
from jiefa.integrity.queries import violations as queries
from jiefa.integrity.queries.violations import Sifted
from jiefa.integrity.rules import places
from jiefa.kernel import money
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.kernel.vault import Vault
from jiefa.procedures import queries as dossiers
from jiefa.registry.actions import exports as export_actions
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.sheets.forms import specs_of
from jiefa.site.integrity_forms import PutRight, Reason, ViolationSift, ViolationWish
from jiefa.site.presenters import integrity as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.inspections import here
from jiefa.site.views.parts import key, neighbours, page
from jiefa.site.views.watched import list_links

P = Permission
ROWS = 50
CHUNK = 2_000


def _sifted(reader: Reader) -> tuple[ViolationSift, Sifted]:
    form = ViolationSift(reader.request.GET, reader=reader)
    form.is_valid()
    said = form.cleaned_data
    return form, Sifted(said.get("kind") or "", said.get("state") or "", said.get("campaign"))


@page
def violations(reader: Reader) -> HttpResponseBase:
    """The violations of the place, the newest first."""
    within, today = here(reader), timezone.localdate()
    form, sifted = _sifted(reader)
    rows, after = queries.violations(within, sifted, today), key(reader.request, "after")
    found: list[Violation] = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({one.area_code for one in found}))
    context = {
        "parts": shown.parts(reader, "violations"),
        "here": reader.place.name if reader.place else "",
        "form": form,
        "rows": [shown.violation(reader, one, names, today) for one in found],
        "new_url": reader.at(reverse("site:violation-new")) if reader.actor.may(P.INSPECTION_ANSWER) else "",
        "export_url": f"{reverse('site:violations-export')}?{reader.request.GET.urlencode()}" if found else "",
        "lists": list_links(reader, (lists.VIOLATIONS,)),
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/violations.html", context)


@page
def new(reader: Reader) -> HttpResponseBase:
    """A violation put on file."""
    within = reader.actor.demand(P.INSPECTION_ANSWER)
    code = reader.place.code if reader.place else ""
    asked = [(str(one.pk), one.title) for one in campaigns.concerning(within)[:ROWS]]
    posted = reader.request.method == "POST"
    form = ViolationWish(
        reader.request.POST if posted else None,
        reader=reader,
        campaigns=asked,
        initial={"found_on": timezone.localdate(), "area_code": code if len(code) > actions.COUNTY - 1 else ""},
    )
    refusal, status = "", 422 if posted else 200
    if posted and form.is_valid():
        said = form.cleaned_data
        wish = NewViolation(
            area_code=said["area_code"].strip(),
            number=said["number"].strip(),
            campaign=int(said["campaign"]) if said["campaign"] else None,
            project=said["project"].strip(),
            kind=said["kind"],
            amount_fen=money.fen_from_yuan(said["amount"]),
            found_on=said["found_on"],
            what=said["what"].strip(),
            responsible=said["responsible"].strip(),
            due_on=said["due_on"],
        )
        try:
            actions.record_many(violations=[wish], by=reader.actor, pack=reader.pack)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            messages.success(reader.request, _("The violation is on file."))
            return redirect(reader.at(reverse("site:violations"), place=wish.area_code))
    context = {
        "title": _("Record a violation"),
        "back_url": reverse("site:violations"),
        "back_label": _("Violations"),
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/typed.html", context, status=status)


@page
def violation(reader: Reader, pk: int) -> HttpResponseBase:
    """One violation: how it is put right, by dossiers; handed over to discipline inspection."""
    found = queries.violation(pk, reader.scope(P.INSPECTION_VIEW))
    if found is None:
        raise Http404
    reader.place_code = found.area_code
    posted = reader.request.method == "POST"
    gives = posted and "hand_over" in reader.request.POST
    left = money.yuan_from_fen(found.amount_fen - found.rectified_fen)
    form = PutRight(reader.request.POST if posted and not gives else None, initial={"amount": left})
    reason_form = Reason(reader.request.POST if gives else None)
    refusal, status = "", 422 if posted else 200
    if posted:
        try:
            done = _hand_over(reader, found, reason_form) if gives else _report(reader, found, form)
            if done:
                return redirect(done)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
    return render(
        reader.request, "site/violation.html", _context(reader, found, form, reason_form, refusal), status=status
    )


def _report(reader: Reader, found: Violation, form: PutRight) -> str:
    reader.actor.demand(P.INSPECTION_ANSWER, found.area_code)
    if not form.is_valid():
        return ""
    made = actions.report(
        violation_id=found.pk,
        amount_fen=money.fen_from_yuan(form.cleaned_data["amount"]),
        how=form.cleaned_data["how"],
        by=reader.actor,
        on=timezone.localdate(),
        pack=reader.pack,
    )
    messages.success(reader.request, _("Lay the proof in and submit it; the level above confirms."))
    return reverse("site:dossier", args=[made.pk])


def _hand_over(reader: Reader, found: Violation, form: Reason) -> str:
    reader.actor.demand(P.INSPECTION_MANAGE, found.area_code)
    if not form.is_valid():
        return ""
    today = timezone.localdate()
    actions.hand_over(violation_id=found.pk, reason=form.cleaned_data["reason"], on=today, by=reader.actor)
    messages.success(reader.request, _("Handed over to discipline inspection."))
    return reverse("site:violation", args=[found.pk])


def _context(reader: Reader, found: Violation, form: PutRight, reason_form: Reason, refusal: str) -> dict[str, Any]:
    procedure = reader.pack.procedure(places.rectifying(found.area_code), timezone.localdate())
    office = places.office(found.area_code)
    under_way = dossiers.of_subject(actions.subject(found.pk), reader.scope(P.INSPECTION_VIEW))
    open_ = found.settled_on is None
    manages = reader.actor.may(P.INSPECTION_MANAGE, found.area_code)
    return {
        "parts": shown.parts(reader, "violations"),
        "violation": shown.violation(reader, found, areas.named([found.area_code]), timezone.localdate()),
        "rectifications": list(found.rectifications.order_by("pk")),
        "dossiers": [
            {
                "url": reverse("site:dossier", args=[one.pk]),
                "fen": one.proposal["rectified_fen"],
                "opened_on": one.opened_on,
                "state": reader.label("outcome", one.outcome) if one.outcome else _("under way"),
                "tone": {"": "open", "approved": "good"}.get(one.outcome, "refused"),
            }
            for one in under_way
        ],
        "form": form
        if open_
        and reader.actor.may(P.INSPECTION_ANSWER, found.area_code)
        and dossiers.may_take(reader.actor, procedure.first, office)
        and all(one.outcome for one in under_way)
        else None,
        # Whoever is looked into does not learn that it was handed over.
        "handed": found.handed_over.order_by("pk").first() if manages else None,
        "reason_form": reason_form if manages and not found.handed_over.exists() else None,
        "refusal": refusal,
    }


@page
def export(reader: Reader) -> HttpResponseBase:
    """The whole list as Excel, in the columns by which it can be loaded."""
    within, today = here(reader), timezone.localdate()
    export_actions.record(by=reader.actor.name, what="violations", areas=within.areas)
    (spec,) = specs_of(reader.pack, reader.pack.form(lists.VIOLATIONS))
    found = queries.violations(within, _sifted(reader)[1], today)
    title = reader.words("违规问题", "Violations")
    stream, _count = sheets.opened_xlsx(
        _rows(found, spec.columns), [*spec.columns, *MORE], sheet_name=title, language=reader.lang
    )
    return FileResponse(stream, as_attachment=True, filename=f"violations-{today:%Y%m%d}.xlsx")


MORE = (
    Column("rectified", "已整改金额（元）", "Put right, yuan", ColumnType.MONEY),
    Column("settled_on", "销号日期", "Settled on", ColumnType.DATE),
)


def _rows(found: QuerySet[Violation], columns: Any) -> Iterator[tuple[object, ...]]:
    for one in found.iterator(chunk_size=CHUNK):
        said = {**one.__dict__, "campaign": one.campaign_id, "amount": one.amount_fen}
        yield (*(said[column.id] for column in columns), one.rectified_fen, one.settled_on)


@page
def handed_over(reader: Reader) -> HttpResponseBase:
    """What was handed over to the discipline inspection of the area, with the reason; a case is opened from it."""
    within = reader.scope(P.CASE_BOOK)
    rows, after = queries.handed_over(within), key(reader.request, "after")
    found: list[HandOver] = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    things = {one.pk: one.violation for one in found if one.violation is not None}
    names = areas.named(sorted({one.area_code for one in things.values()}))
    vault = Vault(settings.JIEFA_VAULT_KEY)
    context = {
        "parts": shown.parts(reader, "handed"),
        "rows": [
            {
                **shown.violation(reader, things[one.pk], names, timezone.localdate()),
                "on": one.on,
                "reason": vault.open(bytes(one.reason_sealed)),
                "case_url": reader.at(
                    reverse("site:supervision-case-new"), place=things[one.pk].area_code, violation=things[one.pk].pk
                ),
            }
            for one in found
        ],
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/handed_over.html", context)

"""Leads of comparisons: the list of an area, another office's list loaded, one lead settled with a reason."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access import queries as access
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.casework import actions as casework
from jiefa.comparison.actions import course as looking
from jiefa.comparison.models import Course
from jiefa.comparison.queries import comparisons
from jiefa.identification import queries
from jiefa.identification.actions import leads as actions
from jiefa.identification.models import Lead, Settled
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.registry import roster
from jiefa.site.comparison_forms import OnTheSpot, SecondReview
from jiefa.site.identification_forms import LeadFile, LeadSearch, LeadSettling
from jiefa.site.presenters import compared
from jiefa.site.presenters import leads as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.household import looked
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50
MEGABYTES = 20
"""Lists of comparisons have some ten thousand rows; they are read while the sender waits."""


@page
def leads(reader: Reader) -> HttpResponseBase:
    place = reader.place
    within = reader.scope(P.DOSSIER_VIEW).narrowed(place.code if place else None)
    form = LeadSearch(reader.request.GET, reader=reader)
    known = form.is_valid()
    found: list[Lead] = []
    after = key(reader.request, "after")
    if known:
        rows = _found(reader, within, form.cleaned_data["state"], form.cleaned_data["kind"])
        found = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({code for row in found for code in (row.village_code, row.village_code[:9])}))
    people = access.full_names({row.by for row in found if row.by})
    context = {
        "form": form,
        "here": place.name if place else "",
        "rows": [shown.row(reader, row, names, people) for row in found],
        "worth": shown.worth(reader, queries.lead_counts(within)),
        "may_load": reader.actor.may(P.LEAD_LOAD),
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/leads.html", context, status=200 if known else 422)


def _found(reader: Reader, within: Scope, state: str, kind: str) -> QuerySet[Lead]:
    """The leads of a state, which may be one of comparison: those that wait for a visit, or for this reader's review."""
    if state not in ("visit", "review"):
        return queries.leads(within, state, kind)
    waits = comparisons.to_look_into(within) if state == "visit" else comparisons.to_review(within, reader.actor.name)
    return queries.leads(within, "", kind).filter(pk__in=waits.order_by().values("pk"))


@page
def new(reader: Reader) -> HttpResponseBase:
    """Another office's list, loaded at once: all its rows or, with a reason, none."""
    reader.actor.demand(P.LEAD_LOAD)
    posted = reader.request.method == "POST"
    form = LeadFile(reader.request.POST, reader.request.FILES) if posted else LeadFile()
    refusal, status = "", 200
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        if file.size > MEGABYTES << 20:
            refusal = _("The file is larger than {megabytes} MB. Split it, or load it with jiefa leads load.").format(
                megabytes=MEGABYTES
            )
        else:
            try:
                with tempfile.TemporaryDirectory() as folder:
                    path = Path(folder) / f"leads{Path(file.name).suffix.lower()}"
                    path.write_bytes(file.read())
                    name = Path(file.name).name
                    loaded = actions.load(file=path, name=name, by=reader.actor, pack=reader.pack)
            except JiefaError as reason:
                refusal = reason.message(reader.lang)
            else:
                said = _("{rows} rows read, {found} about households on the register of your area.")
                messages.success(reader.request, said.format(rows=loaded.rows, found=loaded.found))
                return redirect("site:leads")
        status = 422
    elif posted:
        status = 422
    context = {"form": form, "refusal": refusal, "megabytes": MEGABYTES, "template_url": reverse("site:template-leads")}
    return render(reader.request, "site/lead_new.html", context, status=status)


@page
def template(reader: Reader) -> HttpResponseBase:
    """The empty workbook of leads. It holds no data of anybody."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leads.xlsx"
        roster.write_template(path, reader.pack, reader.year, "leads")
        content = path.read_bytes()
    response = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = 'attachment; filename="leads.xlsx"'
    return response


@page
def lead(reader: Reader, pk: int) -> HttpResponseBase:
    """One lead, and its settling by who may edit the household."""
    found = queries.lead(pk, reader.scope(P.DOSSIER_VIEW))
    if found is None:
        raise Http404
    reader.place_code = found.village_code
    course = comparisons.course_of(found)
    if course is not None:
        return _compared(reader, found, course)
    form = LeadSettling(reader.request.POST if reader.request.method == "POST" else None)
    refusal, status = "", 200
    if form.is_bound:
        try:
            if form.is_valid():
                casework.settle_lead(
                    lead_id=pk,
                    settled=Settled(form.cleaned_data["settled"]),
                    reason=form.cleaned_data["reason"],
                    by=reader.actor,
                    on=timezone.localdate(),
                    pack=reader.pack,
                )
                messages.success(reader.request, _("The lead is settled."))
                return redirect("site:lead", pk)
            reader.actor.demand(P.HOUSEHOLD_EDIT, found.village_code)
            status = 422
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
    else:
        looked(reader, found.household, "lead")
    names = areas.named([found.village_code, found.village_code[:9]])
    row = shown.row(reader, found, names, access.full_names([found.by]))
    return render(reader.request, "site/lead.html", {"lead": row, "form": form, "refusal": refusal}, status=status)


def _compared(reader: Reader, found: Lead, course: Course) -> HttpResponseBase:
    """A lead of a comparison: a finding on the spot by who may edit the household, then its review by another officer."""
    act = reader.request.POST.get("act", "") if reader.request.method == "POST" else ""
    spot = OnTheSpot(reader.request.POST if act == "found" else None)
    second = SecondReview(reader.request.POST if act == "review" else None)
    refusal, status = "", 200
    try:
        if act == "found" and spot.is_valid():
            looking.find(
                course_id=course.pk,
                visited_on=spot.cleaned_data["visited_on"],
                heard=spot.cleaned_data["heard"],
                found=Settled(spot.cleaned_data["settled"]),
                reason=spot.cleaned_data["reason"],
                by=reader.actor,
            )
            messages.success(reader.request, _("Kept. A second officer reviews it."))
            return redirect("site:lead", found.pk)
        if act == "review" and second.is_valid():
            casework.review_lead(
                course=course,
                agree=second.cleaned_data["decision"] == "agree",
                reason=second.cleaned_data["reason"],
                by=reader.actor,
                on=timezone.localdate(),
                pack=reader.pack,
            )
            messages.success(reader.request, _("The review is kept."))
            return redirect("site:lead", found.pk)
        if reader.request.method == "POST":
            reader.actor.demand(P.LEAD_LOAD if act == "review" else P.HOUSEHOLD_EDIT, found.village_code)
            status = 422
    except NotAllowed:
        raise
    except JiefaError as reason:
        refusal, status = reason.message(reader.lang), status_of(reason)
    if reader.request.method != "POST":
        looked(reader, found.household, "lead")
    findings = list(course.findings.order_by("pk"))
    waiting = next((one for one in findings if one.agreed is None), None)
    people = access.full_names({name for one in findings for name in (one.by, one.reviewed_by)} | {found.by})
    row = shown.row(reader, found, areas.named([found.village_code, found.village_code[:9]]), people)
    may_find = row["may_settle"] and waiting is None
    may_review = waiting is not None and waiting.by != reader.actor.name
    may_review = may_review and all(
        reader.actor.may(right, found.village_code) for right in (P.LEAD_LOAD, P.HOUSEHOLD_EDIT)
    )
    context = {
        "lead": row | {"may_settle": False},
        "form": None,
        "refusal": refusal,
        "course": compared.course(reader, course, findings, people),
        "found_form": spot if may_find else None,
        "review_form": second if may_review else None,
    }
    return render(reader.request, "site/lead.html", context, status=status)

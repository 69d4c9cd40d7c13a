"""Leads of risk: the list of a place, the cards of the year searched, one lead taken up or closed; what happened is reported."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access import queries as access
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.monitoring.actions import events as actions
from jiefa.monitoring.actions import lists, watches
from jiefa.monitoring.models import Event, EventState
from jiefa.monitoring.queries import cards, exports
from jiefa.monitoring.queries import events as queries
from jiefa.procedures import queries as dossiers
from jiefa.registry.actions import exports as export_actions
from jiefa.site.monitoring_forms import LATE, Closing, Reported, WatchLeadSearch
from jiefa.site.presenters import monitoring as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.household import found_or_404, looked
from jiefa.site.views.parts import key, neighbours, page
from jiefa.site.views.watched import list_links

P = Permission
ROWS = 50


@page
def leads(reader: Reader) -> HttpResponseBase:
    """The leads of the place; who loads lists may search the cards of the year for new ones."""
    place = reader.place
    refusal, status = "", 200
    if reader.request.method == "POST":
        try:
            return _searched(reader)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
    within = reader.scope(P.DOSSIER_VIEW).narrowed(place.code if place else None)
    form = WatchLeadSearch(reader.request.GET, reader=reader)
    known = form.is_valid()
    found: list[Event] = []
    after = key(reader.request, "after")
    if known:
        rows = _wanted(reader, within, form)
        found = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({part for one in found for part in (one.village_code, one.village_code[:9])}))
    people = access.full_names({one.settled_by for one in found if one.settled_by})
    query = reader.request.GET.urlencode()
    context = {
        "parts": shown.parts(reader),
        "form": form,
        "refusal": refusal,
        "here": place.name if place else "",
        "year": reader.year,
        "counts": shown.lead_counts(reader, queries.counts(within)),
        "rows": [shown.lead_row(reader, one, names, people) for one in found],
        "may_search": reader.actor.may(P.LEAD_LOAD),
        "lists": list_links(reader, lists.LISTS),
        "export_url": f"{reverse('site:watch-leads-export')}?{query}" if reader.actor.may(P.HOUSEHOLD_EXPORT) else "",
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/watch_leads.html", context, status=status if known else 422)


def _wanted(reader: Reader, within: Scope, form: WatchLeadSearch) -> QuerySet[Event]:
    """The leads that the search asks for."""
    typed = form.cleaned_data
    if typed["state"] != LATE:
        return queries.events(within, typed["state"], typed["trigger"], typed["source"])
    rows = queries.late(within, timezone.localdate(), reader.pack)
    exact = {name: typed[name] for name in ("trigger", "source") if typed[name]}
    return rows.filter(**exact)


def _searched(reader: Reader) -> HttpResponseBase:
    """The cards of the newest snapshot of the year searched. Raises ``NoSnapshot``, ``NotInForce``."""
    reader.actor.demand(P.LEAD_LOAD)
    snapshot = cards.newest(reader.year)
    if snapshot is None:
        raise cards.NoSnapshot(year=reader.year)
    done = actions.raise_from_cards(snapshot=snapshot, by=reader.actor, pack=reader.pack)
    said = _("{found} triggers on the cards of {year}, {new} of them new leads.")
    messages.success(reader.request, said.format(found=done.found, year=reader.year, new=done.new))
    return redirect(reader.at(reverse("site:watch-leads"), place=reader.place.code if reader.place else None))


@page
def export(reader: Reader) -> HttpResponseBase:
    """The whole list as Excel, as far as the reader's posts may take lists out."""
    within = reader.scope(P.HOUSEHOLD_EXPORT).narrowed(reader.place.code if reader.place else None)
    form = WatchLeadSearch(reader.request.GET, reader=reader)
    rows = _wanted(reader, within, form) if form.is_valid() else queries.events(within)
    export_actions.record(by=reader.actor.name, what="watch_leads", areas=within.areas)
    stream = exports.leads(rows.iterator(chunk_size=exports.CHUNK), reader.pack, reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"watch-leads-{reader.year}.xlsx")


@page
def lead(reader: Reader, pk: int) -> HttpResponseBase:
    """One lead: taken up by a dossier where the reader's post begins it, or closed with what was found on the spot."""
    found = queries.event(pk, reader.scope(P.DOSSIER_VIEW))
    if found is None:
        raise Http404
    reader.place_code = found.village_code
    posted = reader.request.method == "POST"
    taking = posted and reader.request.POST.get("do") == "watch"
    form = Closing(reader.request.POST if posted and not taking else None)
    refusal, status = "", 200
    if posted:
        try:
            if taking:
                today = timezone.localdate()
                keys = watches.propose(household_ids=[found.household_id], by=reader.actor, on=today, pack=reader.pack)
                messages.success(reader.request, _("The dossier is drawn up."))
                return redirect("site:dossier", keys[0])
            if form.is_valid():
                reason = form.cleaned_data["reason"]
                actions.close(event_id=pk, reason=reason, by=reader.actor, on=timezone.localdate())
                messages.success(reader.request, _("The lead is closed."))
                return redirect("site:watch-lead", pk)
            reader.actor.demand(P.HOUSEHOLD_EDIT, found.village_code)
            status = 422
        except NotAllowed:
            raise
        except JiefaError as refused:
            refusal, status = refused.message(reader.lang), status_of(refused)
    else:
        looked(reader, found.household, "watch lead")
    names = areas.named([found.village_code, found.village_code[:9]])
    waiting = found.state == EventState.OPEN
    first = reader.pack.procedure(watches.WATCH, timezone.localdate()).first
    context = {
        "lead": shown.lead_row(reader, found, names, access.full_names([found.settled_by])),
        "snapshot": found.snapshot,
        "form": form,
        "refusal": refusal,
        "may_close": waiting and reader.actor.may(P.HOUSEHOLD_EDIT, found.village_code),
        "may_watch": waiting and dossiers.may_take(reader.actor, first, found.household.village_code),
    }
    return render(reader.request, "site/watch_lead.html", context, status=status)


@page
def report(reader: Reader, pk: int) -> HttpResponseBase:
    """What happened to a household outside the register, as it told or as a visit saw: a lead."""
    household = found_or_404(reader, pk, P.VISIT_RECORD)
    posted = reader.request.method == "POST"
    form = Reported(reader.request.POST if posted else None, reader=reader, initial={"on": timezone.localdate()})
    refusal, status = "", 422 if posted else 200
    if posted and form.is_valid():
        try:
            made = actions.report(
                household=household,
                happened=form.happened,
                today=timezone.localdate(),
                by=reader.actor,
                pack=reader.pack,
            )
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            messages.success(reader.request, _("The lead is on file. It is looked into on the spot."))
            if reader.actor.may(P.DOSSIER_VIEW, household.village_code):
                return redirect("site:watch-lead", made.pk)
            return redirect("site:household", pk)
    elif not posted:
        looked(reader, household, "watch report")
    context = {
        "head": household.head_name or household.number,
        "number": household.number,
        "household_url": reader.at(reverse("site:household", args=[pk])),
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/watch_report.html", context, status=status)

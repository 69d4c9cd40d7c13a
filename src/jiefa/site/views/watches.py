"""Who is watched after exit: the list of a place with counts below it, as Excel; one watch, and what may follow on it."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.casework import actions as casework
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.monitoring.actions import watches as actions
from jiefa.monitoring.models import Watch
from jiefa.monitoring.queries import events, exports
from jiefa.monitoring.queries import watches as queries
from jiefa.policy import NotInForce
from jiefa.procedures import queries as dossiers
from jiefa.registry.actions import exports as export_actions
from jiefa.site.monitoring_forms import UNMEASURED, WatchSearch
from jiefa.site.presenters import monitoring as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.household import looked
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50
BELOW = {2: 4, 4: 6, 6: 9, 9: 12, 12: 12}


def _found(within: Scope, state: str, group: str) -> QuerySet[Watch]:
    if state == UNMEASURED:
        rows = queries.without_measures(within)
        return rows.filter(group=group) if group else rows
    return queries.watches(within, state or "open", group)


@page
def watches(reader: Reader) -> HttpResponseBase:
    place = reader.place
    within = reader.scope(P.HOUSEHOLD_VIEW).narrowed(place.code if place else None)
    form = WatchSearch(reader.request.GET, reader=reader)
    known = form.is_valid()
    found: list[Watch] = []
    after = key(reader.request, "after")
    if known:
        rows = _found(within, form.cleaned_data["state"], form.cleaned_data["group"])
        found = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    counts = queries.counts(within, BELOW[len(place.code)] if place else 12)
    codes = {part for one in found for part in (one.household.village_code, one.household.village_code[:9])}
    names = areas.named(sorted(codes | {one["place"] for one in counts}))
    measures = queries.measures_of(found)
    query = reader.request.GET.urlencode()
    context = {
        "parts": shown.parts(reader),
        "form": form,
        "here": place.name if place else "",
        "places": shown.place_rows(reader, counts, names),
        "groups": [reader.words(one.zh, one.en) for one in reader.pack.codes("watched_group").values],
        "rows": [shown.watch_row(reader, one, measures.get(one.pk, ()), names) for one in found],
        "export_url": f"{reverse('site:watches-export')}?{query}" if reader.actor.may(P.HOUSEHOLD_EXPORT) else "",
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/watches.html", context, status=200 if known else 422)


@page
def export(reader: Reader) -> HttpResponseBase:
    """The whole list as Excel, as far as the reader's posts may take lists out."""
    within = reader.scope(P.HOUSEHOLD_EXPORT).narrowed(reader.place.code if reader.place else None)
    form = WatchSearch(reader.request.GET, reader=reader)
    typed = form.cleaned_data if form.is_valid() else {}
    rows = _found(within, typed.get("state") or "", typed.get("group") or "")
    export_actions.record(by=reader.actor.name, what="watches", areas=within.areas)
    stream = exports.watches(
        rows.iterator(chunk_size=exports.CHUNK),
        reader.pack,
        lambda sort, code: shown.measure(reader, sort, code),
        reader.lang,
    )
    return FileResponse(stream, as_attachment=True, filename=f"watches-{reader.year}.xlsx")


@page
def watch(reader: Reader, pk: int) -> HttpResponseBase:
    """One watch; the removal of its risk, or the return of its household, is proposed by whose post begins it."""
    found = queries.watch(pk, reader.scope(P.HOUSEHOLD_VIEW))
    if found is None:
        raise Http404
    home = found.household
    reader.place_code = home.village_code
    refusal, status = "", 200
    if reader.request.method == "POST":
        try:
            return redirect("site:dossier", _proposed(reader, found))
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
    else:
        looked(reader, home, "watch")
    today = timezone.localdate()
    try:
        review, unknown = queries.review(found, today, reader.pack), ""
    except NotInForce as reason:
        review, unknown = None, reason.message(reader.lang)
    names = areas.named([home.village_code, home.village_code[:9]])
    shortest = int(reader.pack.at(today).number("monitoring.shortest_months"))
    leads = [shown.lead_row(reader, one, names, {}) for one in events.of_household(home.pk)]
    may_see = reader.actor.may(P.DOSSIER_VIEW, home.village_code)
    context = {
        "watch": shown.watch_row(reader, found, queries.measures_of([found]).get(found.pk, ()), names),
        "card_year": review.year if review is not None else None,
        "items": shown.items(reader, review),
        "unknown": unknown,
        "flags": shown.flags(reader, review, shortest) if not found.ended else "",
        "leads": leads if may_see else [],
        "dossiers": [
            {"label": label, "url": reverse("site:dossier", args=[number])}
            for label, number in ((_("how it began"), found.dossier), (_("how it ended"), found.ended_dossier))
            if number is not None and may_see
        ],
        "may_remove": not found.ended and _begins(reader, found, actions.REMOVAL),
        "may_return": not found.ended
        and home.poverty_status == "exited"
        and _begins(reader, found, "household_return"),
        "plan_url": reader.at(reverse("site:household-plan", args=[home.pk]))
        if not found.ended and reader.actor.may(P.HOUSEHOLD_EDIT, home.village_code)
        else "",
        "refusal": refusal,
    }
    return render(reader.request, "site/watch.html", context, status=status)


def _begins(reader: Reader, found: Watch, procedure: str) -> bool:
    """Whether a post of the reader begins the procedure where the household lives, today."""
    first = reader.pack.procedure(procedure, timezone.localdate()).first
    return dossiers.may_take(reader.actor, first, found.household.village_code)


def _proposed(reader: Reader, found: Watch) -> int:
    """The key of the dossier that was asked for."""
    today, home = timezone.localdate(), found.household
    if reader.request.POST.get("do") == "return":
        keys = casework.propose_households(
            procedure="household_return",
            household_ids=[home.pk],
            year=home.card_year or found.year,
            by=reader.actor,
            on=today,
            pack=reader.pack,
        )
    else:
        keys = actions.propose_removal(household_ids=[home.pk], by=reader.actor, on=today, pack=reader.pack)
    messages.success(reader.request, _("The dossier is drawn up."))
    return keys[0]

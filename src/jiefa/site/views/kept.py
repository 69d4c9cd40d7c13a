"""Help after exit: what went on by place and kind, who lost what when, as Excel. All of it from one named snapshot."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.monitoring.queries import exports
from jiefa.monitoring.queries import kept as queries
from jiefa.monitoring.rules.tables import STOPPED
from jiefa.registry.actions import exports as export_actions
from jiefa.registry.models import Household
from jiefa.site.monitoring_forms import KeptSearch
from jiefa.site.presenters import monitoring as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50
BELOW = {2: 4, 4: 6, 6: 9, 9: 12, 12: 12}


@page
def kept(reader: Reader) -> HttpResponseBase:
    place = reader.place
    within = reader.scope(P.HOUSEHOLD_VIEW).narrowed(place.code if place else None)
    snapshot = queries.snapshot_of(reader.year)
    context = {"parts": shown.parts(reader), "here": place.name if place else "", "year": reader.year}
    if snapshot is None:
        return render(reader.request, "site/kept.html", context)
    policies = queries.by_policy(snapshot, within)
    said = shown.kept_policies(reader, policies)
    form = KeptSearch(reader.request.GET, policies=list(dict.fromkeys((one["code"], one["label"]) for one in said)))
    known = form.is_valid()
    wanted, policy = (form.cleaned_data[name] for name in ("state", "policy")) if known else ("", "")
    after = key(reader.request, "after") or 0
    found, more = queries.rows(snapshot, within, wanted or STOPPED, policy, after, ROWS) if known else ([], False)
    places = queries.by_place(snapshot, within, BELOW[len(place.code)] if place else 12)
    codes = {part for one in found for part in (one.village_code, one.village_code[:9])}
    names = areas.named(sorted(codes | {one.place for one in places}))
    homes = Household.objects.in_bulk(sorted({one.household_id for one in found}))
    query = reader.request.GET.urlencode()
    context |= {
        "snapshot": snapshot.id,
        "as_of": snapshot.manifest.as_of,
        "places": shown.kept_places(reader, places, names),
        "policies": said,
        "form": form,
        "state": shown.kept_state(wanted or STOPPED),
        "rows": [shown.kept_row(reader, one, homes.get(one.household_id), names) for one in found],
        "export_url": f"{reverse('site:kept-export')}?{query}" if reader.actor.may(P.HOUSEHOLD_EXPORT) else "",
        **neighbours(reader.request, found[-1].key if more else None, None),
    }
    return render(reader.request, "site/kept.html", context, status=200 if known else 422)


@page
def export(reader: Reader) -> HttpResponseBase:
    """The whole list as Excel, as far as the reader's posts may take lists out."""
    within = reader.scope(P.HOUSEHOLD_EXPORT).narrowed(reader.place.code if reader.place else None)
    snapshot = queries.snapshot_of(reader.year)
    if snapshot is None:
        raise Http404
    said = shown.kept_policies(reader, queries.by_policy(snapshot, within))
    form = KeptSearch(reader.request.GET, policies=list(dict.fromkeys((one["code"], one["label"]) for one in said)))
    typed = form.cleaned_data if form.is_valid() else {}
    export_actions.record(by=reader.actor.name, what="kept", areas=within.areas)
    stream = exports.kept(
        queries.every(snapshot, within, typed.get("state") or STOPPED, typed.get("policy") or ""),
        reader.pack,
        lambda sort, code: shown.measure(reader, sort, code),
        shown.kept_state,
        reader.lang,
    )
    return FileResponse(stream, as_attachment=True, filename=f"kept-{reader.year}.xlsx")

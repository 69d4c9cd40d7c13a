"""One place: how it stands, how its parts compare, how its register moved, what needs somebody today."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.areas.models import Division
from jiefa.insight.queries import figures
from jiefa.kernel.division_codes import Level
from jiefa.registry.queries import households
from jiefa.site.presenters import area as shown
from jiefa.site.presenters import households as household_rows
from jiefa.site.presenters import indicators, register_flow, tasks
from jiefa.site.presenters.comparison import compared
from jiefa.site.reader import Reader
from jiefa.site.views.applications import received_here
from jiefa.site.views.comparison import children_of
from jiefa.site.views.households import extras
from jiefa.site.views.parts import page
from jiefa.site.views.work import waiting
from jiefa.snapshots import Snapshot

P = Permission
VILLAGE_ROWS = 50


@page
def area(reader: Reader, code: str) -> HttpResponseBase:
    reader.place_code = code
    place = areas.division(code)
    reader.actor.demand(P.STATISTICS_VIEW, code)
    context = {
        "division": shown.division(reader, place),
        "year": reader.year,
        "snapshot": None,
        "plan_url": reader.at(reverse("site:action-plan"), place=code),
    }
    snapshot = reader.snapshot
    if snapshot is not None and figures.has_figures(snapshot, reader.pack):
        context = _compared(reader, place, snapshot) | context
        context |= indicators.snapshot_facts(snapshot)
        context["earlier_policy"] = figures.earlier_policy(snapshot, reader.pack)
        context["indicator_groups"] = shown.indicator_groups(reader)
        if _is_comparison(reader.request):
            return render(reader.request, "site/_area_compare.html", context)
        context |= _whole(reader, place, snapshot)
    if place.level == Level.VILLAGE:
        context["card_url"] = reader.at(reverse("site:village-card", args=[code]))
    context |= _households(reader, place)
    return render(reader.request, "site/area.html", context)


def _is_comparison(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and "compare" in request.headers.get("HX-Target", "")


def _compared(reader: Reader, place: Division, snapshot: Snapshot) -> dict[str, Any]:
    """The children side by side on one indicator: map where there are polygons, tiles below, and the ranking."""
    definition = figures.definition(reader.pack, reader.request.GET.get("indicator") or "incidence")
    children = children_of(reader, place)
    found = figures.read(snapshot, reader.pack, [child.code for child in children.places], [definition.id])
    return compared(reader, place, children, found, definition)


def _whole(reader: Reader, place: Division, snapshot: Snapshot) -> dict[str, Any]:
    trend = figures.trend(reader.pack, place.code, (), reader.year)
    below = list(areas.children(place.code))
    incidence = figures.read(snapshot, reader.pack, [child.code for child in below], ["incidence"])
    as_of = snapshot.manifest.moment.date()
    return {
        "sentence": shown.sentence(reader, trend, below, incidence),
        "figures": indicators.leading_figures(reader, trend),
        "multiples": shown.multiples(reader, trend, as_of),
        **shown.flow(reader, place, trend, as_of),
        **register_flow.context(reader, place, trend),
        "needs": tasks.entries(reader, waiting(reader, place.code), place.code),
        "export_url": reader.at(reverse("site:indicators-export"), place=place.code),
    }


def _households(reader: Reader, place: Division) -> dict[str, Any]:
    """The households of a village, which is small enough to be listed unasked."""
    if not reader.actor.may(P.HOUSEHOLD_VIEW, place.code):
        return {"households_url": ""}
    url = reader.at(reverse("site:households"), place=place.code)
    if place.level != Level.VILLAGE:
        return {"households_url": url}
    found = households.find(households.Filters(place=place.code), reader.scope(P.HOUSEHOLD_VIEW))
    rows = households.page(found, None, None, VILLAGE_ROWS).rows
    apply_url = reverse("site:application-new", args=[place.code]) if received_here(reader, place.code) else ""
    return {
        "apply_url": apply_url,
        "households": household_rows.rows(reader, rows, extras(reader, rows)),
        "households_url": url,
    }

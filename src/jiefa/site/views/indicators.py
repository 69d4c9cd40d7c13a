"""Indicators: the catalogue with values, one with its formula and parts, the households behind it, the exports."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.areas.models import Division
from jiefa.insight.queries import figures, tables
from jiefa.insight.queries.behind import Behind, households_behind
from jiefa.policy.indicators import IndicatorDefinition
from jiefa.registry.actions import exports as export_actions
from jiefa.registry.queries import exports, households
from jiefa.site.presenters import households as household_rows
from jiefa.site.presenters import indicators as shown
from jiefa.site.presenters import workbooks
from jiefa.site.presenters.comparison import compared
from jiefa.site.reader import Reader
from jiefa.site.views.comparison import children_of
from jiefa.site.views.households import extras
from jiefa.site.views.parts import key, neighbours, page
from jiefa.snapshots import Snapshot, SnapshotUnknown

P = Permission
ROWS = 50


def _open(reader: Reader) -> tuple[Division, Snapshot]:
    """The place of the page and the snapshot of its year. Raises ``NotAllowed``, ``SnapshotUnknown``."""
    reader.actor.demand(P.STATISTICS_VIEW)
    assert reader.place is not None
    reader.actor.demand(P.STATISTICS_VIEW, reader.place.code)
    if reader.snapshot is None:
        raise SnapshotUnknown(what=reader.year, year=reader.year)
    return reader.place, reader.snapshot


@page
def indicators(reader: Reader) -> HttpResponseBase:
    place, snapshot = _open(reader)
    trend = figures.trend(reader.pack, place.code, (), reader.year)
    context = {
        "groups": shown.catalogue(reader, trend),
        "division": {"code": place.code, "name": place.name},
        "export_url": reader.at(reverse("site:indicators-export"), place=place.code),
        **shown.snapshot_facts(snapshot),
    }
    return render(reader.request, "site/indicators.html", context)


@page
def indicator(reader: Reader, identity: str) -> HttpResponseBase:
    place, snapshot = _open(reader)
    definition = figures.definition(reader.pack, identity)
    trend = figures.trend(reader.pack, place.code, [identity], reader.year)
    children = children_of(reader, place)
    found = figures.read(snapshot, reader.pack, [child.code for child in children.places], [identity])
    context = compared(reader, place, children, found, definition)
    context |= shown.explained(reader, place, definition, trend)
    context["children"] = context["ranking"]
    context["trend"] = shown.trend_chart(reader, place, definition, trend)
    if not reader.actor.may(P.HOUSEHOLD_VIEW, place.code):
        context["households_url"] = ""
    return render(reader.request, "site/indicator.html", context)


def _behind(reader: Reader, identity: str) -> tuple[Division, IndicatorDefinition, Scope, Behind | None]:
    place, snapshot = _open(reader)
    within = reader.scope(P.HOUSEHOLD_VIEW).narrowed(place.code)
    definition = figures.definition(reader.pack, identity)
    return place, definition, within, households_behind(snapshot, definition, reader.pack, within)


@page
def behind(reader: Reader, identity: str) -> HttpResponseBase:
    """The households counted in a figure: the same rows of the same snapshot that the figure was summed from."""
    place, definition, within, found = _behind(reader, identity)
    keys = found.page(key(reader.request, "after"), ROWS + 1) if found else []
    more, keys = len(keys) > ROWS, keys[:ROWS]
    rows = households.several(keys, within)
    context: dict[str, Any] = {
        "form": None,
        "searched": True,
        "because": shown.because(reader, place, definition),
        "rows": household_rows.rows(reader, rows, extras(reader, rows)),
        "total": found.count() if found else 0,
        "total_more": False,
        "export_url": "",
        "chips": [],
        **neighbours(reader.request, keys[-1] if more else None, None),
    }
    if found and reader.actor.may(P.HOUSEHOLD_EXPORT, place.code):
        context["export_url"] = reader.at(
            reverse("site:indicator-households-export", args=[identity]), place=place.code
        )
    return render(reader.request, "site/households.html", context)


@page
def behind_export(reader: Reader, identity: str) -> HttpResponseBase:
    """All households behind a figure as Excel."""
    reader.actor.demand(P.HOUSEHOLD_EXPORT)
    place, _definition, within, found = _behind(reader, identity)
    reader.actor.demand(P.HOUSEHOLD_EXPORT, place.code)
    export_actions.record(by=reader.actor.name, what=f"households of {identity}", areas=within.areas)
    stream = exports.household_list_of(found.chunks() if found else (), within, reader.year, reader.pack, reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"{identity}-{place.code}-{reader.year}.xlsx")


@page
def export(reader: Reader) -> HttpResponseBase:
    """The figures of a place and of the places directly under it, as Excel, exactly as computed."""
    place, snapshot = _open(reader)
    asked = reader.request.GET.get("indicator")
    children = list(areas.children(place.code))
    names = {place.code: place.name} | {child.code: child.name for child in children}
    rows = tables.indicator_rows(snapshot, reader.pack, list(names), names, [asked] if asked else [])
    return workbooks.figures(reader, place, rows)

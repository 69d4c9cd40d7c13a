"""Where money went: one place, one fund year, from a snapshot; every band opens its transfers. And what lies too long, today."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import render

from jiefa.access.rules import Permission
from jiefa.funds.models import Account
from jiefa.funds.queries import accounts, flows
from jiefa.site.presenters import indicators, money_flow
from jiefa.site.presenters import money as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50


@page
def flow(reader: Reader) -> HttpResponseBase:
    """Sources, offices, projects and payees of a place, and what still lies, as of the snapshot's day."""
    place, snapshot = reader.place, reader.snapshot
    if place is None:
        raise Http404
    reader.actor.demand(P.MONEY_VIEW, place.code)
    context = {"parts": shown.parts(reader, "flow"), "here": place.name, "code": place.code, "snapshot": None}
    if snapshot is not None:
        years = sorted({int(str(way["year"])) for way in flows.ways(snapshot, place.code)}, reverse=True)
        asked = reader.request.GET.get("fund_year", "")
        year = int(asked) if asked.isdecimal() and int(asked) in years else reader.year
        found = flows.picture(snapshot, place.code, year)
        context |= indicators.snapshot_facts(snapshot) | {
            "fund_year": year,
            "years": [{"year": one, "current": one == year} for one in years],
            "chart": money_flow.chart(reader, found, year, snapshot.manifest.moment.date()) if found.bands else None,
            "rows": money_flow.rows(reader, found, year),
            "came_fen": found.came_fen,
            "reached_fen": found.ended("household") + found.ended("unit"),
            "household_fen": found.ended("household"),
            "lies_fen": found.ended("lies"),
            "behind": any(band.fen < 0 for band in found.bands),
        }
    return render(reader.request, "site/money_flow.html", context)


@page
def idle(reader: Reader) -> HttpResponseBase:
    """Pots of the place that hold money a year or more after its fund year ended, the oldest money first."""
    within = reader.scope(P.MONEY_VIEW).narrowed(reader.place.code if reader.place else None)
    rows, after = accounts.idle(within, reader.as_of), key(reader.request, "after")
    last = accounts.account(after, within) if after is not None else None
    found: list[Account] = list((accounts.beyond(rows, last) if last else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = shown.names(found)
    context = {
        "parts": shown.parts(reader, "idle"),
        "here": reader.place.name if reader.place else "",
        "as_of": reader.as_of,
        "rows": [shown.account(reader, one, names) for one in found],
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/money_idle.html", context)

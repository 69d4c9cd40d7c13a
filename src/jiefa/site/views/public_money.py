"""Money of a place, for everybody: by source and purpose, whom it reached, what was allotted to its counties. From a snapshot."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render

from jiefa.areas import queries as areas
from jiefa.areas.models import Division
from jiefa.funds.queries import factors, flows
from jiefa.insight.queries import figures
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.site.notice_forms import MoneySearch
from jiefa.site.presenters import notices as places
from jiefa.site.presenters import public_money as shown
from jiefa.site.reader import Reader
from jiefa.site.views.notices import PLACES_OFFERED, public
from jiefa.snapshots import Snapshot

FULL_CODE = LENGTH_OF_LEVEL[Level.VILLAGE]


@public
def money(reader: Reader) -> HttpResponseBase:
    """A place found by its name or code, and a year. Nobody is named but projects, firms and cooperatives."""
    form = MoneySearch(reader.request.GET, reader=reader)
    is_known = form.is_valid()
    text, code = (form.cleaned_data.get("q") or "").strip(), reader.request.GET.get("place", "")
    place = next(iter(areas.several([code])), None) if code else None
    offered: list[Division] = []
    provinces = list(areas.children(None))
    if not code and text:
        offered = list(areas.matching(text, tuple(one.code for one in provinces))[: PLACES_OFFERED + 1])
        if len(offered) == 1:
            place, offered = offered[0], []
    elif not code and is_known and provinces:
        place = provinces[0]
    above = {found.code[:n] for found in offered for n in LENGTH_OF_LEVEL.values()}
    context: dict[str, Any] = {
        "form": form,
        "place": place,
        "year": reader.year,
        "places": places.places(
            reader, offered[:PLACES_OFFERED], areas.named(sorted(above)), "site:public-money", year=reader.year
        ),
        "places_more": len(offered) > PLACES_OFFERED,
        "hotline": reader.pack.for_year(reader.year).text("hotline.phone"),
    }
    snapshot = reader.snapshot
    if place is not None and snapshot is not None and figures.has_figures(snapshot, reader.pack):
        context |= _figures(reader, place, snapshot)
    return render(reader.request, "site/public/money.html", context)


def _figures(reader: Reader, place: Division, snapshot: Snapshot) -> dict[str, Any]:
    below = list(areas.children(place.code)) if len(place.code) < FULL_CODE else []
    found = figures.read(snapshot, reader.pack, [place.code, *(one.code for one in below)], shown.indicators(reader))
    shares = factors.published(place.code, reader.year)
    names = areas.named(sorted({one.area_code for one in shares}))
    return {
        "as_of": snapshot.manifest.moment.date(),
        "facts": shown.facts(reader, found, place.code),
        "sources": shown.parts(reader, found, place.code, "money_in_"),
        "purposes": shown.parts(reader, found, place.code, "money_for_"),
        "below": shown.below(reader, found, below),
        "paid": shown.paid(reader, flows.paid(snapshot, place.code, reader.year)),
        "shares": shown.shares(reader, shares, names),
    }

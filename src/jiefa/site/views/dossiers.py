"""Lists of dossiers: what lies on the reader's desk, all of the reader's area, the same as Excel."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.procedures import queries
from jiefa.procedures.models import Dossier
from jiefa.procedures.queries import COUNT_LIMIT, Filters
from jiefa.registry.actions import exports as export_actions
from jiefa.site.address import with_query
from jiefa.site.dossier_forms import DossierSearch
from jiefa.site.presenters import dossiers as shown
from jiefa.site.presenters import workbooks
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, page

P = Permission
ROWS, ROWS_TO_TICK = 50, 200
"""Rows of a page; more where a whole list is decided at once."""


def _search(reader: Reader, today: dt.date) -> tuple[DossierSearch, Filters | None]:
    place = reader.place
    places = [place, *areas.children(place.code)] if place else []
    form = DossierSearch(reader.request.GET, reader=reader, places=places, today=today)
    return form, form.filters(today)


def _mark(reader: Reader) -> tuple[dt.date, int] | None:
    """The mark ``DUE_KEY`` after which a page of the desk begins."""
    day, _bar, pk = reader.request.GET.get("after", "").partition("_")
    try:
        return (dt.date.fromisoformat(day), int(pk)) if pk.isdecimal() and len(pk) < 19 else None
    except ValueError:
        return None


@page
def dossiers(reader: Reader) -> HttpResponseBase:
    within = reader.scope(P.DOSSIER_VIEW)
    today = timezone.localdate()
    form, filters = _search(reader, today)
    asked = reader.request.GET.get("view")
    view = asked if asked in ("desk", "all") else "desk" if reader.takes_steps else "all"
    found: list[Dossier] = []
    next_mark: str | int | None = None
    total = 0
    step = bool(filters and filters.step)
    if filters is not None and view == "desk":
        rows = queries.find(filters, within, queries.on_desk(reader.actor, reader.pack))
        found, mark = queries.urgent_page(rows, _mark(reader), ROWS_TO_TICK if step else ROWS)
        next_mark = f"{mark[0]:%Y-%m-%d}_{mark[1]}" if mark else None
        total = queries.count_up_to(rows)
    elif filters is not None:
        rows = queries.find(filters, within)
        found, more = queries.page(rows, key(reader.request, "after"), ROWS)
        next_mark = found[-1].pk if more else None
        total = queries.count_up_to(rows)
    places = areas.named(shown.codes_of(found))
    chips = shown.chips(reader, form) if filters is not None else []
    context: dict[str, Any] = {
        "form": form,
        "view": view,
        "takes_steps": reader.takes_steps,
        "desk": shown.desk(reader, reader.desk, form.data.get("step", "")),
        "desk_count": sum(count for _procedure, _step, count, _overdue in reader.desk),
        "rows": [shown.row(reader, dossier, places, today) for dossier in found],
        "to_tick": view == "desk" and step and bool(found),
        "total": min(total, COUNT_LIMIT),
        "total_more": total >= COUNT_LIMIT,
        "chips": chips,
        "empty": shown.empty(view, bool(chips) or filters is None),
        "export_url": _export_url(reader, view) if found else "",
        "next_url": with_query(reader.request, after=next_mark) if next_mark is not None else "",
        "previous_url": "",
    }
    return render(reader.request, "site/dossiers.html", context)


def _export_url(reader: Reader, view: str) -> str:
    if not reader.actor.may(P.HOUSEHOLD_EXPORT):
        return ""
    query = reader.request.GET.copy()
    query.pop("after", None)
    query["view"] = view
    return f"{reverse('site:dossiers-export')}?{query.urlencode()}"


@page
def export(reader: Reader) -> HttpResponseBase:
    """The whole list as Excel, as far as the reader's posts may take lists out; complete, however long."""
    within = reader.actor.demand(P.HOUSEHOLD_EXPORT)
    form, filters = _search(reader, timezone.localdate())
    rows = Dossier.objects.none()
    if filters is not None:
        desk = form.cleaned_data["view"] == "desk"
        rows = queries.find(filters, within, queries.on_desk(reader.actor, reader.pack) if desk else None)
    place = filters.place if filters else None
    export_actions.record(by=reader.actor.name, what="dossiers", areas=within.narrowed(place).areas)
    chunks = ((found, areas.named(shown.codes_of(found))) for found in queries.chunks(rows))
    return workbooks.dossiers(reader, chunks)

"""Lists to act on: how long each is, one of them by pages, one of them as Excel."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.assistance.queries import exports
from jiefa.assistance.queries import gaps as queries
from jiefa.assistance.queries.gaps import GAPS, Asked, Gap
from jiefa.registry.actions import exports as export_actions
from jiefa.site.presenters import gaps as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page
from jiefa.site.views.programmes import asked

P = Permission
ROWS = 50


def _gap(name: str) -> Gap:
    if name not in GAPS:
        raise Http404
    return GAPS[name]


@page
def gaps(reader: Reader) -> HttpResponseBase:
    """What needs somebody today, each a list."""
    context = {
        "here": reader.place.name if reader.place else "",
        "items": shown.entries(reader, queries.counts(asked(reader))),
    }
    return render(reader.request, "site/gaps.html", context)


@page
def gap(reader: Reader, name: str) -> HttpResponseBase:
    chosen = _gap(name)
    rows, after = chosen.rows(asked(reader)), key(reader.request, "after")
    found = list((rows.filter(**{f"{chosen.key}__gt": after}) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    codes = {getattr(row, chosen.place) for row in found}
    names = areas.named(sorted({part for code in codes for part in (code, code[:9])}))
    title, remedy = shown.titles()[name]
    may_leave, query = reader.actor.may(P.HOUSEHOLD_EXPORT), reader.request.GET.urlencode()
    context = {
        "title": title,
        "remedy": remedy,
        "here": reader.place.name if reader.place else "",
        "organisations": not chosen.home,
        "rows": [shown.row(reader, chosen, row, names) for row in found],
        "export_url": f"{reverse('site:gap-export', args=[name])}?{query}" if may_leave else "",
        **neighbours(reader.request, getattr(found[-1], chosen.key) if more else None, None),
    }
    return render(reader.request, "site/gap.html", context)


@page
def export(reader: Reader, name: str) -> HttpResponseBase:
    """The whole list as Excel, as far as the reader's posts may take lists out."""
    chosen = _gap(name)
    within = reader.scope(P.HOUSEHOLD_EXPORT).narrowed(reader.place.code if reader.place else None)
    export_actions.record(by=reader.actor.name, what=f"gap {name}", areas=within.areas)
    rows = chosen.rows(Asked(within, reader.year, timezone.localdate(), reader.pack))
    stream = exports.gap(rows, chosen, shown.titles()[name][0], reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"{name}-{reader.year}.xlsx")

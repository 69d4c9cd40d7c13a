"""Whole-village advancement: the plans of a place and year, the plan of one village with its works."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.assistance.queries import exports
from jiefa.assistance.queries import villages as queries
from jiefa.registry.actions import exports as export_actions
from jiefa.site.address import with_query
from jiefa.site.presenters import villages as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50


@page
def plans(reader: Reader) -> HttpResponseBase:
    """The villages with a plan of the year, with what was planned and spent and how far they have come."""
    within = reader.scope(P.STATISTICS_VIEW).narrowed(reader.place.code if reader.place else None)
    after = key(reader.request, "after")
    asked = reader.request.GET.get("work", "")
    work = asked if reader.pack.codes("village_work").get(asked) else ""
    found = list(queries.plans(within, reader.year, str(after or ""), work)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({code for row in found for code in (row["village_code"], row["village_code"][:9])}))
    may_leave, query = reader.actor.may(P.STATISTICS_VIEW), reader.request.GET.urlencode()
    context = {
        "here": reader.place.name if reader.place else "",
        "sums": queries.sums(within, reader.year),
        "works": shown.works(reader, queries.by_work(within, reader.year), work),
        "every_url": with_query(reader.request, work=None, after=None) if work else "",
        "rows": [shown.row(reader, row, names) for row in found],
        "may_load": reader.actor.may(P.ROSTER_UPLOAD),
        "export_url": f"{reverse('site:village-plans-export')}?{query}" if may_leave else "",
        **neighbours(reader.request, int(found[-1]["village_code"]) if more else None, None),
    }
    return render(reader.request, "site/village_plans.html", context)


@page
def plan(reader: Reader, code: str) -> HttpResponseBase:
    """The plan of one village: its works one by one."""
    within = reader.scope(P.STATISTICS_VIEW)
    works = list(queries.works(within, reader.year, code))
    if not works:
        raise Http404
    reader.place_code = code
    context = {
        "here": areas.named([code]).get(code, code),
        "works": [shown.work(reader, one) for one in works],
        "sums": queries.sums(within.narrowed(code), reader.year),
    }
    return render(reader.request, "site/village_plan.html", context)


@page
def export(reader: Reader) -> HttpResponseBase:
    """All works of the place and year as Excel, in the columns by which they can be loaded again."""
    within = reader.scope(P.STATISTICS_VIEW).narrowed(reader.place.code if reader.place else None)
    export_actions.record(by=reader.actor.name, what="village works", areas=within.areas)
    stream = exports.works(queries.works(within, reader.year), reader.pack, reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"village-works-{reader.year}.xlsx")

"""The places that are designated as something in a year, by code."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from jiefa.access.queries import gate
from jiefa.access.rules import Permission
from jiefa.areas import queries
from jiefa.areas.models import Designation, DesignationKind
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page

ROWS = 100


@page
def designations(reader: Reader) -> HttpResponseBase:
    """Places of ``?kind=`` inside the reader's place, a hundred a page."""
    kind = reader.request.GET.get("kind", "")
    if kind not in DesignationKind.values:
        raise Http404
    within = reader.scope(Permission.STATISTICS_VIEW).narrowed(reader.place.code if reader.place else None)
    rows, after = gate(queries.designated_as(kind, reader.year), within, "division"), key(reader.request, "after")
    found: list[Designation] = list((rows.filter(division__gt=str(after)) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    above = queries.named(sorted({one.division_id[:6] for one in found}))
    context = {
        "kind": DesignationKind(kind).label,
        "here": reader.place.name if reader.place else "",
        "of_year": reader.year,
        "count": rows.count(),
        "rows": [
            {
                "code": one.division_id,
                "name": one.division.name,
                "above": above.get(one.division_id[:6], "") if len(one.division_id) > 6 else "",
                "url": reader.at(reverse("site:area", args=[one.division_id])),
                "from_year": one.from_year,
                "to_year": one.to_year,
                "detail": one.detail,
                "source": one.source,
            }
            for one in found
        ],
        **neighbours(reader.request, int(found[-1].division_id) if more else None, None),
    }
    return render(reader.request, "site/designations.html", context)

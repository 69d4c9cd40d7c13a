"""The households behind a share of training or relocation: all whom it is about, those of whom it is true, the others."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.assistance.queries import counted, exports
from jiefa.assistance.queries.gaps import Asked, Gap
from jiefa.registry.actions import exports as export_actions
from jiefa.site.presenters import gaps as shown
from jiefa.site.presenters import shares as words
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page
from jiefa.site.views.programmes import asked
from jiefa.site.views.training import export_url, leaving

P = Permission
ROWS = 50


def _behind(reader: Reader, share: str, part: str) -> tuple[Gap, str | None]:
    site = reader.request.GET.get("site")
    found = counted.behind(share, part, site)
    if found is None:
        raise Http404
    return found, site


@page
def share(reader: Reader, share: str, part: str) -> HttpResponseBase:
    """The households of the place behind one number of a share."""
    chosen, site = _behind(reader, share, part)
    rows, after = chosen.rows(asked(reader)), key(reader.request, "after")
    found = list((rows.filter(**{f"{chosen.key}__gt": after}) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({code for row in found for code in (row.village_code, row.village_code[:9])}))
    context = {
        "title": words.title(share),
        "note": words.note(share),
        "site": site or "",
        "tab": words.tab(share),
        "parts": words.parts(reader, share, part, site),
        "here": reader.place.name if reader.place else "",
        "rows": [shown.row(reader, chosen, row, names) for row in found],
        "export_url": export_url(reader, "share-export", share, part),
        **neighbours(reader.request, getattr(found[-1], chosen.key) if more else None, None),
    }
    return render(reader.request, "site/share.html", context)


@page
def export(reader: Reader, share: str, part: str) -> HttpResponseBase:
    """The whole list as Excel, as far as the reader's posts may take lists out."""
    chosen, _site = _behind(reader, share, part)
    within = leaving(reader)
    export_actions.record(by=reader.actor.name, what=f"share {chosen.id}", areas=within.areas)
    rows = chosen.rows(Asked(within, reader.year, timezone.localdate(), reader.pack))
    stream = exports.gap(rows, chosen, words.title(share), reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"{chosen.id}-{reader.year}.xlsx")

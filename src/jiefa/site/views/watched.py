"""Lists of contracts, self-inspection and supervision sent in, and their empty workbooks; decided where all lists are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from jiefa import sheets
from jiefa.casework import lists
from jiefa.sheets.forms import specs_of
from jiefa.site.reader import Reader
from jiefa.site.views.help_lists import MEGABYTES, sent_in
from jiefa.site.views.parts import page

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def list_links(reader: Reader, names: Iterable[str]) -> list[dict[str, str]]:
    """The pages on which the reader may send in these lists."""
    found = [(name, lists.kind(name, reader.pack)) for name in names]
    return [
        {"label": reader.words(kind.zh, kind.en), "url": reverse("site:watched-load", args=[name])}
        for name, kind in found
        if reader.actor.may(kind.uploads(reader.actor))
    ]


@page
def load(reader: Reader, kind: str) -> HttpResponseBase:
    """A list sent in: judged row by row, then it waits for a second officer."""
    if kind not in lists.WATCHED:
        raise Http404
    of = lists.kind(kind, reader.pack)
    reader.actor.demand(of.uploads(reader.actor))
    form, refusal, staged = sent_in(reader, kind)
    if staged is not None:
        return redirect("site:help-list", staged.pk)
    context = {
        "title": reader.words(of.zh, of.en),
        "form": form,
        "refusal": refusal,
        "megabytes": MEGABYTES,
        "template_url": reverse("site:template-watched", args=[kind]),
    }
    status = 422 if reader.request.method == "POST" else 200
    return render(reader.request, "site/watched_load.html", context, status=status)


@page
def template(reader: Reader, kind: str) -> HttpResponseBase:
    """The empty workbook of a list. It holds no data of anybody."""
    if kind not in lists.WATCHED:
        raise Http404
    form = reader.pack.form(kind)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        sheets.write_template(
            path, specs_of(reader.pack, form, reader.year), title=form.zh, notes=(f"依据：{form.reference}",)
        )
        content = path.read_bytes()
    response = HttpResponse(content, content_type=WORKBOOK)
    response["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    return response

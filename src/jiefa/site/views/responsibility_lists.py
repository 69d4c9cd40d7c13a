"""Lists of who answers for whom as workbooks: the empty one, an area's own, and one that is loaded; the assignment proposed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiefa import sheets
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.casework import appointing
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.registry import roster
from jiefa.registry.actions import exports
from jiefa.registry.queries import households
from jiefa.responsibility.actions import assigning, loading
from jiefa.responsibility.actions.appointing import Appointment
from jiefa.responsibility.queries import lists, people
from jiefa.sheets.forms import specs_of
from jiefa.site.presenters import answering as shown
from jiefa.site.reader import Reader
from jiefa.site.responsibility_forms import ProposalForm
from jiefa.site.views.answering import went_too
from jiefa.site.views.help_lists import MEGABYTES, sent_in
from jiefa.site.views.parts import page

P = Permission
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = 300
"""Changes shown and confirmed at once; the next ones follow when these are done."""
SMALLEST = 6
"""Digits of a county: a proposal is made for one county or a part of it."""


def _kind(kind: str) -> str:
    if kind not in loading.LISTS:
        raise Http404
    return kind


@page
def load(reader: Reader, kind: str) -> HttpResponseBase:
    """A list sent in: judged row by row, then it waits for a second officer."""
    form_of = reader.pack.form(_kind(kind))
    reader.actor.demand(loading.permission(kind, reader.actor))
    form, refusal, staged = sent_in(reader, kind)
    if staged is not None:
        return redirect("site:help-list", staged.pk)
    context = {
        "parts": shown.parts(reader, "lists"),
        "title": reader.words(form_of.zh, form_of.en),
        "lists": [
            {
                "label": reader.words(reader.pack.form(name).zh, reader.pack.form(name).en),
                "url": reverse("site:responsibility-load", args=[name]),
                "current": name == kind,
            }
            for name in loading.LISTS
            if reader.actor.may(loading.permission(name, reader.actor))
        ],
        "form": form,
        "refusal": refusal,
        "megabytes": MEGABYTES,
        "template_url": reverse("site:responsibility-template", args=[kind]),
        "export_url": reverse("site:responsibility-export", args=[kind])
        if reader.actor.may(P.HOUSEHOLD_EXPORT)
        else "",
    }
    status = 422 if reader.request.method == "POST" else 200
    return render(reader.request, "site/responsibility_load.html", context, status=status)


@page
def template(reader: Reader, kind: str) -> HttpResponseBase:
    """The empty workbook of a list. It holds no data of anybody."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        roster.write_template(path, reader.pack, reader.year, _kind(kind))
        content = path.read_bytes()
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    return response


@page
def export(reader: Reader, kind: str) -> HttpResponseBase:
    """A list of the area as a workbook that can be loaded again; that it left is an entry of the log."""
    within = reader.scope(P.HOUSEHOLD_EXPORT).narrowed(reader.place.code if reader.place else None)
    (spec,) = specs_of(reader.pack, reader.pack.form(_kind(kind)))
    rows = lists.rows(kind, within)
    stream, count = sheets.opened_xlsx(rows, spec.columns, sheet_name=spec.zh, language=reader.lang)
    exports.record(by=reader.actor.name, what=kind, areas=within.areas, rows=str(count))
    return FileResponse(stream, as_attachment=True, filename=f"{kind}.xlsx")


@page
def proposal(reader: Reader) -> HttpResponseBase:
    """An assignment proposed for the place of the page: looked through, unticked where it is wrong, confirmed."""
    reader.actor.demand(P.HELPER_ASSIGN)
    place = reader.place
    assert place is not None
    reader.actor.demand(P.HELPER_ASSIGN, place.code)
    on = reader.as_of
    form = ProposalForm(reader.request.POST or reader.request.GET or None, initial={"on": on})
    refusal, status = "", 200
    if reader.request.method == "POST":
        status = 422
        if form.is_valid():
            wanted = _ticked(reader.request.POST.getlist("pair"))
            try:
                made = appointing.appoint_many(
                    appointments=wanted, on=form.cleaned_data["on"] or on, by=reader.actor, pack=reader.pack
                )
            except NotAllowed:
                raise
            except JiefaError as reason:
                refusal = reason.message(reader.lang)
            else:
                said = ngettext("{count} helper is appointed.", "{count} helpers are appointed.", made.appointed)
                messages.success(reader.request, said.format(count=made.appointed) + went_too(made.measures))
                return redirect(reader.request.get_full_path())
    most = form.cleaned_data.get("most") if form.is_valid() else None
    context: dict[str, Any] = {"parts": shown.parts(reader, "proposal"), "here": place.name, "on": on}
    context |= {"form": form, "refusal": refusal, "too_wide": len(place.code) < SMALLEST, "rows": [], "counts": {}}
    if not context["too_wide"]:
        try:
            found = assigning.propose(place=place.code, on=on, by=reader.actor, pack=reader.pack, most=most)
        except NotAllowed:
            raise
        except JiefaError as reason:
            context["refusal"] = reason.message(reader.lang)
        else:
            context |= _found(reader, found)
    return render(reader.request, "site/responsibility_proposal.html", context, status=status)


def _ticked(values: list[str]) -> list[Appointment]:
    pairs = [value.partition(":") for value in values[:ROWS]]
    return [
        Appointment(int(home), int(cadre)) for home, _colon, cadre in pairs if home.isdecimal() and cadre.isdecimal()
    ]


def _found(reader: Reader, found: assigning.Proposal) -> dict[str, Any]:
    changes = found.changes
    part = changes[:ROWS]
    homes = {one.pk: one for one in households.several([row.household for row in part], reader.scope(P.HOUSEHOLD_VIEW))}
    keys = {row.cadre for row in part if row.cadre} | {found.present.get(row.household, 0) for row in part}
    named = people.by_key(keys)
    places = areas.named(sorted({home.village_code for home in homes.values()}))
    whys = {
        "village": _("serves in the village"),
        "paired": _("unit paired with the village"),
        "township": _("posted in the township"),
        "county": _("posted in the county"),
        "stays": _("answers already"),
    }
    rows = []
    for row in part:
        home, before = homes.get(row.household), named.get(found.present.get(row.household, 0))
        if home is None or row.cadre is None or row.cadre not in named:
            continue
        rows.append(
            {
                "pair": f"{row.household}:{row.cadre}",
                "head": home.head_name or home.number,
                "number": home.number,
                "url": reverse("site:household", args=[home.pk]),
                "change_url": reverse("site:household-helper", args=[home.pk]),
                "village": places.get(home.village_code, home.village_code),
                "cadre": shown.cadre(reader, named[row.cadre]),
                "before": before.name if before else "",
                "why": whys[row.why],
            }
        )
    counts = found.counts
    return {
        "rows": rows,
        "counts": {
            "households": len(found.rows),
            "stays": counts.get("stays", 0),
            "changes": len(changes),
            "nobody": counts.get("none", 0),
        },
        "shown": len(rows),
    }

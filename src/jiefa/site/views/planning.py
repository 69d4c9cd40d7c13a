"""Plans of the reader's area, the targets of the place, lists of targets and capacities, and a plan made for a county."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa import sheets
from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.areas.models import Division
from jiefa.casework import lists
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.planning.actions import making
from jiefa.planning.actions.lists import LISTS, TARGETS
from jiefa.planning.models import Plan
from jiefa.planning.queries import checking, on_file, stating, targets
from jiefa.planning.queries import plans as queries
from jiefa.policy import NotInForce
from jiefa.registry.actions import exports as export_actions
from jiefa.sheets import Column
from jiefa.sheets.forms import specs_of
from jiefa.site.planning_forms import PlanWish
from jiefa.site.presenters import planning as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page
from jiefa.site.views.promises import parts
from jiefa.site.views.watched import list_links

P = Permission
ROWS = 50
PLANNED_FOR = (Level.PROVINCE, Level.PREFECTURE, Level.COUNTY)
AT_ONCE = 50_000
"""Households of a plan that is made while the browser waits: 50,000 drawn ones took 16 s on two processors (2026-11). A county has fewer."""


def here(reader: Reader) -> Division:
    """The place of the page, where the reader sees figures. Raises ``NotAllowed``."""
    place = reader.place
    if place is None:
        raise NotAllowed(what=P.STATISTICS_VIEW.value)
    reader.actor.demand(P.STATISTICS_VIEW, place.code)
    return place


@page
def plans(reader: Reader) -> HttpResponseBase:
    """The plans, the newest first; the targets of the place; the form of a new plan."""
    within = reader.scope(P.STATISTICS_VIEW)
    place, after = here(reader), key(reader.request, "after")
    posted = reader.request.method == "POST"
    if posted:
        reader.actor.demand(P.PLAN_MAKE, place.code)
    form = _form(reader, place)
    refusal, status = "", 200
    if posted:
        status = 422
        if form is None:
            refusal = _("A plan of this place is made on the command line.")
        elif form.is_valid():
            try:
                return _made(reader, place, form)
            except NotAllowed:
                raise
            except JiefaError as reason:
                refusal, status = reason.message(reader.lang), status_of(reason)
    rows = queries.plans(within)
    found: list[Plan] = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({one.area_code for one in found}))
    people = access.full_names(one.by for one in found)
    context: dict[str, Any] = {
        "parts": parts(reader, "plans", place.code, reader.year),
        "here": place.name,
        "rows": [shown.row(reader, one, names, people) for one in found],
        "compare_url": reader.at(reverse("site:plan-compare"), one=found[1].pk, other=found[0].pk)
        if len(found) > 1
        else "",
        "targets": shown.targets(reader, targets.of_place(place.code)),
        "lists": list_links(reader, LISTS),
        "exports": [
            {
                "label": _list_label(reader, kind),
                "url": reader.at(reverse("site:plan-list-export", args=[kind]), place=place.code),
            }
            for kind in LISTS
        ],
        "form": form,
        "command": ""
        if form or not _years(reader) or not _may_make(reader, place)
        else f"jiefa plan make --year {reader.year} --division {place.code}",
        "refusal": refusal,
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/plans.html", context, status=status)


def _may_make(reader: Reader, place: Division) -> bool:
    return place.level in PLANNED_FOR and reader.actor.may(P.PLAN_MAKE, place.code)


def _form(reader: Reader, place: Division) -> PlanWish | None:
    """The form of a new plan; None for who may not make one here, and for a place that is too large to wait for."""
    years = _years(reader)
    if not years or not _may_make(reader, place) or reader.snapshot is None:
        return None
    if len(place.code) < LENGTH_OF_LEVEL[Level.COUNTY] and on_file.households(reader.snapshot, place.code) >= AT_ONCE:
        return None
    asked = reader.request.POST if reader.request.method == "POST" else None
    return PlanWish(asked, reader=reader, years=years)


def _years(reader: Reader) -> range:
    """The years of a plan made from the year of the page; none where nothing says how plans are made from it, or no snapshot is there."""
    try:
        count = int(reader.pack.for_year(reader.year).number("planning.years"))
    except NotInForce:
        return range(0)
    return range(reader.year + 1, reader.year + 1 + count) if reader.snapshot else range(0)


def _made(reader: Reader, place: Division, form: PlanWish) -> HttpResponseBase:
    """The new plan's page. Raises what ``stating`` and ``making`` refuse."""
    said = form.cleaned_data
    what = stating.asked_for(
        place.code,
        reader.year,
        reader.pack,
        targets=form.targets,
        guarantee=said["guarantee"],
        line_fen=form.line_fen,
        capacity_times=form.capacity_times,
    )
    assert reader.snapshot is not None  # without one there is no form
    made = making.make(
        what=what, snapshot=reader.snapshot, pack=reader.pack, by=reader.actor, note=said["note"].strip()
    )
    messages.success(reader.request, _("Plan {number} is made.").format(number=made.pk))
    tell_broken(reader, made)
    return redirect(reader.at(reverse("site:plan", args=[made.pk]), place=place.code))


def tell_broken(reader: Reader, made: Plan) -> None:
    """A warning for every kind of limit that a new plan does not keep."""
    broken = checking.broken(made, reader.pack)
    if broken:
        messages.warning(reader.request, shown.broken(reader, broken))


def _list_label(reader: Reader, kind: str) -> str:
    found = lists.kind(kind, reader.pack)
    return reader.words(found.zh, found.en)


@page
def export_list(reader: Reader, kind: str) -> HttpResponseBase:
    """The newest targets, or the capacities, of the place as a workbook that can be sent in again."""
    if kind not in LISTS:
        raise Http404
    reader.scope(P.STATISTICS_VIEW)
    within = reader.scope(P.STATISTICS_VIEW).narrowed(here(reader).code)
    export_actions.record(by=reader.actor.name, what=kind, areas=within.areas)
    specs = specs_of(reader.pack, reader.pack.form(kind), reader.year)
    columns: list[Column] = list(specs[0].columns)
    rows: Any = targets.newest(within) if kind == TARGETS else targets.capacities(within)
    cells = (shown.list_cells(reader, kind, one, [column.id for column in columns]) for one in rows.iterator())
    stream, _count = sheets.opened_xlsx(cells, columns, sheet_name=_list_label(reader, kind), language=reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"{kind}.xlsx")

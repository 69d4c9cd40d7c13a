"""Programmes: what each did in the place, the cases of one, one case carried on, an application of a household."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa import sheets
from jiefa.access import queries as access
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.assistance.actions import records
from jiefa.assistance.models import ProgrammeRecord
from jiefa.assistance.queries import exports, gaps, naming
from jiefa.assistance.queries import programmes as queries
from jiefa.assistance.queries.training import TRAINING
from jiefa.casework import lists
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.policy import Programme, UnknownPolicy
from jiefa.registry.actions import exports as export_actions
from jiefa.sheets.forms import specs_of
from jiefa.site.help_forms import CaseSearch, OwnColumns
from jiefa.site.presenters import programmes as shown
from jiefa.site.presenters import relocation as relocation_shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.helped import applies
from jiefa.site.views.household import found_or_404, looked
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50
BELOW = {2: 4, 4: 6, 6: 9, 9: 12}
"""Digits of the places below a place of so many."""
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def programme_or_404(reader: Reader, identity: str) -> Programme:
    try:
        return reader.pack.programme(identity)
    except UnknownPolicy:
        raise Http404 from None


def here(reader: Reader) -> Scope:
    """The place of the page, as far as the reader may see households there."""
    return reader.scope(P.HOUSEHOLD_VIEW).narrowed(reader.place.code if reader.place else None)


def asked(reader: Reader) -> gaps.Asked:
    return gaps.Asked(here(reader), reader.year, timezone.localdate(), reader.pack)


@page
def programmes(reader: Reader) -> HttpResponseBase:
    """What every programme did in the place and year."""
    context = {
        "here": reader.place.name if reader.place else "",
        "programmes": shown.overview(reader, queries.by_programme(here(reader), reader.year)),
        "may_load": reader.actor.may(P.ROSTER_UPLOAD),
    }
    return render(reader.request, "site/programmes.html", context)


def _found(reader: Reader, programme: Programme, form: CaseSearch, within: Scope) -> Any:
    form.is_valid()
    typed = form.cleaned_data
    return queries.records(within, programme.id, reader.year, typed.get("stage") or "", typed.get("q") or "")


@page
def programme(reader: Reader, identity: str) -> HttpResponseBase:
    chosen, within = programme_or_404(reader, identity), here(reader)
    form = CaseSearch(reader.request.GET, reader=reader, programme=chosen)
    rows, after = _found(reader, chosen, form, within), key(reader.request, "after")
    found: list[ProgrammeRecord] = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({code for row in found for code in (row.village_code, row.village_code[:9])}))
    may_leave, query = reader.actor.may(P.HOUSEHOLD_EXPORT), reader.request.GET.urlencode()
    context = {
        "programme": {"id": chosen.id, "label": shown.name(reader, chosen), "reference": chosen.reference},
        "assumption": chosen.assumption,
        "about_people": chosen.about == "person",
        "here": reader.place.name if reader.place else "",
        "form": form,
        "rows": [shown.row(reader, chosen, row, names) for row in found],
        "may_load": reader.actor.may(P.ROSTER_UPLOAD),
        "export_url": f"{reverse('site:programme-export', args=[identity])}?{query}" if may_leave else "",
        **_by_place(reader, chosen, within),
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/programme.html", context)


def _by_place(reader: Reader, chosen: Programme, within: Scope) -> dict[str, Any]:
    """What the programme did here and in the places below; of training, also whom it covered."""
    place = reader.place
    digits = BELOW.get(len(place.code)) if place else None
    if place is None:
        return {}
    sums = queries.by_place(within, chosen.id, reader.year, len(place.code))
    own = sums.get(place.code)
    context: dict[str, Any] = {"sums": own}
    if own is not None:
        counts = queries.reached(within, chosen, reader.year)
        context["reached"] = shown.reached(reader, chosen, counts, own.records)
    below = queries.by_place(within, chosen.id, reader.year, digits) if digits else {}
    coverage = gaps.coverage(asked(reader), len(place.code)) if chosen.id == TRAINING else {}
    names = areas.named(sorted(below))
    return context | {
        "by_place": shown.by_place(reader, chosen, below, names),
        "coverage": coverage.get(place.code),
    }


@page
def export(reader: Reader, identity: str) -> HttpResponseBase:
    """The whole list as Excel, in the columns by which it can be loaded again."""
    chosen = programme_or_404(reader, identity)
    within = reader.scope(P.HOUSEHOLD_EXPORT).narrowed(reader.place.code if reader.place else None)
    form = CaseSearch(reader.request.GET, reader=reader, programme=chosen)
    found = _found(reader, chosen, form, within)
    export_actions.record(by=reader.actor.name, what=f"programme {chosen.id}", areas=within.areas)
    stream = exports.cases(found, chosen, reader.pack, reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"{chosen.id}-{reader.year}.xlsx")


@page
def template(reader: Reader, identity: str) -> HttpResponseBase:
    """The empty workbook of a list. It holds no data of anybody."""
    try:
        form = lists.kind(identity, reader.pack).form
    except UnknownPolicy:
        raise Http404 from None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        sheets.write_template(
            path, specs_of(reader.pack, form, reader.year), title=form.zh, notes=(f"依据：{form.reference}",)
        )
        content = path.read_bytes()
    response = HttpResponse(content, content_type=WORKBOOK)
    response["Content-Disposition"] = f'attachment; filename="{identity}.xlsx"'
    return response


@page
def case(reader: Reader, pk: int) -> HttpResponseBase:
    """One case, and its next days and sums by who may edit the household."""
    record = queries.record(pk, reader.scope(P.HOUSEHOLD_VIEW))
    if record is None or record.programme not in reader.pack.programmes:
        raise Http404
    reader.place_code = record.village_code
    chosen = reader.pack.programme(record.programme)
    may = reader.actor.may(P.HOUSEHOLD_EDIT, record.village_code) and not record.off_list
    form = OwnColumns(reader.request.POST or None, reader=reader, programme=chosen, own=record.own)
    refusal, status = "", 200
    if reader.request.method == "POST":
        reader.actor.demand(P.HOUSEHOLD_EDIT, record.village_code)
        status = 422
        if form.is_valid():
            try:
                records.carry_on(record_id=pk, own=form.own, by=reader.actor, on=timezone.localdate(), pack=reader.pack)
            except NotAllowed:
                raise
            except JiefaError as reason:
                refusal, status = reason.message(reader.lang), status_of(reason)
            else:
                messages.success(reader.request, _("The case is carried on."))
                return redirect("site:case", pk)
    else:
        looked(reader, record.household, "case")
    (named,) = naming.remarks(chosen.id, [(record.village_code, record.year, record.own)], reader.pack)
    opens_list = record.of_list_id is not None and lists.opens(record.of_list_id, reader.actor, reader.pack)
    context = {
        "case": shown.case(reader, chosen, record, access.full_names([record.by]), opens_list=opens_list),
        "names": relocation_shown.named(reader, naming.named(chosen.id, record.village_code, record.own)),
        "remarks": [reader.words(one.zh, one.en) for one in named],
        "form": form if may else None,
        "refusal": refusal,
    }
    return render(reader.request, "site/case.html", context, status=status)


@page
def apply(reader: Reader, pk: int, identity: str) -> HttpResponseBase:
    """A household's application for a programme."""
    household = found_or_404(reader, pk, P.DOSSIER_VIEW)
    chosen = programme_or_404(reader, identity)
    if chosen not in applies(reader, household):
        raise Http404
    members = list(household.people.order_by("pk")) if chosen.about == "person" else None
    form = OwnColumns(reader.request.POST or None, reader=reader, programme=chosen, members=members)
    refusal, status = "", 200
    if reader.request.method == "POST":
        status = 422
        if form.is_valid():
            person = form.cleaned_data.get("person")
            try:
                dossier = records.propose(
                    programme=chosen.id,
                    household_id=pk,
                    person_id=int(person) if person else None,
                    year=reader.year,
                    own=form.own,
                    by=reader.actor,
                    on=timezone.localdate(),
                    pack=reader.pack,
                )
            except JiefaError as reason:
                refusal, status = reason.message(reader.lang), status_of(reason)
            else:
                return redirect("site:dossier", dossier)
    else:
        looked(reader, household, f"apply {chosen.id}")
    context = {
        "household": {"pk": pk, "head": household.head_name, "number": household.number},
        "programme": {"label": shown.name(reader, chosen), "reference": chosen.reference},
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/apply.html", context, status=status)

"""Comparison with other departments' lists: what lists were worth, a list loaded, doubtful pairs decided one after the other."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.comparison.actions import load as loading
from jiefa.comparison.actions import pairs
from jiefa.comparison.models import Comparison, PairState
from jiefa.comparison.queries import comparisons
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.registry import roster
from jiefa.site.comparison_forms import ListToCompare
from jiefa.site.presenters import compared as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.leads import MEGABYTES
from jiefa.site.views.parts import key, page

P = Permission
COUNTY = LENGTH_OF_LEVEL[Level.COUNTY]


@page
def compared(reader: Reader) -> HttpResponseBase:
    """Lists that were compared by rule, with what their leads turned out to be."""
    place = reader.place
    within = reader.scope(P.DOSSIER_VIEW).narrowed(place.code if place else None)
    may_load = reader.actor.may(P.LEAD_LOAD)
    context = {
        "here": place.name if place else "",
        "rows": [shown.rate(reader, one) for one in comparisons.rates(within)],
        "may_load": may_load,
        "waits": may_load and comparisons.waiting(reader.scope(P.LEAD_LOAD)).exists(),
    }
    return render(reader.request, "site/compared.html", context)


@page
def new(reader: Reader) -> HttpResponseBase:
    """A department's list compared at once: all its rows or, with a reason, none."""
    reader.actor.demand(P.LEAD_LOAD)
    posted = reader.request.method == "POST"
    places = _places(reader)
    form = (
        ListToCompare(reader.request.POST, reader.request.FILES, reader=reader, places=places)
        if posted
        else ListToCompare(reader=reader, places=places)
    )
    refusal, status = "", 200
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        if file.size > MEGABYTES << 20:
            said = _("The file is larger than {megabytes} MB. Split it, or load it with jiefa compare load.")
            refusal = said.format(megabytes=MEGABYTES)
        else:
            try:
                made = _loaded(reader, form, file)
            except JiefaError as reason:
                refusal = reason.message(reader.lang)
            else:
                said = _("{exact} rows found by number, {probable} by likeness, {doubtful} left to a clerk.")
                messages.success(
                    reader.request, said.format(exact=made.exact, probable=made.probable, doubtful=made.doubtful)
                )
                if made.agreed or made.whole_of:
                    told = _(
                        "{agreed} rows say what the cards say; {missing} people are on the card and not on the list."
                    )
                    messages.info(reader.request, told.format(agreed=made.agreed, missing=made.missing))
                return redirect("site:compared")
    if posted:
        status = 422
    context = {
        "form": form,
        "refusal": refusal,
        "megabytes": MEGABYTES,
        "template_url": reverse("site:template-compared"),
    }
    return render(reader.request, "site/compared_new.html", context, status=status)


def _places(reader: Reader) -> list[tuple[str, str]]:
    """The places of which a list may name everybody: the reader's own, of a province and a prefecture their counties."""
    own = reader.scope(P.LEAD_LOAD).areas
    found = areas.named([code for code in own if len(code) >= COUNTY])
    for code in own:
        if len(code) < COUNTY:
            found |= {one.code: one.name for one in areas.under(code, COUNTY)}
    return sorted(found.items())


def _loaded(reader: Reader, form: ListToCompare, file: UploadedFile[bytes]) -> Comparison:
    typed = form.cleaned_data
    source = loading.Source(typed["kind"], typed["department"], typed["as_of"], typed["whole_of"])
    with tempfile.TemporaryDirectory() as folder:
        name = Path(file.name or "").name
        path = Path(folder) / f"list{Path(name).suffix.lower()}"
        path.write_bytes(file.read())
        return loading.load(file=path, name=name, source=source, by=reader.actor, pack=reader.pack)


@page
def template(reader: Reader) -> HttpResponseBase:
    """The empty workbook of a department's list. It holds no data of anybody."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        roster.write_template(path, reader.pack, reader.year, loading.FORM)
        content = path.read_bytes()
    response = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = 'attachment; filename="list.xlsx"'
    return response


@page
def review(reader: Reader) -> HttpResponseBase:
    """The next pair that waits, side by side; a decision goes on to the one after it. ``?state=unclear``: those that were unclear, once more."""
    within = reader.scope(P.LEAD_LOAD)
    again = reader.request.GET.get("state") == PairState.UNCLEAR
    state = PairState.UNCLEAR if again else PairState.WAITING
    refusal, status = "", 200
    if reader.request.method == "POST":
        number = reader.request.POST.get("pair", "")
        decision = reader.request.POST.get("decision", "")
        posted = comparisons.pair(int(number), within) if number.isdecimal() and len(number) < 19 else None
        if posted is None or decision not in (PairState.SAME, PairState.OTHER, PairState.UNCLEAR):
            raise Http404
        try:
            pairs.decide(pair_id=posted.pk, state=PairState(decision), by=reader.actor, pack=reader.pack)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            kept = f"state={state.value}&" if again else ""
            return redirect(f"{reverse('site:compared-review')}?{kept}after={posted.pk}")
    after = key(reader.request, "after") or 0
    found = comparisons.waiting(within, after, state).first() or comparisons.waiting(within, 0, state).first()
    unclear = 0 if again else comparisons.waiting(within, 0, PairState.UNCLEAR).count()
    names = areas.named([found.village_code, found.village_code[:9]]) if found else {}
    context = {
        "pair": shown.pair(reader, found, names) if found else None,
        "again": again,
        "unclear": unclear,
        "unclear_url": reader.at(reverse("site:compared-review"), state=PairState.UNCLEAR.value),
        "refusal": refusal,
    }
    return render(reader.request, "site/compared_review.html", context, status=status)

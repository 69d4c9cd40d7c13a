"""A procedure begun about a household: what it takes and what is met already is shown first, then a dossier is drawn up."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from jiefa.access.rules import Permission
from jiefa.casework import actions as casework
from jiefa.exits.actions.households import EXIT
from jiefa.exits.queries import household as standards
from jiefa.kernel.errors import JiefaError
from jiefa.site.presenters import proposing as shown
from jiefa.site.reader import Reader
from jiefa.site.views.household import found_or_404, looked, offered
from jiefa.site.views.parts import page


@page
def begin(reader: Reader, pk: int, procedure: str) -> HttpResponseBase:
    household = found_or_404(reader, pk, Permission.DOSSIER_VIEW)
    chosen = next((one for one in offered(reader, household) if one.id == procedure), None)
    year = household.card_year
    if chosen is None or year is None:
        raise Http404
    refusal = ""
    if reader.request.method == "POST":
        try:
            (key,) = casework.propose_households(
                procedure=procedure,
                household_ids=[household.pk],
                year=year,
                by=reader.actor,
                on=timezone.localdate(),
                pack=reader.pack,
            )
        except JiefaError as reason:
            refusal = reason.message(reader.lang)
        else:
            return redirect("site:dossier", key)
    looked(reader, household, f"begin {procedure}")
    items = (
        standards.standard_of([household.pk], year, reader.pack, {}).get(household.pk, ()) if procedure == EXIT else ()
    )
    context = shown.begin(reader, household, chosen, items, year) | {"refusal": refusal}
    return render(reader.request, "site/household_begin.html", context, status=409 if refusal else 200)

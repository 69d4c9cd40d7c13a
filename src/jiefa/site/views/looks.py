"""The four looks: households whose score speaks against the register, and the score of one household, asked and kept."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.identification import queries
from jiefa.identification.actions import scores as actions
from jiefa.identification.models import Score
from jiefa.kernel.division_codes import Level
from jiefa.registry.queries import households
from jiefa.site.identification_forms import DisagreementSearch
from jiefa.site.identification_forms import Looks as LooksForm
from jiefa.site.presenters import looks as shown
from jiefa.site.reader import Reader
from jiefa.site.views.household import found_or_404, looked, year_of
from jiefa.site.views.identified import scorecard, scored
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50


@page
def looks(reader: Reader) -> HttpResponseBase:
    """Disagreements, the oldest first; in a village, its officer may have all its households scored from their cards."""
    within = reader.scope(P.HOUSEHOLD_VIEW)
    form = DisagreementSearch(reader.request.GET)
    known = form.is_valid()
    place = reader.place
    narrowed = within.narrowed(place.code if place else None)
    if reader.request.method == "POST" and place is not None:
        return _score_village(reader, place.code)
    found: list[Score] = []
    after = key(reader.request, "after")
    if known:
        rows = queries.disagreements(reader.year, narrowed)
        if form.cleaned_data["disagreement"]:
            rows = rows.filter(disagreement=form.cleaned_data["disagreement"])
        found = list((rows.filter(pk__gt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({code for row in found for code in (row.village_code, row.village_code[:9])}))
    village = place is not None and place.level == Level.VILLAGE
    context = {
        "form": form,
        "year": reader.year,
        "here": place.name if place else "",
        "rows": shown.rows(reader, found, names),
        "may_score": village and place is not None and reader.actor.may(P.HOUSEHOLD_EDIT, place.code),
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/looks.html", context, status=200 if known else 422)


def _score_village(reader: Reader, code: str) -> HttpResponseBase:
    within = reader.actor.demand(P.HOUSEHOLD_EDIT, code)
    if len(code) != 12:
        raise Http404
    keys = list(households.find(households.Filters(place=code), within).values_list("pk", flat=True))
    made = actions.score(household_ids=keys, year=reader.year, asked={}, by=reader.actor, pack=reader.pack)
    said = ngettext("{count} household scored.", "{count} households scored.", len(made)).format(count=len(made))
    messages.success(reader.request, said)
    return redirect(reader.at(reverse("site:looks"), place=code))


@page
def household_looks(reader: Reader, pk: int) -> HttpResponseBase:
    """The form of the looks: what the card answers is filled in, the rest is asked on the spot."""
    found = found_or_404(reader, pk, P.HOUSEHOLD_EDIT)
    year = year_of(reader, households.cards(found.pk))
    now = scored(reader, found, year)
    if now is None:
        raise Http404
    card = scorecard(reader, year)
    typed = reader.request.POST if reader.request.method == "POST" else None
    form = LooksForm(typed, reader=reader, card=card, standing=shown.standing(now[0]))
    if typed is None:
        looked(reader, found, "looks")
    elif form.is_valid():
        asked = {found.pk: form.asked}
        actions.score(household_ids=[found.pk], year=year, asked=asked, by=reader.actor, pack=reader.pack)
        messages.success(reader.request, _("The score is kept. It decides nothing: the village appraisal does."))
        return redirect(f"{reverse('site:household', args=[pk])}?year={year}")
    context = {
        "household": {"pk": found.pk, "head": found.head_name, "number": found.number},
        "year": year,
        "form": form,
        "looks": [
            {
                "label": reader.words(look.zh, look.en),
                "points": look.points,
                "fields": [form[f"{look.id}.{item.id}"] for item in look.items],
            }
            for look in card.looks
        ],
    }
    return render(reader.request, "site/household_looks.html", context, status=422 if form.errors else 200)

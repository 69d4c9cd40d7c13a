"""Rounds (遍访): begun over an area, followed by place until every village and every poor household was visited."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.kernel.errors import JiefaError
from jiefa.responsibility.actions import visiting
from jiefa.responsibility.queries import visits
from jiefa.site.presenters import answering as shown
from jiefa.site.reader import Reader
from jiefa.site.responsibility_forms import NewRound
from jiefa.site.views.parts import page

P = Permission
MOST = 100
BELOW = {2: 4, 4: 6, 6: 9, 9: 12, 12: 12}


@page
def rounds(reader: Reader) -> HttpResponseBase:
    found = list(visits.rounds(reader.scope(P.HOUSEHOLD_VIEW))[:MOST])
    names = areas.named(sorted({one.division_id for one in found}))
    today = timezone.localdate()
    context = {
        "parts": shown.parts(reader, "rounds"),
        "rows": [shown.found_round(one, names, today) for one in found],
        "may_begin": reader.actor.may(P.FINDING_WAIVE),
    }
    return render(reader.request, "site/rounds.html", context)


@page
def new(reader: Reader) -> HttpResponseBase:
    """A round over the place of the address."""
    place = reader.place
    reader.actor.demand(P.FINDING_WAIVE, place.code if place else None)
    assert place is not None
    form = NewRound(reader.request.POST or None)
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            begun = visiting.begin_round(area=place.code, by=reader.actor, **form.cleaned_data)
        except JiefaError as reason:
            refusal = reason.message(reader.lang)
        else:
            return redirect("site:round", begun.pk)
    context = {"form": form, "here": place.name, "refusal": refusal}
    return render(reader.request, "site/round_new.html", context, status=422 if refusal or form.errors else 200)


@page
def one_round(reader: Reader, pk: int) -> HttpResponseBase:
    """How far a round is, in all of its area that the reader sees and by the places below the place of the address."""
    within = reader.scope(P.HOUSEHOLD_VIEW)
    found = visits.rounds(within).filter(pk=pk).first()
    if found is None:
        raise Http404
    asked = reader.request.GET.get("place", "")
    inside = asked.isdecimal() and len(asked) in BELOW and asked.startswith(found.division_id) and within.covers(asked)
    seen = within.narrowed(found.division_id)
    here = asked if inside else min(seen.areas, key=lambda area: (len(area), area))
    rows = visits.coverage_by_place(found, BELOW[len(here)], within.narrowed(here))
    names = areas.named([*rows, here, found.division_id])
    url = reverse("site:round", args=[pk])
    context = {
        "parts": shown.parts(reader, "rounds"),
        "round": shown.found_round(found, names, timezone.localdate()),
        "here": names.get(here, here),
        "total": shown.coverage(visits.coverage(found, within.narrowed(here))),
        "rows": [
            {
                "name": names.get(place, place),
                "url": f"{url}?place={place}" if len(place) < 12 else f"{reverse('site:responsibility')}?place={place}",
                "households": every,
                "visited": visited,
                "share": visited / every if every else None,
            }
            for place, (every, visited) in rows.items()
        ],
    }
    return render(reader.request, "site/round.html", context)

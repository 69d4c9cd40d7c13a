"""The order in which households are visited, and the cards of the scores that were tried for it. An order decides nothing."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.monitoring.actions import scoring
from jiefa.monitoring.models import ModelCard
from jiefa.monitoring.queries import model_cards, watches
from jiefa.site.presenters import monitoring as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50


@page
def order(reader: Reader) -> HttpResponseBase:
    """Whom to visit first in the place: by the score where it is used, else by the plain triggers; which of them is said."""
    place = reader.place
    within = reader.scope(P.HOUSEHOLD_VIEW).narrowed(place.code if place else None)
    card = model_cards.newest(reader.year)
    after = key(reader.request, "after") or 0
    found, more = model_cards.visits(card, within, after, ROWS) if card is not None else ([], False)
    codes = {part for one in found for part in (one.household.village_code, one.household.village_code[:9])}
    names = areas.named(sorted(codes))
    watched = frozenset(watches.watched_among([one.household.pk for one in found]))
    context = {
        "parts": shown.parts(reader),
        "here": place.name if place else "",
        "year": reader.year,
        "card": shown.card_row(reader, card, {}) if card is not None else None,
        "rows": [shown.visit_row(reader, one, names, watched) for one in found],
        **neighbours(reader.request, found[-1].place if more else None, None),
    }
    return render(reader.request, "site/early_warning.html", context)


@page
def cards(reader: Reader) -> HttpResponseBase:
    """Every card that was made; a new one is asked for by who makes snapshots."""
    reader.actor.demand(P.STATISTICS_VIEW)
    refusal, status = "", 200
    if reader.request.method == "POST":
        try:
            made = scoring.score(year=reader.year, by=reader.actor, pack=reader.pack)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            messages.success(reader.request, _("The score was trained and tested; its card says whether it is used."))
            return redirect("site:model-card", made.pk)
    after = key(reader.request, "after")
    rows = model_cards.cards()
    found: list[ModelCard] = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    people = access.full_names({one.by for one in found})
    context = {
        "parts": shown.parts(reader),
        "year": reader.year,
        "rows": [shown.card_row(reader, one, people) for one in found],
        "may_make": reader.actor.may(P.SNAPSHOT_MAKE),
        "refusal": refusal,
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/model_cards.html", context, status=status)


@page
def card(reader: Reader, pk: int) -> HttpResponseBase:
    """One card: data, measures on the year held out, calibration, by group, weights. It speaks of no household."""
    reader.actor.demand(P.STATISTICS_VIEW)
    found = model_cards.card(pk)
    if found is None:
        raise Http404
    context = {"card": shown.card(reader, found, access.full_names([found.by]))}
    return render(reader.request, "site/model_card.html", context)

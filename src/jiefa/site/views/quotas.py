"""Scale allocation: a place's number and those below it, split by who answers for it; a village's ranking and waiting list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.areas.models import Division
from jiefa.identification import queries
from jiefa.identification.actions import quotas as actions
from jiefa.identification.models import Quota
from jiefa.identification.rules.quotas import proposed
from jiefa.insight.queries import figures
from jiefa.insight.queries.figures import Figure
from jiefa.kernel.division_codes import Level
from jiefa.kernel.errors import JiefaError
from jiefa.site.identification_forms import QuotaSplit, QuotaTotal
from jiefa.site.presenters import quotas as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page

P = Permission


@page
def quota(reader: Reader, code: str) -> HttpResponseBase:
    reader.place_code = code
    place = areas.division(code)
    reader.actor.demand(P.STATISTICS_VIEW, code)
    below = list(areas.children(code).order_by("code"))
    allotted = queries.quotas([child.code for child in below], reader.year)
    own = queries.standing(code, reader.year)
    registered = _registered(reader, [child.code for child in below])
    may_split = actions.answers_for(reader.actor, code)
    typed_total = reader.request.POST if "people" in reader.request.POST else None
    total = QuotaTotal(typed_total, initial={"people": own.people} if own else None) if _is_top(place) else None
    form = None
    if may_split and own is not None and below:
        typed = reader.request.POST if reader.request.method == "POST" and "people" not in reader.request.POST else None
        form = QuotaSplit(typed, children=below, initial=_initial(reader, own, below, allotted, registered))
    refusal, status = "", 200
    if reader.request.method == "POST":
        try:
            done = _saved(reader, place, total, form)
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            if done:
                messages.success(reader.request, _("Saved."))
                return redirect(shown.url(reader, code))
            status = 422
    splits = queries.splits(code, reader.year)
    people = access.full_names({split["by"] for split in splits} | ({own.by} if own else set()))
    rows = shown.rows(reader, below, allotted, registered, form)
    context: dict[str, Any] = {
        "division": shown.place(reader, place),
        "year": reader.year,
        "quota": shown.held(own, people),
        "rows": rows,
        "sum": shown.check(own, rows),
        "form": form,
        "total_form": total if may_split else None,
        "history": shown.history(splits, people, own),
        "years_with": [
            {"year": year, "url": f"{reader.request.path}?year={year}"} for year in queries.years_with_quotas(code)
        ],
        "refusal": refusal,
        "propose_url": f"{shown.url(reader, code)}&propose=1" if form else "",
    }
    return render(reader.request, "site/quota.html", context, status=status)


def _is_top(place: Division) -> bool:
    return place.level == Level.PROVINCE


def _registered(reader: Reader, codes: list[str]) -> dict[tuple[str, str], Figure]:
    """The registered poor of these places by the year's snapshot; empty without one."""
    snapshot = reader.snapshot
    if snapshot is None or not figures.has_figures(snapshot, reader.pack):
        return {}
    return figures.read(snapshot, reader.pack, codes, ["poor_people"])


def _initial(
    reader: Reader,
    own: Quota,
    below: list[Division],
    allotted: dict[str, int],
    registered: dict[tuple[str, str], Figure],
) -> dict[str, int]:
    """What the form begins with: the split that holds, or, where asked for, one in proportion to the registered poor."""
    weights = {code: int(figure.value) for (code, _name), figure in registered.items() if figure.value}
    if reader.request.GET.get("propose") and weights:
        allotted = {child.code: 0 for child in below} | proposed(own.people, weights)
    return {f"people_{code}": people for code, people in allotted.items()}


def _saved(reader: Reader, place: Division, total: QuotaTotal | None, form: QuotaSplit | None) -> bool:
    """Whether what was typed could be read and was saved. Raises what refuses it."""
    if total is not None and total.is_bound:
        if not total.is_valid():
            return False
        people = total.cleaned_data["people"]
        actions.set_total(code=place.code, year=reader.year, people=people, by=reader.actor)
        return True
    if form is None:
        # Whoever may not split, or has nothing to split, is told so by the action itself.
        actions.split(code=place.code, year=reader.year, parts={}, by=reader.actor)
        return True
    if not form.is_valid():
        return False
    reason = form.cleaned_data["reason"]
    actions.split(code=place.code, year=reader.year, parts=form.parts, by=reader.actor, reason=reason)
    return True


@page
def ranking(reader: Reader, code: str) -> HttpResponseBase:
    """Who applies in a village, the poorest first, and how far the quota reaches."""
    reader.place_code = code
    place = areas.division(code)
    within = reader.actor.demand(P.HOUSEHOLD_VIEW, code)
    if place.level != Level.VILLAGE:
        raise Http404
    (filling,) = queries.filling([code], reader.year, within)
    ranked = queries.ranking(code, reader.year, within)
    context = {
        "division": shown.place(reader, place),
        "quota_url": shown.url(reader, code),
        "year": reader.year,
        "filling": filling,
        "rows": shown.ranking(reader, ranked, filling),
    }
    return render(reader.request, "site/ranking.html", context)

"""Letters of responsibility: those of the place, one drawn up, one followed up, its paper, the households behind one line."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access import queries as access
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.assistance.queries import villages
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.planning.actions import letters as actions
from jiefa.planning.models import Assignment, Letter
from jiefa.planning.queries import done, plans, promised
from jiefa.planning.queries import letters as queries
from jiefa.planning.rules import negotiating
from jiefa.procedures import queries as dossiers
from jiefa.procedures.models import Dossier
from jiefa.procedures.queries import Filters
from jiefa.registry.queries import households
from jiefa.site.presenters import letters as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.promise_forms import LetterWish
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page
from jiefa.site.views.planning import here
from jiefa.site.views.promises import parts, sets_for, year_of, years

P = Permission
ROWS = 50


@page
def letters(reader: Reader) -> HttpResponseBase:
    """The letters of the place and the places in it in a year, the place's own first; those that are being signed."""
    place, year, after = here(reader), year_of(reader), key(reader.request, "after")
    within = reader.scope(P.STATISTICS_VIEW).narrowed(place.code)
    rows = queries.letters(within, year)
    found: list[Letter] = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    own = queries.newest([place.code], year).get(place.code)
    open_ = _open(reader, place.code, year)
    codes = {code for one in [*found, *([own] if own else [])] for code in (one.area_code, one.upper_code)}
    names = areas.named(sorted(codes | {one.place_code for one in open_}))
    steps = {one.pk: _step(reader, one) for one in open_}
    context = {
        "parts": parts(reader, "letters", place.code, year),
        "here": place.name,
        "here_code": place.code,
        "of_year": year,
        "years": years(reader, year, place.code),
        "own": shown.row(reader, own, names) if own else None,
        "rows": [shown.row(reader, one, names) for one in found if own is None or one.pk != own.pk],
        "under_way": shown.under_way(open_, names, steps),
        "new_url": reader.at(reverse("site:plan-letter-new"), place=place.code, of_year=year)
        if sets_for(reader, place.code)
        else "",
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/plan_letters.html", context)


def _open(reader: Reader, code: str, year: int) -> list[Dossier]:
    """Letters of the place and the year that are being signed, for who sees dossiers."""
    seen = reader.actor.scope(P.DOSSIER_VIEW).narrowed(code)
    rows = dossiers.find(Filters(year=year, outcome="open"), seen)
    return list(rows.filter(procedure__in=sorted(actions.PROCEDURES.values()))[:ROWS])


def _step(reader: Reader, one: Dossier) -> str:
    step = dossiers.procedure_of(one, reader.pack).by_id[one.step]
    return reader.words(step.zh, step.en)


@page
def new(reader: Reader) -> HttpResponseBase:
    """A letter drawn up with a place below; both sides sign in its dossier."""
    place, year = here(reader), year_of(reader)
    reader.actor.demand(P.TARGET_SET, place.code)
    posted = reader.request.method == "POST"
    form = LetterWish(
        reader.request.POST if posted else None,
        places=_answering(place.code, year),
        initial={"area_code": reader.request.GET.get("with", "")},
    )
    refusal, status = "", 422 if posted else 200
    if posted and form.is_valid():
        try:
            made = actions.draw_up(
                upper_code=place.code,
                area_code=form.cleaned_data["area_code"],
                year=year,
                document=form.cleaned_data["document"],
                by=reader.actor,
                on=timezone.localdate(),
                pack=reader.pack,
            )
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            messages.success(reader.request, _("Drawn up; pass it on in its dossier, and both sides sign there."))
            return redirect("site:dossier", made.pk)
    context = {
        "title": _("Draw up a letter of responsibility"),
        "here": f"{place.name} · {year}",
        "back_url": reader.at(reverse("site:plan-letters"), place=place.code, of_year=year),
        "back_label": _("Letters of responsibility"),
        "note": _(
            "Its lines are the targets of the place that are fixed at this moment. Places without a fixed target are not offered."
        ),
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/typed.html", context, status=status)


def _answering(code: str, year: int) -> list[tuple[str, str]]:
    """The places below with a fixed target, of a province its counties too."""
    found = [(child.code, child.name) for digits in negotiating.below(code) for child in areas.under(code, digits)]
    told = promised.by_place([child for child, _name in found], year)
    return [
        (child, name)
        for child, name in found
        if any(one.state == negotiating.FIXED for one in told.get(child, {}).values())
    ]


def _found(reader: Reader, pk: int) -> Letter:
    found = queries.letters(reader.scope(P.STATISTICS_VIEW)).filter(pk=pk).first()
    if found is None:
        raise Http404
    reader.place_code = found.area_code
    return found


def _context(reader: Reader, found: Letter) -> dict[str, Any]:
    signed = queries.signatures(found)
    names = areas.named(sorted({found.area_code, found.upper_code, *(one.area for one in signed)}))
    people = access.full_names(one.by for one in signed)
    return {
        "letter": shown.row(reader, found, names),
        "lines": shown.lines(reader, found, queries.followed(found)),
        "signatures": [shown.signature(one, names, people) for one in signed],
    }


@page
def letter(reader: Reader, pk: int) -> HttpResponseBase:
    """One letter followed up: each line with what was asked, done and is left; each opens its households or places."""
    found = _found(reader, pk)
    plan = plans.of_year(found.area_code, found.year)
    context = _context(reader, found) | {
        "parts": parts(reader, "letters", found.area_code, found.year),
        "in_force": queries.in_force(found),
        "plan": {"pk": plan.pk, "url": reader.at(reverse("site:plan", args=[plan.pk]), place=found.area_code)}
        if plan
        else None,
        "as_of": timezone.now(),
        "may_open": reader.actor.may(P.HOUSEHOLD_VIEW, found.area_code),
        "may_read_dossier": reader.actor.may(P.DOSSIER_VIEW, found.area_code),
    }
    return render(reader.request, "site/plan_letter.html", context)


@page
def paper(reader: Reader, pk: int) -> HttpResponseBase:
    """The letter to print: its words, its lines, the signatures and their days, the digest of what was signed."""
    return render(reader.request, "site/plan_letter_print.html", _context(reader, _found(reader, pk)))


@page
def line(reader: Reader, pk: int, metric: str) -> HttpResponseBase:
    """What is behind a line: the households that the newest plan has for it, done or not yet, and those done beside the plan; of a
    metric of places, the places."""
    found = _found(reader, pk)
    reader.actor.demand(P.HOUSEHOLD_VIEW, found.area_code)
    wanted = [one for one in queries.followed(found) if one.metric == metric and one.done is not None]
    if not wanted:
        raise Http404
    names = areas.named(sorted({found.area_code, found.upper_code}))
    within = Scope((found.area_code,))
    context = {
        "parts": parts(reader, "letters", found.area_code, found.year),
        "letter": shown.row(reader, found, names),
        "line": shown.lines(reader, found, wanted)[0],
        **(
            _homes(reader, found, metric, within) if metric in queries.OF_HOUSEHOLDS else _places(found, metric, within)
        ),
    }
    return render(reader.request, "site/plan_letter_line.html", context)


def _homes(reader: Reader, found: Letter, metric: str, within: Scope) -> dict[str, Any]:
    """A page of the planned households, and the first of those that were done without being planned."""
    plan, after = plans.of_year(found.area_code, found.year), key(reader.request, "after")
    listed: list[Assignment] = []
    if plan is not None:
        rows = queries.planned(plan, within, found.year, metric)
        listed = list((rows.filter(household_id__gt=after) if after is not None else rows)[: ROWS + 1])
    more, listed = len(listed) > ROWS, listed[:ROWS]
    keys = [one.household_id for one in listed]
    homes = households.find(households.Filters(place=found.area_code), reader.scope(P.HOUSEHOLD_VIEW))
    known = {one.pk: one for one in homes.filter(pk__in=keys)}
    beside = list(queries.beside_plan(within, found.year, metric, plan)[: ROWS + 1])
    return {
        "households": shown.planned(
            reader, listed, known, queries.done_among(within, found.year, metric, keys) if keys else set()
        ),
        "beside": shown.beside(reader, beside[:ROWS]),
        "beside_more": len(beside) > ROWS,
        "has_plan": plan is not None,
        **neighbours(reader.request, listed[-1].household_id if more else None, None),
    }


def _places(found: Letter, metric: str, within: Scope) -> dict[str, Any]:
    """The places inside that were promised to leave or have a plan of works, and those that left or carried it out."""
    reached = done.places_done(within, found.year, metric)
    if metric == done.ADVANCED:
        promised_of = set(villages.plans(within, found.year).values_list("village_code", flat=True))
    else:
        promised_of = {one.area_code for one in promised.leaving(within, found.year, metric)}
    codes = sorted({*reached, *promised_of})
    names = areas.named(codes)
    return {
        "places": [
            {
                "name": names.get(code, code),
                "url": reverse("site:area", args=[code]),
                "planned": code in promised_of,
                "done_on": reached.get(code),
            }
            for code in codes
        ]
    }

"""Look-back campaigns: begun over an area, followed by place, each household of the frozen list visited and found."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.casework import actions as casework
from jiefa.casework import queries as case_queries
from jiefa.identification import queries
from jiefa.identification.actions import lookback as actions
from jiefa.identification.models import Found, LookBack, LookBackHousehold
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.site.identification_forms import NewLookBack, Visit, VisitSearch
from jiefa.site.presenters import lookbacks as shown
from jiefa.site.reader import Reader
from jiefa.site.views.household import found_or_404, looked
from jiefa.site.views.parts import key, neighbours, page
from jiefa.site.views.quality import DIGITS_BELOW

P = Permission
ROWS = 50


def _found(reader: Reader, pk: int) -> LookBack:
    found = queries.campaign(pk, reader.scope(P.HOUSEHOLD_VIEW))
    if found is None:
        raise Http404
    return found


@page
def lookbacks(reader: Reader) -> HttpResponseBase:
    after = key(reader.request, "after")
    rows = queries.campaigns(reader.scope(P.HOUSEHOLD_VIEW))
    found = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({row.division_id for row in found}))
    people = access.full_names({row.by for row in found})
    today = timezone.localdate()
    context = {
        "rows": [shown.campaign(row, names, people, today) for row in found],
        "may_begin": reader.actor.may(P.FINDING_WAIVE),
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/lookbacks.html", context)


@page
def new(reader: Reader) -> HttpResponseBase:
    """A campaign over the place of the address, about the cards of the reader's year."""
    place = reader.place
    reader.actor.demand(P.FINDING_WAIVE, place.code if place else None)
    assert place is not None
    form = NewLookBack(reader.request.POST or None)
    refusal = ""
    if reader.request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            begun = actions.begin(
                title=typed["title"],
                area=place.code,
                year=reader.year,
                begins=typed["begins"],
                ends=typed["ends"],
                by=reader.actor,
            )
        except JiefaError as reason:
            refusal = reason.message(reader.lang)
        else:
            return redirect("site:lookback", begun.pk)
    context = {"form": form, "here": place.name, "year": reader.year, "refusal": refusal}
    return render(reader.request, "site/lookback_new.html", context, status=422 if refusal or form.errors else 200)


@page
def lookback(reader: Reader, pk: int) -> HttpResponseBase:
    """A campaign: by the places below the place of the address, and in a village its frozen list."""
    found = _found(reader, pk)
    asked = reader.request.GET.get("place", "")
    known_place = asked.isdecimal() and len(asked) in DIGITS_BELOW
    inside = known_place and asked.startswith(found.division_id) and reader.actor.may(P.HOUSEHOLD_VIEW, asked)
    here = asked if inside else _starting_place(reader, found)
    reader.place_code = here
    within = reader.scope(P.HOUSEHOLD_VIEW).narrowed(here)
    rows = queries.progress(found, DIGITS_BELOW[len(here)], within)
    names = areas.named([row["place"] for row in rows] + [found.division_id, here])
    form = VisitSearch(reader.request.GET)
    known = form.is_valid()
    after = key(reader.request, "after")
    listed: list[LookBackHousehold] = []
    if len(here) == 12 and known:
        every = queries.visits(found, within, form.cleaned_data["found"])
        listed = list((every.filter(pk__gt=after) if after is not None else every)[: ROWS + 1])
    more, listed = len(listed) > ROWS, listed[:ROWS]
    people = access.full_names([found.by])
    context = {
        "campaign": shown.campaign(found, names, people, timezone.localdate()),
        "here": names.get(here, here),
        "up_url": f"{reverse('site:lookback', args=[pk])}?place={_above(here)}"
        if _may_go_up(reader, found, here)
        else "",
        "village": len(here) == 12,
        "parts": shown.progress(reader, found, rows, names),
        "total": shown.totals(rows),
        "form": form,
        "rows": shown.visits(reader, listed, names, case_queries.followed(listed, found.begins)),
        "missed_url": f"{reverse('site:households')}?place={here}&year={found.year}" if len(here) == 12 else "",
        **neighbours(reader.request, listed[-1].pk if more else None, None),
    }
    return render(reader.request, "site/lookback.html", context, status=200 if known else 422)


def _starting_place(reader: Reader, found: LookBack) -> str:
    """Where the reader begins: the campaign's area, or the widest part of it that the reader sees."""
    seen = reader.scope(P.HOUSEHOLD_VIEW).narrowed(found.division_id)
    return min(seen.areas, key=lambda area: (len(area), area)) if seen else found.division_id


def _above(code: str) -> str:
    return code[: {12: 9, 9: 6, 6: 4, 4: 2}.get(len(code), 2)]


def _may_go_up(reader: Reader, found: LookBack, here: str) -> bool:
    return len(here) > len(found.division_id) and reader.actor.may(P.HOUSEHOLD_VIEW, _above(here))


@page
def visit(reader: Reader, pk: int, household: int) -> HttpResponseBase:
    """What the visit of one household found; what follows from it is a dossier, never a change of its card."""
    found = _found(reader, pk)
    home = found_or_404(reader, household, P.HOUSEHOLD_EDIT)
    row = queries.visits(found, reader.scope(P.HOUSEHOLD_EDIT)).filter(household=home).first()
    today = timezone.localdate()
    form = Visit(
        reader.request.POST if reader.request.method == "POST" else None,
        on_list=row is not None and row.on_list,
        first=found.begins,
        last=min(found.ends, today),
        initial={"found": row.found, "on": row.found_on, "note": row.note} if row and row.found else None,
    )
    refusal, status = "", 200
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            kept = casework.look_back(
                campaign=found,
                household_id=home.pk,
                found=Found(typed["found"]),
                on=typed["on"],
                note=typed["note"],
                by=reader.actor,
                pack=reader.pack,
            )
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), 422
        else:
            messages.success(reader.request, _said(kept))
            return redirect(f"{reverse('site:lookback', args=[pk])}?place={home.village_code}")
    elif form.is_bound:
        status = 422
    else:
        looked(reader, home, "look-back")
    context = {
        "campaign": {"title": found.title, "url": f"{reverse('site:lookback', args=[pk])}?place={home.village_code}"},
        "household": {"pk": home.pk, "head": home.head_name, "number": home.number},
        "status": home.poverty_status,
        "status_label": reader.label("poverty_status", home.poverty_status),
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/lookback_visit.html", context, status=status)


def _said(kept: LookBackHousehold) -> str:
    if kept.dossier is not None:
        return _("Kept, and a dossier was drawn up: it decides.")
    if shown.dossier_due(kept):
        return _("Kept. The dossier is still to be drawn up by the village's officer.")
    return _("Kept.")

"""Cadres: the list of an area, one with households and visits, entered, and leaving with all handed on."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.casework import appointing
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.responsibility.actions import people as actions
from jiefa.responsibility.queries import answering, people, teams, visits
from jiefa.site.presenters import answering as shown
from jiefa.site.reader import Reader
from jiefa.site.responsibility_forms import Appoint, CadreSearch, NewCadre
from jiefa.site.views.answered import listed
from jiefa.site.views.answering import here, went_too
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS, MOST = 50, 200


@page
def cadres(reader: Reader) -> HttpResponseBase:
    within = here(reader)
    form = CadreSearch(reader.request.GET)
    text = form.cleaned_data["q"].strip() if form.is_valid() else ""
    every = people.search(people.posted(within).order_by("pk"), text)
    after = key(reader.request, "after")
    found = list((every.filter(pk__gt=after) if after is not None else every)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    loads = people.loads([one.pk for one in found])
    places = areas.named(sorted({one.area_code for one in found}))
    warn = int(reader.pack.at(reader.as_of).number("responsibility.households_warn"))
    context = {
        "parts": shown.parts(reader, "cadres"),
        "here": reader.place.name if reader.place else "",
        "form": form,
        "rows": [
            {
                **shown.cadre(reader, one),
                "place": places.get(one.area_code, one.area_code),
                "households": (count := loads.get(one.pk, 0)),
                "full": count > warn,
            }
            for one in found
        ],
        "may_enter": reader.actor.may(actions.right(reader.actor)),
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/cadres.html", context)


@page
def new(reader: Reader) -> HttpResponseBase:
    """A cadre to be entered, posted in the reader's area."""
    reader.actor.demand(actions.right(reader.actor))
    place = reader.place.code if reader.place else ""
    form = NewCadre(reader.request.POST or None, reader=reader, initial={"area": place})
    refusal, status = "", 200
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            made = actions.enter(
                cadre=actions.NewCadre(
                    number=typed["number"],
                    name=typed["name"],
                    rank=typed["rank"],
                    area_code=typed["area"],
                    organisation=typed["organisation"],
                    organisation_kind=typed["kind"],
                    seat=typed["area"][:6],
                    from_date=typed["since"],
                    username=typed["username"],
                ),
                by=reader.actor,
            )
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), 422
        else:
            messages.success(reader.request, _("The cadre is entered."))
            return redirect("site:cadre", made.pk)
    elif form.is_bound:
        status = 422
    return render(reader.request, "site/cadre_new.html", {"form": form, "refusal": refusal}, status=status)


@page
def cadre(reader: Reader, pk: int) -> HttpResponseBase:
    """One cadre: households, service, visits; whoever assigns helpers lets the cadre go and hands all on."""
    within, on = reader.scope(P.HOUSEHOLD_VIEW), reader.as_of
    found = people.cadre(pk, within)
    if found is None:
        raise Http404
    may = reader.actor.may(P.HELPER_ASSIGN, found.area_code) and found.to_date is None
    form = Appoint(reader.request.POST or None, reader=reader, nobody=True, initial={"on": on})
    form.fields["cadre"].label = _("Hand the households on to")
    form.fields["on"].label = _("Serves no longer from")
    refusal, status = "", 200
    if form.is_bound:
        reader.actor.demand(P.HELPER_ASSIGN, found.area_code)
        status = 422
        if form.is_valid():
            to = form.cleaned_data["cadre"]
            try:
                left = appointing.leave(
                    cadre_id=pk, to=to.pk if to else None, on=form.cleaned_data["on"], by=reader.actor, pack=reader.pack
                )
            except NotAllowed:
                raise
            except JiefaError as reason:
                refusal = reason.message(reader.lang)
            else:
                homes_said = ngettext(
                    "{count} household was handed on.", "{count} households were handed on.", left.households
                )
                messages.success(reader.request, homes_said.format(count=left.households) + went_too(left.measures))
                return redirect("site:cadre", pk)
    homes = list(answering.households_of(pk, within, on)[:MOST])
    service = teams.service_of(pk, within)
    villages = areas.named(sorted({one.village_code for one in service} | {found.area_code}))
    context = {
        "parts": shown.parts(reader, "cadres"),
        "cadre": shown.cadre(reader, found),
        "place": villages.get(found.area_code, found.area_code),
        "rows": listed(reader, homes),
        "service": [
            {**row, "village": villages.get(one.village_code, one.village_code)}
            for row, one in zip(shown.team(reader, service), service, strict=True)
        ],
        "visits": [
            {**shown.visit(reader, row), "head": row.household.head_name if row.household else ""}
            for row in visits.by_cadre(pk, within, 20)
        ],
        "form": form if may else None,
        "refusal": refusal,
    }
    return render(reader.request, "site/cadre.html", context, status=status)

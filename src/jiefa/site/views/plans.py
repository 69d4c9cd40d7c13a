"""The yearly plan of a household, drawn up and signed; the measures for which the reader answers, each confirmed on the spot."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.assistance.actions import plans as actions
from jiefa.assistance.models import HouseholdPlan, PlanState
from jiefa.assistance.queries import experience
from jiefa.assistance.queries import plans as queries
from jiefa.assistance.queries.experience import Left
from jiefa.assistance.rules.plans import Promise
from jiefa.kernel import money
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.registry.models import Household
from jiefa.registry.queries import households
from jiefa.responsibility.queries import answering, people
from jiefa.site.help_forms import Arrived, Promised
from jiefa.site.presenters import assistance as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.household import found_or_404, looked, year_of
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50
COUNTY = 6
"""Digits of a county."""


@page
def plan(reader: Reader, pk: int) -> HttpResponseBase:
    """What is being agreed with the household for the year; measures are added or taken off, then the household signs."""
    household = found_or_404(reader, pk, P.HOUSEHOLD_EDIT)
    cards = households.cards(pk)
    if not cards:
        raise Http404
    year = year_of(reader, cards)
    card = next(card for card in cards if card.year == year)
    causes = [cause for cause in (card.main_cause, card.other_cause_1, card.other_cause_2) if cause]
    members = list(household.people.order_by("pk"))
    posted, step = reader.request.method == "POST", reader.request.POST.get("step", "")
    typed = reader.request.POST if posted and step == "add" else None
    form = Promised(typed, reader=reader, causes=causes, members=members, initial=_proposed(reader, pk))
    refusal, status = "", 200
    if posted:
        status = 422
        try:
            if step == "sign":
                signed_by = reader.request.POST.get("signed_by", "")
                today = timezone.localdate()
                actions.sign(household_id=pk, year=year, signed_by=signed_by, on=today, by=reader.actor)
                messages.success(reader.request, _("The plan is signed and in force."))
                return redirect(f"{reverse('site:household', args=[pk])}?year={year}")
            if step != "add" or form.is_valid():
                _redraw(reader, household, year, form if step == "add" else None)
                return redirect(f"{reverse('site:household-plan', args=[pk])}?year={year}")
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
    else:
        looked(reader, household, "plan")
    now = _base(pk, year)
    context = {
        "household": {"pk": pk, "head": household.head_name, "number": household.number},
        "year": year,
        "plan": shown.plan(reader, now, causes, timezone.localdate()),
        "versions": shown.versions(queries.versions(pk, year)),
        "experience": shown.experience(reader, _experience(household, causes)),
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/household_plan.html", context, status=status)


def _experience(household: Household, causes: list[str]) -> dict[str, Left]:
    """What households of the same county left poverty with. Sums of a county name nobody, so that the post over it is not asked."""
    return experience.left_with(Scope((household.village_code[:COUNTY],)), causes)


def _proposed(reader: Reader, household: int) -> dict[str, str]:
    """Who is proposed to answer for a measure: the household's one helper, else the reader."""
    helper = answering.helper_on(household, timezone.localdate())
    if helper is not None:
        return {"responsible": helper.cadre.name, "responsible_user": helper.cadre.username}
    return {"responsible": reader.actor.user.name if reader.actor.user else ""}


def _cadre(household: int, name: str, user: str) -> int | None:
    """The cadre who is meant: the household's helper by name, or whoever signs in under this name."""
    today = timezone.localdate()
    helper = answering.helper_on(household, today)
    if helper is not None and name == helper.cadre.name and user in ("", helper.cadre.username):
        return helper.cadre_id
    found = people.cadre_of_user(user, today)
    return found.pk if found else None


def _base(household: int, year: int) -> HouseholdPlan | None:
    """The draft; where there is none what is signed, which a new draft begins with."""
    return queries.draft(household, year) or queries.in_force(household, year)


def _redraw(reader: Reader, household: Household, year: int, added: Promised | None) -> None:
    """The draft with one measure more, or without the one that the page names."""
    base = _base(household.pk, year)
    promises = actions.promises_of(base) if base else []
    if added is not None:
        typed = added.cleaned_data
        promises.append(
            Promise(
                kind=typed["kind"],
                responsible=typed["responsible"],
                planned_on=typed["planned_on"],
                cause=typed["cause"],
                what=typed["what"],
                fen=money.fen_from_yuan(typed["amount"]) if typed["amount"] is not None else None,
                person=int(typed["person"]) if typed["person"] else None,
                responsible_user=typed["responsible_user"],
                cadre=_cadre(household.pk, typed["responsible"], typed["responsible_user"]),
            )
        )
    else:
        place = reader.request.POST.get("place", "")
        if not place.isdecimal() or int(place) >= len(promises):
            raise Http404
        del promises[int(place)]
    actions.draw_up(household_id=household.pk, year=year, promises=promises, by=reader.actor, pack=reader.pack)


@page
def measures(reader: Reader) -> HttpResponseBase:
    """The measures for which the reader answers, those that have not arrived first."""
    within, user = reader.scope(P.HOUSEHOLD_VIEW), reader.actor.name
    only_open = reader.request.GET.get("state", "open") == "open"
    rows, after = queries.answered_for(user, within, open_only=only_open), key(reader.request, "after")
    found = list((rows.filter(pk__gt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({row.village_code for row in found}))
    context = {
        "only_open": only_open,
        "rows": [shown.measure_row(reader, row, names, timezone.localdate()) for row in found],
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/measures.html", context)


@page
def measure(reader: Reader, pk: int) -> HttpResponseBase:
    """One measure, and that it has arrived: said by who answers for it or edits the household."""
    found = queries.measure(pk, reader.scope(P.HOUSEHOLD_VIEW))
    if found is None:
        raise Http404
    reader.place_code = found.village_code
    household, today = found.plan.household, timezone.localdate()
    may = found.plan.state == PlanState.SIGNED and (
        found.user == reader.actor.name or reader.actor.may(P.HOUSEHOLD_EDIT, found.village_code)
    )
    first = {"on": found.delivered_on or today, "result": found.result}
    form = Arrived(reader.request.POST or None, initial=first)
    refusal, status = "", 200
    if reader.request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                amount = form.cleaned_data["amount"]
                actions.deliver(
                    measure_id=pk,
                    on=form.cleaned_data["on"],
                    by=reader.actor,
                    fen=money.fen_from_yuan(amount) if amount is not None else None,
                    result=form.cleaned_data["result"],
                )
                messages.success(reader.request, _("Confirmed: the measure has arrived."))
                mine = found.user == reader.actor.name
                return redirect("site:measures") if mine else redirect("site:household", household.pk)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
    else:
        looked(reader, household, "measure")
    names = areas.named([found.village_code])
    context = {
        "measure": shown.measure_row(reader, found, names, today),
        "form": form if may else None,
        "refusal": refusal,
    }
    return render(reader.request, "site/measure.html", context, status=status)

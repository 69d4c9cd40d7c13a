"""Who answers for a place: its teams and helpers, households without one or not visited in time, helpers appointed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.assistance.actions import handing
from jiefa.assistance.queries import plans as measures
from jiefa.casework import appointing
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.registry.queries import households as registry
from jiefa.responsibility.actions.appointing import Appointment, end_many
from jiefa.responsibility.models import Cadre
from jiefa.responsibility.queries import answering, people, teams, visits
from jiefa.site.pairing_forms import last_whole_month
from jiefa.site.presenters import answering as shown
from jiefa.site.presenters import assistance
from jiefa.site.reader import Reader
from jiefa.site.responsibility_forms import Appoint
from jiefa.site.views.answered import listed
from jiefa.site.views.household import found_or_404, looked
from jiefa.site.views.parts import key, neighbours, page

P = Permission
VIEWS = ("without", "unvisited")
MOST_TICKED = 1_000
SHOWN = 50


def here(reader: Reader) -> Scope:
    """The part of the reader's scope that lies in the place of the page."""
    return reader.scope(P.HOUSEHOLD_VIEW).narrowed(reader.place.code if reader.place else None)


@page
def responsibility(reader: Reader) -> HttpResponseBase:
    """A place: by the places below it; a village: its team and its households."""
    within, on, place = here(reader), reader.as_of, reader.place
    since = reader.visited_since(on)
    context: dict[str, Any] = {
        "parts": shown.parts(reader, "overview"),
        "here": place.name if place else "",
        "on": on,
        "days": (on - since).days + 1,
    }
    if place is not None and len(place.code) == 12:
        rows = registry.page(
            registry.find(registry.Filters(place=place.code), within), key(reader.request, "after"), None
        )
        team = teams.team_of(place.code, on)
        context |= {
            "village": place.code,
            "team": shown.team(reader, teams.members(team.pk, on)) if team else [],
            "team_since": team.from_date if team else None,
            "may_assign": reader.actor.may(P.HELPER_ASSIGN, place.code),
            "rows": listed(reader, rows.rows),
            "total": answering.standing(within, 12, since, on).get(place.code, answering.Standing()),
            **neighbours(reader.request, rows.next_after, None),
        }
        return render(reader.request, "site/responsibility_village.html", context)
    below = list(areas.children(place.code).order_by("code")) if place else []
    digits = len(below[0].code) if below else 12
    standing = answering.standing(within, digits, since, on)
    missing = teams.without_team(within, on)
    serving = teams.serving(within, on)
    context |= {
        "below": shown.places(reader, below, standing, missing),
        "total": answering.Standing(
            sum(one.households for one in standing.values()),
            sum(one.without for one in standing.values()),
            sum(one.unvisited for one in standing.values()),
        ),
        "serving": serving,
        "without_team": [{"code": code, "name": name} for code, name in areas.named(missing[:SHOWN]).items()],
        "without_team_count": len(missing),
    }
    return render(reader.request, "site/responsibility.html", context)


@page
def household_list(reader: Reader) -> HttpResponseBase:
    """Households without a helper, or not visited in time; those ticked get a helper at once."""
    within, on = here(reader), reader.as_of
    view = reader.request.GET.get("view", VIEWS[0])
    if view not in VIEWS:
        raise Http404
    form = None
    refusal, status = "", 200
    if reader.actor.may(P.HELPER_ASSIGN, reader.place.code if reader.place else None):
        form = Appoint(reader.request.POST or None, reader=reader, initial={"on": on})
    if reader.request.method == "POST":
        if form is None:
            raise NotAllowed(what=P.HELPER_ASSIGN.value)
        status = 422
        ticked = [int(text) for text in reader.request.POST.getlist("household") if text.isdecimal()][:MOST_TICKED]
        if not ticked:
            refusal = _("Nothing was ticked.")
        elif form.is_valid():
            try:
                said = _appointed(reader, ticked, form)
            except NotAllowed:
                raise
            except JiefaError as reason:
                refusal = reason.message(reader.lang)
            else:
                messages.success(reader.request, said)
                return redirect(reader.request.get_full_path())
    since = reader.visited_since(on)
    every = answering.without_helper(within, on) if view == "without" else answering.unvisited(within, since, on)
    rows = registry.page(every, key(reader.request, "after"), key(reader.request, "before"))
    context = {
        "parts": shown.parts(reader, view),
        "view": view,
        "here": reader.place.name if reader.place else "",
        "on": on,
        "days": int(reader.pack.at(on).number("responsibility.visit_days")),
        "rows": listed(reader, rows.rows),
        "total": min(count := registry.count_up_to(every), registry.COUNT_LIMIT),
        "more": count > registry.COUNT_LIMIT,
        "form": form,
        "refusal": refusal,
        **neighbours(reader.request, rows.next_after, rows.previous_before),
    }
    return render(reader.request, "site/responsibility_households.html", context, status=status)


def went_too(count: int) -> str:
    """That so many measures went with the households; '' where none did."""
    if not count:
        return ""
    said = ngettext("{count} measure to come went along.", "{count} measures to come went along.", count)
    return " " + said.format(count=count)


def _appointed(reader: Reader, keys: Sequence[int], form: Appoint) -> str:
    chosen: Cadre = form.cleaned_data["cadre"]
    made = appointing.appoint_many(
        appointments=[Appointment(one, chosen.pk) for one in dict.fromkeys(keys)],
        on=form.cleaned_data["on"],
        by=reader.actor,
        pack=reader.pack,
    )
    said = ngettext(
        "{name} answers for {count} household more.", "{name} answers for {count} households more.", made.appointed
    ).format(name=chosen.name, count=made.appointed)
    said += went_too(made.measures)
    if made.overloaded:
        carried = people.loads([chosen.pk]).get(chosen.pk, 0)
        said += " " + _("That makes {count}: more than one person should carry.").format(count=carried)
    return said


@page
def household_helper(reader: Reader, pk: int) -> HttpResponseBase:
    """The helper of one household: appointed, replaced, or ended; what a former one still answers for, handed on."""
    found = found_or_404(reader, pk, P.HELPER_ASSIGN)
    on = reader.as_of
    left_over = reader.request.POST.get("step") == "hand_on"
    typed = None if left_over else reader.request.POST or None
    form = Appoint(typed, reader=reader, nobody=True, initial={"on": on})
    refusal, status = "", 200
    if left_over:
        try:
            count = handing.hand_on(household_id=pk, on=on, by=reader.actor)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), 422
        else:
            said = ngettext("{count} measure was handed on.", "{count} measures were handed on.", count)
            messages.success(reader.request, said.format(count=count))
            return redirect("site:household", pk)
    elif form.is_bound and form.is_valid():
        chosen, day = form.cleaned_data["cadre"], form.cleaned_data["on"]
        try:
            if chosen is None:
                end_many(household_ids=[pk], on=day, by=reader.actor)
                too = 0
            else:
                too = appointing.appoint(
                    household_id=pk, cadre_id=chosen.pk, on=day, by=reader.actor, pack=reader.pack
                ).measures
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), 422
        else:
            said = _("Kept: who answers for the household is on record.") + went_too(too)
            messages.success(reader.request, said)
            return redirect("site:household", pk)
    elif form.is_bound:
        status = 422
    else:
        looked(reader, found, "helper")
    context = {
        "household": {"pk": pk, "head": found.head_name, "number": found.number},
        "history": [shown.helper(reader, row) for row in answering.history(pk)],
        "behind": [assistance.measure_row(reader, one, {}, on) for one in measures.of_former_helpers([pk], on)],
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/household_helper.html", context, status=status)


@page
def checks(reader: Reader) -> HttpResponseBase:
    """What is to be asked about: overloaded cadres, doubtful visits, few days in the village. Findings, not verdicts."""
    within = reader.scope(P.HELPER_ASSIGN).narrowed(reader.place.code if reader.place else None)
    on = reader.as_of
    policy = reader.pack.at(on)
    warn = int(policy.number("responsibility.households_warn"))
    month = last_whole_month(on)
    few = teams.few_days(within, month.year, month.month, int(policy.number("responsibility.attendance_month")))
    few_a_year = teams.few_days_of_year(within, on, int(policy.number("responsibility.attendance_year")))
    doubtful = visits.doubtful(
        within,
        reader.visited_since(on),
        int(policy.number("responsibility.visits_minute")),
        int(policy.number("responsibility.visits_day")),
    )
    full = people.overloaded(within, warn, SHOWN)
    named = people.by_key(one.cadre for one in doubtful[:SHOWN])
    villages = areas.named(sorted({days.member.village_code for days in (*few[:SHOWN], *few_a_year[:SHOWN])}))
    context = {
        "parts": shown.parts(reader, "checks"),
        "here": reader.place.name if reader.place else "",
        "warn": warn,
        "full": [{**shown.cadre(reader, one), "households": count} for one, count in full],
        "doubtful": [
            {**shown.cadre(reader, named[one.cadre]), "kind": one.kind, "when": one.when, "households": one.households}
            for one in doubtful[:SHOWN]
            if one.cadre in named
        ],
        "month": f"{month:%Y-%m}",
        "least": int(policy.number("responsibility.attendance_month")),
        "few": [shown.days(days, villages) for days in few[:SHOWN]],
        "few_count": len(few),
        "year": on.year,
        "few_a_year": [shown.days(days, villages) for days in few_a_year[:SHOWN]],
        "few_a_year_count": len(few_a_year),
    }
    return render(reader.request, "site/responsibility_checks.html", context)

"""Targets of a place and year: negotiated level by level, adding up or signed for, carried over; one target with every word on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.areas.models import Division
from jiefa.areas.rules import DivisionUnknown
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.planning.actions import negotiating as actions
from jiefa.planning.actions.lists import TARGETS
from jiefa.planning.queries import done, promised
from jiefa.planning.rules import negotiating
from jiefa.planning.rules.negotiating import Side
from jiefa.site.presenters import targets as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.promise_forms import BelowWish, CarryWish, WordWish
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page
from jiefa.site.views.planning import here
from jiefa.site.views.promises import FIRST, LAST, metrics, parts, sets_for, year_of, years
from jiefa.site.views.watched import list_links

P = Permission


@page
def targets(reader: Reader) -> HttpResponseBase:
    """The targets of the place in a year beside the sum below, the difference signed for or not; the places below, told at once."""
    place, year = here(reader), year_of(reader)
    sets = sets_for(reader, place.code)
    posted = reader.request.method == "POST"
    if posted:
        reader.actor.demand(P.TARGET_SET, place.code)
    order = metrics(reader)
    form = BelowWish(
        reader.request.POST if posted else None,
        metrics=[(metric, reader.label("planning_metric", metric)) for metric in order],
        initial={"metric": order[0]},
    )
    refusal, status = "", 422 if posted else 200
    if posted and form.is_valid():
        try:
            _done_below(reader, place, year, form.cleaned_data)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            return redirect(reader.at(reverse("site:plan-targets"), place=place.code, of_year=year))
    found = promised.of_year(place.code, year, drafts=sets)
    children = list(areas.children(place.code).order_by("code"))
    told = [metric for metric in order if metric in found and found[metric].below]
    people = access.full_names(line.kept.by for line in found.values() if line.kept)
    context: dict[str, Any] = {
        "parts": parts(reader, "targets", place.code, year),
        "here": place.name,
        "here_code": place.code,
        "of_year": year,
        "years": years(reader, year, place.code),
        "lines": shown.lines(reader, place.code, year, order, found, people),
        "below_labels": [reader.label("planning_metric", metric) for metric in told],
        "below": shown.below(reader, children, year, told, found) if told else [],
        "form": form if sets else None,
        "refusal": refusal,
        "lists": list_links(reader, [TARGETS]),
        "export_url": reader.at(reverse("site:plan-list-export", args=[TARGETS]), place=place.code),
    }
    return render(reader.request, "site/plan_targets.html", context, status=status)


def _done_below(reader: Reader, place: Division, year: int, said: dict[str, Any]) -> None:
    """What was asked for, done for all places below at once. Raises what ``negotiating`` refuses."""
    do = reader.request.POST.get("do", "")
    common: dict[str, Any] = {
        "area_code": place.code,
        "year": year,
        "metric": said["metric"],
        "by": reader.actor,
        "pack": reader.pack,
    }
    if do == "keep":
        actions.keep_difference(reason=said["reason"], **common)
        messages.success(reader.request, _("Signed: the difference stays, with its reason."))
        return
    act = {"send_down": actions.send_down, "fix": actions.fix_below}.get(do)
    if act is None:
        raise Http404
    made = act(document=said["document"], reason=said["reason"], **common)
    messages.success(reader.request, _("Told so; places: {count}.").format(count=len(made)))


@page
def target(reader: Reader, code: str, year: int, metric: str) -> HttpResponseBase:
    """One target with every word on it, the newest first; a new word; what is left of it carried over to the next year."""
    try:
        place = areas.division(code)
    except DivisionUnknown:
        raise Http404 from None
    if metric not in metrics(reader) or not FIRST <= year <= LAST:
        raise Http404
    reader.actor.demand(P.STATISTICS_VIEW, code)
    reader.place_code = code
    sides = _sides(reader, code)
    words = promised.history(code, year, metric, drafts=Side.ABOVE in sides)
    before = words[0].state if words else negotiating.NOTHING
    states = dict.fromkeys(state for side in sides for state in negotiating.steps(side, before, code))
    posted, carrying = reader.request.method == "POST", "carry" in reader.request.POST
    if posted:
        reader.actor.demand(P.PLACE_ANSWER, code)
    form = WordWish(
        reader.request.POST if posted and not carrying else None,
        states=[(state, reader.label("target_state", state)) for state in states],
        initial={"value": words[0].value if words else None, "document": words[0].document if words else ""},
    )
    carry = CarryWish(reader.request.POST if carrying else None, prefix="carry_over")
    refusal, status = "", 422 if posted else 200
    if posted:
        try:
            said = _said(reader, code, year, metric, carry if carrying else form, carrying=carrying)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            if said is not None:
                return redirect(reader.at(reverse("site:plan-target", args=[code, said, metric])))
    counted = metric in done.COUNTED
    reached = done.total(code, year, [metric]).get(metric) if counted else None
    promised_value = next((one.value for one in words if one.state != negotiating.DRAFT), None)
    left = negotiating.shortfall(promised_value, reached) if promised_value is not None and reached is not None else 0
    context = {
        "parts": parts(reader, "targets", code, year),
        "here": place.name,
        "label": reader.label("planning_metric", metric),
        "how": shown.how(metric),
        "of_year": year,
        "back_url": reader.at(reverse("site:plan-targets"), place=code, of_year=year),
        "words": shown.words(reader, words, access.full_names(one.by for one in words)),
        "done": reached,
        "counted": counted,
        "left": left,
        "form": form if states else None,
        "carry": carry if left and Side.ABOVE in sides else None,
        "refusal": refusal,
    }
    return render(reader.request, "site/plan_target.html", context, status=status)


def _sides(reader: Reader, code: str) -> list[Side]:
    """From which sides the reader may speak about the place's targets."""
    posts = reader.actor.posts
    found = [Side.ABOVE] if negotiating.holds(posts, P.TARGET_SET, negotiating.uppers(code)) else []
    return [*found, Side.OWN] if negotiating.holds(posts, P.PLACE_ANSWER, (code,)) else found


def _said(
    reader: Reader, code: str, year: int, metric: str, form: WordWish | CarryWish, *, carrying: bool
) -> int | None:
    """The year of the target on which a word was said; None where what was typed is not complete. Raises what is refused."""
    if not form.is_valid():
        return None
    said = form.cleaned_data
    common: dict[str, Any] = {"area_code": code, "metric": metric, "by": reader.actor, "pack": reader.pack}
    if carrying:
        made = actions.carry_over(year=year, document=said["document"], reason=said["reason"], **common)
        messages.success(reader.request, _("Carried over: {count}.").format(count=made.carried))
    else:
        made = actions.say(
            year=year,
            value=said["value"],
            state=said["state"],
            document=said["document"],
            reason=said["reason"],
            **common,
        )
        messages.success(reader.request, _("Kept."))
    return made.year

"""The action plan "33668" of a place and year: its numbers, what stands behind each, the places below side by side."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.areas.models import Division
from jiefa.insight.queries import figures
from jiefa.kernel.errors import NotAllowed
from jiefa.planning.queries import action_plan as queries
from jiefa.registry.actions import exports as export_actions
from jiefa.site.presenters import action_plan as shown
from jiefa.site.presenters import workbooks
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page

P = Permission


def _asked(reader: Reader) -> tuple[Division, queries.Asked]:
    """The place of the page and the question about it. Raises ``NotAllowed``."""
    within, place = reader.scope(P.STATISTICS_VIEW), reader.place
    if place is None:
        raise NotAllowed(what=P.STATISTICS_VIEW.value)
    reader.actor.demand(P.STATISTICS_VIEW, place.code)
    return place, queries.Asked(place.code, within.narrowed(place.code), reader.year, reader.as_of, reader.pack)


@page
def action_plan(reader: Reader) -> HttpResponseBase:
    place, asked = _asked(reader)
    found = queries.standing(asked)
    names = areas.named([one.county for one in found.incomes])
    children = list(areas.children(place.code).order_by("code"))
    context: dict[str, Any] = {
        "here": place.name,
        "on": reader.as_of,
        "numbers": shown.numbers(reader, place, found),
        "years": shown.years(reader, place, found),
        "lines": shown.lines(reader, place, found),
        "works": shown.works(reader, place, found),
        "incomes": shown.incomes(reader, found.incomes, found.plan.income_fen, names),
        "income_fen": found.plan.income_fen,
        "below": shown.below(reader, found, children, _left_below(reader, [one.code for one in children])),
        "export_url": reader.at(reverse("site:action-plan-export"), place=place.code),
    }
    return render(reader.request, "site/action_plan.html", context)


def _left_below(reader: Reader, codes: list[str]) -> dict[str, int | None]:
    """People who left in the year, by place; empty without a snapshot of the year."""
    snapshot = reader.snapshot
    if snapshot is None or not figures.has_figures(snapshot, reader.pack):
        return {}
    read = figures.read(snapshot, reader.pack, codes, [queries.LEFT])
    return {division: int(one.numerator) for (division, _indicator), one in read.items()}


@page
def export(reader: Reader) -> HttpResponseBase:
    """The place and the places below as Excel: people who left in the year, how many each line reached."""
    place, asked = _asked(reader)
    export_actions.record(by=reader.actor.name, what="action plan", areas=asked.within.areas)
    found = queries.standing(asked)
    places = [place, *areas.children(place.code).order_by("code")]
    reached = {**found.places, place.code: found.lines}
    left = _left_below(reader, [one.code for one in places])
    return workbooks.action_plan(reader, found.plan.lines, places, reached, left)

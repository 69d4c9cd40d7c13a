"""The first page: what needs doing, and how my area stands."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.areas.models import Division
from jiefa.assistance.queries import gaps, plans
from jiefa.audit import queries as audit
from jiefa.insight.queries import figures
from jiefa.kernel.division_codes import Level
from jiefa.site.presenters import gaps as gaps_shown
from jiefa.site.presenters import home as shown
from jiefa.site.presenters import indicators, tasks
from jiefa.site.presenters.comparison import Children, compared
from jiefa.site.reader import Reader
from jiefa.site.views.comparison import BELOW
from jiefa.site.views.parts import page
from jiefa.site.views.work import waiting

P = Permission
RECENT = 8


@page
def home(reader: Reader) -> HttpResponseBase:
    who = reader.actor
    place = reader.own_place
    context: dict[str, Any] = {
        "area": {"name": place.name, "code": place.code if who.may(P.STATISTICS_VIEW) else ""} if place else None,
        "todo": tasks.entries(reader, waiting(reader)),
        "next_steps": [],
        "standing_url": reader.at(reverse("site:home-standing")) if place and who.may(P.STATISTICS_VIEW) else "",
    }
    if who.may(P.USER_MANAGE):
        context["office"] = shown.office(reader, access.headcount(who.scope(P.USER_MANAGE), timezone.localdate()))
    if not reader.years and who.may(P.ROSTER_UPLOAD):
        context["next_steps"] = [
            {
                "label": _("Download the roster workbook"),
                "url": reverse("site:template-roster"),
                "note": _("One row per household, one per member; the third sheet explains every column."),
            },
            {
                "label": _("Load the first roster"),
                "url": reverse("site:import-new"),
                "note": _("You see what is wrong before anything enters the register."),
            },
        ]
    return render(reader.request, "site/home.html", context)


@page
def standing(reader: Reader) -> HttpResponseBase:
    """How the reader's area stands and what happened there lately: what the first page loads behind its to-do list."""
    who, place = reader.actor, reader.own_place
    context: dict[str, Any] = {"acting": _to_act_on(reader)}
    if place is not None and who.may(P.STATISTICS_VIEW, place.code):
        context |= _standing(reader, place)
    if who.may(P.AUDIT_VIEW):
        entries = list(audit.entries(who.scope(P.AUDIT_VIEW).areas)[:RECENT])
        names = areas.named(sorted({entry.chain for entry in entries}))
        context["recent"] = shown.recent(entries, names, access.full_names(entry.by for entry in entries))
    return render(reader.request, "site/_home_standing.html", context)


def _to_act_on(reader: Reader) -> list[dict[str, Any]]:
    """What help did not reach, for whoever works with the households themselves: township and village; and one's own measures."""
    who, place = reader.actor, reader.own_place
    if place is None or place.level not in (Level.TOWNSHIP, Level.VILLAGE) or not who.may(P.HOUSEHOLD_VIEW, place.code):
        return []
    within = who.scope(P.HOUSEHOLD_VIEW)
    mine = plans.answered_for(who.name, within, open_only=True)[: gaps.COUNT_LIMIT].count()
    asked = gaps.Asked(within, reader.year, timezone.localdate(), reader.pack)
    return [*gaps_shown.mine(mine), *(one for one in gaps_shown.entries(reader, gaps.counts(asked)) if one["count"])]


def _standing(reader: Reader, place: Division) -> dict[str, Any]:
    """The leading figures of the place and the ranking of what lies directly under it, where something does."""
    snapshot = reader.snapshot
    if snapshot is None or not figures.has_figures(snapshot, reader.pack):
        return {"without_figures": True}
    trend = figures.trend(reader.pack, place.code, indicators.LEADING, reader.year)
    context = {
        "figures": indicators.leading_figures(reader, trend),
        "earlier_policy": figures.earlier_policy(snapshot, reader.pack),
        "year": reader.year,
        **indicators.snapshot_facts(snapshot),
    }
    below = Children(list(areas.children(place.code)), BELOW.get(Level(place.level)))
    if not below.places:
        return context
    found = figures.read(snapshot, reader.pack, [child.code for child in below.places], ["incidence"])
    return context | compared(reader, place, below, found, figures.definition(reader.pack, "incidence"))

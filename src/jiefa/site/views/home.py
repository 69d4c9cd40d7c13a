"""The first page: what needs doing, and how my area stands."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.insight.queries import figures, findings
from jiefa.registry.models import BatchState
from jiefa.registry.queries import batches
from jiefa.site import charts
from jiefa.site.presenters import indicators as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page

P = Permission


@page
def home(reader: Reader) -> HttpResponseBase:
    who, place = reader.actor, reader.place
    context: dict[str, object] = {
        "area": None,
        "todo": _todo(reader),
        "figures": [],
        "ranking": [],
        "indicator": None,
        "recent": [],
        "next_steps": [],
        "snapshot": None,
        "as_of": None,
    }
    if place is not None:
        context["area"] = {"name": place.name, "code": place.code, "level_label": shown.level_label(place.level)}
    snapshot = reader.snapshot
    if place is not None and who.may(P.STATISTICS_VIEW, place.code) and snapshot and figures.has_figures(snapshot, reader.pack):
        context |= shown.snapshot_facts(snapshot)
        trend = figures.trend(reader.pack, place.code, shown.LEADING, reader.year)
        context["figures"] = shown.leading_figures(reader, trend)
        children = list(areas.children(place.code))
        found = figures.read(snapshot, reader.pack, [child.code for child in children], ["incidence"])
        definition = figures.definition(reader.pack, "incidence")
        places = shown.places(reader, children, found, definition)
        context["ranking"] = charts.ranking(places, unit=shown.unit(definition), lang=reader.lang)[:10]
        context["indicator"] = shown.indicator_facts(reader, definition)
    elif not reader.years and who.may(P.ROSTER_UPLOAD):
        context["next_steps"] = [
            {"label": _("Download the roster workbook"), "url": reverse("site:template-roster"), "note": ""},
            {"label": _("Load the first roster"), "url": reverse("site:import-new"), "note": ""},
        ]
    return render(reader.request, "site/home.html", context)


def _todo(reader: Reader) -> list[dict[str, object]]:
    who = reader.actor
    entries: list[dict[str, object]] = []
    if who.may(P.ROSTER_ACCEPT):
        waiting = [
            batch
            for batch in batches.batches(who.scope(P.ROSTER_ACCEPT), who.name, None, 200)
            if batch.state == BatchState.STAGED and batch.staged_by != who.name
        ]
        entries.append(_entry(_("Rosters to review"), len(waiting), reverse("site:imports"), "file-import", "attention"))
    if who.may(P.FINDING_VIEW):
        within = who.scope(P.FINDING_VIEW)
        url = reader.at(reverse("site:findings"))
        overdue = findings.Filters(reader.year, overdue_on=timezone.localdate())
        limit = findings.COUNT_LIMIT
        errors = findings.find(findings.Filters(reader.year, level="error"), within).order_by()[:limit].count()
        late = findings.find(overdue, within).order_by()[:limit].count()
        warnings = findings.find(findings.Filters(reader.year, level="warn"), within).order_by()[:limit].count()
        entries.append(_entry(_("Overdue findings"), late, f"{url}&overdue=1", "clock", "alarm"))
        entries.append(_entry(_("Errors to mend"), errors, f"{url}&level=error", "clipboard-check", "attention"))
        entries.append(_entry(_("Warnings to look at"), warnings, f"{url}&level=warn", "list-check", "plain"))
    if who.may(P.FINDING_WAIVE):
        asked = findings.find(findings.Filters(reader.year, state="asked"), who.scope(P.FINDING_WAIVE))
        url = f"{reader.at(reverse('site:findings'))}&state=asked"
        entries.append(_entry(_("Waivers to decide"), asked.order_by()[:1000].count(), url, "shield-check", "attention"))
    return [entry for entry in entries if entry["count"]]


def _entry(label: str, count: int, url: str, icon: str, tone: str) -> dict[str, object]:
    return {"label": label, "count": count, "url": url, "icon": icon, "tone": tone, "note": ""}

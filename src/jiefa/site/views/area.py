"""One place: how it stands, how its parts compare, how its register moved, what needs somebody today."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.areas.models import Division
from jiefa.insight.queries import figures, findings
from jiefa.kernel.division_codes import Level
from jiefa.registry.queries import households
from jiefa.site.presenters import area as shown
from jiefa.site.presenters import households as household_rows
from jiefa.site.presenters import indicators
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page

P = Permission
VILLAGE_ROWS = 50


@page
def area(reader: Reader, code: str) -> HttpResponseBase:
    reader.place_code = code
    place = areas.division(code)
    reader.actor.demand(P.STATISTICS_VIEW, code)
    context: dict[str, Any] = {"division": shown.division(reader, place), "year": reader.year, "snapshot": None}
    snapshot = reader.snapshot
    if snapshot is None or not figures.has_figures(snapshot, reader.pack):
        return render(reader.request, "site/area.html", context)
    context |= indicators.snapshot_facts(snapshot)
    context |= _compared(reader, place)
    if reader.request.headers.get("HX-Request") and reader.request.headers.get("HX-Target") == "compare":
        return render(reader.request, "site/_area_compare.html", context)
    trend = figures.trend(reader.pack, code, (), reader.year)
    frame_date = context["as_of"]
    context |= {
        "sentence": shown.sentence(reader, trend),
        "figures": indicators.leading_figures(reader, trend),
        "indicator_groups": shown.indicator_groups(reader),
        "multiples": shown.multiples(reader, trend, frame_date),
        **shown.flow(reader, place, trend, frame_date),
        "needs": _needs(reader, place),
        "export_url": reader.at(reverse("site:indicators-export"), place=code),
    }
    if place.level == Level.VILLAGE and reader.actor.may(P.HOUSEHOLD_VIEW, code):
        within = reader.scope(P.HOUSEHOLD_VIEW)
        rows = households.page(households.find(households.Filters(place=code), within), None, None, VILLAGE_ROWS).rows
        context["households"] = household_rows.rows(reader, rows, _extras(reader, rows))
        context["households_url"] = reader.at(reverse("site:households"), place=code)
    return render(reader.request, "site/area.html", context)


def _extras(reader: Reader, rows: list[Any]) -> household_rows.Extras:
    ids = [row.pk for row in rows]
    return household_rows.Extras(
        cards=households.cards_of(ids, reader.year),
        findings=findings.levels_of_households(ids, reader.year) if reader.actor.may(P.FINDING_VIEW) else {},
        villages=areas.named(sorted({row.village_code for row in rows})),
    )


def _compared(reader: Reader, place: Division) -> dict[str, Any]:
    """The children side by side on one indicator: map where there are polygons, tiles below, and the ranking."""
    asked = reader.request.GET.get("indicator") or "incidence"
    definition = figures.definition(reader.pack, asked)
    assert reader.snapshot is not None
    # The province's map is drawn by county: 88 areas tell more than 9.
    level = Level.COUNTY if place.level == Level.PROVINCE else None
    codes = areas.codes_under(place.code, level) if level else []
    children = areas.several(codes) if level else list(areas.children(place.code))
    found = figures.read(reader.snapshot, reader.pack, [child.code for child in children], [definition.id])
    places = indicators.places(reader, children, found, definition)
    return shown.compared(reader, place, places, definition, children)


def _needs(reader: Reader, place: Division) -> list[dict[str, object]]:
    if not reader.actor.may(P.FINDING_VIEW, place.code):
        return []
    within = reader.scope(P.FINDING_VIEW).narrowed(place.code)
    url = reader.at(reverse("site:findings"), place=place.code)
    limit = findings.COUNT_LIMIT
    entries = []
    for label, level, icon, tone in (
        (_("Errors to mend"), "error", "clipboard-check", "alarm"),
        (_("Warnings to look at"), "warn", "list-check", "attention"),
    ):
        filters = findings.Filters(reader.year, level=level)
        count = findings.find(filters, within).order_by()[:limit].count()
        entries.append({"label": label, "count": count, "url": f"{url}&level={level}", "icon": icon, "tone": tone})
    return [entry for entry in entries if entry["count"]]

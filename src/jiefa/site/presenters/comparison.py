"""Places side by side on one indicator: map where there are polygons, tiles elsewhere, and the ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from jiefa.areas.models import Division
from jiefa.insight.queries.figures import Figure
from jiefa.kernel.division_codes import Level
from jiefa.policy.indicators import IndicatorDefinition
from jiefa.site import charts
from jiefa.site.presenters import indicators
from jiefa.site.presenters.indicators import BETTER, unit
from jiefa.site.reader import Reader

MAPPED = ("52", "5201", "5202", "5203", "5204", "5205", "5206", "5223", "5226", "5227")
"""Places whose parts have polygons (``static/vendor/maps``)."""


@dataclass(frozen=True)
class Children:
    """The places that are compared, all of one level."""

    places: Sequence[Division]
    level: Level | None


def children_label(level: Level | None) -> str:
    """What the places of a level are called together."""
    names = {
        Level.PREFECTURE: _("Prefectures"),
        Level.COUNTY: _("Counties"),
        Level.TOWNSHIP: _("Townships"),
        Level.VILLAGE: _("Villages"),
    }
    return names.get(level, "") if level else ""


def map_name(place: Division, level: Level | None) -> str:
    """The polygons that draw the places; empty where there are none."""
    if place.code not in MAPPED:
        return ""
    return f"{place.code}-prefectures" if level == Level.PREFECTURE else place.code


def _level_choice(place: Division, level: Level | None) -> list[dict[str, Any]]:
    """A province is shown by county (88 places tell more than 9) or by prefecture."""
    if place.level != Level.PROVINCE:
        return []
    return [
        {"id": one.value, "label": children_label(one), "current": one == level}
        for one in (Level.COUNTY, Level.PREFECTURE)
    ]


def compared(
    reader: Reader,
    place: Division,
    children: Children,
    found: Mapping[tuple[str, str], Figure],
    definition: IndicatorDefinition,
) -> dict[str, Any]:
    """The context of the comparison and what the page says of its indicator."""
    better, shown_unit = BETTER[definition.direction], unit(definition)
    places = indicators.places(reader, children.places, found, definition)
    facts = indicators.snapshot_facts(reader.snapshot) if reader.snapshot else {"as_of": None}
    label = reader.words(definition.zh, definition.en)
    polygons = map_name(place, children.level)
    frame = charts.Frame("map", f"{place.name} · {label}", shown_unit, facts["as_of"], reader.lang, size="map")
    ranking = charts.ranking(places, unit=shown_unit, lang=reader.lang, better=better)
    return {
        **facts,
        "indicator": indicators.indicator_facts(reader, definition),
        "children_label": children_label(children.level),
        "level_choice": _level_choice(place, children.level),
        "map": charts.area_map(places, map_name=polygons, frame=frame, better=better) if polygons and places else None,
        "tiles": [] if polygons else charts.tiles(places, unit=shown_unit, lang=reader.lang, better=better),
        "ranking": ranking,
        "division": {"code": place.code, "name": place.name},
        "year": reader.year,
    }

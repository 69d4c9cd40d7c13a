"""A year of a plan as a map of the places below: how much of it is done, or how many are planned where nothing is known yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.areas.models import Division
from jiefa.planning.models import Plan
from jiefa.planning.queries.plans import Sums
from jiefa.site import charts
from jiefa.site.charts.areas import Better
from jiefa.site.presenters.comparison import Children, map_name
from jiefa.site.reader import Reader


@dataclass(frozen=True, slots=True)
class Done:
    """People who left in a year by place, by the newest snapshot of the year; None without one."""

    year: int
    people: Mapping[str, int] | None
    as_of: dt.date | None


def drawn(
    reader: Reader, found: Plan, place: Division, children: Children, planned: Mapping[str, Sums], done: Done
) -> dict[str, Any]:
    """The map of a year of the plan: how much of it is done in each place below, or how many are planned where nothing is known yet;
    of the year after the plan, how many left.

    Tiles where there are no polygons; nothing where nobody below is in the plan.
    """
    places = []
    beyond = done.year not in found.years
    for child in children.places:
        people = planned[child.code].left(done.year) if child.code in planned else 0
        left = None if done.people is None else done.people.get(child.code, 0)
        share = None if left is None or not people else left / people
        places.append(
            charts.Place(
                code=child.code,
                name=child.name,
                value=people if left is None else left if beyond else share,
                href=reader.at(reverse("site:plan", args=[found.pk]), place=child.code),
                numerator=None if beyond else left,
                denominator=None if beyond or left is None else people,
            )
        )
    known = done.people is not None and not beyond
    better: Better = "up" if known else ""
    unit = "share" if known else "people"
    title = _("Done of what was planned for {year}") if known else _("Planned for {year}")
    if beyond:
        title = _("Left in {year}, the year of consolidation after the plan")
    polygons = map_name(place, children.level)
    frame = charts.Frame(
        "plan-map", f"{place.name} · {title.format(year=done.year)}", unit, done.as_of, reader.lang, size="map"
    )
    return {
        "map_year": done.year,
        "map": charts.area_map(places, map_name=polygons, frame=frame, better=better) if polygons and places else None,
        "tiles": [] if polygons else charts.tiles(places, unit=unit, lang=reader.lang, better=better),
        "tiles_title": title.format(year=done.year),
    }

"""Which places below a place are compared: as the address says where there is a choice."""

from __future__ import annotations

from jiefa.areas import queries as areas
from jiefa.areas.models import Division
from jiefa.kernel.division_codes import Level
from jiefa.site.presenters.comparison import Children
from jiefa.site.reader import Reader

BELOW = {
    Level.PROVINCE: Level.PREFECTURE,
    Level.PREFECTURE: Level.COUNTY,
    Level.COUNTY: Level.TOWNSHIP,
    Level.TOWNSHIP: Level.VILLAGE,
}


def children_of(reader: Reader, place: Division) -> Children:
    """The places below; those of a province by county unless ``level`` asks for its prefectures."""
    if place.level == Level.PROVINCE:
        level = Level.PREFECTURE if reader.request.GET.get("level") == Level.PREFECTURE else Level.COUNTY
        return Children(areas.several(areas.codes_under(place.code, level)), level)
    return Children(list(areas.children(place.code)), BELOW.get(Level(place.level)))

"""A number of many places side by side: map, tile grid and ranking, classed alike so that the three agree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from jiefa.site import numerals
from jiefa.site.charts.parts import NARROW, Chart, Column, Frame, Option, Row, base_option, word
from jiefa.site.numerals import Language, Number

Better = Literal["down", "up", ""]
CLASSES = 5
MANY_PLACES = 20
"""Above this many regions a name on each would hide the map."""
LARGE = 10_000
RAMP: dict[Better, str] = {"down": "heat", "up": "calm", "": "plain"}


@dataclass(frozen=True, slots=True)
class Place:
    """One place's value. ``href`` is where a click leads."""

    code: str
    name: str
    value: Number | None
    href: str = ""
    numerator: Number | None = None
    denominator: Number | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of the tile grid; ``level`` 1 (low) to 5 (high), 0 without a value."""

    code: str
    name: str
    href: str
    text: str
    exact: str
    level: int
    ramp: str


@dataclass(frozen=True, slots=True)
class RankRow:
    """A row of the ranking; ``bar`` is the length of its bar, 0 to 100."""

    rank: int | None
    code: str
    name: str
    href: str
    value: Number | None
    text: str
    exact: str
    sort: str
    bar: int
    level: int
    ramp: str
    numerator: Number | None
    denominator: Number | None


def nice(value: float) -> float:
    """``value`` at two significant figures, for class limits that people can read."""
    if value == 0:
        return 0.0
    digits = 1 - math.floor(math.log10(abs(value)))
    return round(value, digits)


def classes(values: Sequence[float]) -> list[float]:
    """At most four rising limits that cut ``values`` into classes of about equal number; fewer where values repeat."""
    ordered = sorted(values)
    if len(ordered) < 2:
        return []
    limits: list[float] = []
    for step in range(1, CLASSES):
        limit = nice(ordered[min(len(ordered) - 1, round(step * len(ordered) / CLASSES))])
        if ordered[0] < limit <= ordered[-1] and (not limits or limit > limits[-1]):
            limits.append(limit)
    return limits


def level_of(value: float | None, limits: Sequence[float]) -> int:
    """The class of ``value``: 0 without one, else 1 to 5, spread so that the top class is always 5."""
    if value is None:
        return 0
    index = sum(value >= limit for limit in limits)
    return CLASSES if not limits else 1 + round(index * (CLASSES - 1) / len(limits))


def _drawn(places: Sequence[Place], unit: str) -> list[float | None]:
    return [None if p.value is None else float(numerals.base_value(p.value, unit)) for p in places]


def _levels(values: Sequence[float | None]) -> list[int]:
    known = [value for value in values if value is not None]
    limits = classes(known)
    if known and not limits:
        return [0 if value is None else 3 for value in values]
    return [level_of(value, limits) for value in values]


def tiles(places: Sequence[Place], *, unit: str, lang: Language, better: Better = "down") -> list[Tile]:
    """One square for each place in the order given."""
    levels = _levels(_drawn(places, unit))
    return [
        Tile(
            code=place.code,
            name=place.name,
            href=place.href,
            text=numerals.short(place.value, unit, lang).text,
            exact=numerals.exact(place.value, unit, lang),
            level=level,
            ramp=RAMP[better],
        )
        for place, level in zip(places, levels, strict=True)
    ]


def ranking(places: Sequence[Place], *, unit: str, lang: Language, better: Better = "down") -> list[RankRow]:
    """One row for each place, the highest value first, equal values sharing a rank, places without a value last."""
    values = _drawn(places, unit)
    levels = _levels(values)
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    triples = sorted(
        zip(places, values, levels, strict=True),
        key=lambda triple: (triple[1] is None, -(triple[1] or 0.0), triple[0].code),
    )
    rows: list[RankRow] = []
    for index, (place, value, level) in enumerate(triples):
        tied = bool(rows) and rows[-1].value == place.value
        rank = None if value is None else rows[-1].rank if tied else index + 1
        bar = 0 if value is None or largest == 0 else max(1, round(abs(value) * 100 / largest)) if value else 0
        rows.append(
            RankRow(
                rank=rank,
                code=place.code,
                name=place.name,
                href=place.href,
                value=place.value,
                text=numerals.short(place.value, unit, lang).text,
                exact=numerals.exact(place.value, unit, lang),
                sort="" if value is None else repr(value),
                bar=bar,
                level=level,
                ramp=RAMP[better],
                numerator=place.numerator,
                denominator=place.denominator,
            )
        )
    return rows


def _pieces(values: Sequence[float], frame: Frame, ramp: str) -> list[Option]:
    limits = classes(values)
    if not limits:
        return [{"min": min(values), "max": max(values), "label": frame_text(values[0], frame), "color": f"${ramp}3"}]
    edges = [None, *limits, None]
    pieces: list[Option] = []
    for index in range(len(limits) + 1):
        low, high = edges[index], edges[index + 1]
        colour = f"${ramp}{1 + round(index * (CLASSES - 1) / len(limits))}"
        piece: Option = {"color": colour, "label": range_text(low, high, frame)}
        if low is not None:
            piece["gte"] = low
        if high is not None:
            piece["lt"] = high
        pieces.append(piece)
    return pieces[::-1]


def frame_text(value: float, frame: Frame) -> str:
    """A class limit, already in the printed unit, without needless decimals."""
    if abs(value) >= LARGE:
        return numerals.short(value, "count", frame.lang).text
    return f"{value:g}{'%' if frame.unit == 'share' else ''}"


def range_text(low: float | None, high: float | None, frame: Frame) -> str:
    """The words of one class of the legend."""
    if low is None:
        return f"< {frame_text(high or 0.0, frame)}"
    if high is None:
        return f"≥ {frame_text(low, frame)}"
    return f"{frame_text(low, frame)} – {frame_text(high, frame)}"


def area_map(places: Sequence[Place], *, map_name: str, frame: Frame, better: Better = "down") -> Chart:
    """A map whose regions are joined by code; ``map_name`` is the file of ``static/vendor/maps`` without its ending."""
    values = _drawn(places, frame.unit)
    known = [value for value in values if value is not None]
    data = [
        {
            "name": p.code,
            "value": value,
            "title": p.name,
            "href": p.href,
            "text": frame.short(p.value),
            "exact": frame.exact(p.value),
        }
        for p, value in zip(places, values, strict=True)
    ]
    few = len(places) <= MANY_PLACES
    option = base_option(frame) | {
        "series": [
            {
                "type": "map",
                "map": map_name,
                "data": data,
                "roam": False,
                "aspectScale": 0.89,
                "left": 8,
                "right": 8,
                "top": 8,
                "bottom": 8,
                "preserveAspect": "contain",
                "selectedMode": False,
                "label": {
                    "show": few,
                    "formatter": "@mapLabel",
                    "fontSize": 11,
                    "color": "$ink",
                    "textBorderColor": "$surface",
                    "textBorderWidth": 2,
                },
                "itemStyle": {"borderColor": "$surface", "borderWidth": 0.8, "areaColor": "$no-data"},
                "emphasis": {
                    "label": {"show": True, "color": "$ink", "fontWeight": 600},
                    "itemStyle": {"areaColor": "inherit", "borderColor": "$ink", "borderWidth": 2},
                },
            }
        ],
    }
    if known:
        option["visualMap"] = {
            "type": "piecewise",
            "pieces": _pieces(known, frame, RAMP[better]),
            "orient": "vertical",
            "left": 0,
            "bottom": 0,
            "itemWidth": 14,
            "itemHeight": 14,
            "itemGap": 4,
            "textStyle": {"color": "$ink-soft", "fontSize": 11},
            "outOfRange": {"color": "$no-data"},
            "selectedMode": False,
        }
        option["media"] = [
            {
                "query": {"maxWidth": NARROW},
                "option": {
                    "visualMap": {
                        "orient": "horizontal",
                        "left": "center",
                        "itemWidth": 8,
                        "itemHeight": 8,
                        "itemGap": 5,
                        "textGap": 3,
                        "textStyle": {"fontSize": 9},
                    },
                    "series": [{"bottom": 40}],
                },
            }
        ]
    columns = (Column(word("place", frame.lang)), Column(frame.heading("value"), numeric=True))
    rows = tuple(Row((p.name, frame.exact(p.value)), p.href) for p in places)
    return Chart(frame, option, columns, rows, map_name=map_name)

"""Money that goes from stop to stop: a Sankey whose bands are exact, with a twin table that holds every one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jiefa.site import numerals
from jiefa.site.charts.parts import NARROW, Chart, Column, Frame, Option, Row, base_option, word

COLOURS = {"plain": "$accent", "lies": "$attention", "end": "$total"}


@dataclass(frozen=True, slots=True)
class Stop:
    """A node: ``tone`` is ``plain``, ``lies`` for what has not gone on, ``end`` for where it was to arrive."""

    id: str
    label: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Band:
    """A band between two stops, in the frame's unit. One below zero is in the table and not in the picture."""

    payer: str
    receiver: str
    value: int
    href: str = ""


def sankey(stops: Sequence[Stop], found: Sequence[Band], *, frame: Frame) -> Chart:
    """The bands from left to right; what lies has a colour of its own and is never left out."""
    named = {stop.id: stop for stop in stops}
    drawn = [band for band in found if band.value > 0]
    used = {name for band in drawn for name in (band.payer, band.receiver)}
    totals = {
        stop.id: max(
            sum(band.value for band in drawn if band.payer == stop.id),
            sum(band.value for band in drawn if band.receiver == stop.id),
        )
        for stop in stops
    }
    nodes: list[Option] = [
        {
            "name": stop.id,
            "title": stop.label,
            "text": numerals.exact(totals[stop.id], frame.unit, frame.lang),
            "itemStyle": {"color": COLOURS[stop.tone], "borderWidth": 0},
        }
        for stop in stops
        if stop.id in used
    ]
    links: list[Option] = [
        {
            "source": band.payer,
            "target": band.receiver,
            "value": frame.plain(band.value),
            "title": f"{named[band.payer].label} → {named[band.receiver].label}",
            "text": numerals.exact(band.value, frame.unit, frame.lang),
            "href": band.href,
            "lineStyle": {
                "color": COLOURS["lies" if named[band.receiver].tone == "lies" else "plain"],
                "opacity": 0.35,
            },
        }
        for band in drawn
    ]
    option = base_option(frame) | {
        "animation": False,
        "series": [
            {
                "type": "sankey",
                "data": nodes,
                "links": links,
                "nodeAlign": "justify",
                "draggable": False,
                "nodeGap": 14,
                "nodeWidth": 14,
                "left": 8,
                "right": 132,
                "top": 12,
                "bottom": 12,
                "emphasis": {"focus": "adjacency"},
                "label": {
                    "formatter": "@mapLabel",
                    "color": "$ink",
                    "fontSize": 12,
                    "width": 120,
                    "overflow": "break",
                },
            }
        ],
        "media": [
            {
                "query": {"maxWidth": NARROW},
                "option": {
                    "series": [
                        {"right": 78, "nodeWidth": 8, "nodeGap": 10, "label": {"fontSize": 9, "width": 70}},
                    ]
                },
            }
        ],
    }
    columns = (Column(word("from", frame.lang)), Column(word("to", frame.lang)), Column(frame.heading("value"), True))
    rows = tuple(
        Row((named[band.payer].label, named[band.receiver].label, frame.exact(band.value)), band.href) for band in found
    )
    return Chart(frame, option, columns, rows)

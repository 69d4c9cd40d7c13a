"""A place against its peers by several shares at once, as a radar."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from jiefa.site import numerals
from jiefa.site.charts.parts import Chart, Column, Frame, Option, Row, base_option, word

LINE = 11
"""Characters of a label on one line."""
FEWEST = 3
"""Spokes below which there is no area to draw."""


@dataclass(frozen=True, slots=True)
class Spoke:
    """One axis: shares from 0 to 1 of the place and of its peers; None: nothing to be had there."""

    label: str
    own: float | None
    peers: float | None
    exact: str = ""


def radar(spokes: Sequence[Spoke], *, own: str, peers: str, frame: Frame) -> Chart:
    """Two areas over the same spokes, each from 0 at the centre to 100 per cent; spokes without a share are in the table alone."""
    drawn = [spoke for spoke in spokes if spoke.own is not None]
    option = base_option(frame) | {
        "legend": {"bottom": 0, "itemWidth": 16, "textStyle": {"color": "$ink-soft", "fontSize": 12}},
        "radar": {
            "indicator": [{"name": _lines(spoke.label), "max": 100} for spoke in drawn],
            "center": ["50%", "47%"],
            "radius": "58%",
            "splitNumber": 4,
            "axisName": {"color": "$ink-soft", "fontSize": 12},
            "splitLine": {"lineStyle": {"color": "$rule"}},
            "splitArea": {"show": False},
            "axisLine": {"lineStyle": {"color": "$rule-strong"}},
        },
        "series": [
            {
                "type": "radar",
                "data": [
                    _area(own, [spoke.own for spoke in drawn], "series1", filled=True),
                    _area(peers, [spoke.peers for spoke in drawn], "series3", filled=False),
                ],
            }
        ],
    }
    columns = (Column(word("item", frame.lang)), Column(own, numeric=True), Column(peers, numeric=True))
    rows = tuple(
        Row((f"{spoke.label} {spoke.exact}".strip(), _percent(spoke.own), _percent(spoke.peers))) for spoke in spokes
    )
    return Chart(frame, option, columns, rows if len(drawn) >= FEWEST else ())


def _lines(label: str) -> str:
    """The label in lines, so that a phone of 390 pixels does not cut it off."""
    return "\n".join(textwrap.wrap(label, LINE, break_long_words=False))


def _area(label: str, shares: Sequence[float | None], token: str, *, filled: bool) -> Option:
    return {
        "name": label,
        "title": label,
        "value": [round(100 * (share or 0), 1) for share in shares],
        "text": ", ".join(_percent(share) for share in shares),
        "symbol": "circle" if filled else "diamond",
        "symbolSize": 6,
        "lineStyle": {"color": f"${token}", "width": 2.5, "type": "solid" if filled else "dashed"},
        "itemStyle": {"color": f"${token}"},
        "areaStyle": {"color": f"${token}", "opacity": 0.16 if filled else 0},
    }


def _percent(share: float | None) -> str:
    return numerals.MISSING if share is None else f"{numerals.grouped(100 * share, 1)}%"

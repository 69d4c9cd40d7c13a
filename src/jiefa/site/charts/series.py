"""Numbers over years or categories: lines, stacked columns, bars, the age and sex pyramid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jiefa.site import numerals
from jiefa.site.charts.parts import (
    GRID,
    Chart,
    Column,
    Frame,
    Option,
    Row,
    base_option,
    category_axis,
    value_axis,
    word,
)
from jiefa.site.numerals import Number

SYMBOLS = ("circle", "diamond", "triangle", "rect", "pin", "arrow")
"""A symbol for each line beside its colour, so that colour is never the only sign."""


@dataclass(frozen=True, slots=True)
class Series:
    """One named row of values, one for each year; ``token`` names its colour, empty for the next of the palette."""

    label: str
    values: Sequence[Number | None]
    token: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar."""

    label: str
    value: Number | None
    href: str = ""


def _colour(series: Series, index: int) -> str:
    return f"${series.token}" if series.token else f"$series{index % 8 + 1}"


def _points(series: Series, years: Sequence[int], frame: Frame) -> list[Option]:
    return [
        {
            "value": frame.plain(value),
            "title": f"{series.label} {year}",
            "text": numerals.exact(value, frame.unit, frame.lang),
            "href": series.href,
        }
        for year, value in zip(years, series.values, strict=True)
    ]


def _table(years: Sequence[int], rows: Sequence[Series], frame: Frame) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    columns = (Column(word("year", frame.lang)), *(Column(series.label, numeric=True) for series in rows))
    body = tuple(
        Row((str(year), *(frame.exact(series.values[index]) for series in rows))) for index, year in enumerate(years)
    )
    return columns, body


def _legend(count: int) -> Option:
    return {
        "show": count > 1,
        "top": 0,
        "left": 0,
        "itemWidth": 16,
        "textStyle": {"color": "$ink-soft", "fontSize": 12},
    }


def lines(years: Sequence[int], rows: Sequence[Series], *, frame: Frame, from_zero: bool = True) -> Chart:
    """One line for each series with its own colour and symbol; gaps stay gaps."""
    option = base_option(frame) | {
        "grid": GRID | {"top": 40 if len(rows) > 1 else 24},
        "legend": _legend(len(rows)),
        "xAxis": category_axis([str(year) for year in years], boundaryGap=len(years) < 3),
        "yAxis": value_axis(frame, scale=not from_zero),
        "series": [
            {
                "type": "line",
                "name": series.label,
                "data": _points(series, years, frame),
                "symbol": SYMBOLS[index % len(SYMBOLS)],
                "symbolSize": 8,
                "lineStyle": {"width": 2.5, "color": _colour(series, index)},
                "itemStyle": {"color": _colour(series, index)},
                "connectNulls": False,
                "label": {
                    "show": len(rows) == 1,
                    "position": "top",
                    "formatter": "@pointShort",
                    "color": "$ink",
                    "fontSize": 11,
                },
            }
            for index, series in enumerate(rows)
        ],
    }
    columns, body = _table(years, rows, frame)
    return Chart(frame, option, columns, body)


def stacked_years(years: Sequence[int], rows: Sequence[Series], *, frame: Frame, share: bool = False) -> Chart:
    """A column for each year, cut by series; with ``share`` each column is 100 %."""
    totals = [sum(float(series.values[i] or 0) for series in rows) for i in range(len(years))]

    def drawn(series: Series) -> list[Option]:
        points = _points(series, years, frame)
        if share:
            for index, point in enumerate(points):
                value = float(series.values[index] or 0)
                point["value"] = value * 100 / totals[index] if totals[index] else None
        return points

    axis = (
        value_axis(frame, max=100, interval=25, axisLabel={"formatter": "{value}%", "color": "$muted"})
        if share
        else value_axis(frame)
    )
    option = base_option(frame) | {
        "grid": GRID | {"top": 48},
        "legend": _legend(len(rows)) | {"type": "scroll"},
        "xAxis": category_axis([str(year) for year in years]),
        "yAxis": axis,
        "series": [
            {
                "type": "bar",
                "stack": "all",
                "name": series.label,
                "barMaxWidth": 48,
                "data": drawn(series),
                "itemStyle": {"color": _colour(series, index), "borderColor": "$surface", "borderWidth": 1},
            }
            for index, series in enumerate(rows)
        ],
    }
    columns, body = _table(years, rows, frame)
    return Chart(frame, option, columns, body)


def bars(rows: Sequence[Bar], *, frame: Frame, token: str = "accent") -> Chart:
    """Lying bars in the order given, the value written at each end."""
    option = base_option(frame) | {
        "grid": GRID | {"top": 4, "right": 64},
        "xAxis": value_axis(frame, axisLabel={"show": False}, splitLine={"show": False}),
        "yAxis": category_axis([bar.label for bar in rows], inverse=True, axisLine={"show": False}),
        "series": [
            {
                "type": "bar",
                "barMaxWidth": 18,
                "itemStyle": {"color": f"${token}"},
                "data": [
                    {
                        "value": frame.plain(bar.value),
                        "title": bar.label,
                        "text": numerals.exact(bar.value, frame.unit, frame.lang),
                        "href": bar.href,
                        "label": {
                            "show": True,
                            "position": "right",
                            "formatter": frame.bare(bar.value),
                            "color": "$ink",
                        },
                    }
                    for bar in rows
                ],
            }
        ],
    }
    columns = (Column(word("item", frame.lang)), Column(frame.heading("value"), numeric=True))
    return Chart(frame, option, columns, tuple(Row((b.label, frame.exact(b.value)), b.href) for b in rows))


def pyramid(bands: Sequence[str], male: Sequence[int | None], female: Sequence[int | None], *, frame: Frame) -> Chart:
    """Men to the left, women to the right, the youngest band at the bottom."""

    def side(values: Sequence[int | None], sign: int, key: str) -> list[Option]:
        name = word(key, frame.lang)
        return [
            {
                "value": None if value is None else sign * value,
                "title": f"{name} {band}",
                "text": numerals.exact(value, frame.unit, frame.lang),
            }
            for band, value in zip(bands, values, strict=True)
        ]

    sides = (("male", male, -1, "$series2"), ("female", female, 1, "$series5"))
    largest = max([value or 0 for value in (*male, *female)], default=0)
    option = base_option(frame) | {
        "grid": GRID | {"top": 32},
        "legend": _legend(2),
        "xAxis": value_axis(
            frame,
            min=-largest,
            max=largest,
            axisLabel={
                "formatter": "@shortAbsolute",
                "color": "$muted",
                "fontSize": 11,
                "hideOverlap": True,
                "showMinLabel": False,
                "showMaxLabel": False,
            },
        ),
        "yAxis": category_axis(list(bands), axisLine={"show": False}, axisLabel={"color": "$ink-soft", "fontSize": 11}),
        "series": [
            {
                "type": "bar",
                "stack": "pyramid",
                "name": word(key, frame.lang),
                "barCategoryGap": "12%",
                "itemStyle": {"color": colour},
                "data": side(values, sign, key),
            }
            for key, values, sign, colour in sides
        ],
    }
    columns = (
        Column(word("age", frame.lang)),
        Column(frame.heading("male"), numeric=True),
        Column(frame.heading("female"), numeric=True),
    )
    rows = tuple(
        Row((band, frame.exact(male[index]), frame.exact(female[index])))
        for index, band in reversed(list(enumerate(bands)))
    )
    return Chart(frame, option, columns, rows)

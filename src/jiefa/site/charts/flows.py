"""What changed and against which mark: the year's flow of poor people, a household's income against the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jiefa.site import numerals
from jiefa.site.charts.parts import (
    GRID,
    NARROW,
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

SMALL_CHANGE = 0.35
"""When the whole movement is a smaller part of the stock than this, the axis is cut so that the steps can be seen."""


@dataclass(frozen=True, slots=True)
class Step:
    """A bar of the waterfall: a stock (``total``) or a signed change."""

    id: str
    label: str
    value: int
    total: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class IncomePoint:
    """Net income per person and the line of one year, fen."""

    year: int
    income_fen: int | None
    line_fen: int | None


def _levels(steps: Sequence[Step]) -> list[tuple[int, int]]:
    """Lower and upper end of every bar."""
    levels: list[tuple[int, int]] = []
    height = 0
    for step in steps:
        if step.total:
            levels.append((0, step.value))
            height = step.value
        else:
            levels.append((min(height, height + step.value), max(height, height + step.value)))
            height += step.value
    return levels


def _floor(levels: Sequence[tuple[int, int]]) -> int:
    """Where the axis starts: zero, or a round number below everything when the steps would be invisible."""
    tops = [high for _low, high in levels]
    inner = [low for low, _high in levels if low] or [0]
    low, high = min(min(inner), min(tops, default=0)), max(tops, default=0)
    if low <= 0 or (high - low) > high * SMALL_CHANGE:
        return 0
    raw = max(0.0, low - (high - low) * 0.6)
    step = 10 ** max(0, len(str(int(high - low) or 1)) - 1)
    return int(raw // step * step)


def _bar(step: Step, low: int, high: int, frame: Frame) -> tuple[Option, Option]:
    colour = "$total" if step.total else "$alarm" if step.value > 0 else "$accent" if step.value < 0 else "$muted"
    sign = "+" if step.value > 0 and not step.total else ""
    exact = numerals.exact(step.value, frame.unit, frame.lang)
    visible = {
        "value": high - low,
        "title": step.label,
        "text": exact,
        "href": step.href,
        "itemStyle": {"color": colour},
        "mark": sign + frame.bare(step.value),
    }
    return {"value": low, "itemStyle": {"color": "transparent"}}, visible


def waterfall(steps: Sequence[Step], *, frame: Frame) -> Chart:
    """Opening, changes and closing as hanging bars; more poor people are vermilion, fewer green, signs on every bar."""
    levels = _levels(steps)
    floor = _floor(levels)
    pairs = [_bar(step, *level, frame) for step, level in zip(steps, levels, strict=True)]
    axis = value_axis(frame, min=floor) if floor else value_axis(frame)
    option = base_option(frame) | {
        "grid": GRID | {"top": 32},
        "xAxis": category_axis(
            [step.label for step in steps],
            axisLabel={"color": "$ink-soft", "interval": 0, "fontSize": 12, "width": 84, "overflow": "break"},
        ),
        "yAxis": axis,
        "series": [
            {
                "type": "bar",
                "stack": "flow",
                "silent": True,
                "data": [pair[0] for pair in pairs],
                "tooltip": {"show": False},
            },
            {
                "type": "bar",
                "stack": "flow",
                "barMaxWidth": 56,
                "data": [pair[1] for pair in pairs],
                "labelLayout": {"moveOverlap": "shiftY"},
                "label": {"show": True, "position": "top", "formatter": "@mark", "color": "$ink", "fontSize": 12},
            },
        ],
        "media": [
            {
                "query": {"maxWidth": NARROW},
                "option": {
                    "xAxis": {"axisLabel": {"rotate": 40, "fontSize": 11}},
                    "series": [{}, {"label": {"fontSize": 9}}],
                },
            }
        ],
    }
    columns = (Column(word("item", frame.lang)), Column(frame.heading("value"), numeric=True))
    rows = tuple(
        Row((s.label, frame.exact(s.value) if s.total or s.value <= 0 else "+" + frame.exact(s.value)), s.href)
        for s in steps
    )
    return Chart(frame, option, columns, rows, note=word("cut_axis", frame.lang) if floor else "")


def income_against_line(points: Sequence[IncomePoint], *, frame: Frame) -> Chart:
    """Bars of income with the line stepped over them; a year below the line is hollow as well as vermilion."""
    data = []
    for point in points:
        below = point.income_fen is not None and point.line_fen is not None and point.income_fen < point.line_fen
        style: Option = (
            {"color": "$alarm-soft", "borderColor": "$alarm", "borderWidth": 2} if below else {"color": "$accent"}
        )
        ink = "$ink" if below else "$accent-ink"
        data.append(
            {
                "value": frame.plain(point.income_fen),
                "title": str(point.year),
                "text": numerals.exact(point.income_fen, frame.unit, frame.lang),
                "itemStyle": style,
                "label": {
                    "show": True,
                    "position": "insideTop",
                    "formatter": frame.bare(point.income_fen),
                    "color": ink,
                },
            }
        )
    option = base_option(frame) | {
        "grid": GRID | {"top": 40},
        "legend": {"top": 0, "right": 0, "itemWidth": 16, "textStyle": {"color": "$ink-soft"}},
        "xAxis": category_axis([str(point.year) for point in points]),
        "yAxis": value_axis(frame),
        "series": [
            {
                "type": "bar",
                "name": word("income", frame.lang),
                "barMaxWidth": 40,
                "data": data,
                "itemStyle": {"color": "$accent"},
            },
            {
                "type": "line",
                "name": word("line", frame.lang),
                "step": "middle",
                "symbol": "diamond",
                "symbolSize": 8,
                "lineStyle": {"type": "dashed", "width": 2, "color": "$ink"},
                "itemStyle": {"color": "$ink"},
                "data": [
                    {
                        "value": frame.plain(point.line_fen),
                        "title": str(point.year),
                        "text": numerals.exact(point.line_fen, frame.unit, frame.lang),
                    }
                    for point in points
                ],
            },
        ],
    }
    columns = (
        Column(word("year", frame.lang)),
        Column(frame.heading("income"), numeric=True),
        Column(frame.heading("line"), numeric=True),
        Column(frame.heading("gap"), numeric=True),
    )
    rows = tuple(
        Row((str(p.year), frame.exact(p.income_fen), frame.exact(p.line_fen), frame.exact(_difference(p))))
        for p in points
    )
    return Chart(frame, option, columns, rows)


def _difference(point: IncomePoint) -> int | None:
    if point.income_fen is None or point.line_fen is None:
        return None
    return point.income_fen - point.line_fen

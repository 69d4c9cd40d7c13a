"""What every chart has: a frame (title, unit, as-of date, language), an option for the browser, a twin table."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal

from jiefa.site import numerals
from jiefa.site.numerals import Language, Number

Option = dict[str, Any]
Size = Literal["xs", "sm", "md", "lg", "map"]
WORDS: dict[str, tuple[str, str]] = {
    "place": ("地区", "Place"),
    "item": ("项目", "Item"),
    "year": ("年度", "Year"),
    "value": ("数值", "Value"),
    "expected": ("预计", "Expected"),
    "from": ("从", "From"),
    "to": ("到", "To"),
    "change": ("增减", "Change"),
    "age": ("年龄", "Age"),
    "male": ("男", "Male"),
    "female": ("女", "Female"),
    "income": ("人均纯收入", "Net income per person"),
    "line": ("扶贫标准", "Poverty line"),
    "gap": ("差额", "Difference"),
    "numerator": ("分子", "Numerator"),
    "denominator": ("分母", "Denominator"),
    "no_data": ("无数据", "No data"),
    "cut_axis": ("纵轴不从零开始。", "The vertical axis does not start at zero."),
}


def word(key: str, language: Language) -> str:
    """The fixed word ``key`` of a chart in ``language``."""
    return WORDS[key][0 if language == "zh" else 1]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the reader is told around a chart. ``id`` is unique on the page and names downloads."""

    id: str
    title: str
    unit: str
    as_of: dt.date | None
    lang: Language
    note: str = ""
    size: Size = "md"

    @property
    def unit_word(self) -> str:
        """The unit in words; money is printed in yuan."""
        return numerals.unit_word(self.unit, self.lang)

    def plain(self, value: Number | None) -> float | None:
        """``value`` as a float in the printed unit, for drawing only."""
        return None if value is None else float(numerals.base_value(value, self.unit))

    def exact(self, value: Number | None) -> str:
        """All digits of ``value`` without the unit, for the twin table."""
        if value is None:
            return numerals.MISSING
        number = numerals.base_value(value, self.unit)
        return numerals.grouped(number, numerals.exact_decimals(number, self.unit))

    def short(self, value: Number | None) -> str:
        """``value`` in few figures with its unit."""
        return numerals.short(value, self.unit, self.lang).text

    def bare(self, value: Number | None) -> str:
        """``value`` in few figures without its unit, for labels beside an axis whose unit stands in the head."""
        shown = numerals.short(value, self.unit, self.lang)
        return f"{shown.figures}{shown.scale}{'%' if self.unit == 'share' else ''}"

    def heading(self, key: str) -> str:
        """The fixed word ``key`` with the unit in brackets, for a column of numbers."""
        name = word(key, self.lang)
        if not self.unit_word:
            return name
        return f"{name}（{self.unit_word}）" if self.lang == "zh" else f"{name} ({self.unit_word})"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the twin table."""

    label: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the twin table; with ``href`` its first cell is a link."""

    cells: tuple[str, ...]
    href: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """An ECharts option with its frame and its twin table."""

    frame: Frame
    option: Option
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    map_name: str = ""
    note: str = ""
    kind: str = field(default="chart", init=False)

    @property
    def option_id(self) -> str:
        """The id of the JSON block that holds the option."""
        return f"{self.frame.id}-option"

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.rows


def base_option(frame: Frame) -> Option:
    """Settings that all charts share: no entrance animation for data that people compare, a description for readers."""
    return {
        "animationDuration": 240,
        "aria": {"enabled": True, "label": {"description": f"{frame.title}, {frame.unit_word}"}},
        "tooltip": {"trigger": "item", "formatter": "@tip", "confine": True},
        "unit": frame.unit_word,
    }


def value_axis(frame: Frame, **more: Any) -> Option:
    """A quiet value axis with short numbers."""
    return {
        "type": "value",
        "axisLabel": {"formatter": "@short", "color": "$muted", "fontSize": 11},
        "splitLine": {"lineStyle": {"color": "$rule"}},
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitNumber": 4,
    } | more


def category_axis(labels: list[str], **more: Any) -> Option:
    """A category axis with ink labels and a thin base line."""
    return {
        "type": "category",
        "data": labels,
        "axisLabel": {"color": "$ink-soft", "fontSize": 12, "hideOverlap": True},
        "axisLine": {"lineStyle": {"color": "$rule-strong"}},
        "axisTick": {"show": False},
    } | more


NARROW = 520
"""Pixels of a chart's width below which labels turn, shrink or move."""

GRID: Option = {"left": 8, "right": 16, "top": 24, "bottom": 8, "containLabel": True}

"""Small things beside words: a figure with its trend line, and small multiples of a composition over the years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from jiefa.site import numerals
from jiefa.site.charts.areas import Better
from jiefa.site.charts.parts import Frame
from jiefa.site.numerals import Language, Number, Shown

SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 96, 28, 3


@dataclass(frozen=True, slots=True)
class Sparkline:
    """An SVG polyline in a box of 96 x 28; ``points`` and ``area`` are ready for the attributes."""

    points: str
    area: str
    last_x: float
    last_y: float
    label: str


def sparkline(trend: Sequence[tuple[int, Number | None]], *, unit: str, lang: Language) -> Sparkline | None:
    """The line through the known values, from zero or the smallest value; None with fewer than two."""
    known = [(year, float(numerals.base_value(value, unit)), value) for year, value in trend if value is not None]
    if len(known) < 2:
        return None
    first, last = known[0][0], known[-1][0]
    values = [value for _, value, _ in known]
    low, high = min(values), max(values)
    low = min(low, 0.0) if low < high * 0.5 else low - (high - low) * 0.4
    spread, inner = (high - low) or 1.0, SPARK_HEIGHT - 2 * SPARK_MARGIN
    xy = [
        (
            round(SPARK_MARGIN + (year - first) / ((last - first) or 1) * (SPARK_WIDTH - 2 * SPARK_MARGIN), 1),
            round(SPARK_MARGIN + inner - (value - low) / spread * inner, 1),
        )
        for year, value, _ in known
    ]
    points = " ".join(f"{x},{y}" for x, y in xy)
    floor = SPARK_HEIGHT - 1
    label = ", ".join(f"{year}: {numerals.short(value, unit, lang).text}" for year, _, value in known)
    return Sparkline(points, f"{xy[0][0]},{floor} {points} {xy[-1][0]},{floor}", xy[-1][0], xy[-1][1], label)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a page leads with: its value, its change since the year before, its trend, where it opens."""

    id: str
    label: str
    value: Number | None
    unit: str
    trend: Sequence[tuple[int, Number | None]] = ()
    change: Number | None = None
    better: Better = "down"
    url: str = ""
    note: str = ""
    target: Number | None = None

    @property
    def direction(self) -> str:
        """``up``, ``down`` or ``level``; empty when the change is unknown."""
        if self.change is None:
            return ""
        return "level" if self.change == 0 else "up" if self.change > 0 else "down"

    @property
    def tone(self) -> str:
        """Whether the change is ``good``, ``bad`` or ``plain``."""
        if self.direction in ("", "level") or not self.better:
            return "plain"
        return "good" if self.direction == self.better else "bad"

    @property
    def attained(self) -> int | None:
        """Per cent of ``target`` reached, whole, unlimited above 100; None without a target."""
        if self.target is None or self.value is None or self.target == 0:
            return None
        return round(float(self.value) * 100 / float(self.target))


@dataclass(frozen=True, slots=True)
class MultipleRow:
    """One category of a small multiple: its share of the whole this year and its line over the years."""

    label: str
    shown: Shown
    value: Number | None
    share: float | None
    bar: int
    spark: Sparkline | None
    href: str


@dataclass(frozen=True, slots=True)
class Multiple:
    """A composition as rows, each with bar, share and line over the years."""

    frame: Frame
    rows: tuple[MultipleRow, ...]
    years: tuple[int, ...]
    kind: str = field(default="multiple", init=False)

    @property
    def as_of(self) -> dt.date | None:
        """The date of the last column."""
        return self.frame.as_of


def small_multiple(
    years: Sequence[int],
    categories: Sequence[tuple[str, Sequence[Number | None], str]],
    *,
    frame: Frame,
    of_total: bool = True,
    keep_order: bool = False,
) -> Multiple:
    """One row for each ``(label, values by year, href)``, the largest of the last year first unless ``keep_order``."""
    last = [values[-1] if values else None for _, values, _ in categories]
    known = [float(value) for value in last if value is not None]
    total, largest = sum(known), max((abs(value) for value in known), default=0.0)
    rows = [
        MultipleRow(
            label=label,
            shown=numerals.short(value, frame.unit, frame.lang),
            value=value,
            share=float(value) / total if of_total and value is not None and total else None,
            bar=round(abs(float(value)) * 100 / largest) if value is not None and largest else 0,
            spark=sparkline(list(zip(years, values, strict=True)), unit=frame.unit, lang=frame.lang),
            href=href,
        )
        for (label, values, href), value in zip(categories, last, strict=True)
    ]
    if not keep_order:
        rows.sort(key=lambda row: -float(row.value or 0))
    return Multiple(frame, tuple(rows), tuple(years))

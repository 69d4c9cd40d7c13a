"""Columns that were counted against a line of what was to be expected."""

from __future__ import annotations

from collections.abc import Collection, Sequence

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


def against(
    labels: Sequence[str],
    observed: Sequence[int],
    expected: Sequence[float] | None,
    *,
    frame: Frame,
    marked: Collection[int] = (),
) -> Chart:
    """A column for each label, those that a question is about in the colour of attention; ``expected`` as a line over them."""
    columns: list[Option] = [
        {
            "value": frame.plain(value),
            "title": label,
            "text": numerals.exact(value, frame.unit, frame.lang),
            "itemStyle": {"color": "$attention" if place in marked else "$accent"},
        }
        for place, (label, value) in enumerate(zip(labels, observed, strict=True))
    ]
    series: list[Option] = [
        {
            "type": "bar",
            "name": word("value", frame.lang),
            "barCategoryGap": "18%",
            "barMaxWidth": 48,
            "itemStyle": {"color": "$accent"},
            "data": columns,
        }
    ]
    heads = [Column(word("item", frame.lang)), Column(frame.heading("value"), numeric=True)]
    cells: list[tuple[str, ...]] = [(label, frame.exact(value)) for label, value in zip(labels, observed, strict=True)]
    if expected is not None:
        curve = [round(value, 1) for value in expected]
        series.append(
            {
                "type": "line",
                "name": word("expected", frame.lang),
                "data": [
                    {"value": value, "title": f"{label} · {word('expected', frame.lang)}", "text": f"{value:,}"}
                    for label, value in zip(labels, curve, strict=True)
                ],
                "symbolSize": 4,
                "lineStyle": {"width": 2, "type": "dashed", "color": "$ink"},
                "itemStyle": {"color": "$ink"},
            }
        )
        heads.append(Column(word("expected", frame.lang), numeric=True))
        cells = [(*cell, f"{value:,}") for cell, value in zip(cells, curve, strict=True)]
    option = base_option(frame) | {
        "grid": GRID | {"top": 32},
        "legend": {"show": expected is not None, "top": 0, "textStyle": {"color": "$ink-soft"}},
        "xAxis": category_axis(list(labels)),
        "yAxis": value_axis(frame),
        "series": series,
    }
    return Chart(frame, option, tuple(heads), tuple(Row(cell) for cell in cells))

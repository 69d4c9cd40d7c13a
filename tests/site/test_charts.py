"""Chart builders: the option, the twin table and the agreement of map, tiles and ranking."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiefa.site import charts

STATIC = Path(charts.__file__).resolve().parent.parent / "static" / "site"


def frame(unit: str = "people", lang: charts.parts.Language = "zh") -> charts.Frame:
    return charts.Frame(id="c", title="贫困人口", unit=unit, as_of=dt.date(2015, 12, 31), lang=lang)


def places(*values: float | None) -> list[charts.Place]:
    return [
        charts.Place(f"5203{index:02d}", f"县{index}", value, f"/area/5203{index:02d}")
        for index, value in enumerate(values)
    ]


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)
    elif isinstance(node, str):
        yield node


def every_chart() -> list[charts.Chart]:
    years = [2013, 2014, 2015]
    return [
        charts.area_map(places(0.1, None, 0.3), map_name="52", frame=frame("share")),
        charts.waterfall(
            [
                charts.Step("o", "年初", 100, total=True),
                charts.Step("x", "脱贫", -30),
                charts.Step("c", "年末", 70, total=True),
            ],
            frame=frame(),
        ),
        charts.income_against_line([charts.IncomePoint(2014, 270_000, 280_000)], frame=frame("fen")),
        charts.lines(
            years, [charts.Series("甲", [1, None, 3]), charts.Series("乙", [2, 2, 2], "alarm")], frame=frame()
        ),
        charts.stacked_years(
            years, [charts.Series("甲", [1, 2, 3]), charts.Series("乙", [1, 0, None])], frame=frame(), share=True
        ),
        charts.bars([charts.Bar("健康", 3), charts.Bar("残疾", None)], frame=frame()),
        charts.pyramid(["0–4", "5–9"], [10, None], [8, 9], frame=frame()),
    ]


@pytest.mark.parametrize("chart", every_chart(), ids=lambda chart: chart.option["series"][0]["type"])
def test_every_option_is_plain_json_with_known_tokens_and_formatters(chart: charts.Chart) -> None:
    tokens = (STATIC / "tokens.css").read_text(encoding="utf-8")
    script = (STATIC / "charts.js").read_text(encoding="utf-8")

    json.dumps(chart.option, allow_nan=False)
    for text in strings(chart.option):
        if text.startswith("$"):
            assert f"--{text[1:]}:" in tokens, text
        if text.startswith("@"):
            assert f'"{text}"' in script, text


@pytest.mark.parametrize("chart", every_chart(), ids=lambda chart: chart.option["series"][0]["type"])
def test_every_chart_has_a_twin_table_as_wide_as_its_heads(chart: charts.Chart) -> None:
    assert chart.rows
    assert {len(row.cells) for row in chart.rows} == {len(chart.columns)}


def test_map_is_joined_by_code_and_leaves_gaps_empty() -> None:
    option = charts.area_map(places(0.1, None), map_name="5203", frame=frame("share")).option

    data = option["series"][0]["data"]
    assert [(point["name"], point["value"]) for point in data] == [("520300", 10.0), ("520301", None)]
    assert option["series"][0]["map"] == "5203"


def test_map_tiles_and_ranking_class_a_place_alike() -> None:
    values = places(0.05, 0.11, 0.18, 0.24, 0.31, 0.31, None)

    tiles = {tile.code: tile.level for tile in charts.tiles(values, unit="share", lang="zh")}
    ranks = {row.code: row.level for row in charts.ranking(values, unit="share", lang="zh")}

    assert tiles == ranks
    assert tiles["520306"] == 0
    assert max(tiles.values()) == 5
    assert min(level for level in tiles.values() if level) == 1


def test_ranking_shares_ranks_and_puts_missing_values_last() -> None:
    rows = charts.ranking(places(0.2, None, 0.3, 0.3, 0.0), unit="share", lang="zh")

    assert [(row.rank, row.code) for row in rows] == [
        (1, "520302"),
        (1, "520303"),
        (3, "520300"),
        (4, "520304"),
        (None, "520301"),
    ]
    assert [row.bar for row in rows] == [100, 100, 67, 0, 0]


@given(st.lists(st.floats(0, 1e7, allow_nan=False), max_size=120))
def test_classes_rise_and_are_at_most_five(values: list[float]) -> None:
    limits = charts.classes(values)

    assert limits == sorted(set(limits))
    assert len(limits) <= 4


def test_legend_covers_every_value_of_the_map() -> None:
    values = [0.0, 0.004, 0.1, 0.5, 0.93]
    option = charts.area_map(places(*values), map_name="52", frame=frame("share")).option

    pieces = option["visualMap"]["pieces"]
    for value in (v * 100 for v in values):
        fitting = [p for p in pieces if p.get("gte", float("-inf")) <= value < p.get("lt", float("inf"))]
        assert len(fitting) == 1, value


def test_waterfall_hangs_each_step_where_the_last_one_ended() -> None:
    steps = [
        charts.Step("opening", "年初", 100, total=True),
        charts.Step("new", "新识别", 20),
        charts.Step("exited", "脱贫", -70, href="/households?move=exited"),
        charts.Step("closing", "年末", 50, total=True),
    ]

    chart = charts.waterfall(steps, frame=frame())

    floors, bars = (series["data"] for series in chart.option["series"])
    assert [point["value"] for point in floors] == [0, 100, 50, 0]
    assert [point["value"] for point in bars] == [100, 20, 70, 50]
    assert [row.cells[1] for row in chart.rows] == ["100", "+20", "−70", "50"]
    assert bars[2]["href"] == "/households?move=exited"
    assert chart.note == ""


def test_waterfall_says_when_its_axis_does_not_start_at_zero() -> None:
    steps = [
        charts.Step("opening", "年初", 6_230_000, total=True),
        charts.Step("exited", "脱贫", -1_300_000),
        charts.Step("closing", "年末", 4_930_000, total=True),
    ]

    chart = charts.waterfall(steps, frame=frame())

    assert 0 < chart.option["yAxis"]["min"] < 4_930_000
    assert "不从零" in chart.note


def test_income_below_the_line_is_hollow_not_only_red() -> None:
    points = [charts.IncomePoint(2014, 279_999, 280_000), charts.IncomePoint(2015, 300_000, 296_800)]

    below, above = charts.income_against_line(points, frame=frame("fen")).option["series"][0]["data"]

    assert below["itemStyle"]["borderWidth"] == 2
    assert "borderWidth" not in above["itemStyle"]
    assert below["value"] == 2_799.99


def test_small_multiple_shares_add_up_and_largest_is_first() -> None:
    multiple = charts.small_multiple(
        [2014, 2015],
        [("因学", [1, 2], ""), ("因病", [5, 6], "/x"), ("因灾", [None, None], "")],
        frame=frame("households"),
    )

    assert [row.label for row in multiple.rows] == ["因病", "因学", "因灾"]
    assert sum(row.share or 0 for row in multiple.rows) == pytest.approx(1)
    assert multiple.rows[2].spark is None


def test_sparkline_needs_two_points_and_stays_in_its_box() -> None:
    assert charts.sparkline([(2015, 3), (2014, None)], unit="people", lang="zh") is None

    line = charts.sparkline([(2013, 745), (2014, 623), (2015, 493)], unit="people", lang="zh")

    assert line is not None
    for point in line.points.split():
        x, y = (float(part) for part in point.split(","))
        assert 0 <= x <= 96
        assert 0 <= y <= 28


def test_figure_tells_a_good_change_from_a_bad_one() -> None:
    fewer = charts.Figure("poor", "贫困人口", 493, "people", change=-130, better="down")
    level = charts.Figure("poor", "贫困人口", 493, "people", change=0)
    planned = charts.Figure("left", "脱贫", 1_308_211, "people", target=1_300_000)

    assert (fewer.direction, fewer.tone) == ("down", "good")
    assert (level.direction, level.tone) == ("level", "plain")
    assert planned.attained == 101

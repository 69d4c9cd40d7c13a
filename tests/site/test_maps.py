"""The maps that the build made: every county once, valid, of the right size, neighbours without gaps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import shape

import jiefa.site

MAPS = Path(jiefa.site.__file__).resolve().parent / "static" / "vendor" / "maps"
PREFECTURES = ("5201", "5202", "5203", "5204", "5205", "5206", "5223", "5226", "5227")
GUIZHOU_KM2 = 176_167
KM2_PER_SQUARE_DEGREE = 111.32**2 * 0.8929  # cosine of 26.8 degrees north


def features(name: str) -> dict[str, Any]:
    content = json.loads((MAPS / f"{name}.json").read_text(encoding="utf-8"))
    return {item["properties"]["name"]: item for item in content["features"]}


def test_province_has_88_counties_and_each_prefecture_its_own() -> None:
    province = features("52")
    parts = {code: features(code) for code in PREFECTURES}

    assert len(province) == 88
    assert sorted(code for part in parts.values() for code in part) == sorted(province)
    assert all(code[:4] == prefecture for prefecture, part in parts.items() for code in part)
    assert sorted(features("52-prefectures")) == sorted(PREFECTURES)


@pytest.mark.parametrize("name", ["52", "52-prefectures", *PREFECTURES])
def test_every_polygon_is_valid_named_and_holds_its_label(name: str) -> None:
    for code, item in features(name).items():
        geometry = shape(item["geometry"])
        assert geometry.is_valid, code
        assert item["properties"]["title"], code
        assert geometry.buffer(0.01).contains(shapely.Point(item["properties"]["cp"])), code


def test_counties_cover_the_province_without_much_overlap() -> None:
    shapes = [shape(item["geometry"]) for item in features("52").values()]

    total = sum(geometry.area for geometry in shapes)
    union = shapely.union_all(shapes).area

    assert union * KM2_PER_SQUARE_DEGREE == pytest.approx(GUIZHOU_KM2, rel=0.02)
    assert total == pytest.approx(union, rel=0.005)


def test_zunyi_is_larger_than_guiyang_and_lies_north_of_it() -> None:
    prefectures = {code: shape(item["geometry"]) for code, item in features("52-prefectures").items()}

    assert prefectures["5203"].area > 3 * prefectures["5201"].area
    assert prefectures["5203"].centroid.y > prefectures["5201"].centroid.y

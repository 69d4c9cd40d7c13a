"""What a snapshot holds for truth checks beside the cards: visits without their words, targets as last fixed; county by county, as queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from jiefa.registry.queries.readout import inside
from jiefa.snapshots import TableSource
from jiefa.truth.rules.tables import TARGETS, VISITS


def _visits_sql(year: int, on: dt.date, county: str) -> str:
    return f"""
SELECT {year}, v.village_code, v.household_id, v.cadre_id, v."on", length(trim(v.found)),
    min(v.id) OVER (PARTITION BY trim(v.found))
FROM responsibility_visit v
WHERE v.household_id IS NOT NULL AND v."on" >= '{year}-01-01' AND v."on" <= '{on}' AND NOT v.void
    AND {inside("v.village_code", county)}
    AND NOT EXISTS (SELECT 1 FROM responsibility_visit w WHERE w.corrects_id = v.id)
ORDER BY v.village_code, v.household_id, v.id"""


def _targets_sql(year: int, county: str) -> str:
    return f"""
SELECT {year}, t.area_code, t.value FROM planning_target t
WHERE t.metric = 'people' AND t.year = {year} AND length(t.area_code) >= 6 AND {inside("t.area_code", county)}
    AND t.id = (
        SELECT max(n.id) FROM planning_target n
        WHERE n.metric = 'people' AND n.year = {year} AND n.area_code = t.area_code AND n.state = 'fixed'
    )
ORDER BY t.area_code"""


def sources(year: int, on: dt.date, counties: Mapping[str, int]) -> list[TableSource]:
    """The tables of a year as they stood on a day of it. ``counties``: with their number of household cards."""
    return [
        TableSource("visits", VISITS, {county: _visits_sql(year, on, county) for county in counties}, dict(counties)),
        TableSource(
            "targets", TARGETS, {county: _targets_sql(year, county) for county in counties}, dict.fromkeys(counties, 1)
        ),
    ]

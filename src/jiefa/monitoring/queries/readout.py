"""What a snapshot holds of help after exit, county by county, as a query; the same for one household from the records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pyarrow as pa

from jiefa.monitoring.rules.tables import KEPT
from jiefa.policy import NotInForce, Pack
from jiefa.registry.queries.readout import inside
from jiefa.snapshots import TableSource
from jiefa.stores import bulk


def _among(pack: Pack, year: int, name: str) -> str:
    """The codes of a parameter of the year as SQL has them; what no code is called where the parameter is not in force."""
    try:
        codes = pack.for_year(year).texts(name)
    except NotInForce:
        codes = ()
    assert all(code.replace("_", "").isalnum() for code in codes), codes
    return ", ".join(f"'{code}'" for code in codes or ("-",))


def _kept_sql(year: int, on: dt.date, where: str, pack: Pack) -> str:
    """Of households that left by the year: what they had by the day, by kind of help, from its first year to its last."""
    programmes = _among(pack, year, "monitoring.kept_programmes")
    measures = _among(pack, year, "monitoring.kept_measures")
    # A plan of the year promises; in a year that is not over nothing may have arrived of what goes on.
    promised = f"(m.delivered_on <= '{on}' OR p.year = {year})"
    first = "CAST(substr(CAST(l.from_on AS TEXT), 1, 4) AS INTEGER)"
    last = "CAST(substr(CAST(l.to_on AS TEXT), 1, 4) AS INTEGER)"
    return f"""
WITH gone AS (
    SELECT c.household_id, c.village_code, c.exited_year FROM registry_householdyear c
    WHERE c.year = {year} AND c.poverty_status = 'exited' AND c.exited_year IS NOT NULL AND {where}
), had AS (
    SELECT r.household_id, 'programme' AS sort, r.programme AS policy, r.year AS of_year, r.traced_on AS on_day, r.amount_fen AS fen
    FROM gone JOIN assistance_programmerecord r ON r.household_id = gone.household_id
    WHERE r.year <= {year} AND NOT r.off_list AND r.programme IN ({programmes})
    UNION ALL
    SELECT p.household_id, 'measure', m.kind, p.year, m.delivered_on, coalesce(m.delivered_fen, 0)
    FROM gone JOIN assistance_householdplan p ON p.household_id = gone.household_id
        JOIN assistance_measure m ON m.plan_id = p.id
    WHERE p.state = 'signed' AND p.signed_on <= '{on}' AND p.year <= {year} AND m.kind IN ({measures}) AND {promised}
    UNION ALL
    SELECT l.household_id, 'link', l.way, {first}, l.from_on, 0
    FROM gone JOIN assistance_benefitlink l ON l.household_id = gone.household_id WHERE l.from_on <= '{on}'
    UNION ALL
    SELECT l.household_id, 'link', l.way, CASE WHEN l.to_on IS NULL OR l.to_on >= '{year}-01-01' THEN {year} ELSE {last} END, l.to_on, 0
    FROM gone JOIN assistance_benefitlink l ON l.household_id = gone.household_id WHERE l.from_on <= '{on}'
)
SELECT {year}, gone.village_code, gone.household_id, gone.exited_year, had.sort, had.policy, min(had.of_year), max(had.of_year),
    max(CASE WHEN had.on_day <= '{on}' THEN had.on_day END),
    sum(CASE WHEN had.of_year <= gone.exited_year THEN had.fen ELSE 0 END),
    sum(CASE WHEN had.of_year = {year} THEN had.fen ELSE 0 END)
FROM gone JOIN had ON had.household_id = gone.household_id
GROUP BY gone.village_code, gone.household_id, gone.exited_year, had.sort, had.policy
ORDER BY gone.village_code, gone.household_id, had.sort, had.policy"""


def sources(year: int, on: dt.date, counties: Mapping[str, int], *, pack: Pack) -> list[TableSource]:
    """The table of a year as it stood on a day of it. ``counties``: with their number of household cards."""
    queries = {county: _kept_sql(year, on, inside("c.village_code", county), pack) for county in counties}
    return [TableSource("kept", KEPT, queries, {county: max(1, n // 2) for county, n in counties.items()})]


def of_household(household_id: int, year: int, on: dt.date, pack: Pack) -> pa.Table:
    """The rows of ``KEPT`` about one household, from the records as they stand; none where it has not left by the year."""
    return bulk.read(_kept_sql(year, on, f"c.household_id = {household_id:d}", pack), [], KEPT)

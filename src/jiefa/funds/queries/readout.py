"""What a snapshot holds of money beside the cards of a year: every transfer up to a day, in parts, as queries.

A part is a county, or the province for what did not reach one. Both sides of a transfer lie on one line of places, so that
the deeper side says which part it is in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import connection

from jiefa.funds.rules import running, tables
from jiefa.kernel import division_codes
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.registry.queries.readout import inside
from jiefa.snapshots import TableSource

COUNTY = LENGTH_OF_LEVEL[Level.COUNTY]

_ROWS = """
SELECT o.year, {over} - o.year, CASE WHEN o.year = {year} THEN 1 ELSE 0 END, o.source, o.type, o.area_code, o.giver,
    a.kind, w.from_code, a.owner, a.household_id, b.kind, w.to_code, b.owner, b.household_id, t.purpose,
    CASE WHEN t.reverses_id IS NULL THEN t.amount_fen ELSE -t.amount_fen END, t."on",
    CASE WHEN t.reverses_id IS NULL THEN 0 ELSE 1 END
FROM funds_transfer t JOIN funds_transfer w ON w.id = coalesce(t.reverses_id, t.id)
JOIN funds_origin o ON o.id = w.origin_id
JOIN funds_account a ON a.id = w.from_account_id JOIN funds_account b ON b.id = w.to_account_id
WHERE t."on" <= '{on}' AND {where}"""


def _sql(year: int, on: dt.date, where: str) -> str:
    return _ROWS.format(year=year, over=running.over(on), on=on, where=where)


def _county_sql(year: int, on: dt.date, county: str) -> str:
    """What reached the county or moved inside it; and what went up from it."""
    into = _sql(year, on, inside("t.to_code", county))
    up = _sql(year, on, f"{inside('t.from_code', county)} AND length(t.to_code) < {COUNTY}")
    return f"{into} UNION ALL {up}"


def _above_sql(year: int, on: dt.date) -> str:
    return _sql(year, on, f"length(t.to_code) < {COUNTY} AND length(t.from_code) < {COUNTY}")


def sources(year: int, on: dt.date, counties: Mapping[str, int]) -> list[TableSource]:
    """The table of transfers as they stood on a day of the year. ``counties``: with their number of household cards.

    Money is followed wherever it lies, with or without cards, so that what was appropriated is found again in some part.
    """
    several = sorted({*counties, *_counties()})
    provinces = sorted({code[: LENGTH_OF_LEVEL[Level.PROVINCE]] for code in several})
    queries = {county: _county_sql(year, on, county) for county in several}
    # What went up to the world outside, or lies above the counties, has no county: it stands in the first province's part.
    queries |= {provinces[0]: _above_sql(year, on)}
    weights = {county: max(1, counties.get(county, 0) // 4) for county in several}
    return [TableSource("transfers", tables.TRANSFERS, queries, weights)]


def _counties() -> list[str]:
    """The counties in which money has been, by one seek in the index for each."""
    found: list[str] = []
    with connection.cursor() as cursor:
        after = ""
        while True:
            cursor.execute(
                "SELECT min(to_code) FROM funds_transfer WHERE to_code >= %s AND length(to_code) >= %s", [after, COUNTY]
            )
            (code,) = cursor.fetchone()
            if code is None:
                return found
            found.append(code[:COUNTY])
            after = division_codes.prefix_range(code[:COUNTY])[1]

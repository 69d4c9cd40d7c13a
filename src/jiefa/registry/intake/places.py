"""Which village a roster's row means: by its 12-digit code, else by names where they lead to exactly one village.

Village names repeat (14,219 names for 18,661 villages in Guizhou): a name alone counts only where it is unique among
the villages that the typed county and township leave, inside the loader's area.
"""

from __future__ import annotations

import pyarrow as pa

from jiefa.access.rules import Scope
from jiefa.stores import bulk
from jiefa.stores.analysis import duckdb_space

# 太平村村委会, 太平村 and 太平 are one village to whoever writes them: the committee goes first, then the 村.
_PLAIN = (
    "regexp_replace(regexp_replace(trim({}), '(村民委员会|居民委员会|村委会|居委会)$', ''), '(.)(社区|村)$', '\\1')"
)

_RESOLVE = f"""
WITH typed AS (
    SELECT row, nullif(trim(village_code), '') AS code, nullif(trim(county_name), '') AS county,
        nullif(trim(township_name), '') AS township, nullif(trim(village_name), '') AS village
    FROM households
), candidates AS (
    SELECT typed.row, v.code, v.name = typed.village AS exact
    FROM typed JOIN villages v ON v.plain = {_PLAIN.format("typed.village")}
        AND (typed.county IS NULL OR v.county = typed.county OR v.county_plain = typed.county)
        AND (typed.township IS NULL OR v.township = typed.township)
    WHERE typed.code IS NULL AND v.allowed
), by_name AS (
    SELECT row, CASE WHEN count(*) FILTER (exact) = 1 THEN 1 ELSE count(*) END AS found,
        coalesce(min(code) FILTER (exact), min(code)) AS code
    FROM candidates GROUP BY row
)
SELECT typed.row, CASE WHEN typed.code IS NOT NULL THEN v.code WHEN by_name.found = 1 THEN by_name.code END AS village_code
FROM typed LEFT JOIN villages v ON v.code = typed.code LEFT JOIN by_name ON by_name.row = typed.row
ORDER BY typed.row
"""

_DIVISIONS = pa.schema([("code", pa.string()), ("name", pa.string())])


def villages_of(households: pa.Table, within: Scope) -> pa.ChunkedArray:
    """The village code of every row, NULL where the row does not lead to exactly one village. Names count inside ``within``."""
    divisions = bulk.read("SELECT code, name FROM areas_division WHERE valid_to IS NULL", [], _DIVISIONS)
    inside = " OR ".join(f"(code >= '{low}' AND code < '{high}')" for low, high in within.ranges()) or "false"
    with duckdb_space() as db:
        db.register("divisions", divisions)
        db.register("households", households)
        db.execute(
            f"""
            CREATE TABLE villages AS
            SELECT v.code, v.name, {_PLAIN.format("v.name")} AS plain, t.name AS township, c.name AS county,
                regexp_replace(c.name, '(自治县|特区|县|市|区)$', '') AS county_plain, {inside.replace("code", "v.code")} AS allowed
            FROM divisions v
            JOIN divisions t ON t.code = substr(v.code, 1, 9)
            JOIN divisions c ON c.code = substr(v.code, 1, 6)
            WHERE length(v.code) = 12
            """
        )
        return db.sql(_RESOLVE).to_arrow_table()["village_code"]

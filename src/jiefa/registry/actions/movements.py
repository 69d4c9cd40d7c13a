"""Entries into and exits from the poor register, told from last year's card and this year's (method.md 1.4 and 14).

Entry, return and exit are of the household with all its members; natural change is of the person. For every year
opening + movements = closing by construction: a property test holds it.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from jiefa.stores import bulk

POOR = "('poor', 'pre_exit', 'returned')"

_SQL = f"""
WITH base AS (
    SELECT h.*, previous_status IN {POOR} AS was_poor, poverty_status IN {POOR} AS is_poor FROM h
), whole AS (
    -- never on the register before: it entered in the year that the card says (never later), and may have left since
    SELECT record_id AS household_id, village_code, least(coalesce(entered_year, exited_year, $year), $year) AS year,
        CASE WHEN poverty_status = 'returned' THEN 'returned' ELSE 'new' END AS kind, size AS people
    FROM base WHERE previous_status IS NULL AND (is_poor OR exited_year IS NOT NULL)
    UNION ALL
    SELECT record_id, village_code, least(greatest(exited_year, coalesce(entered_year, exited_year)), $year), 'exited', -size
    FROM base WHERE previous_status IS NULL AND NOT is_poor AND exited_year IS NOT NULL
    UNION ALL
    SELECT record_id, village_code, $year, 'exited', -size FROM base WHERE was_poor AND NOT is_poor
    UNION ALL
    SELECT record_id, village_code, $year, 'returned', size FROM base WHERE NOT was_poor AND is_poor
    UNION ALL
    -- a poor household that went to another village takes its people along: out there, in here, nothing above both
    SELECT record_id, existing_village, $year, 'natural_loss', -previous_size
    FROM base WHERE was_poor AND existing_village <> village_code
    UNION ALL
    SELECT record_id, village_code, $year, 'natural_gain', previous_size
    FROM base WHERE was_poor AND existing_village <> village_code
), persons AS (
    SELECT m.record_household AS household_id, m.record_id AS person_id, m.village_code, $year AS year,
        CASE WHEN m.leaving THEN CASE WHEN m.left_reason = 'correction' THEN 'correction_out' ELSE 'natural_loss' END
             ELSE CASE WHEN m.joined_reason = 'correction' THEN 'correction_in' ELSE 'natural_gain' END END AS kind,
        coalesce(m.left_reason, m.joined_reason, 'other') AS reason,
        coalesce(m.changed_on, make_date($year, 12, 31)) AS day,
        CASE WHEN m.leaving THEN -1 ELSE 1 END AS people
    FROM m JOIN base USING (household_id)
    -- present before and leaving, or not present before and staying
    WHERE base.was_poor AND m.leaving = m.was_present
), corrections AS (
    -- members of last year's card of whom this roster says nothing (a register taken over): the count is put right openly
    SELECT base.record_id AS household_id, base.village_code,
        base.size - base.previous_size - coalesce(sum(persons.people), 0) AS people
    FROM base LEFT JOIN persons ON persons.household_id = base.record_id
    WHERE base.was_poor GROUP BY base.record_id, base.village_code, base.size, base.previous_size
)
SELECT household_id, NULL::BIGINT AS person_id, village_code, CAST(year AS SMALLINT) AS year, kind,
    CASE kind WHEN 'natural_loss' THEN 'moved_out' WHEN 'natural_gain' THEN 'moved_in' END AS reason,
    make_date(CAST(year AS INTEGER), 12, 31) AS "on", CAST(people AS INTEGER) AS people
FROM whole WHERE people <> 0
UNION ALL
SELECT household_id, person_id, village_code, CAST(year AS SMALLINT), kind, reason,
    CASE WHEN year(day) = year THEN day ELSE make_date(CAST(year AS INTEGER), 12, 31) END, people
FROM persons
UNION ALL
SELECT household_id, NULL, village_code, CAST($year AS SMALLINT),
    CASE WHEN people > 0 THEN 'correction_in' ELSE 'correction_out' END, 'correction', make_date($year, 12, 31),
    CAST(people AS INTEGER)
FROM corrections WHERE people <> 0
ORDER BY household_id, person_id
"""


def write(db: duckdb.DuckDBPyConnection, year: int) -> None:
    """The movements that the numbered tables ``h`` and ``m`` of a roster of ``year`` mean, in the database."""
    rows: pa.Table = db.sql(_SQL, params={"year": year}).to_arrow_table()
    ids = bulk.new_ids("registry_movement", rows.num_rows)
    bulk.insert("registry_movement", rows.append_column("id", ids))

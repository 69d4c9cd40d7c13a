"""Entries into and exits from the poor register, told from last year's card and this year's (method.md 1.4 and 14).

Entry, return and exit are of the household with all its members; natural change is of the person. For every year
opening + movements = closing by construction: a property test holds it. Who died or left between the cards and is not on the
roster is told by the end of the membership, where a change recorded it; of whom nobody said anything is a correction.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from jiefa.stores import bulk

POOR = "('poor', 'pre_exit', 'returned')"

_BASE = f"""
CREATE TABLE base AS
SELECT h.*, coalesce(previous_status IN {POOR}, false) AS was_poor, poverty_status IN {POOR} AS is_poor FROM h
"""

# present before and leaving, or not present before and staying
_PERSONS = """
CREATE TABLE persons AS
SELECT m.record_household AS household_id, m.record_id AS person_id, m.village_code, m.leaving,
    CASE WHEN m.leaving THEN m.left_reason ELSE m.joined_reason END AS reason, m.changed_on AS day,
    CASE WHEN m.leaving THEN -1 ELSE 1 END AS people
FROM m JOIN base USING (household_id)
WHERE base.was_poor AND m.leaving = m.was_present
"""

_UNTOLD_JOINS = """
SELECT ms.person_id, ms.household_id, ms.joined_reason, CAST(ms.joined_on AS text)
FROM moved_in r JOIN registry_membership ms ON ms.person_id = r.id
WHERE ms.left_on IS NULL
"""

# Members of last year's card whose membership ended since, as a change recorded it.
_GONE = """
SELECT ms.person_id, ms.household_id, ms.left_reason, CAST(ms.left_on AS text)
FROM fewer r
JOIN registry_membership ms ON ms.household_id = r.id AND ms.left_on IS NOT NULL
JOIN registry_personyear c ON c.person_id = ms.person_id AND c.year = r.previous_year AND c.household_id = r.id
"""

_MEMBERSHIPS = pa.schema(
    [("person_id", pa.int64()), ("household_id", pa.int64()), ("reason", pa.string()), ("day", pa.date32())]
)

_SQL = """
WITH whole AS (
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
    -- who had only applied, or was taken off as wrongly identified, never left poverty: it enters
    SELECT record_id, village_code, $year, CASE WHEN previous_status = 'exited' THEN 'returned' ELSE 'new' END, size
    FROM base WHERE previous_status IS NOT NULL AND NOT was_poor AND is_poor
    UNION ALL
    -- a poor household that went to another village takes its people along: out there, in here, nothing above both
    SELECT record_id, existing_village, $year, 'natural_loss', -previous_size
    FROM base WHERE was_poor AND existing_village <> village_code
    UNION ALL
    SELECT record_id, village_code, $year, 'natural_gain', previous_size
    FROM base WHERE was_poor AND existing_village <> village_code
), told AS (
    SELECT household_id, person_id, village_code, leaving, coalesce(persons.reason, joined.reason, 'other') AS reason,
        coalesce(persons.day, joined.day, make_date($year, 12, 31)) AS day, people
    FROM persons LEFT JOIN joined USING (person_id, household_id)
    UNION ALL
    SELECT gone.household_id, gone.person_id, base.village_code, true, coalesce(gone.reason, 'other'), gone.day, -1
    FROM gone JOIN base ON base.record_id = gone.household_id
), corrections AS (
    -- members of last year's card of whom nobody says anything (a register taken over): the count is put right openly
    SELECT base.record_id AS household_id, base.village_code,
        base.size - base.previous_size - coalesce(sum(told.people), 0) AS people
    FROM base LEFT JOIN told ON told.household_id = base.record_id
    WHERE base.was_poor GROUP BY base.record_id, base.village_code, base.size, base.previous_size
)
SELECT household_id, NULL::BIGINT AS person_id, village_code, CAST(year AS SMALLINT) AS year, kind,
    CASE kind WHEN 'natural_loss' THEN 'moved_out' WHEN 'natural_gain' THEN 'moved_in' END AS reason,
    make_date(CAST(year AS INTEGER), 12, 31) AS "on", CAST(people AS INTEGER) AS people
FROM whole WHERE people <> 0
UNION ALL
SELECT household_id, person_id, village_code, CAST($year AS SMALLINT),
    CASE WHEN reason = 'correction' THEN CASE WHEN leaving THEN 'correction_out' ELSE 'correction_in' END
         WHEN leaving THEN 'natural_loss' ELSE 'natural_gain' END,
    reason, CASE WHEN year(day) = $year THEN day ELSE make_date($year, 12, 31) END, people
FROM told
UNION ALL
SELECT household_id, NULL, village_code, CAST($year AS SMALLINT),
    CASE WHEN people > 0 THEN 'correction_in' ELSE 'correction_out' END, 'correction', make_date($year, 12, 31),
    CAST(people AS INTEGER)
FROM corrections WHERE people <> 0
ORDER BY household_id, person_id
"""


def write(db: duckdb.DuckDBPyConnection, year: int) -> None:
    """The movements that the numbered tables ``h`` and ``m`` of a roster of ``year`` mean, in the database."""
    db.execute(_BASE)
    db.execute(_PERSONS)
    db.register("joined", _joined(db))
    db.register("gone", _gone(db))
    rows: pa.Table = db.sql(_SQL, params={"year": year}).to_arrow_table()
    ids = bulk.new_ids("registry_movement", rows.num_rows)
    bulk.insert("registry_movement", rows.append_column("id", ids))


def _joined(db: duckdb.DuckDBPyConnection) -> pa.Table:
    """Why and when those came of whom the roster does not say it, though a change did: a few of any roster."""
    untold = db.sql(
        "SELECT DISTINCT person_id AS id FROM persons WHERE NOT leaving AND reason IS NULL"
    ).to_arrow_table()
    if not untold.num_rows:
        return _MEMBERSHIPS.empty_table()
    with bulk.staged("moved_in", untold, "id"):
        return bulk.read(_UNTOLD_JOINS, [], _MEMBERSHIPS)


def _gone(db: duckdb.DuckDBPyConnection) -> pa.Table:
    """Who left since last year's card by a change and is not on the roster. Asked of those households alone that have fewer
    people than the roster explains."""
    fewer = db.sql(
        """
        SELECT base.record_id AS id, base.previous_year FROM base
        LEFT JOIN persons ON persons.household_id = base.record_id
        WHERE base.was_poor AND base.previous_year IS NOT NULL
        GROUP BY base.record_id, base.previous_year, base.size, base.previous_size
        HAVING base.size - base.previous_size - coalesce(sum(persons.people), 0) < 0
        """
    ).to_arrow_table()
    if not fewer.num_rows:
        return _MEMBERSHIPS.empty_table()
    with bulk.staged("fewer", fewer, "id"):
        ended = bulk.read(_GONE, [], _MEMBERSHIPS)
    db.register("ended", ended)
    # Once each, also somebody who left twice; who is on the roster is told by it.
    return db.sql(
        """
        SELECT DISTINCT ON (person_id, household_id) * FROM ended
        WHERE (person_id, household_id) NOT IN (SELECT (record_id, record_household) FROM m)
        ORDER BY person_id, household_id, day DESC
        """
    ).to_arrow_table()

"""Which households and persons of a roster the register knows already, and what last year's cards said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa
from django.db import transaction

from jiefa.registry.intake.remarks import RowRemark, remark
from jiefa.stores import bulk
from jiefa.stores.analysis import duckdb_space

_HOUSEHOLDS = pa.schema(
    [
        ("household_number", pa.string()),
        ("existing_id", pa.int64()),
        ("existing_version", pa.int32()),
        ("existing_village", pa.string()),
        ("latest_year", pa.int16()),
        ("same_year", pa.bool_()),
        ("same_year_content", pa.int64()),
        ("previous_year", pa.int16()),
        ("previous_status", pa.string()),
        ("previous_size", pa.int16()),
        ("previous_income_per_person_fen", pa.int64()),
        ("previous_entered_year", pa.int16()),
    ]
)
_PERSONS = pa.schema(
    [
        ("existing_person_id", pa.int64()),
        ("household_id", pa.int64()),
        ("id_key", pa.int64()),
        ("name", pa.string()),
        ("birth_date", pa.date32()),
        ("previous_stage", pa.string()),
        ("previous_grade", pa.int16()),
        ("previous_same_years", pa.int16()),
        ("was_present", pa.bool_()),
        ("still_member", pa.bool_()),
    ]
)
_ELSEWHERE = pa.schema([("id_key", pa.int64()), ("person_id", pa.int64()), ("elsewhere", pa.int64())])

HOUSEHOLD_COLUMNS = tuple(_HOUSEHOLDS.names)
NOBODY = _PERSONS.empty_table()

# Of a household that was split off and has no earlier card, the other's card says how it stood; none of its people was counted
# here. Asked row by row: there are few of them, and a join would look at every card on file.
_OF_THE_OTHER = """(SELECT o.{column} FROM registry_householdyear o
    WHERE o.household_id = h.split_from_id AND o.year < %s ORDER BY o.year DESC LIMIT 1)"""
_SQL_HOUSEHOLDS = f"""
SELECT h.number, h.id, h.version, h.village_code, h.card_year, c.household_id IS NOT NULL, c.content_key, p.year,
    CASE WHEN p.year IS NULL AND h.split_from_id IS NOT NULL THEN {_OF_THE_OTHER.format(column="poverty_status")}
        ELSE p.poverty_status END,
    CASE WHEN p.year IS NULL AND h.split_from_id IS NOT NULL THEN 0 ELSE p.size END,
    CASE WHEN p.year = %s THEN p.net_income_per_person_fen END,
    CASE WHEN p.year IS NULL AND h.split_from_id IS NOT NULL THEN {_OF_THE_OTHER.format(column="entered_year")}
        ELSE p.entered_year END
FROM roster_numbers r
JOIN registry_household h ON h.number = r.number
LEFT JOIN registry_householdyear c ON c.household_id = h.id AND c.year = %s
LEFT JOIN registry_householdyear p ON p.household_id = h.id
    AND p.year = (SELECT max(q.year) FROM registry_householdyear q WHERE q.household_id = h.id AND q.year < %s)
"""

_SQL_PERSONS = """
SELECT p.id, ms.household_id, p.id_key, p.name, CAST(p.birth_date AS text), c.school_stage, c.grade, c.same_grade_years,
    c.household_id IS NOT NULL AND c.household_id = ms.household_id, ms.left_on IS NULL
FROM roster_households r
JOIN registry_membership ms ON ms.household_id = r.id
JOIN registry_person p ON p.id = ms.person_id
LEFT JOIN registry_personyear c ON c.person_id = p.id AND c.year = r.previous_year
WHERE ms.left_on IS NULL OR ms.left_on >= %s
"""

# Whoever is found in the very household of the row is left out: nearly all of a following year, and no news.
_SQL_ELSEWHERE = """
SELECT k.id_key, p.id, p.household_id FROM roster_keys k JOIN registry_person p ON p.id_key = k.id_key
WHERE k.household IS NULL OR p.household_id IS NULL OR p.household_id <> k.household
"""


@dataclass(frozen=True)
class Match:
    """The staged tables with what the register knows beside them, and the remarks that follow."""

    households: pa.Table
    members: pa.Table
    known_members: pa.Table
    remarks: list[RowRemark]


# Only the columns that matching needs go through DuckDB: the wide rows would be copied four times for nothing.
_OF_HOUSEHOLD = ("household_id", "row", "household_number", "village_code", "year", "poverty_status")
_OF_MEMBER = (
    *("person_id", "household_id", "row", "household_number", "id_key", "name", "birth_date", "grade", "school_stage"),
    *("leaving", "change"),
)
_FOUND = ("existing_person_id", "known_here", "was_present", "same_grade_years")


def match(households: pa.Table, members: pa.Table, year: int) -> Match:
    """``households`` with ``existing_*`` and ``previous_*``, ``members`` with ``existing_person_id`` and ``same_grade_years``."""
    with transaction.atomic(), duckdb_space() as db:
        known = known_households(households, year)
        persons = _known_persons(known, year)
        db.register("h", households.select(_OF_HOUSEHOLD))
        db.register("m", members.select(_OF_MEMBER))
        db.register("known", known)
        db.register("persons", persons)
        db.execute(
            "CREATE TABLE hh AS SELECT h.*, known.* EXCLUDE (household_number) FROM h LEFT JOIN known USING (household_number)"
        )
        db.execute(
            "CREATE TABLE base AS SELECT m.*, hh.existing_id AS existing_household "
            "FROM m LEFT JOIN hh ON hh.household_id = m.household_id"
        )
        db.register("elsewhere", _elsewhere(db))
        _match_members(db)
        remarks = _remarks(db)
        return Match(
            households=_beside(households, db, "hh", "household_id", HOUSEHOLD_COLUMNS[1:]),
            members=_beside(members, db, "mm", "person_id", _FOUND),
            known_members=persons,
            remarks=remarks,
        )


def _beside(rows: pa.Table, db: duckdb.DuckDBPyConnection, table: str, key: str, columns: Sequence[str]) -> pa.Table:
    """``rows``, which come in order of ``key``, with ``columns`` of ``table`` beside them."""
    found = db.sql(f"SELECT {key}, {', '.join(columns)} FROM {table} ORDER BY {key}").to_arrow_table()
    assert found[key].equals(rows[key]), f"{table}: one row for each, in order of {key}"
    for name in columns:
        rows = rows.append_column(name, found[name])
    return rows


def known_households(households: pa.Table, year: int) -> pa.Table:
    """What the register knows of the households of a roster of ``year`` (``HOUSEHOLD_COLUMNS``), by their numbers."""
    numbers = pa.table({"number": households["household_number"].unique()})
    with bulk.staged("roster_numbers", numbers, "number"):
        return bulk.read(_SQL_HOUSEHOLDS, [year, year - 1, year, year, year], _HOUSEHOLDS)


def any_belongs(person_ids: pa.ChunkedArray) -> bool:
    """Whether any of these persons belongs to a household now."""
    if not len(person_ids):
        return False
    with bulk.staged("roster_free", pa.table({"id": person_ids}), "id"):
        sql = "SELECT p.id FROM roster_free r JOIN registry_person p ON p.id = r.id WHERE p.household_id IS NOT NULL"
        return bool(bulk.read(sql, [], pa.schema([("id", pa.int64())])).num_rows)


def _known_persons(known: pa.Table, year: int) -> pa.Table:
    """The members of the known households; those who left within ``year`` too, so that its roster can be loaded again.

    Once each, also somebody who left and came back.
    """
    if known.num_rows == 0:
        return _PERSONS.empty_table()
    ids = pa.table({"id": known["existing_id"], "previous_year": known["previous_year"]})
    with bulk.staged("roster_households", ids, "id"):
        rows = bulk.read(_SQL_PERSONS, [f"{year}-01-01"], _PERSONS)
    with duckdb_space() as db:
        db.register("rows", rows)
        return db.sql(
            "SELECT DISTINCT ON (existing_person_id, household_id) * FROM rows "
            "ORDER BY existing_person_id, household_id, still_member DESC"
        ).to_arrow_table()


def _elsewhere(db: duckdb.DuckDBPyConnection) -> pa.Table:
    keys = db.sql(
        "SELECT DISTINCT id_key, existing_household AS household FROM base WHERE id_key IS NOT NULL"
    ).to_arrow_table()
    if keys.num_rows == 0:
        return _ELSEWHERE.empty_table()
    with bulk.staged("roster_keys", keys, "id_key"):
        return bulk.read(_SQL_ELSEWHERE, [], _ELSEWHERE)


# Best evidence first, and only where it points from one person to one person: a household with two people of one name, or
# two rows with one number, is left to weaker or to no evidence rather than guessed.
_EVIDENCE = (
    "p.id_key = base.id_key AND p.name = base.name",
    "p.id_key = base.id_key",
    "p.name = base.name AND p.birth_date = base.birth_date",
    "p.name = base.name",
)

_PAIRS = """
INSERT INTO matched
SELECT person_id, found FROM (
    SELECT base.person_id, p.existing_person_id AS found,
        count(*) OVER (PARTITION BY base.person_id) AS choices,
        count(*) OVER (PARTITION BY p.existing_person_id) AS claims
    FROM base JOIN persons p ON p.household_id = base.existing_household AND {evidence}
    WHERE base.person_id NOT IN (SELECT person_id FROM matched)
      AND p.existing_person_id NOT IN (SELECT found FROM matched)
) WHERE choices = 1 AND claims = 1
"""

_MEMBERS = """
CREATE TABLE mm AS
WITH free AS (
    -- somebody known who belongs to no household now: the first row with the number has the claim
    SELECT min(base.person_id) AS person_id, e.person_id AS found
    FROM base JOIN elsewhere e ON e.id_key = base.id_key AND e.elsewhere IS NULL
    WHERE base.person_id NOT IN (SELECT person_id FROM matched)
      AND e.person_id NOT IN (SELECT found FROM matched)
    GROUP BY e.person_id
)
SELECT base.*, coalesce(matched.found, free.found) AS existing_person_id,
    matched.found IS NOT NULL AS known_here, coalesce(p.was_present, false) AS was_present,
    CAST(CASE WHEN base.grade IS NULL OR base.school_stage IS NULL THEN NULL
         WHEN p.previous_stage = base.school_stage AND p.previous_grade = base.grade
         THEN coalesce(p.previous_same_years, 1) + 1 ELSE 1 END AS SMALLINT) AS same_grade_years
FROM base
LEFT JOIN matched ON matched.person_id = base.person_id
LEFT JOIN (SELECT person_id, min(found) AS found FROM free GROUP BY person_id) free ON free.person_id = base.person_id
LEFT JOIN persons p ON p.existing_person_id = matched.found AND p.household_id = base.existing_household
"""


def _match_members(db: duckdb.DuckDBPyConnection) -> None:
    """Table ``mm``: the members with the person that each is on file, if any."""
    db.execute("CREATE TABLE matched (person_id BIGINT, found BIGINT)")
    for evidence in _EVIDENCE:
        db.execute(_PAIRS.format(evidence=evidence))
    db.execute(_MEMBERS)


def _remarks(db: duckdb.DuckDBPyConnection) -> list[RowRemark]:
    found: list[RowRemark] = []
    for rule, sheet, sql in _CHECKS:
        for row, number, extra in db.execute(sql).fetchall():
            found.append(remark(rule, sheet, row, number, extra or ""))
    return found


_CHECKS = (
    (
        "RO05",
        "members",
        """SELECT row, household_number, NULL FROM mm
           WHERE existing_household IS NOT NULL AND NOT known_here AND NOT leaving AND change IS NULL""",
    ),
    (
        "RO06",
        "members",
        "SELECT row, household_number, NULL FROM mm WHERE leaving AND NOT known_here",
    ),
    (
        "RO07",
        "households",
        """SELECT hh.row, hh.household_number, CAST(count(*) AS VARCHAR) FROM hh
           JOIN persons p ON p.household_id = hh.existing_id
           WHERE p.still_member AND p.existing_person_id NOT IN (SELECT existing_person_id FROM mm WHERE existing_person_id IS NOT NULL)
           GROUP BY hh.row, hh.household_number""",
    ),
    (
        "RO08",
        "households",
        "SELECT row, household_number, NULL FROM hh WHERE existing_village <> village_code",
    ),
    (
        "RO09",
        "households",
        "SELECT row, household_number, NULL FROM hh WHERE same_year AND same_year_content IS NULL",
    ),
    (
        "RO10",
        "members",
        """SELECT mm.row, mm.household_number, NULL FROM mm JOIN elsewhere e ON e.id_key = mm.id_key
           WHERE e.elsewhere IS NOT NULL AND e.elsewhere IS DISTINCT FROM mm.existing_household
           GROUP BY mm.row, mm.household_number""",
    ),
    (
        "RO11",
        "households",
        "SELECT row, household_number, NULL FROM hh WHERE latest_year > year",
    ),
    (
        "RO15",
        "households",
        """SELECT row, household_number, NULL FROM hh
           WHERE previous_status = 'exited' AND poverty_status IN ('poor', 'pre_exit')""",
    ),
)

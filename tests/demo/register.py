"""A generated year as the four tables that the product's rules read, derived in SQL beside the product's own intake."""

from __future__ import annotations

import duckdb
import ibis
import pyarrow as pa
from tests.demo import rosters

from jiefa.demo.manifest import Manifest
from jiefa.insight.rules.rows import Register
from jiefa.kernel.id_numbers import WEIGHTS
from jiefa.registry.cards import HOUSEHOLD_CARD, MOVEMENT, PERSON_CARD, VILLAGE_FACTS

CHECKSUM = "+".join(f"{weight} * id_number[{place}]::INT" for place, weight in enumerate(WEIGHTS, start=1))
KEY = "(hash({0}) % 1000000000000)::BIGINT"
PHONE = "1[34578][0-9]{9}"


def build(manifest: Manifest, year: int) -> tuple[ibis.BaseBackend, Register]:
    """The register of ``year``; ``numbers`` gives each household_id its number, lost members have a negative id."""
    db = rosters.read(manifest)
    db.execute(
        f"""CREATE TABLE numbers AS SELECT row_number() OVER () AS household_id, household_number
            FROM home WHERE year = {year};
        CREATE TABLE persons AS SELECT m.*, coalesce(household_id, -line) AS household_id, line AS person_id,
            coalesce(home.village_code, m.household_number[:12]) AS village_code
            FROM m LEFT JOIN numbers USING (household_number)
            LEFT JOIN home ON home.household_number = m.household_number AND home.year = m.year WHERE m.year = {year};
        CREATE TABLE before AS SELECT household_number, (2 * net + size) // (2 * size) AS previous_income_per_person_fen
            FROM h WHERE year = {year - 1} AND size > 0;
        CREATE TABLE graded AS SELECT household_number, name, birth_date, school_stage, grade, year FROM m;
        CREATE TABLE holders AS SELECT h.household_number, bool_or(m.name = account_holder) AS account_holder_is_member
            FROM h JOIN m USING (household_number, year) WHERE year = {year} GROUP BY 1"""
    )
    households = db.sql(
        f"""SELECT * EXCLUDE (size, phone, other_causes), coalesce(size, 0) AS size,
            other_causes[1] AS other_cause_1, other_causes[2] AS other_cause_2,
            coalesce(len(other_causes), 0) AS other_causes, net AS net_income_fen,
            CASE WHEN size > 0 THEN (2 * net + size) // (2 * size) END AS net_income_per_person_fen,
            regexp_full_match(phone, '{PHONE}') AS phone_valid,
            CASE WHEN phone IS NOT NULL THEN {KEY.format("phone")} END AS phone_key,
            NULL AS account_key, 1 AS fields_typed
        FROM h JOIN numbers USING (household_number) LEFT JOIN before USING (household_number)
        LEFT JOIN holders USING (household_number) WHERE year = {year}"""
    ).to_arrow_table()
    persons = db.sql(
        f"""WITH same AS (SELECT a.person_id, 1 + count(b.year) + count(c.year) AS same_grade_years FROM persons a
                LEFT JOIN graded b ON b.year = {year - 1}
                    AND (a.household_number, a.name, a.birth_date, a.school_stage, a.grade)
                    = (b.household_number, b.name, b.birth_date, b.school_stage, b.grade)
                LEFT JOIN graded c ON c.year = {year - 2}
                    AND (b.household_number, b.name, b.birth_date, b.school_stage, b.grade)
                    = (c.household_number, c.name, c.birth_date, c.school_stage, c.grade) GROUP BY 1)
        SELECT persons.*, same_grade_years,
            changed_on AS joined_on, change AS joined_reason, length(id_number) AS id_length,
            CASE length(id_number) WHEN 18 THEN 'citizen' WHEN 20 THEN 'disability' WHEN 15 THEN 'old_citizen'
                ELSE 'other' END AS id_form,
            id_length >= 18 AS whole,
            CASE WHEN whole THEN '10X98765432'[1 + ({CHECKSUM}) % 11] = id_number[18] END AS id_checksum_ok,
            CASE WHEN whole THEN try_strptime(id_number[7:14], '%Y%m%d')::DATE END AS id_birth_date,
            CASE WHEN whole THEN CASE id_number[17]::INT % 2 WHEN 1 THEN 'male' ELSE 'female' END END AS id_sex,
            CASE WHEN whole THEN id_number[:6] END AS id_region, id_number LIKE '999999%' AS id_placeholder,
            {KEY.format("id_number[:18]")} AS id_key,
            CASE WHEN id_length = 20 THEN id_number[19]::INT END AS disability_kind,
            CASE WHEN id_length = 20 THEN id_number[20]::INT END AS disability_level
        FROM persons JOIN same USING (person_id)"""
    ).to_arrow_table()
    facts = db.sql(f"FROM read_parquet('{manifest.village_facts}') WHERE year = {year}").to_arrow_table()
    facts = _as(facts, VILLAGE_FACTS)
    store = duckdb.connect()
    for name, table in (
        ("numbers", db.sql("FROM numbers").to_arrow_table()),
        ("members", db.sql("SELECT person_id, household_number FROM persons").to_arrow_table()),
        ("persons", _as(persons, PERSON_CARD)),
        ("households", _as(households, HOUSEHOLD_CARD)),
        ("villages", facts),
        ("movements", MOVEMENT.empty_table()),
    ):
        store.register("arriving", table)
        store.execute(f"CREATE TABLE {name} AS FROM arriving")
    backend = ibis.duckdb.from_connection(store)
    made = (backend.table(name) for name in ("persons", "households", "movements", "villages"))
    return backend, Register(year, *made)


def _as(table: pa.Table, schema: pa.Schema) -> pa.Table:
    return table.select(schema.names).cast(schema)

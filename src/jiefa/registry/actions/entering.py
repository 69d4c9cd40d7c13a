"""Writing matched roster rows into the tables, set by set. Runs inside the transaction of ``batches.accept_batch``."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from jiefa.registry.actions import kinds, movements
from jiefa.registry.intake.match import Match
from jiefa.registry.models import HouseholdYear, PersonYear
from jiefa.stores import bulk
from jiefa.stores.analysis import duckdb_space

TABLES = (
    *("registry_household", "registry_person", "registry_membership", "registry_householdyear", "registry_personyear"),
    "registry_movement",
)
"""What a roster writes."""

_HOUSEHOLD_SQL = """
SELECT record_id AS id, household_number AS number, village_code, coalesce(group_name, '') AS group_name,
    coalesce(address, '') AS address, coalesce(head_name, '') AS head_name, size, poverty_status, household_class,
    CAST(entered_year AS SMALLINT) AS entered_year, CAST(exited_year AS SMALLINT) AS exited_year,
    CAST(year AS SMALLINT) AS card_year, phone_sealed, phone_key, phone_valid, coalesce(bank_name, '') AS bank_name,
    account_sealed, account_key, coalesce(account_holder, '') AS account_holder
FROM h WHERE {which} ORDER BY record_id
"""

_PERSON_SQL = """
SELECT record_id AS id, {household} AS household_id, village_code, name, {tokens} AS name_tokens,
    sex, birth_date, ethnic_group, id_sealed, id_key, id_shown_key, id_form, id_length, id_checksum_ok, id_birth_date,
    id_sex, id_region, id_placeholder, disability_kind, disability_level
FROM m WHERE {which} ORDER BY record_id
"""


def write(matched: Match, year: int) -> None:
    """Households, persons, memberships, cards and movements of ``matched``, in the database."""
    if matched.households.num_rows == 0:
        return
    with duckdb_space() as db:
        _number(db, matched)
        _write_households(db)
        _write_persons(db)
        _write_memberships(db, year)
        _clear_cards(db, year)
        _write_cards(db, year)
        kinds.keep_chosen(year)
        movements.write(db, year)


def _number(db: duckdb.DuckDBPyConnection, matched: Match) -> None:
    """Tables ``h`` and ``m`` with ``record_id``: the key on file, or a fresh one for what is new (``fresh``)."""
    households = _with_record_id(matched.households, "existing_id", "registry_household")
    members = _with_record_id(matched.members, "existing_person_id", "registry_person")
    place = pc.index_in(members["household_id"], value_set=households["household_id"].combine_chunks())
    db.register("h", households)
    db.register("m", members.append_column("record_household", households["record_id"].combine_chunks().take(place)))


def _with_record_id(rows: pa.Table, known: str, table: str) -> pa.Table:
    on_file = rows[known].combine_chunks()
    fresh = on_file.is_null()
    ids = bulk.new_ids(table, on_file.null_count)
    return rows.append_column("record_id", pc.replace_with_mask(on_file, fresh, ids)).append_column("fresh", fresh)


def _write_households(db: duckdb.DuckDBPyConnection) -> None:
    fresh = db.sql(_HOUSEHOLD_SQL.format(which="fresh")).to_arrow_table()
    bulk.insert("registry_household", fresh.append_column("version", pa.array([1] * fresh.num_rows, pa.int32())))
    known = db.sql(_HOUSEHOLD_SQL.format(which="NOT fresh")).to_arrow_table()
    bulk.update("registry_household", known, "id", version="version")


def _person_rows(db: duckdb.DuckDBPyConnection, which: str) -> pa.Table:
    household = "CASE WHEN leaving THEN NULL ELSE record_household END"
    return db.sql(_PERSON_SQL.format(household=household, tokens="''", which=which)).to_arrow_table()


def _with_tokens(rows: pa.Table) -> pa.Table:
    return rows.set_column(rows.schema.get_field_index("name_tokens"), "name_tokens", token_column(rows))


def token_column(rows: pa.Table) -> pa.Array:
    """The name index text of every row, as ``stores.names.token_text`` makes it, by whole columns."""
    with duckdb_space() as db:
        db.register(
            "names", pa.table({"n": pa.array(range(rows.num_rows)), "name": rows["name"], "v": rows["village_code"]})
        )
        return (
            db.sql(
                """
            WITH plain AS (SELECT n, v, replace(name, ' ', '') AS p FROM names),
            listed AS (
                SELECT n, v, list_concat(
                    list_transform(range(1, length(p) + 1), lambda i: substr(p, i, 1)),
                    list_transform(range(1, length(p)), lambda i: substr(p, i, 2))) AS tokens FROM plain
            )
            SELECT array_to_string(list_concat(
                list_filter(tokens, lambda t, i: list_position(tokens, t) = i),
                [substr(v, 1, 4), substr(v, 1, 6)]), ' ') AS tokens
            FROM listed ORDER BY n
            """
            )
            .to_arrow_table()["tokens"]
            .combine_chunks()
        )


_COMPARED = (
    "household_id",
    "village_code",
    "name",
    "sex",
    "birth_date",
    "ethnic_group",
    "id_key",
    "id_form",
    "id_length",
)


def _write_persons(db: duckdb.DuckDBPyConnection) -> None:
    bulk.insert("registry_person", _with_tokens(_person_rows(db, "fresh AND NOT leaving")))
    # Somebody already on file is written again only where a fact of the person differs; most rosters change few.
    # A person who leaves one household of the roster and joins another is written as who joins.
    known = _person_rows(db, "NOT fresh AND NOT (leaving AND record_id IN (SELECT record_id FROM m WHERE NOT leaving))")
    changed = bulk.differing("registry_person", known.select(["id", *_COMPARED]), "id")
    bulk.update("registry_person", _with_tokens(known.filter(pc.is_in(known["id"], value_set=changed))), "id")


def _write_memberships(db: duckdb.DuckDBPyConnection, year: int) -> None:
    """New members join (with the reason, or as identified with their household); leaving ones get an end."""
    joins = db.sql(
        f"""
        SELECT m.record_id AS person_id, m.record_household AS household_id,
            CASE WHEN h.fresh THEN m.changed_on ELSE coalesce(m.changed_on, DATE '{year}-12-31') END AS joined_on,
            coalesce(m.joined_reason, 'identified') AS joined_reason
        FROM m JOIN h USING (household_id) WHERE NOT m.leaving AND NOT m.known_here ORDER BY 1
        """
    ).to_arrow_table()
    ids = bulk.new_ids("registry_membership", joins.num_rows)
    bulk.insert("registry_membership", joins.append_column("id", ids))
    _close_memberships(db, year)
    _correct_memberships(db, year)


def _close_memberships(db: duckdb.DuckDBPyConnection, year: int) -> None:
    leaves = db.sql(
        f"""
        SELECT record_id AS person_id, record_household AS household_id,
            coalesce(changed_on, DATE '{year}-12-31') AS left_on, left_reason
        FROM m WHERE leaving AND known_here ORDER BY 1
        """
    ).to_arrow_table()
    if leaves.num_rows:
        with bulk.staged("roster_leaves", leaves, "person_id"), connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE registry_membership SET left_on = l.left_on, left_reason = l.left_reason FROM roster_leaves l
                WHERE registry_membership.person_id = l.person_id AND registry_membership.household_id = l.household_id
                    AND (registry_membership.left_on IS NULL OR registry_membership.left_on >= %s)
                """,
                [f"{year}-01-01"],
            )


def _correct_memberships(db: duckdb.DuckDBPyConnection, year: int) -> None:
    """A corrected roster of the same year may say that somebody did not leave after all, or joined otherwise."""
    stays = db.sql(
        """
        SELECT m.record_id AS person_id, m.record_household AS household_id, m.changed_on AS joined_on, m.joined_reason
        FROM m JOIN h USING (household_id) WHERE h.same_year AND m.known_here AND NOT m.leaving ORDER BY 1
        """
    ).to_arrow_table()
    if not stays.num_rows:
        return
    first_day = f"{year}-01-01"
    with bulk.staged("roster_stays", stays, "person_id"), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE registry_membership SET left_on = NULL, left_reason = NULL FROM roster_stays s
            WHERE registry_membership.person_id = s.person_id AND registry_membership.household_id = s.household_id
                AND registry_membership.left_on >= %s
                AND NOT EXISTS (SELECT 1 FROM registry_membership o WHERE o.person_id = s.person_id AND o.left_on IS NULL)
            """,
            [first_day],
        )
        cursor.execute(
            """
            UPDATE registry_membership SET joined_on = coalesce(s.joined_on, registry_membership.joined_on),
                joined_reason = s.joined_reason
            FROM roster_stays s
            WHERE registry_membership.person_id = s.person_id AND registry_membership.household_id = s.household_id
                AND registry_membership.left_on IS NULL AND registry_membership.joined_on >= %s
                AND s.joined_reason IS NOT NULL
            """,
            [first_day],
        )


def _clear_cards(db: duckdb.DuckDBPyConnection, year: int) -> None:
    """Cards and movements of the same year go before the corrected ones come.

    Of a household whose first card this is all movements go: its entry may lie in an earlier year than its card.
    """
    again = db.sql(
        f"SELECT record_id AS id, CASE WHEN previous_year IS NULL THEN 0 ELSE {year} END AS since FROM h WHERE same_year ORDER BY 1"
    ).to_arrow_table()
    if again.num_rows == 0:
        return
    with bulk.staged("roster_again", again, "id"), connection.cursor() as cursor:
        for table in ("registry_personyear", "registry_householdyear"):
            cursor.execute(
                f"DELETE FROM {table} WHERE year = %s AND household_id IN (SELECT id FROM roster_again)", [year]
            )
        cursor.execute(
            "DELETE FROM registry_movement WHERE year <= %s AND EXISTS (SELECT 1 FROM roster_again r "
            "WHERE r.id = registry_movement.household_id AND registry_movement.year >= r.since)",
            [year],
        )


_CARD_FIELDS = {
    model: [str(field.column) for field in model._meta.concrete_fields] for model in (HouseholdYear, PersonYear)
}


def _write_cards(db: duckdb.DuckDBPyConnection, year: int) -> None:
    renamed = {"household_id": "record_id AS household_id", "year": f"CAST({year} AS SMALLINT) AS year"}
    columns = ", ".join(renamed.get(name, name) for name in _CARD_FIELDS[HouseholdYear])
    bulk.insert("registry_householdyear", db.sql(f"SELECT {columns} FROM h ORDER BY record_id").to_arrow_table())
    renamed = {
        "person_id": "record_id AS person_id",
        "household_id": "record_household AS household_id",
        "year": f"CAST({year} AS SMALLINT) AS year",
    }
    columns = ", ".join(renamed.get(name, name) for name in _CARD_FIELDS[PersonYear])
    rows = db.sql(f"SELECT {columns} FROM m WHERE NOT leaving ORDER BY record_id").to_arrow_table()
    bulk.insert("registry_personyear", rows)

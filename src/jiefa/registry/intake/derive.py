"""From what the form says to what the register keeps: sealed numbers, facts of numbers, sums, keys. Set-based, in DuckDB.

Input are the two typed tables that ``sheets`` returns, output the staged tables: every column of the cards, the record
columns, and ``row`` of the user's file. No number that must not be read leaves this module unsealed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa

from jiefa.kernel.id_numbers import CHECK_CHARACTERS, PLACEHOLDER_REGION, SHOWN_HEAD, SHOWN_TAIL, WEIGHTS
from jiefa.kernel.vault import Vault
from jiefa.policy import Policy
from jiefa.registry import cards
from jiefa.stores.analysis import duckdb_space


def _checksum_sql(number: str) -> str:
    """The GB 11643 check as SQL on an 18-character text whose first 17 are digits (integers below 2^31: no doubles)."""
    terms = " + ".join(
        f"{weight} * CAST(substr({number}, {position}, 1) AS INTEGER)" for position, weight in enumerate(WEIGHTS, 1)
    )
    return f"substr('{CHECK_CHARACTERS}', 1 + ({terms}) % 11, 1) = substr({number}, 18, 1)"


ID_FACTS = f"""
WITH shaped AS (
    SELECT *, length(n) AS len,
        CASE
            WHEN n IS NULL OR n = '' THEN 'missing'
            WHEN regexp_full_match(n, '[0-9]{{17}}[0-9X]') THEN 'citizen'
            WHEN regexp_full_match(n, '[0-9]{{17}}[0-9X][0-9]{{2}}([\x00-\x7f]{{2}})?') THEN 'disability'
            WHEN regexp_full_match(n, '[0-9]{{15}}') THEN 'old_citizen'
            ELSE 'other'
        END AS form
    FROM (SELECT *, id_number AS n FROM raw)
), parts AS (
    SELECT *, form IN ('citizen', 'disability') AS full_number, substr(n, 1, 18) AS citizen FROM shaped
)
SELECT * EXCLUDE (n, len, form, full_number, citizen, id_number),
    form AS id_form,
    CAST(coalesce(len, 0) AS SMALLINT) AS id_length,
    CASE WHEN full_number THEN {_checksum_sql("citizen")} END AS id_checksum_ok,
    CASE WHEN full_number AND substr(n, 7, 4) > '0000' THEN CAST(try_strptime(substr(n, 7, 8), '%Y%m%d') AS DATE) END AS id_birth_date,
    CASE WHEN full_number THEN
        CASE WHEN CAST(substr(n, 17, 1) AS INTEGER) % 2 = 1 THEN 'male' ELSE 'female' END END AS id_sex,
    CASE WHEN full_number THEN substr(n, 1, 6) END AS id_region,
    coalesce(full_number AND substr(n, 1, 6) = '{PLACEHOLDER_REGION}', false) AS id_placeholder,
    CASE WHEN form = 'disability' THEN CAST(substr(n, 19, 1) AS SMALLINT) END AS disability_kind,
    CASE WHEN form = 'disability' THEN CAST(substr(n, 20, 1) AS SMALLINT) END AS disability_level
FROM parts ORDER BY seq
"""
"""Twin of ``kernel.id_numbers.facts``, which the tests hold it against."""


def _clean(column: pa.ChunkedArray) -> list[str | None]:
    return [text or None for text in column.to_pylist()]


def _beside(rows: pa.Table, others: pa.Table) -> pa.Table:
    """``rows`` with the columns of ``others``, which has as many rows in the same order, behind or in place of their own."""
    for name in others.column_names:
        place = rows.schema.get_field_index(name)
        rows = rows.append_column(name, others[name]) if place < 0 else rows.set_column(place, name, others[name])
    return rows


def seal_members(members: pa.Table, vault: Vault) -> pa.Table:
    """``members`` with ``id_number`` replaced by its seal, blind indices and derived facts; row order kept."""
    numbers = _clean(members["id_number"])
    citizen = [None if text is None else (text[:18] if len(text) in (18, 20, 22) else text) for text in numbers]
    shown = [None if text is None or len(text) < 15 else text[:SHOWN_HEAD] + text[-SHOWN_TAIL:] for text in citizen]
    with duckdb_space() as db:
        seq = pa.array(range(members.num_rows), pa.int64())
        db.register("raw", pa.table({"seq": seq, "id_number": members["id_number"]}))
        facts = db.sql(ID_FACTS).to_arrow_table().drop_columns(["seq"])
    return (
        _beside(members.drop_columns(["id_number"]), facts)
        .append_column("id_sealed", pa.array(vault.seal_many(numbers), pa.binary()))
        .append_column("id_key", pa.array(vault.blind_index_many(citizen), pa.int64()))
        .append_column("id_shown_key", pa.array(vault.blind_index_many(shown), pa.int64()))
    )


def one_number(number: str, vault: Vault) -> dict[str, object]:
    """The certificate fields of a person for one typed number; empty text clears them."""
    table = pa.table({"id_number": pa.array([number.strip().upper() or None], pa.string())})
    row: dict[str, object] = seal_members(table, vault).to_pylist()[0]
    return row


def phone_pattern(policy: Policy) -> str:
    """The regular expression of a mobile number, from the prefixes and the length in force."""
    prefixes = policy.texts("quality.hh12.prefixes")
    rest = int(policy.number("quality.hh12.digits")) - len(prefixes[0])
    return f"({'|'.join(prefixes)})[0-9]{{{rest}}}"


def matches(pattern: str, text: str) -> bool:
    """Whether the whole ``text`` fits ``pattern``."""
    return re.fullmatch(pattern, text) is not None


def seal_households(households: pa.Table, vault: Vault, phone_pattern: str) -> pa.Table:
    """``households`` with telephone and account replaced by seals, keys and whether the telephone is one."""
    phones, accounts = _clean(households["phone"]), _clean(households["bank_account"])
    with duckdb_space() as db:
        table = pa.table({"seq": pa.array(range(len(phones)), pa.int64()), "phone": pa.array(phones, pa.string())})
        db.register("phones", table)
        valid = db.sql(
            "SELECT regexp_full_match(phone, $pattern) AS phone_valid FROM phones ORDER BY seq",
            params={"pattern": phone_pattern},
        ).to_arrow_table()
    return (
        households.drop_columns(["phone", "bank_account"])
        .append_column("phone_valid", valid["phone_valid"])
        .append_column("phone_sealed", pa.array(vault.seal_many(phones), pa.binary()))
        .append_column("phone_key", pa.array(vault.blind_index_many(phones), pa.int64()))
        .append_column("account_sealed", pa.array(vault.seal_many(accounts), pa.binary()))
        .append_column("account_key", pa.array(vault.blind_index_many(accounts), pa.int64()))
    )


def _list(values: Sequence[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def kind_sql(policy: Policy) -> str:
    """The four kinds of household (method.md 4) as SQL over a household with ``able`` members counted."""
    by_cause = " ".join(
        f"WHEN main_cause IN ({_list(policy.texts(f'four_kinds.{kind}_causes'))}) THEN '{kind}'"
        for kind in ("two_cause", "two_lack")
    )
    return f"CASE WHEN able = 0 THEN 'two_none' {by_cause} ELSE 'two_have' END"


def net_income_sql() -> str:
    """Net income of the household in fen: all parts less the cost of business, blanks as nothing; NULL when all are blank."""
    parts = " + ".join(f"coalesce({name}, 0)" for name in cards.INCOME_COLUMNS)
    any_part = ", ".join((*cards.INCOME_COLUMNS, "business_cost_fen"))
    return f"CASE WHEN coalesce({any_part}) IS NOT NULL THEN {parts} - coalesce(business_cost_fen, 0) END"


def per_person_sql(net: str, size: str) -> str:
    """``net / size`` rounded half away from zero, in integers only."""
    return f"CASE WHEN {size} > 0 THEN sign({net}) * ((2 * abs({net}) + {size}) // (2 * {size})) END"


NOT_TYPED = frozenset(
    [
        "row",
        "village_code",
        "phone_valid",
        "phone_key",
        "account_key",
        "id_form",
        "id_length",
        "id_checksum_ok",
        "id_birth_date",
        "id_sex",
        "id_region",
        "id_placeholder",
        "id_key",
        "id_shown_key",
        "disability_kind",
        "disability_level",
    ]
)
"""Columns that nobody typed: derived from others, or found."""

NOT_CONTENT = frozenset(("row", "phone_sealed", "account_sealed", "id_sealed"))
"""Columns that differ between two readings of the same roster."""


def _filled(table: pa.Table, alias: str) -> str:
    """How many cells of a row were typed, as SQL."""
    return " + ".join(
        f'CAST({alias}."{name}" IS NOT NULL AS INTEGER)' for name in table.column_names if name not in NOT_TYPED
    )


def _content(table: pa.Table, alias: str) -> str:
    """A text that is the same for the same content of a row, as SQL."""
    names = ", ".join(f'{alias}."{name}"' for name in table.column_names if name not in NOT_CONTENT)
    return f"CAST(row({names}) AS VARCHAR)"


def _digest(text: str) -> str:
    """A 60-bit number from a text's MD5, as SQL: to tell same content from changed, not to keep secrets."""
    return f"CAST(concat('0x', substr(md5({text}), 1, 15)) AS BIGINT)"


def _changes(policy: Policy) -> pa.Table:
    """What each change of the form means: a reason for joining or for leaving."""
    codes = policy.pack.codes("member_change").values
    return pa.table(
        {
            "change": [code.id for code in codes],
            "joined_reason": pa.array([code.maps_to.get("join_reason") for code in codes], pa.string()),
            "left_reason": pa.array([code.maps_to.get("leave_reason") for code in codes], pa.string()),
        }
    )


def staged_tables(households: pa.Table, members: pa.Table, policy: Policy) -> tuple[pa.Table, pa.Table]:
    """Households and members with every derived column of the cards; ``household_id`` and ``person_id`` number the file's own rows.

    ``households`` come sealed, with ``village_code`` resolved (NULL: not found). A member whose household is not in the file
    has a NULL ``household_id``. ``content_key`` tells a household's content, its members' included.
    """
    numbered_households, numbered_members = _numbered(households, "household_id"), _numbered(members, "person_id")
    with duckdb_space() as db:
        db.register("h", numbered_households)
        db.register("r", numbered_members)
        db.register("changes", _changes(policy))
        # The wide rows stay where they are: a copy through DuckDB and back took as long as everything else here.
        db.execute(
            f"""
            CREATE TABLE m AS
            SELECT r.person_id, places.household_id, places.village_code, r.name, r.relation, r.labour,
                coalesce(r.birth_date, r.id_birth_date) AS birth_date, coalesce(r.sex, r.id_sex) AS sex,
                changes.left_reason IS NOT NULL AS leaving, changes.joined_reason, changes.left_reason,
                {_filled(members, "r")} AS typed, {_content(members, "r")} AS content
            FROM r LEFT JOIN changes USING (change)
            LEFT JOIN (SELECT household_number, min(household_id) AS household_id, any_value(village_code) AS village_code
                       FROM h GROUP BY household_number) places USING (household_number)
            """
        )
        db.execute(
            f"""
            CREATE TABLE facts AS
            SELECT household_id, count(*) FILTER (NOT leaving) AS size, sum(typed) AS typed,
                count(*) FILTER (NOT leaving AND labour IN ({_list(policy.texts("four_kinds.able_labour"))})) AS able,
                min(name) FILTER (NOT leaving AND relation = 'head') AS head_name,
                list(name) FILTER (NOT leaving) AS names,
                string_agg(content, '|' ORDER BY content) AS content
            FROM m WHERE household_id IS NOT NULL GROUP BY household_id
            """
        )
        household_rows = db.sql(_staged_households_sql(households, policy)).to_arrow_table()
        derived = db.sql(
            "SELECT household_id, village_code, birth_date, sex, leaving, joined_reason, left_reason FROM m ORDER BY person_id"
        ).to_arrow_table()
    return household_rows, _beside(numbered_members, derived)


def _numbered(rows: pa.Table, key: str) -> pa.Table:
    """``rows`` in the order of the user's file, numbered from 1 in a first column ``key``."""
    numbers = rows["row"].to_numpy()
    if (numbers[1:] < numbers[:-1]).any():
        rows = rows.sort_by("row")
    return rows.add_column(0, key, pa.array(range(1, rows.num_rows + 1), pa.int64()))


def _staged_households_sql(households: pa.Table, policy: Policy) -> str:
    return f"""
        WITH joined AS (
            SELECT h.* EXCLUDE (kind), h.kind AS typed_kind, facts.able, facts.names, facts.head_name,
                CAST(coalesce(facts.size, 0) AS SMALLINT) AS size,
                CAST(coalesce(facts.typed, 0) + {_filled(households, "h")} AS SMALLINT) AS fields_typed,
                {_digest(f"concat({_content(households, 'h')}, '|', coalesce(facts.content, ''))")} AS content_key
            FROM h LEFT JOIN facts USING (household_id)
        ), summed AS (SELECT *, {net_income_sql()} AS net_income_fen FROM joined)
        SELECT * EXCLUDE (able, names, typed_kind, other_causes),
            CAST(coalesce(len(other_causes), 0) AS SMALLINT) AS other_causes,
            other_causes[1] AS other_cause_1, other_causes[2] AS other_cause_2,
            coalesce(typed_kind, {kind_sql(policy)}) AS kind,
            CAST({per_person_sql("net_income_fen", "size")} AS BIGINT) AS net_income_per_person_fen,
            CASE WHEN account_holder IS NOT NULL THEN list_contains(names, account_holder) END AS account_holder_is_member
        FROM summed ORDER BY household_id
    """

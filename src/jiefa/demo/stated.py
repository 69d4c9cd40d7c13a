"""What was stated of those who left when it was decided: that they meet the standard, whatever the roster says at the year's end.

Some exits of the generator are wrong on purpose: the card breaks the standard and the rules find it. No procedure would have
let such a household go, so at its exit the card said otherwise (数字脱贫), and the roster of the year's end brings it to light.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pyarrow as pa

from jiefa.policy import Policy
from jiefa.stores.analysis import duckdb_space

NET = (
    *("wage_income_fen", "business_income_fen", "property_income_fen", "birth_plan_grant_fen", "dibao_income_fen"),
    *("tekun_income_fen", "pension_income_fen", "ecology_income_fen", "other_transfer_fen"),
)
MARGIN_FEN = 5_000
"""By how much a stated income lies above the line, a person."""
LEFT_BY = ("death", "marriage_out", "moved_out", "imprisoned", "missing", "correct_out", "other_out")
PRIMARY_UNTIL = 11

_PRESENT = f"coalesce(change NOT IN {LEFT_BY}, true)"
_AT_SCHOOL_AGE = "birth_date > $first AND birth_date <= $last"
_OUT = (
    f"({_PRESENT} AND school_stage = 'not_pupil' AND {_AT_SCHOOL_AGE} "
    "AND coalesce(dropout_reason NOT IN ('illness', 'disability'), true))"
)
_UNINSURED = f"({_PRESENT} AND NOT coalesce(resident_medical, false) AND NOT coalesce(employee_medical, false))"
_NET = " + ".join(f"coalesce({name}, 0)" for name in NET) + " - coalesce(business_cost_fen, 0)"
_NEEDED = "size * ($line + $margin)"

_FAILING = f"""
    SELECT household_number, size, {_NET} AS net FROM h
    JOIN (SELECT household_number, count(*) FILTER (WHERE {_PRESENT}) AS size,
            bool_or({_OUT}) OR bool_or({_UNINSURED}) AS someone FROM m GROUP BY 1) USING (household_number)
    WHERE household_number IN (SELECT number FROM leaving) AND size > 0
      AND (someone OR {_NET} <= size * $line
        OR relocated_year IS NULL AND coalesce(house_danger IN ('C', 'D'), true) OR NOT coalesce(water_safe, false))
"""


def as_stated(
    homes: pa.Table, members: pa.Table, leaving: Sequence[str], year: int, policy: Policy
) -> tuple[pa.Table, pa.Table, tuple[str, ...]]:
    """The two tables with the cards of those who leave as they were stated, and whose cards that are; rows stay in order."""
    youngest, oldest = int(policy.number("quality.ed01.age_from")), int(policy.number("quality.ed01.age_to"))
    dates = {"first": dt.date(year - oldest - 1, 12, 31), "last": dt.date(year - youngest, 12, 31)}
    line = {"line": policy.fen("poverty_line.province")}
    with duckdb_space() as db:
        db.register("h", homes)
        db.register("m", members)
        db.register("leaving", pa.table({"number": pa.array(leaving, pa.string())}))
        failing = db.sql(_FAILING, params={**dates, **line}).to_arrow_table()
        if not failing.num_rows:
            return homes, members, ()
        db.register("failing", failing)
        mended = db.sql(
            f"""
            SELECT h.* REPLACE (
                CASE WHEN f.net <= f.size * $line THEN coalesce(other_transfer_fen, 0) + {_NEEDED} - f.net
                    ELSE other_transfer_fen END AS other_transfer_fen,
                CASE WHEN f.net <= f.size * $line THEN $line + $margin ELSE stated_income_per_person_fen END
                    AS stated_income_per_person_fen,
                CASE WHEN f.net IS NOT NULL AND coalesce(house_danger IN ('C', 'D'), true) THEN 'B' ELSE house_danger END
                    AS house_danger,
                CASE WHEN f.net IS NOT NULL THEN true ELSE water_safe END AS water_safe)
            FROM (SELECT *, row_number() OVER () AS n FROM h) h LEFT JOIN failing f USING (household_number) ORDER BY h.n
            """,
            params={**line, "margin": MARGIN_FEN},
        ).to_arrow_table()
        schooled = db.sql(
            f"""
            SELECT m.* REPLACE (
                CASE WHEN NOT failed OR NOT {_OUT} THEN school_stage
                    WHEN {year} - year(birth_date) <= {PRIMARY_UNTIL} THEN 'primary' ELSE 'junior' END AS school_stage,
                CASE WHEN NOT failed OR NOT {_OUT} THEN grade
                    WHEN {year} - year(birth_date) <= {PRIMARY_UNTIL} THEN greatest({year} - year(birth_date) - 5, 1)
                    ELSE least({year} - year(birth_date) - 11, 3) END AS grade,
                CASE WHEN NOT failed OR NOT {_OUT} THEN education END AS education,
                CASE WHEN NOT failed OR NOT {_UNINSURED} THEN resident_medical ELSE true END AS resident_medical)
            FROM (SELECT *, row_number() OVER () AS n,
                    household_number IN (SELECT household_number FROM failing) AS failed FROM m) m ORDER BY m.n
            """,
            params=dates,
        ).to_arrow_table()
    return (
        mended.select(homes.column_names).cast(homes.schema),
        schooled.select(members.column_names).cast(members.schema),
        tuple(failing["household_number"].to_pylist()),
    )

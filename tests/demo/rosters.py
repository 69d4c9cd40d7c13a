"""Rosters read back with DuckDB: who is present, and the columns that the rules of the catalogue ask for."""

from __future__ import annotations

import duckdb

from jiefa.demo.manifest import Manifest

JOINED = ("birth", "marriage_in", "moved_in", "released", "demobilised", "correct_in", "other_in")
NET = (
    "wage_income_fen + business_income_fen + property_income_fen + birth_plan_grant_fen + dibao_income_fen"
    " + tekun_income_fen + pension_income_fen + ecology_income_fen + other_transfer_fen - business_cost_fen"
)


def read(manifest: Manifest) -> duckdb.DuckDBPyConnection:
    """Tables ``h`` (households with their members' sums), ``m`` (members present), ``every`` (also those who left)."""
    db = duckdb.connect()
    folder = manifest.folder
    db.execute(f"CREATE TABLE home AS FROM read_parquet('{folder}/households-*.parquet')")
    db.execute(
        f"""CREATE TABLE every AS SELECT *, year - year(birth_date) AS age, row_number() OVER () AS line,
            change IS NULL OR change IN {JOINED} AS present FROM read_parquet('{folder}/members-*.parquet')"""
    )
    db.execute("CREATE TABLE m AS FROM every WHERE present")
    db.execute(
        f"""CREATE TABLE h AS SELECT home.*, {NET} AS net, members.* EXCLUDE (household_number, year)
            FROM home LEFT JOIN (
            SELECT household_number, year, count(*) AS size, count(*) FILTER (relation = 'head') AS heads,
                count(*) FILTER (relation = 'spouse') AS spouses, min(sex) FILTER (relation = 'head') AS head_sex,
                min(sex) FILTER (relation = 'spouse') AS spouse_sex,
                min(birth_date) FILTER (relation = 'head') AS head_birth,
                bool_and(health = 'healthy') AS healthy,
                bool_or(health IN ('disabled', 'chronic_dis', 'serious_dis')) AS disabled,
                bool_or(school_stage NOT IN ('not_pupil', 'preschool', 'kindergarten')) AS pupil,
                bool_or(dibao) AS any_dibao,
                bool_or(age BETWEEN 16 AND 65 AND labour IN ('ordinary', 'skilled')) AS able_of_age,
                sum(work_months * monthly_wage_fen) AS wages, bool_or(work_months > 0) AS works
            FROM m GROUP BY ALL) members USING (household_number, year)"""
    )
    return db

"""The clean population breaks no error rule of method.md 17.2: checked in SQL that shares nothing with our rules."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest
from tests.demo import rosters

from jiefa import policy
from jiefa.demo import roster
from jiefa.demo.manifest import Manifest
from jiefa.kernel import id_numbers

BROKEN_HOUSEHOLDS = {
    "HH01": "heads <> 1",
    "HH02": "size IS NULL",
    "HH03": "size IS DISTINCT FROM stated_size",
    "HH05": "spouses > 1",
    "HH06": "head_sex = spouse_sex",
    "HH09": "size > 12",
    "NU06": "main_cause IS NULL",
    "NU07": """house_area_m2 IS NULL OR house_danger IS NULL OR water_difficult IS NULL OR water_safe IS NULL
        OR electricity IS NULL OR fuel IS NULL OR sanitary_toilet IS NULL OR road_type IS NULL""",
    "CA01": "main_cause = 'illness' AND healthy",
    "CA02": "main_cause = 'schooling' AND NOT pupil",
    "CA03": "main_cause = 'disability' AND NOT disabled",
    "CA04": "coalesce(list_contains(other_causes, main_cause), false) OR len(other_causes) > 2",
    "DB01": "household_class IN ('dibao', 'dibao_poor') AND NOT any_dibao",
    "DB02": "household_class = 'general' AND (any_dibao OR dibao_income_fen + tekun_income_fen > 0)",
    "DB03": "household_class IN ('wubao', 'wubao_poor', 'tekun_poor') AND able_of_age",
    "DB04": "dibao_income_fen > 0 AND tekun_income_fen > 0",
    "DB05": "household_class LIKE 'dibao%' AND dibao_income_fen = 0",
    "WK06": "wage_income_fen <> coalesce(wages, 0)",
    "IN01": "net <= 0 OR net > size * 10000000",
    "IN02": "abs(stated_income_per_person_fen * size - net) > size * 100",
    "IN03": "business_income_fen > 0 AND business_cost_fen = 0",
    "HO01": "poverty_status = 'exited' AND (house_danger IN ('C', 'D') OR NOT water_safe)",
    "HO02": "house_area_m2 < 8 * size OR house_area_m2 > 60 * size",
    "HO03": "relocated_year IS NOT NULL AND house_area_m2 > 20 * size",
    "LD02": "road_distance_km > 5",
    "EX02": "exited_year <= entered_year",
    "exit without year": "(poverty_status = 'exited') <> (exited_year IS NOT NULL)",
}
BROKEN_MEMBERS = {
    "HH07": """(relation IN ('son', 'grandson', 'father', 'daughter_hus', 'nephew', 'ggrandson') AND sex = 'female')
        OR (relation IN ('daughter', 'granddaugh', 'mother', 'son_wife', 'niece', 'ggranddau') AND sex = 'male')""",
    "empty": """relation IS NULL OR sex IS NULL OR birth_date IS NULL OR name IS NULL OR ethnic_group IS NULL
        OR health IS NULL""",
    "NU03": "labour IS NULL",
    "NU04": """(education IS NULL AND age >= 6 AND school_stage = 'not_pupil')
        OR (education IS NOT NULL AND school_stage <> 'not_pupil')""",
    "NU05": "school_stage IS NULL",
    "NU09": "health IN ('disabled', 'chronic_dis', 'serious_dis') AND length(id_number) <> 20",
    "LA01": "age BETWEEN 16 AND 59 AND health = 'healthy' AND labour = 'lost'",
    "LA02": "age BETWEEN 16 AND 59 AND health = 'healthy' AND labour = 'none' AND school_stage = 'not_pupil'",
    "LA03": "labour <> 'none' AND (age < 16 OR school_stage NOT IN ('not_pupil', 'preschool', 'kindergarten'))",
    "LA04": "length(id_number) = 20 AND id_number[19] = '4' AND id_number[20] IN ('1', '2') AND labour = 'ordinary'",
    "WK01": "work_months NOT BETWEEN 1 AND 12",
    "WK02": "(work_place IS NULL) <> (work_months IS NULL)",
    "WK04": "work_months > 0 AND labour IN ('none', 'lost')",
    "WK07": "work_place IS NOT NULL AND (work_county IS NULL OR monthly_wage_fen NOT BETWEEN 10000 AND 3000000)",
    "ED01": """age BETWEEN 6 AND 15 AND school_stage IN ('not_pupil', 'preschool', 'kindergarten')
        AND dropout_reason IS NULL""",
    "ED06": "(yulu_grant_fen IS NOT NULL) <> (school_stage IN ('vocational', 'higher_voc'))",
    "ME01": "NOT resident_medical AND NOT employee_medical",
    "ME02": "resident_medical AND employee_medical",
    "born": "age < 0 OR age > 105",
}


@pytest.fixture(scope="module")
def db(clean: Manifest) -> duckdb.DuckDBPyConnection:
    return rosters.read(clean)


@pytest.mark.parametrize("rule", BROKEN_HOUSEHOLDS)
def test_no_household_breaks(db: duckdb.DuckDBPyConnection, rule: str) -> None:
    assert db.sql(f"SELECT household_number, year FROM h WHERE {BROKEN_HOUSEHOLDS[rule]}").fetchall() == []


@pytest.mark.parametrize("rule", BROKEN_MEMBERS)
def test_no_member_breaks(db: duckdb.DuckDBPyConnection, rule: str) -> None:
    assert db.sql(f"SELECT household_number, year, line FROM m WHERE {BROKEN_MEMBERS[rule]}").fetchall() == []


def test_incomes_stand_on_the_right_side_of_the_lines(db: duckdb.DuckDBPyConnection) -> None:
    pack = policy.load()
    for year in range(2013, 2018):
        held = pack.for_year(year)
        national, province = held.fen("poverty_line.national"), held.fen("poverty_line.province")

        wrong = db.sql(
            f"""SELECT count(*) FILTER (poverty_status <> 'exited' AND net >= size * {national}),
                count(*) FILTER (exited_year = year AND net < size * {max(national, province)})
                FROM h WHERE year = {year}"""
        ).fetchall()

        assert wrong == [(0, 0)]


def test_parents_are_older_and_spouses_grown(db: duckdb.DuckDBPyConnection) -> None:
    wrong = db.sql(
        """SELECT count(*) FROM m JOIN h USING (household_number, year) WHERE
            (relation IN ('son', 'daughter') AND year(birth_date) - year(head_birth) < 16)
            OR (relation IN ('father', 'mother', 'hus_father', 'hus_mother')
                AND year(head_birth) - year(birth_date) < 16)
            OR (relation IN ('grandson', 'granddaugh') AND year(birth_date) - year(head_birth) < 34)
            OR (relation IN ('spouse', 'son_wife', 'daughter_hus') AND age < 18)"""
    ).fetchall()

    assert wrong == [(0,)]


def test_numbers_are_valid_unique_and_nobody_s(db: duckdb.DuckDBPyConnection) -> None:
    rows = db.sql("SELECT DISTINCT id_number, sex, birth_date FROM every").fetchall()

    for number, sex, birth in rows:
        facts = id_numbers.facts(number)
        assert facts.checksum_ok
        assert (facts.sex, facts.birth_date) == (sex, birth)
        assert facts.region is not None
        assert facts.region.startswith("5299")
    assert len({number[:18] for number, _, _ in rows}) == len(rows)
    assert db.sql("SELECT count(*) FROM home WHERE address NOT LIKE '%（虚构）'").fetchall() == [(0,)]
    phones = db.sql(
        "SELECT count(DISTINCT phone), count(DISTINCT household_number) FILTER (phone IS NOT NULL) FROM home"
    )
    assert len(set(phones.fetchall()[0])) == 1
    assert db.sql("SELECT count(*) FROM home WHERE phone NOT SIMILAR TO '154[0-9]{8}'").fetchall() == [(0,)]


def test_a_person_s_years_fit_together(db: duckdb.DuckDBPyConnection) -> None:
    wrong = db.sql(
        """SELECT count(*) FROM m a JOIN m b ON a.id_number = b.id_number AND b.year = a.year + 1 WHERE a.sex <> b.sex
            OR a.name <> b.name OR a.birth_date <> b.birth_date OR a.ethnic_group <> b.ethnic_group
            OR (a.grade = b.grade AND a.school_stage = b.school_stage)"""
    ).fetchall()

    assert wrong == [(0,)]


@pytest.mark.parametrize("year", [2013, 2015, 2017])
def test_every_code_is_in_force(db: duckdb.DuckDBPyConnection, year: int) -> None:
    form = policy.load().form("roster")
    held = policy.load().at(dt.date(year, 12, 31))
    for sheet, table in (("households", "home"), ("members", "every")):
        for field in form.sheet(sheet).fields:
            if field.code_list is None:
                continue
            source = f"unnest({field.id})" if field.multiple else field.id
            used = {
                value for (value,) in db.sql(f"SELECT DISTINCT {source} FROM {table} WHERE year = {year}").fetchall()
            }
            assert used - {None} <= set(held.codes(field.code_list).ids), field.id


def test_columns_are_those_of_the_form() -> None:
    form = policy.load().form("roster")
    for sheet, columns in (("households", roster.HOUSEHOLD_COLUMNS), ("members", roster.MEMBER_COLUMNS)):
        expected = [f"{field.id}_fen" if field.type == "money" else field.id for field in form.sheet(sheet).fields]

        assert list(columns) == expected

"""A small roster, as a township fills it in, that waits for the second county officer: eight new households, three with mistakes."""

from __future__ import annotations

import datetime as dt
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from jiefa import sheets
from jiefa.access.rules import Scope
from jiefa.insight.actions import intake
from jiefa.kernel.id_numbers import check_character
from jiefa.policy import Pack
from jiefa.registry import roster

VILLAGE = "520324103200"
LOADED_BY = "wang"
UNASSIGNED_REGION = "529924"

Family = tuple[str, str, tuple[int, int, int], str | None, tuple[int, int, int] | None, str, tuple[int, int, int], str]

FAMILIES: tuple[Family, ...] = (
    # head, sex, birth; spouse; child; main cause
    ("骆明贵", "male", (1969, 3, 4), "田秀珍", (1972, 8, 15), "骆小军", (2003, 5, 9), "schooling"),
    ("田维兵", "male", (1958, 11, 21), "骆光芬", (1960, 2, 2), "田茂", (1988, 7, 30), "funds"),
    ("冉启华", "male", (1975, 6, 18), "郑德英", (1977, 12, 1), "冉欣怡", (2005, 9, 12), "skill"),
    ("郑传友", "male", (1963, 1, 27), "冉茂琴", (1966, 4, 8), "郑浩", (1994, 10, 3), "transport"),
    ("王仕全", "male", (1971, 9, 9), "韩永会", (1973, 3, 25), "王梦瑶", (2001, 1, 16), "schooling"),
    ("韩光荣", "male", (1966, 7, 7), "王仕芳", (1968, 10, 19), "韩雨", (1996, 6, 6), "funds"),
    ("吴朝碧", "female", (1955, 5, 13), None, None, "吴江", (1983, 8, 22), "land"),
    ("陈应书", "male", (1980, 2, 29), "吴朝琴", (1982, 6, 11), "陈思琪", (2008, 12, 24), "funds"),
)
FAMILIES_WAITING = len(FAMILIES)
WRONG_CHECK_DIGIT, WRONG_SIZE, NO_CAUSE_FOR_SCHOOLING = 1, 3, 5
"""Positions of the households with a mistake: the number's last character, the stated size, schooling without a pupil."""


def stage(pack: Pack, year: int) -> None:
    """The roster is checked and waits, loaded by one county officer, for the other."""
    households, members = [], []
    for position in range(len(FAMILIES)):
        number = f"{VILLAGE}{90_001 + position}"
        household, people = family(FAMILIES[position], position, number, year)
        members += people
        households.append(household)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"光明村新识别农户{year}.xlsx"
        rows = {roster.HOUSEHOLDS: households, roster.MEMBERS: members}
        form = pack.form("roster")
        sheets.write_template(path, roster.specs(pack, year), title=form.zh, rows=rows)
        intake.check_roster(path=path, pack=pack, within=Scope((VILLAGE[:6],)), by=LOADED_BY, keep_source=True)


def family(of_family: Family, position: int, number: str, year: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The card of one family and its members' rows, as the roster's columns have them. ``position``: one of its own."""
    people = _members(number, year, position, of_family)
    return _household(number, year, position, len(people), of_family[-1]), people


def _number(birth: tuple[int, int, int], sex: str, position: int, member: int, wrong: bool) -> str:
    order = position * 20 + member * 2 + (1 if sex == "male" else 0)
    first = f"{UNASSIGNED_REGION}{birth[0]:04d}{birth[1]:02d}{birth[2]:02d}{order:03d}"
    right = check_character(first)
    return first + (("1" if right != "1" else "2") if wrong else right)


def _members(number: str, year: int, position: int, of_family: Family) -> list[dict[str, Any]]:
    head, sex, birth, spouse, spouse_birth, child, child_birth, _cause = of_family
    wrong = position == WRONG_CHECK_DIGIT
    rows = [_member(number, year, head, "head", sex, birth, _number(birth, sex, position, 0, wrong))]
    if spouse and spouse_birth:
        of_spouse = _number(spouse_birth, "female", position, 1, False)
        rows.append(_member(number, year, spouse, "spouse", "female", spouse_birth, of_spouse))
    relation, child_sex = ("son", "male") if position % 2 or position == 0 else ("daughter", "female")
    of_child = _number(child_birth, child_sex, position, 2, False)
    rows.append(_member(number, year, child, relation, child_sex, child_birth, of_child))
    return rows


def _member(
    number: str, year: int, name: str, relation: str, sex: str, birth: tuple[int, int, int], id_number: str
) -> dict[str, Any]:
    age = year - birth[0]
    stage, grade = ("not_pupil", None)
    if 6 <= age <= 11:
        stage, grade = "primary", age - 5
    elif 12 <= age <= 14:
        stage, grade = "junior", age - 11
    pupil = stage != "not_pupil"
    return {
        "household_number": number,
        "year": year,
        "name": name,
        "id_number": id_number,
        "relation": relation,
        "sex": sex,
        "birth_date": dt.date(*birth),
        "ethnic_group": "01",
        "education": None if pupil else "junior",
        "school_stage": stage,
        "grade": grade,
        "health": "healthy",
        "labour": "none" if pupil or age < 16 else "ordinary",
        "dibao": False,
        "resident_medical": True,
        "pension": age >= 16,
    }


def _household(number: str, year: int, position: int, size: int, cause: str) -> dict[str, Any]:
    wages, business, cost = 620_000 + position * 31_700, 410_000 - position * 12_300, 150_000
    income = wages + business - cost
    return {
        "household_number": number,
        "year": year,
        "village_code": VILLAGE,
        "group_name": f"{position % 4 + 1} 组",
        "address": "（虚构）",
        "poverty_status": "poor",
        "household_class": "general",
        "standard": "national",
        "main_cause": "schooling" if position == NO_CAUSE_FOR_SCHOOLING else cause,
        "entered_year": year,
        "stated_size": size + (1 if position == WRONG_SIZE else 0),
        "business_income_fen": business,
        "business_cost_fen": cost,
        "other_transfer_fen": wages,
        "stated_income_per_person_fen": (income * 2 + size) // (2 * size),
        "house_area_m2": Decimal(78 + position),
        "house_structure": "brick_wood",
        "house_danger": "B",
        "water_source": "tap",
        "water_difficult": False,
        "water_safe": True,
        "electricity": True,
        "production_electricity": True,
        "fuel": "power",
        "sanitary_toilet": True,
        "road_type": "cement",
        "road_distance_km": Decimal("1.2"),
        "cooperative": False,
        "cultivated_land_mu": Decimal("3.5"),
        "irrigated_land_mu": Decimal(1),
        "forest_land_mu": Decimal(2),
        "orchard_land_mu": Decimal(0),
        "grass_land_mu": Decimal(0),
        "water_area_mu": Decimal(0),
    }

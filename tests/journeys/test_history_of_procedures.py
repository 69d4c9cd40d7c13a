"""The demonstration's register came to be by procedures: whoever entered, left or returned did so by a dossier."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from tests.journeys import office
from tests.journeys.office import Office

PROCEDURES = {"new": "identification", "exited": "household_exit", "returned": "household_return"}


@pytest.fixture(scope="module")
def province() -> Office:
    return office.province()


@pytest.fixture(scope="module")
def records(province: Office) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{province.home / 'jiefa.sqlite3'}?mode=ro", uri=True)
    yield connection
    connection.close()


def numbers(records: sqlite3.Connection, sql: str, *parameters: object) -> set[tuple[object, ...]]:
    return set(records.execute(sql, parameters).fetchall())


@pytest.mark.parametrize("kind", PROCEDURES)
def test_every_movement_of_a_household_has_its_dossier(kind: str, records: sqlite3.Connection) -> None:
    moved = numbers(
        records, "SELECT household_id, year FROM registry_movement WHERE kind = ? AND person_id IS NULL", kind
    )
    decided = numbers(
        records,
        "SELECT CAST(substr(subject, 11) AS INTEGER), year FROM procedures_dossier WHERE procedure = ? AND outcome = 'approved'",
        PROCEDURES[kind],
    )
    assert moved or kind == "returned"  # few return, and in so small a province perhaps nobody
    if kind == "exited":
        # What no procedure would have let through was taken over with the register: few, and each below the standard.
        assert decided <= moved
        assert len(moved - decided) < 0.12 * len(moved)
    else:
        # A household without members enters too, and moves nobody.
        assert moved <= decided
        assert len(decided - moved) < 0.02 * len(decided) + 3


def test_nothing_is_left_open_and_every_step_is_there(records: sqlite3.Connection) -> None:
    # Two changes wait for the township officer on purpose; they are no history.
    past = "FROM procedures_dossier WHERE procedure NOT IN ('household_change', 'household_split_merge')"
    assert numbers(records, f"SELECT DISTINCT outcome {past}") == {("approved",)}
    short = numbers(
        records,
        """SELECT d.id FROM procedures_dossier d LEFT JOIN procedures_steptaken s ON s.dossier_id = d.id
           WHERE d.procedure NOT IN ('household_change', 'household_split_merge')
           GROUP BY d.id HAVING count(s.id) < CASE d.procedure WHEN 'identification' THEN 7 WHEN 'household_exit' THEN 7
               WHEN 'household_return' THEN 6 WHEN 'township_delisting' THEN 4 ELSE 3 END""",
    )
    assert short == set()


def test_who_proposed_never_decided(records: sqlite3.Connection) -> None:
    same = numbers(
        records,
        """SELECT a.dossier_id FROM procedures_steptaken a JOIN procedures_steptaken b ON b.dossier_id = a.dossier_id
           WHERE a.seq = 1 AND b.step IN ('county_review', 'province_decision') AND a.by = b.by""",
    )
    assert same == set()


@pytest.mark.parametrize("digits", [2, 4, 6, 9, 12])
def test_quotas_are_exactly_the_registered_poor_of_every_level(digits: int, records: sqlite3.Connection) -> None:
    allotted = numbers(
        records,
        "SELECT division_id, year, people FROM identification_quota WHERE length(division_id) = ? AND people > 0",
        digits,
    )
    registered = numbers(
        records,
        """SELECT substr(village_code, 1, ?), year, sum(size) FROM registry_householdyear
           WHERE year < 2015 AND poverty_status IN ('poor', 'pre_exit', 'returned') GROUP BY 1, 2 HAVING sum(size) > 0""",
        digits,
    )
    assert allotted == registered


def test_identification_has_something_to_show_everywhere(records: sqlite3.Connection) -> None:
    found = {row[0] for row in numbers(records, "SELECT found FROM identification_lookbackhousehold")}
    assert {"confirmed", "changed"} <= found
    for table in ("identification_score", "identification_lead"):
        assert numbers(records, f"SELECT id FROM {table} LIMIT 1")


def test_notices_hung_for_every_household_of_a_list(records: sqlite3.Connection) -> None:
    unseen = numbers(
        records,
        """SELECT d.id FROM procedures_dossier d WHERE d.procedure IN ('identification', 'household_exit')
           AND (SELECT count(*) FROM disclosure_noticerow r WHERE r.dossier_id = d.id)
               < CASE d.procedure WHEN 'identification' THEN 2 ELSE 1 END""",
    )
    assert unseen == set()


@pytest.mark.parametrize(
    ("kind", "year", "places"),
    [("county_off", 2014, 14), ("county_off", 2015, 24), ("township_off", 2014, 366), ("township_off", 2015, 585)],
)
def test_province_delisted_as_many_as_it_said(kind: str, year: int, places: int, records: sqlite3.Connection) -> None:
    found = numbers(
        records,
        "SELECT division_id FROM areas_designation WHERE kind = ? AND from_year <= ? AND source LIKE '办理事项%'",
        kind,
        year,
    )
    assert len(found) == places


def test_log_is_whole(province: Office) -> None:
    assert province.json("audit", "verify")["faults"] == []

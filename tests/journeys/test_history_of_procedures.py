"""The demonstration's register came to be by procedures: whoever entered, left or returned did so by a dossier."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator

import pytest
from tests.journeys import office
from tests.journeys.office import Office

from jiefa.demo import applying, geography, poor_places

PROCEDURES = {"new": "identification", "exited": "household_exit", "returned": "household_return"}
RANKED = """
import json
from jiefa import policy
from jiefa.access.rules import Scope
from jiefa.identification import queries
from jiefa.identification.rules.quotas import Applicant, places
from jiefa.registry.rules import is_below_line
scope = Scope(("{village}",))
line = policy.load().for_year(2015).fen("poverty_line.province")
cards = [card for card, score in queries.ranking("{village}", 2015, scope)]
ranked = [Applicant(c.household_id, c.size, is_below_line(c.net_income_fen, c.size, line)) for c in cards]
left = queries.filling(["{village}"], 2015, scope)[0].left
print(json.dumps([left, places(left, ranked), [one.eligible for one in ranked]]))
"""


pytestmark = office.SHARES_PROVINCE


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
    # A household without members enters too, and moves nobody.
    assert moved <= decided
    assert len(decided - moved) < 0.02 * len(decided) + 3


def test_exits_that_the_cards_of_the_year_speak_against_are_found(records: sqlite3.Connection) -> None:
    found = numbers(
        records,
        """SELECT f.household_id FROM insight_finding f JOIN procedures_dossier d ON CAST(substr(d.subject, 11) AS INTEGER) = f.household_id
           WHERE f.rule IN ('IN08', 'HO01') AND d.procedure = 'household_exit' AND d.outcome = 'approved'""",
    )
    assert found


def test_nothing_is_left_open_and_every_step_is_there(records: sqlite3.Connection) -> None:
    past = f"FROM procedures_dossier WHERE procedure IN {office.OF_THE_REGISTER} AND NOT ({office.FROM_A_WATCH})"
    assert numbers(records, f"SELECT DISTINCT outcome {past}") == {("approved",)}
    short = numbers(
        records,
        f"""SELECT d.id FROM procedures_dossier d LEFT JOIN procedures_steptaken s ON s.dossier_id = d.id
           WHERE d.procedure IN {office.OF_THE_REGISTER} AND NOT (d.{office.FROM_A_WATCH})
           GROUP BY d.id HAVING count(s.id) < CASE d.procedure WHEN 'identification' THEN 7 WHEN 'household_exit' THEN 7
               WHEN 'household_return' THEN 6 WHEN 'township_delisting' THEN 4 WHEN 'poor_village' THEN 4 ELSE 3 END""",
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
    # In the last year one village has places for a few more, of whom some wait: here they are taken off again.
    allotted = numbers(
        records,
        """SELECT * FROM (
               SELECT division_id, year, people - CASE WHEN year = 2015 AND ? LIKE division_id || '%' THEN ? ELSE 0 END AS own
               FROM identification_quota WHERE length(division_id) = ?) WHERE own > 0""",
        applying.VILLAGE,
        applying.ROOM,
        digits,
    )
    registered = numbers(
        records,
        """SELECT substr(village_code, 1, ?), year, sum(size) FROM registry_householdyear
           WHERE poverty_status IN ('poor', 'pre_exit', 'returned') GROUP BY 1, 2 HAVING sum(size) > 0""",
        digits,
    )
    assert allotted == registered


def test_identification_has_something_to_show_everywhere(records: sqlite3.Connection) -> None:
    found = {row[0] for row in numbers(records, "SELECT found FROM identification_lookbackhousehold")}
    assert {"confirmed", "changed"} <= found
    for table in ("identification_score", "identification_lead"):
        assert numbers(records, f"SELECT id FROM {table} LIMIT 1")


def test_every_county_with_poor_people_looks_back(records: sqlite3.Connection) -> None:
    campaigns = numbers(records, "SELECT division_id, households, year FROM identification_lookback")
    rows = records.execute(
        """SELECT b.division_id, count(*) FILTER (WHERE r.on_list), count(*) FILTER (WHERE r.on_list AND r.found = '')
           FROM identification_lookback b JOIN identification_lookbackhousehold r ON r.campaign_id = b.id GROUP BY 1"""
    ).fetchall()
    # Whoever was poor at some time of the year was on the list: those at its end, and those who left in it.
    poor = numbers(
        records,
        """SELECT DISTINCT substr(village_code, 1, 6) FROM registry_householdyear
           WHERE year = 2015 AND (poverty_status IN ('poor', 'pre_exit', 'returned') OR exited_year = 2015)
           AND coalesce(entered_year, 0) < 2015""",
    )
    assert {(code,) for code, *_ in campaigns} == poor
    assert {(code, listed, 2015) for code, listed, _ in rows} == campaigns
    assert sum(waiting == 0 for *_, waiting in rows) > 5
    assert sum(0 < waiting < listed for _, listed, waiting in rows) > 30
    assert {row[0] for row in numbers(records, "SELECT DISTINCT found FROM identification_lookbackhousehold")} == {
        *("", "confirmed", "changed", "wrongly_in", "gone", "missed")
    }


def test_poor_places_are_designated_by_dossiers_exactly_as_planned(records: sqlite3.Connection) -> None:
    planned = {
        (row["code"], row["kind"], row["from_year"], row["detail"])
        for row in geography.designations()
        if row["kind"] in poor_places.PROCEDURES
    }
    decided = numbers(
        records,
        """SELECT a.division_id, a.kind, a.from_year, a.detail FROM areas_designation a
           JOIN procedures_dossier d ON a.source = '办理事项 ' || d.id AND d.place_code = a.division_id AND d.procedure = a.kind
           WHERE d.outcome = 'approved'""",
    )
    assert decided == planned
    assert numbers(
        records, "SELECT count(*) FROM areas_designation WHERE kind IN ('poor_village', 'poor_township')"
    ) == {(9_934,)}
    assert {detail for *_, detail in decided} == {"1", "2", "3"}


def test_villages_leave_by_dossiers(records: sqlite3.Connection) -> None:
    left = numbers(records, "SELECT division_id, from_year FROM areas_designation WHERE kind = 'village_left'")
    decided = numbers(records, "SELECT place_code, year FROM procedures_dossier WHERE procedure = 'village_exit'")
    assert left == decided != set()


def test_more_apply_in_a_village_than_it_has_places_for(province: Office) -> None:
    shown = province.run("manage", "shell", "-c", RANKED.format(village=applying.VILLAGE)).stdout

    left, places, eligible = json.loads(shown.splitlines()[-1])
    assert left == applying.ROOM
    assert sorted(places.values()) == ["waiting"] * 3 + ["within"] * 2
    assert sorted(eligible) == [False, True, True, True, True, True]


def test_what_waits_is_not_late(records: sqlite3.Connection) -> None:
    changes = "('household_change', 'household_split_merge')"
    due = numbers(records, f"SELECT due_on FROM procedures_dossier WHERE outcome = '' AND procedure IN {changes}")
    homes = numbers(
        records,
        """SELECT id FROM registry_household WHERE village_code = ? AND size >= 3 AND card_year = 2015
            AND poverty_status <> 'applicant'""",
        applying.VILLAGE,
    )
    assert bool(due) == (len(homes) >= 2), "two households are needed for the changes that wait"
    assert all(str(row[0]) > dt.datetime.now(dt.UTC).date().isoformat() for row in due)


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

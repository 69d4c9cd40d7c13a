"""What the demonstration promised: the published targets, letters from the province to a village, months confirmed from below."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator

import pytest
from tests.journeys import office

from jiefa.demo.promising import CONFIRMED, COUNTY, OTHER_COUNTIES, PEOPLE, PROVINCE, TOWNSHIP, VILLAGE
from jiefa.demo.targets import scaled
from jiefa.planning.actions import letters

pytestmark = office.SHARES_PROVINCE


@pytest.fixture(scope="module")
def records() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{office.province().home / 'jiefa.sqlite3'}?mode=ro", uri=True)
    yield connection
    connection.close()


def newest(records: sqlite3.Connection, year: int, metric: str) -> dict[str, tuple[int, str]]:
    """By place the newest word on a target."""
    rows = records.execute(
        "SELECT area_code, value, state FROM planning_target WHERE year = ? AND metric = ? ORDER BY id", [year, metric]
    )
    return {code: (value, state) for code, value, state in rows}


def test_targets_of_2015_are_those_of_the_ledger_and_add_up(records: sqlite3.Connection) -> None:
    said = {
        metric: newest(records, 2015, metric)[PROVINCE][0] for metric in ("counties", "townships", "whole_villages")
    }
    people = {code: value for code, (value, _state) in newest(records, 2015, "people").items()}

    assert said == {"counties": 10, "townships": 160, "whole_villages": 780}  # E02-E04
    assert people[PROVINCE] == scaled(PEOPLE, float(os.environ.get("JIEFA_SCREENSHOTS_SCALE", "0.001")))  # E01
    for code, digits in ((PROVINCE, 4), (PROVINCE, 6), (COUNTY, 9), (TOWNSHIP, 12)):
        below = [value for place, value in people.items() if len(place) == digits and place.startswith(code)]
        assert sum(below) == people[code], (code, digits)


def test_the_county_negotiated_and_the_difference_is_signed_for(records: sqlite3.Connection) -> None:
    words = records.execute(
        "SELECT state, value FROM planning_target WHERE area_code = ? AND year = 2016 AND metric = 'people' ORDER BY id",
        [COUNTY],
    ).fetchall()
    kept = records.execute("SELECT area_code, value - below FROM planning_keptdifference ORDER BY id").fetchall()

    assert [state for state, _value in words] == ["sent", "proposed", "sent", "fixed"]
    first, proposed, met, fixed = (value for _state, value in words)
    assert proposed < met == fixed < first
    assert kept == [(COUNTY[:4], 1), (COUNTY, -1)]


def test_letters_go_from_the_province_to_a_village_signed_by_three_people(records: sqlite3.Connection) -> None:
    rows = records.execute(
        "SELECT upper_code, area_code, year, document, lines, digest, dossier_id FROM planning_letter ORDER BY id"
    ).fetchall()

    way = [(PROVINCE, COUNTY), (COUNTY, TOWNSHIP), (TOWNSHIP, VILLAGE)]
    assert [(upper, code) for upper, code, year, *_ in rows if year == 2015] == way
    assert [(upper, code) for upper, code, year, *_ in rows if year == 2016] == [
        *way,
        *((PROVINCE, code) for code in OTHER_COUNTIES),
    ]
    for upper, code, year, document, lines, digest, dossier in rows:
        assert digest == letters.digest(upper, code, year, document, json.loads(lines))
        taken = records.execute(
            'SELECT step, "by" FROM procedures_steptaken WHERE dossier_id = ? ORDER BY seq', [dossier]
        )
        steps, people = zip(*taken, strict=True)
        assert steps == ("draft", "signature", "countersignature")
        assert len(set(people)) == 3


def test_months_are_confirmed_from_below_and_one_village_is_still_missing(records: sqlite3.Connection) -> None:
    confirmed: dict[int, set[str]] = {}
    for code, month in records.execute("SELECT area_code, month FROM planning_confirmation WHERE year = 2015"):
        confirmed.setdefault(month, set()).add(code)
    divisions = {
        code for (code,) in records.execute("SELECT code FROM areas_division WHERE code LIKE ?", [f"{COUNTY}%"])
    }
    villages = {code for code in divisions if code.startswith(TOWNSHIP) and len(code) == 12}

    assert all(confirmed[month] == divisions for month in range(1, CONFIRMED + 1))
    assert all(villages - confirmed[month] == {VILLAGE} for month in range(CONFIRMED + 1, 13))

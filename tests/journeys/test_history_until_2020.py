"""The whole history of the demonstration, to 2020: the flows add up everywhere, every number of them is a count of dossiers."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest
from tests.journeys import office
from tests.journeys.office import Office

pytestmark = pytest.mark.xdist_group("history")  # a second worker would wait for the same province

YEARS = range(2013, 2021)
POOR = {2013: 7_450, 2014: 6_230, 2015: 4_930, 2016: 3_722, 2017: 2_803, 2018: 1_551, 2019: 308, 2020: 0}
"""People at the end of the year, at one in a thousand (ledger R03, E01; method.md 2)."""
COUNTIES_LEFT = {2016: 1, 2017: 14, 2018: 18, 2019: 24, 2020: 9}
IN_POVERTY = "('poor', 'pre_exit', 'returned')"
PROCEDURES = {"new": "identification", "exited": "household_exit", "returned": "household_return"}
ADDED = ("new", "returned", "natural_gain", "correction_in")
TAKEN_OFF = ("exited", "natural_loss", "correction_out")


@pytest.fixture(scope="module")
def province() -> Office:
    return office.province_until_2020()


@pytest.fixture(scope="module")
def records(province: Office) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{province.home / 'jiefa.sqlite3'}?mode=ro", uri=True)
    yield connection
    connection.close()


def poor_people(records: sqlite3.Connection, digits: int) -> Counter[tuple[str, int]]:
    """Poor people by place and year, straight from the cards."""
    rows = records.execute(
        f"SELECT substr(village_code, 1, {digits}), year, sum(size) FROM registry_householdyear "
        f"WHERE poverty_status IN {IN_POVERTY} GROUP BY 1, 2"
    )
    return Counter({(place, year): people for place, year, people in rows})


def test_poor_people_of_every_year_are_the_published_ones(records: sqlite3.Connection) -> None:
    found = poor_people(records, 2)

    assert {year: found["52", year] for year in YEARS} == POOR


@pytest.mark.parametrize("digits", [2, 4, 6, 9, 12])
def test_flows_add_up_in_every_division_and_year(digits: int, records: sqlite3.Connection) -> None:
    closing = poor_people(records, digits)
    flows: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    moved = records.execute(
        f"SELECT substr(village_code, 1, {digits}), year, kind, sum(abs(people)) FROM registry_movement GROUP BY 1, 2, 3"
    )
    for place, year, kind, people in moved:
        flows[place, year][kind] = people
    places = {place for place, _ in (*closing, *flows)}

    apart = [
        (place, year)
        for place in places
        for year in YEARS
        if closing[place, year - 1]
        + sum(flows[place, year][kind] for kind in ADDED)
        - sum(flows[place, year][kind] for kind in TAKEN_OFF)
        != closing[place, year]
    ]

    assert {kind for flow in flows.values() for kind in flow} <= {*ADDED, *TAKEN_OFF}
    assert len(places) >= {2: 1, 4: 9, 6: 80, 9: 300, 12: 400}[digits]
    assert apart == []


@pytest.mark.parametrize("kind", PROCEDURES)
@pytest.mark.parametrize("year", YEARS)
def test_every_number_of_the_flow_is_the_count_of_its_dossiers(
    kind: str, year: int, records: sqlite3.Connection
) -> None:
    moved = records.execute(
        "SELECT household_id FROM registry_movement WHERE kind = ? AND year = ? AND person_id IS NULL", (kind, year)
    ).fetchall()
    decided = records.execute(
        """SELECT h.id FROM procedures_dossier d JOIN registry_householdyear c ON c.year = d.year
               AND c.household_id = CAST(substr(d.subject, 11) AS INTEGER) JOIN registry_household h ON h.id = c.household_id
           WHERE d.procedure = ? AND d.year = ? AND d.outcome = 'approved' AND c.size > 0""",
        (PROCEDURES[kind], year),
    ).fetchall()

    assert sorted(moved) == sorted(decided)
    assert moved or kind == "returned" or (kind, year) in {("exited", 2013), ("new", 2020)}


def test_figures_of_every_year_say_the_same(province: Office, records: sqlite3.Connection) -> None:
    for year in YEARS:
        moved: Counter[str] = Counter(
            dict(
                records.execute(
                    "SELECT kind, sum(abs(people)) FROM registry_movement WHERE year = ? GROUP BY 1", (year,)
                )
            )
        )
        rows = province.json("indicators", "--year", str(year), "--division", "52")
        figures = {row["indicator"]: row["value"] for row in rows}

        assert figures["poor_people"] == POOR[year]
        assert [figures[f"{kind}_people"] for kind in PROCEDURES] == [moved[kind] for kind in PROCEDURES]
        assert year == 2013 or figures["flow_gap_people"] == 0


def test_counties_left_nationally_in_their_years(records: sqlite3.Connection) -> None:
    left = records.execute(
        """SELECT d.year, count(*), min(v.name) FROM procedures_dossier d JOIN areas_designation a
               ON a.division_id = d.place_code AND a.kind = 'county_left' AND a.from_year = d.year
           JOIN areas_division v ON v.code = d.place_code
           WHERE d.procedure = 'county_exit' AND d.outcome = 'approved' GROUP BY 1"""
    ).fetchall()

    assert {year: counties for year, counties, _ in left} == COUNTIES_LEFT
    assert sum(counties for _, counties, _ in left) == 66
    assert left[0] == (2016, 1, "赤水市")


def test_province_delisted_places_of_its_own_kind_until_2015(records: sqlite3.Connection) -> None:
    by_procedure: dict[str, Counter[int]] = defaultdict(Counter)
    rows = records.execute(
        """SELECT procedure, year, count(*) FROM procedures_dossier
           WHERE procedure IN ('county_delisting', 'township_delisting') AND outcome = 'approved' GROUP BY 1, 2"""
    )
    for procedure, year, places in rows:
        by_procedure[procedure]["2014" if year <= 2014 else str(year)] += places

    assert by_procedure == {
        "county_delisting": {"2014": 14, "2015": 10},
        "township_delisting": {"2014": 366, "2015": 219},
    }


def test_poor_villages_leave_once_and_only_below_three_per_cent(records: sqlite3.Connection) -> None:
    left = records.execute(
        f"""SELECT d.place_code, d.year, f.rural_registered_people, f.collective_income_fen,
               (SELECT coalesce(sum(c.size), 0) FROM registry_householdyear c WHERE c.village_code = d.place_code
                    AND c.year = d.year AND c.poverty_status IN {IN_POVERTY}),
               f.hardened_road + f.bus + f.safe_water + f.electricity + f.clinic + f.doctor + f.culture_room + f.broadband
           FROM procedures_dossier d JOIN areas_divisionyear f ON f.division_id = d.place_code AND f.year = d.year
           WHERE d.procedure = 'village_exit' AND d.outcome = 'approved'"""
    ).fetchall()
    with_people = records.execute(
        """SELECT count(DISTINCT a.division_id) FROM areas_designation a JOIN areas_divisionyear f
               ON f.division_id = a.division_id WHERE a.kind = 'poor_village' AND f.rural_registered_people IS NOT NULL"""
    ).fetchone()[0]

    assert {year for _, year, *_ in left} >= set(range(2016, 2021))
    assert len({code for code, *_ in left}) == len(left) == with_people
    assert [row for row in left if row[4] * 100 >= 3 * row[2] or row[3] < 1_000_000 or row[5] < 8] == []


def test_nobody_is_poor_at_the_end_and_nothing_of_the_history_waits(records: sqlite3.Connection) -> None:
    statuses = {
        row[0]
        for row in records.execute("SELECT DISTINCT poverty_status FROM registry_householdyear WHERE year = 2020")
    }
    waiting = records.execute(
        f"SELECT count(*) FROM procedures_dossier WHERE outcome <> 'approved' AND procedure IN {office.OF_THE_REGISTER}"
    ).fetchone()[0]

    assert statuses == {"exited", "applicant"}
    assert waiting == 0


def test_log_of_the_whole_history_is_whole(province: Office) -> None:
    found = province.json("audit", "verify")

    assert found["faults"] == []
    assert found["chains"] > 80  # the system and every county in which something happened

"""The departments' lists of the demonstration: compared by every rule, pairs decided, leads looked into, reviewed, counted by what they were worth."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from tests.journeys import office

from jiefa.demo.comparing import COUNTY, LISTS, NAMED, NOT_ON_CARD, STRANGERS

pytestmark = office.SHARES_PROVINCE


@pytest.fixture(scope="module")
def records() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{office.province().home / 'jiefa.sqlite3'}?mode=ro", uri=True)
    yield connection
    connection.close()


def counts(records: sqlite3.Connection, sql: str) -> dict[object, int]:
    return dict(records.execute(sql).fetchall())


def test_both_lists_were_compared_and_strangers_were_not_found(records: sqlite3.Connection) -> None:
    rows = records.execute(
        "SELECT c.kind, l.rows, l.found, c.exact + c.probable, c.exact, c.probable, c.doubtful, c.precision "
        "FROM comparison_comparison c JOIN identification_leadlist l ON l.id = c.list_id ORDER BY c.id"
    ).fetchall()

    assert [kind for kind, *_ in rows] == [*(kind for kind, *_ in LISTS), "guarantee"]
    for _kind, read, found, added, exact, probable, doubtful, precision in rows[: len(LISTS)]:
        assert (read, found) == (NAMED + len(STRANGERS), added)
        assert exact == NAMED * 2 // 3
        assert 0 < probable + doubtful <= NAMED // 3
        assert 0.8 < precision <= 1


def test_the_whole_guarantee_list_is_compared_with_what_the_cards_say(records: sqlite3.Connection) -> None:
    ((read, exact, agreed, missing, whole_of),) = records.execute(
        "SELECT l.rows, c.exact, c.agreed, c.missing, c.whole_of FROM comparison_comparison c "
        "JOIN identification_leadlist l ON l.id = c.list_id WHERE c.kind = 'guarantee'"
    ).fetchall()
    leads = counts(
        records,
        "SELECT w.how, count(*) FROM comparison_course w JOIN comparison_comparison c ON c.id = w.comparison_id "
        "WHERE c.kind = 'guarantee' GROUP BY w.how",
    )

    assert whole_of == COUNTY
    assert exact == read
    assert agreed + NOT_ON_CARD == read
    assert leads == {"both": NOT_ON_CARD, "missing": missing}
    assert missing > 0


def test_a_clerk_decided_most_doubtful_pairs_and_what_is_the_same_is_a_lead(records: sqlite3.Connection) -> None:
    states = counts(records, "SELECT state, count(*) FROM comparison_pair GROUP BY state")
    ways = counts(records, "SELECT how, count(*) FROM comparison_course GROUP BY how")

    assert states["same"] > 0
    assert states["other"] > 0
    assert states["waiting"] > 0
    assert ways["clerk"] == states["same"]
    assert {"both", "likely"} < set(ways)


def test_leads_turned_out_every_way_after_a_second_officer_agreed(records: sqlite3.Connection) -> None:
    settled = counts(
        records,
        "SELECT l.settled, count(*) FROM identification_lead l JOIN comparison_course c ON c.lead_id = l.id GROUP BY 1",
    )
    reviewed = counts(records, "SELECT agreed, count(*) FROM comparison_sitefinding GROUP BY agreed")
    same_officer = records.execute("SELECT count(*) FROM comparison_sitefinding WHERE by = reviewed_by").fetchone()[0]
    before = records.execute(
        "SELECT count(*) FROM comparison_sitefinding f JOIN comparison_course c ON c.id = f.course_id "
        "JOIN comparison_comparison p ON p.id = c.comparison_id WHERE f.visited_on < p.as_of"
    ).fetchone()[0]

    assert set(settled) == {"", "true", "kept", "wrong"}
    assert settled["true"] == 1
    assert (reviewed[0], reviewed[None]) == (1, 1)
    assert reviewed[1] == settled["true"] + settled["kept"] + settled["wrong"]
    assert (same_officer, before) == (0, 0)


def test_the_true_lead_began_a_removal_that_waits_in_its_village(records: sqlite3.Connection) -> None:
    ((desk, village, outcome, step),) = records.execute(
        "SELECT d.desk, l.village_code, d.outcome, d.step FROM procedures_dossier d "
        "JOIN identification_lead l ON l.dossier = d.id JOIN comparison_course c ON c.lead_id = l.id"
    ).fetchall()

    assert (desk, outcome, step) == (village, "", "proposal")

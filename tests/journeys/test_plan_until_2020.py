"""The demonstration's plan beside what its history came to: every year of the plan, and the year of consolidation after it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from tests.adopting import adopted
from tests.journeys import office
from tests.site import county

from jiefa.planning.models import Plan

pytestmark = [pytest.mark.xdist_group("history"), pytest.mark.sqlite]

PROMISED = {2016: 1_000, 2017: 1_000, 2018: 700, 2019: 650}
"""Ledger P01-P04 at one in a thousand."""


@pytest.fixture
def history(transactional_db: None, home: Path) -> Iterator[sqlite3.Connection]:
    """The province until 2020 as the records of this test, and its register to count in."""
    province = office.province_until_2020()
    records = sqlite3.connect(f"file:{province.home / 'jiefa.sqlite3'}?mode=ro", uri=True)
    with adopted(province, home):
        yield records
    records.close()


def left(records: sqlite3.Connection, digits: int) -> dict[tuple[str, int], int]:
    """People who left by place and year, straight from the movements."""
    rows = records.execute(
        f"SELECT substr(village_code, 1, {digits}), year, -sum(people) FROM registry_movement WHERE kind = 'exited' GROUP BY 1, 2"
    )
    return {(place, year): people for place, year, people in rows}


def planned(records: sqlite3.Connection, digits: int) -> dict[tuple[str, int], int]:
    """People whom the plan lets leave by their own means, by place and year."""
    rows = records.execute(
        f"SELECT substr(village_code, 1, {digits}), year, sum(size) FROM planning_assignment "
        "WHERE year IS NOT NULL AND pathway <> 'guarantee' GROUP BY 1, 2"
    )
    return {(place, year): people for place, year, people in rows}


def test_map_shows_plan_against_done_for_each_year_to_2020(history: sqlite3.Connection) -> None:
    plan = Plan.objects.get(area_code="52")
    url, zhao = reverse("site:plan", args=[plan.pk]), county.signed_in("zhao")
    done = left(history, 2)

    page = zhao.get(url).context

    years = {row["year"]: row for row in page["years"]}
    assert {year: (row["target"], row["planned"]) for year, row in years.items()} == {
        **{year: (people, people) for year, people in PROMISED.items()},
        2020: (None, None),
    }
    assert {year: row["done"] for year, row in years.items()} == {year: done["52", year] for year in range(2016, 2021)}
    assert page["map_years"] == [2016, 2017, 2018, 2019, 2020]
    assert page["map_year"] == 2019
    for year in page["map_years"]:
        drawn = zhao.get(url, {"of_year": str(year)}).context["map"]
        data = {one["name"]: one["value"] for one in drawn.option["series"][0]["data"]}
        digits = {len(code) for code in data}.pop()
        there, planned_of = left(history, digits), planned(history, digits)
        assert str(year) in drawn.frame.title
        for code, value in data.items():
            people, asked = there.get((code, year), 0), planned_of.get((code, year), 0)
            expected = people if year == 2020 else people / asked if asked else None
            assert value == (None if expected is None else pytest.approx(expected * (1 if year == 2020 else 100))), code
        assert len(data) in (9, 88)

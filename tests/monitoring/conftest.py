"""A village whose households left, never entered, or are poor, on cards of 2015; and the people who decide about them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE, People
from tests.registry import rosters

from jiefa import policy
from jiefa.casework import actions as casework
from jiefa.policy import Pack
from jiefa.registry.models import Household
from jiefa.snapshots import Snapshot

YEAR = 2015
ON = dt.date(2015, 10, 8)
LEFT: dict[str, object] = {"poverty_status": "exited", "exited_year": 2014}
RICH, POOR = {"wage_income_fen": 4_000_000}, {"wage_income_fen": 100_000}
FAMILIES: tuple[tuple[str, dict[str, object]], ...] = (
    ("left-well", {**LEFT, **RICH}),
    ("left-poor", {**LEFT, **POOR}),
    ("left-house", {**LEFT, **RICH, "house_danger": "D"}),
    ("left-water", {**LEFT, **RICH, "water_safe": False}),
    ("never-poor", {"poverty_status": "applicant", "entered_year": None, **POOR}),
    ("poor", POOR),
)


@pytest.fixture(scope="session")
def pack() -> Pack:
    return policy.load()


@pytest.fixture
def people() -> People:
    return People(VILLAGE, TOWNSHIP, COUNTY)


def _loaded(folder: Path) -> dict[str, Household]:
    homes, members = [], []
    for place, (number, card) in enumerate(FAMILIES, start=1):
        row, own = rosters.family(number, VILLAGE, 10 * place, YEAR, **card)
        homes.append(row)
        members += own
    assert rosters.load_unjudged(rosters.write(folder / "village", homes, members)).held_back == 0
    return {household.number: household for household in Household.objects.all()}


@pytest.fixture
def village(db: None, tmp_path: Path) -> dict[str, Household]:
    """The households by number."""
    return _loaded(tmp_path)


@pytest.fixture
def committed_village(transactional_db: None, tmp_path: Path) -> dict[str, Household]:
    """The same, committed: a snapshot reads on connections of its own."""
    return _loaded(tmp_path)


@pytest.fixture
def snapshot(committed_village: dict[str, Household], pack: Pack) -> Snapshot:
    return casework.freeze(year=YEAR, now=False, pack=pack, by="tests")

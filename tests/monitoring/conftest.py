"""A village whose households left, never entered, or are poor, on cards of 2015; and the people who decide about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.keeping import Kept, kept_records, put_again
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE, People
from tests.registry import rosters

from jiefa import policy, snapshots
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


def put_on_file(
    folder: Path, year: int, otherwise: Mapping[str, Mapping[str, object]] | None = None
) -> dict[str, Household]:
    """The families on cards of the year, those of ``otherwise`` on other ones; by number."""
    homes, members = [], []
    for place, (number, card) in enumerate(FAMILIES, start=1):
        row, own = rosters.family(number, VILLAGE, 10 * place, year, **(otherwise or {}).get(number, card))
        homes.append(row)
        members += own
    assert rosters.load_unjudged(rosters.write(folder / f"village-{year}", homes, members)).held_back == 0
    return {household.number: household for household in Household.objects.all()}


@pytest.fixture
def village(db: None, home: Path, tmp_path: Path) -> dict[str, Household]:
    """The households by number."""
    put_again("monitoring", lambda folder: put_on_file(folder, YEAR), home, tmp_path)
    return {household.number: household for household in Household.objects.all()}


def _frozen(folder: Path) -> None:
    put_on_file(folder, YEAR)
    casework.freeze(year=YEAR, now=False, pack=policy.load(), by="tests")


frozen_kept = kept_records("frozen", _frozen)


@pytest.fixture
def snapshot(frozen_kept: Kept, transactional_db: None, home: Path) -> Snapshot:
    """The same, committed, and a snapshot of it, which reads on connections of its own."""
    frozen_kept.back(home)
    return snapshots.latest(home, YEAR)


@pytest.fixture
def committed_village(snapshot: Snapshot) -> dict[str, Household]:
    """The households of the snapshot by number."""
    return {household.number: household for household in Household.objects.all()}

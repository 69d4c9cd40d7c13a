"""A village with four households on cards of 2014 and 2015, and the people who decide about them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.keeping import put_again
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE, People
from tests.registry import rosters

from jiefa import policy
from jiefa.policy import Pack
from jiefa.registry.models import Household

ENOUGH = {"wage_income_fen": 2_000_000}
FAMILIES: tuple[tuple[str, dict[str, object]], ...] = (
    ("A", {"poverty_status": "applicant", "entered_year": None}),
    ("B", ENOUGH),
    ("C", {}),  # 3,000 yuan a head: above the line of 2015 (2,968), below nothing else
    ("D", {**ENOUGH, "poverty_status": "exited", "exited_year": 2014}),
)


@pytest.fixture(scope="session")
def pack() -> Pack:
    return policy.load()


@pytest.fixture
def people() -> People:
    return People(VILLAGE, TOWNSHIP, COUNTY)


def _load(folder: Path) -> None:
    homes, members = [], []
    for place, (number, card) in enumerate(FAMILIES, start=1):
        row, own = rosters.family(number, VILLAGE, 10 * place, 2015, **card)
        homes.append(row)
        members += own
    assert rosters.load_unjudged(rosters.write(folder / "village", homes, members)).held_back == 0


@pytest.fixture
def village(db: None, home: Path, tmp_path: Path) -> dict[str, Household]:
    """The households by number."""
    put_again("casework", _load, home, tmp_path)
    return {household.number: household for household in Household.objects.all()}

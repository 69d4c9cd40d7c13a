"""A village with households on cards of 2015, its county's fund, and the people who help them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.keeping import put_again
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE, People
from tests.registry import rosters

from jiefa import policy
from jiefa.assistance.rules.credit import Wish
from jiefa.policy import Pack
from jiefa.registry.models import Household

ON = dt.date(2016, 3, 1)
FAMILIES: tuple[tuple[str, dict[str, object]], ...] = (
    ("A", {"main_cause": "funds", "other_causes": ["skill"]}),
    ("B", {"main_cause": "skill"}),
    ("C", {"poverty_status": "exited", "exited_year": 2014}),
)


@pytest.fixture(scope="session")
def pack() -> Pack:
    return policy.load()


@pytest.fixture
def people() -> People:
    return People(VILLAGE, TOWNSHIP, COUNTY)


def found(folder: Path) -> dict[str, Household]:
    """The households by number, put on file."""
    homes, members = [], []
    for place, (number, card) in enumerate(FAMILIES, start=1):
        row, own = rosters.family(number, VILLAGE, 10 * place, 2015, **card)
        homes.append(row)
        members += own
    assert rosters.load_unjudged(rosters.write(folder / "village", homes, members)).held_back == 0
    return {household.number: household for household in Household.objects.all()}


@pytest.fixture
def village(db: None, home: Path, tmp_path: Path) -> dict[str, Household]:
    put_again("assistance", found, home, tmp_path)
    return {household.number: household for household in Household.objects.all()}


def wish(household: Household, yuan: int = 50_000, **changes: object) -> Wish:
    """What the head of the household asks for."""
    head = household.people.order_by("pk")[0]
    asked: dict[str, object] = {
        "borrower": head.pk,
        "platform": "rural_credit",
        "use": "breeding",
        "fen": yuan * 100,
        "months": 36,
        "rate_percent": "4.35",
        "begins": ON,
    }
    return Wish(**{**asked, **changes})

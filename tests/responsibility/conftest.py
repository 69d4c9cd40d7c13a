"""Two villages of one county and one of another, with poor households, cadres who may answer for them, and their officers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.keeping import put_again
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE, People
from tests.registry import rosters

from jiefa import policy
from jiefa.access.queries import holder
from jiefa.access.rules import Role
from jiefa.policy import Pack
from jiefa.registry.models import Household
from jiefa.responsibility.actions import people as entering
from jiefa.responsibility.actions.people import NewCadre
from jiefa.responsibility.models import Cadre

NEXT_VILLAGE, ELSEWHERE = "520324103201", "520326101200"
SINCE = dt.date(2014, 1, 1)
FAMILIES = (("A", VILLAGE, {}), ("B", VILLAGE, {}), ("C", NEXT_VILLAGE, {}), ("F", ELSEWHERE, {}),
            ("X", VILLAGE, {"poverty_status": "exited", "exited_year": 2014}))  # fmt: skip


@pytest.fixture(scope="session")
def pack() -> Pack:
    return policy.load()


@pytest.fixture
def people() -> People:
    return People(VILLAGE, TOWNSHIP, COUNTY)


def _load(folder: Path) -> None:
    rows, members = [], []
    for place, (number, village, card) in enumerate(FAMILIES, start=1):
        row, own = rosters.family(number, village, 10 * place, 2015, **card)
        rows.append(row)
        members += own
    assert rosters.load_unjudged(rosters.write(folder / "village", rows, members)).held_back == 0


@pytest.fixture
def homes(db: None, home: Path, tmp_path: Path) -> dict[str, Household]:
    """The households by number."""
    put_again("responsibility", _load, home, tmp_path)
    return {household.number: household for household in Household.objects.all()}


def entry(number: str, area: str = TOWNSHIP, rank: str = "staff", username: str = "") -> NewCadre:
    return NewCadre(
        number=number,
        name=f"干部{number}",
        rank=rank,
        area_code=area,
        organisation="扶贫办",
        organisation_kind="county",
        seat=area[:6],
        from_date=SINCE,
        username=username,
    )


@pytest.fixture
def cadres(db: None, people: People) -> dict[str, Cadre]:
    """Five of the township, one of another county, one of the province."""
    entering.enter_many(cadres=[entry(n, username="he" if n == "1" else "") for n in "12345"], by=people.wang)
    entering.enter(cadre=entry("elsewhere", ELSEWHERE[:6]), by=people.wu)
    province = holder("zhao", [(Role.COUNTY_OFFICER, "52")])
    entering.enter(cadre=entry("province", "52"), by=province)
    return {cadre.number: cadre for cadre in Cadre.objects.all()}

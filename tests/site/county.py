"""A small county for tests of pages: two years of rosters, the demonstration's users, findings, a snapshot with figures."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.test import Client
from tests.registry import rosters

from jiefa import policy
from jiefa.access.models import Post, User
from jiefa.access.rules import Role
from jiefa.areas.models import DivisionYear
from jiefa.casework import actions as casework
from jiefa.demo import users
from jiefa.insight.models import Finding
from jiefa.registry.models import Household

YEARS = (2014, 2015)
COUNTY = "520324"
VILLAGE, NEXT_TOWNSHIP, NEXT_COUNTY = "520324103200", "520324101200", "520326101200"
RURAL_HOUSEHOLDS = 12
"""Of ``VILLAGE`` in the latest year, as its snapshot has it: four are on file."""
Family = tuple[str, str, int, dict[str, object]]
FAMILIES: tuple[Family, ...] = (
    # number, village, members, card
    ("A", VILLAGE, 4, {"phone": "13800000001", "bank_account": "622200000000000001"}),
    ("B", VILLAGE, 2, {"main_cause": "illness"}),  # CA01, an error: all are healthy
    ("C", VILLAGE, 2, {}),
    ("D", VILLAGE, 2, {"poverty_status": "exited", "exited_year": 2014}),
    ("E", NEXT_TOWNSHIP, 2, {}),
    ("F", NEXT_COUNTY, 2, {"main_cause": "illness"}),
)


def build(folder: Path) -> None:
    """The county, written into the records; the snapshot of its latest year into the home folder."""
    users.create(by="tests")
    for year in YEARS:
        load(folder, year, FAMILIES)
    # Of the other villages nobody said how many households they have. What was frozen stays; the records begin without.
    said = DivisionYear.objects.create(
        division_id=VILLAGE, year=YEARS[-1], rural_registered_households=RURAL_HOUSEHOLDS
    )
    casework.freeze(year=YEARS[-1], now=False, pack=policy.load(), by="tests")
    said.delete()


def load(folder: Path, year: int, families: Iterable[Family]) -> None:
    """A roster of these families in the register with its faults, which the snapshot's rules find."""
    homes, people = [], []
    for position, (number, village, size, card) in enumerate(families, start=1):
        row, members = rosters.family(number, village, 10 * position, year, size, **card)
        homes.append(row)
        people += members
    assert rosters.load_unjudged(rosters.write(folder / str(year), homes, people)).held_back == 0


def signed_in(username: str) -> Client:
    """A browser in which this user of the demonstration has signed in."""
    client = Client()
    client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def in_english(username: str) -> Client:
    """The same, in English."""
    client = signed_in(username)
    client.cookies["django_language"] = "en"
    return client


def neighbour() -> Client:
    """An officer of the next county, signed in."""
    other = User.objects.create(username="wu", must_change_password=False)
    Post.objects.create(user=other, role=Role.COUNTY_OFFICER, area_id=NEXT_COUNTY[:6], from_date=users.SINCE)
    return signed_in("wu")


def household(number: str) -> Household:
    """The household of this number."""
    return Household.objects.get(number=number)


def finding(number: str, rule: str) -> Finding:
    """What the rule found at the household of this number."""
    return Finding.objects.get(household_id=household(number).pk, rule=rule)

"""A township with people in every post, and one household dossier after another."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE, People

from jiefa import policy
from jiefa.policy import Pack
from jiefa.procedures import actions
from jiefa.procedures.actions import Opening
from jiefa.procedures.models import Dossier

ON = dt.date(2015, 3, 2)


@pytest.fixture(scope="session")
def pack() -> Pack:
    return policy.load()


@pytest.fixture
def people() -> People:
    return People(VILLAGE, TOWNSHIP, COUNTY)


@pytest.fixture
def dossier(db: None, people: People, pack: Pack) -> Dossier:
    """An application for identification, drawn up by Li, not submitted yet."""
    opening = Opening("applicant:1", VILLAGE, "张三", 2015, {"members": 4})
    return actions.open_dossier(procedure="identification", opening=opening, by=people.li, on=ON, pack=pack)

"""The people and the pack of every test of notices."""

from __future__ import annotations

import pytest
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE, People

from jiefa import policy
from jiefa.policy import Pack


@pytest.fixture(scope="session")
def pack() -> Pack:
    return policy.load()


@pytest.fixture
def people(db: None) -> People:
    return People(VILLAGE, TOWNSHIP, COUNTY)

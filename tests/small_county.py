"""The small county: built once per process, kept as a copy of the records, brought back for every module that uses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker, Settings
from tests.first_state import FirstState
from tests.keeping import Kept, kept_records
from tests.site import county

county_kept = kept_records("county", county.build)


@pytest.fixture(scope="module")
def county_on_file(county_kept: Kept, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """The records are those of the county until the module ends."""
    with django_db_blocker.unblock():
        county_kept.state.restore()
        yield county_kept.folder
        FirstState().restore()


@pytest.fixture
def small_county(county_on_file: Path, home: Path, settings: Settings, db: None) -> None:
    """The county, for one test: what the test writes into the records is rolled back."""
    settings.JIEFA_HOME = county_on_file


@pytest.fixture
def committed_county(county_kept: Kept, home: Path, transactional_db: None) -> None:
    """The county for a test whose work is done in other threads, too; the home folder is the test's own."""
    county_kept.state.restore()

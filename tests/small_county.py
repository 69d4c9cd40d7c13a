"""The small county: built once per process, kept as a copy of the records, brought back for every module that uses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from pytest_django import DjangoDbBlocker, Settings
from tests.first_state import FirstState
from tests.site import county


@pytest.fixture(scope="session")
def county_kept(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[FirstState, Path]]:
    """The state to come back to, and the home folder that belongs to it."""
    home = tmp_path_factory.mktemp("county")
    with django_db_blocker.unblock():
        state = FirstState("_county")
        with override_settings(JIEFA_HOME=home, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
            county.build(home)
        state.keep()
        FirstState().restore()
    yield state, home
    with django_db_blocker.unblock():
        state.forget()


@pytest.fixture(scope="module")
def county_on_file(county_kept: tuple[FirstState, Path], django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """The records are those of the county until the module ends."""
    state, home = county_kept
    with django_db_blocker.unblock():
        state.restore()
        yield home
        FirstState().restore()


@pytest.fixture
def small_county(county_on_file: Path, home: Path, settings: Settings, db: None) -> None:
    """The county, for one test: what the test writes into the records is rolled back."""
    settings.JIEFA_HOME = county_on_file


@pytest.fixture
def committed_county(county_kept: tuple[FirstState, Path], home: Path, transactional_db: None) -> None:
    """The county for a test whose work is done in other threads, too; the home folder is the test's own."""
    county_kept[0].restore()

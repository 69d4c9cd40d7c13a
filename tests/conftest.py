"""What every test stands on: a home folder of its own, the divisions of Guizhou on file, the records as they were before.

The records are made once per process: all migrations and the 20,236 divisions. A test with ``db`` is rolled back; after one
that commits (``transactional_db``, ``live_server``) the database becomes a copy of the first state again, because the
audit log refuses to be emptied.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings
from pytest_django.plugin import DjangoDbBlocker
from tests import engines
from tests.adopting import adopted, demonstration_kept
from tests.first_state import FirstState
from tests.journeys import office
from tests.small_county import committed_county, county_kept, county_on_file, small_county

from jiefa.planning.queries import done

__all__ = ["committed_county", "county_kept", "county_on_file", "demonstration_kept", "small_county"]
"""Fixtures of the small county and of the demonstration, for whoever asks for them."""

RECORD_FIXTURES = frozenset({"db", "transactional_db", "django_db_reset_sequences", "live_server"})

settings.register_profile(
    "jiefa",
    deadline=None,
    print_blob=True,
    # The same commit must give the same result in CI; elsewhere every run looks for new faults.
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("jiefa")


def pytest_configure(config: pytest.Config) -> None:
    """SQLite in a file, as in use: WAL, several connections and reading by other programs are part of what is tested."""
    records = django_settings.DATABASES["default"]
    if records["ENGINE"].endswith("sqlite3"):
        records.setdefault("TEST", {})["NAME"] = str(Path(os.environ["JIEFA_TEST_HOME"]) / "records.sqlite3")


PRESENTED = ("site", "cli")
"""Folders about what is shown of the records: PostgreSQL is asked for every page and command once, by the walk (``tests/access``)."""


def _is_presented(item: pytest.Item) -> bool:
    return item.path.parent.name in PRESENTED


def _on_postgres() -> bool:
    return not django_settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks the tests that use the records; leaves out those about the other engine; skips what cannot run here."""
    second_run = _on_postgres() or "postgres" in os.environ.get("JIEFA_TEST_ABSENT", "")
    other = "sqlite" if second_run else "postgres"
    kept, left_out = [], []
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if RECORD_FIXTURES & fixtures or item.get_closest_marker("django_db"):
            item.add_marker("database")
        if not item.get_closest_marker("both") and ("demonstration" in fixtures or _is_presented(item)):
            item.add_marker("sqlite")
        (left_out if item.get_closest_marker(other) else kept).append(item)
        reason = engines.absent({marker.name for marker in item.iter_markers()})
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The records in their first state, and a copy of it to come back to."""
    with django_db_blocker.unblock():
        state = FirstState()
        state.fill()
        state.keep()
    TransactionTestCase._fixture_teardown = lambda test: state.restore()
    yield
    with django_db_blocker.unblock():
        state.forget()


@pytest.fixture(autouse=True)
def home(settings: object, tmp_path: Path) -> Path:
    """The home folder of this one test."""
    folder = tmp_path / "home"
    folder.mkdir()
    settings.JIEFA_HOME = folder
    # What argon2 costs is wanted in use; where it is the subject, a test names it.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return folder


@pytest.fixture
def uncounted(monkeypatch: pytest.MonkeyPatch) -> str:
    """A metric of targets that the software does not count, as a province may add one: those of the pack are all counted."""
    metric = "whole_villages"
    monkeypatch.setattr(done, "COUNTED", done.COUNTED - {metric})
    return metric


@pytest.fixture
def demonstration(request: pytest.FixtureRequest, transactional_db: None, home: Path) -> Iterator[None]:
    """The small province of ``journeys.office``, as the records of this one test.

    On SQLite it is a file, which all workers share. On PostgreSQL a worker builds it anew: only tests marked ``both`` ask for it there.
    """
    if _on_postgres():
        request.getfixturevalue("demonstration_kept").back(home)
        yield
        return
    with adopted(office.province(), home):
        yield

"""Records that take long to build, built once per process and brought back for every test that asks for them.

``kept_records`` makes the fixture; ``Kept.back`` brings the records and the home folder back. Tests that share one should run on one worker
(``xdist_group``), or both build it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.test import override_settings
from pytest_django import DjangoDbBlocker
from tests.first_state import FirstState

from jiefa.areas.models import Division

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@dataclass(frozen=True)
class Kept:
    """The records as they were built, and the home folder that belongs to them."""

    state: FirstState
    folder: Path

    def back(self, home: Path) -> None:
        """The records are these again; ``home`` holds a copy of the folder. The test must be ``transactional_db``."""
        self.state.restore()
        shutil.copytree(self.folder, home, dirs_exist_ok=True)


def kept_records(name: str, build: Callable[[Path], object]) -> Any:
    """A session fixture of what ``build`` puts on file, called with the home folder, over the first state."""

    @pytest.fixture(scope="session", name=f"{name}_kept")
    def made(
        django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
    ) -> Iterator[Kept]:
        folder, state = tmp_path_factory.mktemp(name), FirstState(f"_{name}")
        with django_db_blocker.unblock():
            FirstState().restore()
            with override_settings(JIEFA_HOME=folder, PASSWORD_HASHERS=QUICK):
                build(folder)
            state.keep()
            FirstState().restore()
        yield Kept(state, folder)
        with django_db_blocker.unblock():
            state.forget()

    return made


@dataclass(frozen=True)
class _Rows:
    """What one build put on file: new rows and changed ones by model, and the files in the home folder."""

    new: Mapping[type[Model], list[Mapping[str, Any]]]
    changed: Mapping[type[Model], list[tuple[Mapping[str, Any], Mapping[str, Any]]]]
    folder: Path

    def put(self, home: Path) -> None:
        for model, rows in self.new.items():
            model._base_manager.bulk_create([model(**row) for row in rows])
        for model, pairs in self.changed.items():
            for key, row in pairs:
                model._base_manager.filter(**key).update(**row)
        # A state that was brought back has the counters of its own day.
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self.new)):
                cursor.execute(statement)
        shutil.copytree(self.folder, home, dirs_exist_ok=True)


_PUT_BEFORE: dict[str, _Rows] = {}


def put_again(name: str, build: Callable[[Path], object], home: Path, scratch: Path) -> None:
    """What ``build`` puts on file, called with ``scratch``, for a test with ``db``; ``home`` is the test's home folder.

    Built the first time only: taking a list of four households in is most of the time of a test about them. Later the same rows are
    written as they stood, in the test's own transaction. The build must find the first state of the records and change no division.
    """
    known = _PUT_BEFORE.get(name)
    if known is not None:
        try:
            with transaction.atomic():
                known.put(home)
        except IntegrityError:
            # The test has put something on file itself: the places are taken.
            build(scratch)
        return
    before = _on_file()
    build(scratch)
    after = _on_file()
    new, changed = {}, {}
    for model, rows in after.items():
        fresh = [row for key, row in rows.items() if key not in before[model]]
        other = [(key, row) for key, row in rows.items() if key in before[model] and before[model][key] != row]
        if fresh:
            new[model] = fresh
        if other:
            changed[model] = [(dict(key), row) for key, row in other]
    folder = Path(tempfile.mkdtemp(prefix="put-again-", dir=os.environ["JIEFA_TEST_HOME"]))
    shutil.copytree(home, folder, dirs_exist_ok=True)
    _PUT_BEFORE[name] = _Rows(new, changed, folder)


Key = tuple[tuple[str, Any], ...]


def _on_file() -> dict[type[Model], dict[Key, dict[str, Any]]]:
    """Every row of every table but the divisions', by key, in an order in which rows find those that they refer to."""
    found: dict[type[Model], dict[Key, dict[str, Any]]] = {}
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model is Division:
            continue
        names = [field.attname for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
        keys = [field.attname for field in model._meta.pk_fields]
        rows = [{name: _plain(row[name]) for name in names} for row in model._base_manager.values(*names)]
        found[model] = {tuple((name, row[name]) for name in keys): row for row in rows}
    return found


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value

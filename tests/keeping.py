"""Records that take long to build, built once per process and brought back for every test that asks for them.

``kept_records`` makes the fixture; ``Kept.back`` brings the records and the home folder back. Tests that share one should run on one worker
(``xdist_group``), or both build it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from pytest_django import DjangoDbBlocker
from tests.first_state import FirstState

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

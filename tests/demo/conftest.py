"""Two small provinces, generated once: one clean, one with faults, both to 2017 (when code lists change)."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiefa.demo.generate import generate
from jiefa.demo.manifest import Manifest

SCALE, SEED, UNTIL = 0.006, 11, 2017


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return generate(_folder(tmp_path_factory, "clean"), scale=SCALE, seed=SEED, until=UNTIL, faulty=False)


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return generate(_folder(tmp_path_factory, "faulty"), scale=SCALE, seed=SEED, until=UNTIL)


def _folder(factory: pytest.TempPathFactory, name: str) -> Path:
    return factory.mktemp(f"demo_{name}")

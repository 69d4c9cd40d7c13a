"""The village of the watch, committed: snapshots read on connections of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.monitoring.conftest import YEAR, put_on_file

from jiefa.registry.models import Household


@pytest.fixture
def committed_village(transactional_db: None, tmp_path: Path) -> dict[str, Household]:
    """The households by number."""
    return put_on_file(tmp_path, YEAR)

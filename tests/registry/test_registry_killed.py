"""kill -9 at any moment of a load leaves nothing or the whole batch, and the load can be run again."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from tests.registry import rosters

from jiefa.audit import queries as audit
from jiefa.audit.models import Entry
from jiefa.registry.models import Batch, Household, HouseholdYear, Membership, Movement, Person, PersonYear

MOMENTS = {"sqlite": 20, "postgresql": 10}
HOUSEHOLDS, SIZE = 6, 3
LOADED, SAME_CONTENT = 0, 3


class Loader:
    """A process that loads rosters in children of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def load(self, path: Path, after: float | None = None) -> tuple[int, float]:
        """The exit status (-9: killed ``after`` so many seconds) and how long it took."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"path": str(path), "after": after}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return answer["status"], answer["took"]


@pytest.fixture
def loader(transactional_db: None, villages: list[str], tmp_path: Path, home: Path) -> Iterator[Loader]:
    records = connection.settings_dict
    name = records["NAME"]
    place = f"{records['USER']}:{records['PASSWORD']}@{records['HOST']}:{records['PORT'] or 5432}"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.registry.killed_loader", str(_roster(tmp_path, villages[0], 0))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": "src:.",
            "DATABASE_URL": f"sqlite:///{name}" if connection.vendor == "sqlite" else f"postgresql://{place}/{name}",
            "JIEFA_HOME": str(home),
            "JIEFA_VAULT_KEY": settings.JIEFA_VAULT_KEY.hex(),
        },
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    yield Loader(process)
    assert process.stdin is not None
    process.stdin.close()
    process.wait(timeout=60)


def _roster(folder: Path, village: str, attempt: int) -> Path:
    households, members = [], []
    for one in range(HOUSEHOLDS):
        row, people = rosters.family(f"K{attempt}-{one}", village, 10 * (attempt * HOUSEHOLDS + one), size=SIZE)
        households.append(row)
        for place, person in enumerate(people):
            born = dt.date(1970, 1, 1) + dt.timedelta(attempt * HOUSEHOLDS + one)
            members.append(person | {"id_number": rosters.id_number(born, place, male=place == 0)})
    return rosters.write(folder / str(attempt), households, members)


def _counts() -> tuple[int, ...]:
    models = (Household, Person, Membership, HouseholdYear, PersonYear, Movement, Batch)
    return (*(model.objects.count() for model in models), Entry.objects.filter(action="batch.accepted").count())


ONE_BATCH = (HOUSEHOLDS, HOUSEHOLDS * SIZE, HOUSEHOLDS * SIZE, HOUSEHOLDS, HOUSEHOLDS * SIZE, HOUSEHOLDS, 1, 1)


def test_killed_load_leaves_nothing_or_everything_and_can_be_run_again(
    loader: Loader, villages: list[str], tmp_path: Path
) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    assert _counts() == ONE_BATCH
    status, whole = loader.load(_roster(tmp_path, villages[0], 1))
    assert status == LOADED
    loaded = 2

    for attempt in range(2, MOMENTS[connection.vendor] + 2):
        path, before = _roster(tmp_path, villages[0], attempt), _counts()
        loader.load(path, after=chance.uniform(0, whole))
        added = tuple(now - then for now, then in zip(_counts(), before, strict=True))
        assert added in ((0,) * len(added), ONE_BATCH), (seed, attempt)
        status, took = loader.load(path)
        assert status == (SAME_CONTENT if added == ONE_BATCH else LOADED), (seed, attempt)
        loaded += 1
        assert _counts() == tuple(loaded * count for count in ONE_BATCH), (seed, attempt)
        whole = max(whole * 0.8, took) if status == LOADED else whole

    assert audit.verify().faults == ()

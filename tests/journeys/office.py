"""A small office for journeys: its own home folder and database, driven by the command line as a clerk would."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

SCALE, SEED, UNTIL = 0.001, 7, 2015
"""Of ``province``."""

SHARES_PROVINCE = pytest.mark.xdist_group("province")
"""For tests that look at ``province``: on one worker, since the other would only wait until it is built."""


OF_THE_REGISTER = (
    "identification",
    "household_exit",
    "household_return",
    "poor_village",
    "poor_township",
    "village_exit",
    "township_delisting",
    "county_delisting",
    "county_exit",
)
"""The procedures by which the demonstration's register became what it is. Others wait in it on purpose: changes, projects, contracts."""
FROM_A_WATCH = "procedure = 'household_return' AND campaign = ''"
"""The return that is proposed from a watch waits on purpose, too: those of the register's own years name their year."""


@dataclass(frozen=True)
class Office:
    """A home folder with SQLite records; ``run`` is one command."""

    home: Path

    def run(self, *arguments: str, expect: int | None = 0, seconds: int = 240) -> subprocess.CompletedProcess[str]:
        """The finished command. Its exit status must be ``expect`` (None: any); it may take so many ``seconds``."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("JIEFA_", "DATABASE_"))},
            "JIEFA_HOME": str(self.home),
            "PYTHONPATH": str(REPOSITORY / "src"),
            "DJANGO_SETTINGS_MODULE": "jiefa.config.settings",
        }
        done = subprocess.run(
            [sys.executable, "-m", "jiefa", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        if expect is not None:
            assert done.returncode == expect, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *arguments: str, expect: int | None = 0) -> Any:
        """What a command with ``--json`` says."""
        return json.loads(self.run(*arguments, "--json", expect=expect).stdout)


def province() -> Office:
    """A small Guizhou as ``jiefa demo`` builds it, made once for all workers of a run: for tests that only look."""
    scale = os.environ.get("JIEFA_SCREENSHOTS_SCALE", str(SCALE))
    return _built("province", "--scale", scale, "--seed", str(SEED), "--until", str(UNTIL))


def province_until_2020() -> Office:
    """The smallest Guizhou with its whole history and nothing beside it, made once like ``province``."""
    return _built("province-2020", "--scale", "0.001", "--seed", "7", "--until", "2020", "--register-only")


def _built(name: str, *arguments: str) -> Office:
    folder = Path(os.environ["JIEFA_TEST_HOME"]) / name
    folder.mkdir(exist_ok=True)
    office = Office(folder / "home")
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "built").exists():
            office.run("demo", *arguments, seconds=600)
            (folder / "built").touch()
    return office

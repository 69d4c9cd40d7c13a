"""A small office for journeys: its own home folder and database, driven by the command line as a clerk would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Office:
    """A home folder with SQLite records; ``run`` is one command."""

    home: Path

    def run(self, *arguments: str, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
        """The finished command. Its exit status must be ``expect`` (None: any)."""
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
            timeout=240,
            check=False,
        )
        if expect is not None:
            assert done.returncode == expect, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *arguments: str, expect: int | None = 0) -> Any:
        """What a command with ``--json`` says."""
        return json.loads(self.run(*arguments, "--json", expect=expect).stdout)

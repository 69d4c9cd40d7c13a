"""What a command loads before it does anything."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("scipy.stats", "sklearn", "svy", "splink")
SCRIPT = f"""
import sys
from jiefa.cli import main
sys.argv = ["jiefa", "indicators", "--help"]
try:
    main()
finally:
    print([name for name in {HEAVY} if name in sys.modules])
"""


def test_a_command_that_only_counts_starts_without_what_estimates_or_learns() -> None:
    """They were two of the three seconds in which every command started (2026-11)."""
    told = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, timeout=120)

    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines()[-1] == "[]"

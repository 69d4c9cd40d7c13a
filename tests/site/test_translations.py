"""The catalogue of Chinese texts is complete, and nothing in it is unused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_message_has_its_chinese_text() -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "assets" / "translations.py"), "extract-check"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )

    assert run.returncode == 0, run.stderr

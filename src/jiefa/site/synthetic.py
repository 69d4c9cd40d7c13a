"""Whether the people of this register are made up: then every page says so."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

MARK = "demo/built.json"


def mark_file() -> Path:
    """The file that a demonstration leaves behind when it has been built."""
    return Path(settings.JIEFA_HOME) / MARK


def is_synthetic() -> bool:
    """Whether this home holds a demonstration, also one still under way."""
    return mark_file().parent.exists()

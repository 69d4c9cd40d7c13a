"""Loaded by pytest before anything else: no test reads the environment or the home folder of whoever runs it.

The home folder is a temporary one, made by the first process and shared by its workers; DATABASE_URL alone may be given,
to choose the engine. Django never touches that database itself, only ``test_...`` beside it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

KEPT = frozenset(
    {"JIEFA_TEST_HOME", "JIEFA_TEST_POSTGRES", "JIEFA_TEST_ABSENT", "JIEFA_SCREENSHOTS", "JIEFA_SCREENSHOTS_SCALE"}
)


def isolate() -> None:
    """This process and all it starts live in a home folder of their own."""
    home = os.environ.get("JIEFA_TEST_HOME")
    if home is None:
        home = tempfile.mkdtemp(prefix="jiefa-tests-")
        atexit.register(shutil.rmtree, home, ignore_errors=True)
    for name in [name for name in os.environ if name.startswith("JIEFA_") and name not in KEPT]:
        del os.environ[name]
    os.environ |= {"JIEFA_TEST_HOME": home, "JIEFA_HOME": home, "DJANGO_SETTINGS_MODULE": "jiefa.config.settings"}


isolate()

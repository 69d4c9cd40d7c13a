"""Functions of the modules of ``benchmarks.work``, called with JSON, answered in JSON."""

from __future__ import annotations

import importlib
import json
import sys

WITHOUT_RECORDS = frozenset({"bare"})
"""Modules that must not open the records through Django: a second SQLite in the process would lose data."""

if __name__ == "__main__":
    steps = json.loads(sys.argv[1])
    if not {module for module, _, _ in steps} <= WITHOUT_RECORDS:
        import django

        django.setup()
    answers = [
        getattr(importlib.import_module(f"benchmarks.work.{module}"), function)(**arguments)
        for module, function, arguments in steps
    ]
    sys.stdout.write(json.dumps(answers) + "\n")

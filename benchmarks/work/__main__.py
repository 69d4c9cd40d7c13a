"""One function of one module of ``benchmarks.work``, called with JSON, answered in JSON."""

from __future__ import annotations

import importlib
import json
import sys

WITHOUT_RECORDS = frozenset({"bare"})
"""Modules that must not open the records through Django: a second SQLite in the process would lose data."""

if __name__ == "__main__":
    module, function, arguments = sys.argv[1:]
    if module not in WITHOUT_RECORDS:
        import django

        django.setup()
    answer = getattr(importlib.import_module(f"benchmarks.work.{module}"), function)(**json.loads(arguments))
    sys.stdout.write(json.dumps(answer) + "\n")

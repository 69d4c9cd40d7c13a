"""Rules as SQL, kept between processes: building all rules takes 0.7 s.

What is kept is named by all that it follows from (limits, rules, the code that builds them, the library that writes SQL):
it is never out of date, and what has another name is made anew.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path

import ibis
from django.conf import settings

from jiefa.insight import rules


@cache
def rules_sql(year: int, limits: rules.QualityLimits, wanted: frozenset[str]) -> str:
    """DuckDB SQL of the violations of ``wanted`` rules (``rules.compile_sql``), from the home folder where it was kept there."""
    name = hashlib.sha256(repr((year, limits, sorted(wanted), ibis.__version__, _code())).encode()).hexdigest()
    file = Path(settings.JIEFA_HOME) / "derived" / "sql" / f"{name[:32]}.sql"
    if file.exists():
        return file.read_text(encoding="utf-8")
    text = rules.compile_sql(year, limits, wanted)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, scratch = tempfile.mkstemp(prefix=".writing-", dir=file.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    Path(scratch).replace(file)
    return text


@cache
def _code() -> str:
    """A digest of the modules that make the SQL."""
    digest = hashlib.sha256()
    for folder in (Path(rules.__file__).parent, Path(rules.__file__).parents[2] / "registry" / "cards.py"):
        for module in sorted(folder.glob("*.py")) or [folder]:
            digest.update(module.read_bytes())
    return digest.hexdigest()

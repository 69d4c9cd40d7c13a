"""Figures kept and told: ``RESULTS.json`` for programs, ``RESULTS.md`` for people, both written after every subject."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterable
from dataclasses import asdict, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.harness import POSTGRES, Figure

PACKAGES = (
    "django",
    "duckdb",
    "pyarrow",
    "ibis-framework",
    "adbc-driver-manager",
    "psycopg",
    "granian",
    "django-import-export",
)
HEADINGS = {
    "load": "Load: rosters into the records",
    "snapshot": "Snapshot",
    "rules": "Quality rules",
    "indicators": "Indicators",
    "web": "Pages with 20 concurrent readers",
    "names": "Finding people by part of a name",
    "procedures": "Dossiers",
    "todo": "To-do pages with 20 concurrent readers",
    "assigning": "Who answers for whom",
    "funds": "Money by double entry",
    "match": "Lists matched",
    "planning": "Plans down to the household",
    "assessing": "Counties assessed",
    "sample": "Independent evaluation",
    "spark": "The same on Spark",
}


class Results:
    """The figures, each with the scale at which it was taken; those of earlier runs that were not taken again included."""

    def __init__(self, folder: Path, scale: float) -> None:
        self.folder = folder
        self.scale = scale
        self.figures: dict[tuple[str, str, str], dict[str, Any]] = {}
        self.notes: dict[str, list[str]] = {}
        file = folder / "RESULTS.json"
        if file.exists():
            before = json.loads(file.read_text(encoding="utf-8"))
            self.figures = {(row["subject"], row["name"], row["records"]): row for row in before["figures"]}
            self.notes = before["notes"]

    def add(self, subject: str, figures: Iterable[Figure], notes: Iterable[str]) -> None:
        """The subject's figures and remarks take the place of its older ones of the same name and are written out."""
        now, load = dt.datetime.now(dt.UTC).isoformat(timespec="minutes"), round(os.getloadavg()[0], 1)
        for figure in figures:
            taken = {"scale": self.scale, "at": now, "load_average": load}
            self.figures[figure.key] = asdict(figure) | taken
        kept = self.notes.get(subject, [])
        self.notes[subject] = [*(note for note in kept if note not in notes), *notes] if notes else kept
        self.write()

    def drop(self, subject: str, records: str) -> None:
        """Forgets what an earlier run said of a subject with these records."""
        self.figures = {key: row for key, row in self.figures.items() if (key[0], key[2]) != (subject, records)}

    def plain(self) -> dict[str, Any]:
        return {
            "machine": machine(),
            "figures": list(self.figures.values()),
            "notes": self.notes,
        }

    def write(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        plain = self.plain()
        (self.folder / "RESULTS.json").write_text(
            json.dumps(plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        (self.folder / "RESULTS.md").write_text(_markdown(plain), encoding="utf-8")


def machine() -> dict[str, Any]:
    """Where and with what the figures were taken."""
    memory = next(
        line.split()[1] for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal")
    )
    return {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "memory_gib": round(int(memory) / 1024 / 1024, 1),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgres": _postgres(),
        "commit": _commit(),
        **{name: version(name) for name in PACKAGES},
    }


def _postgres() -> str:
    asked = "SELECT concat(current_setting('server_version'), ', shared_buffers ', current_setting('shared_buffers'), "
    asked += "', work_mem ', current_setting('work_mem'), ', max_wal_size ', current_setting('max_wal_size'))"
    try:
        with psycopg.connect(f"{POSTGRES}/postgres", connect_timeout=3) as link:
            row = link.execute(asked).fetchone()
    except psycopg.Error:
        return "none"
    return str(row[0]) if row else "none"


def _commit() -> str:
    told = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return told.stdout.strip()


def _markdown(plain: dict[str, Any]) -> str:
    facts = plain["machine"]
    rows = [Figure(**{field.name: row[field.name] for field in fields(Figure)}) for row in plain["figures"]]
    promised = [row for row in rows if row.met is not None]
    missed = [row for row in promised if not row.met]
    lines = [
        "# Measured",
        "",
        f"Written by `python -m benchmarks` (`make bench`). {facts['processors']} processors, "
        f"{facts['memory_gib']} GiB, {facts['system']}; Python {facts['python']}, SQLite {facts['sqlite']}, "
        f"PostgreSQL {facts['postgres']}; "
        + ", ".join(f"{name} {facts[name]}" for name in PACKAGES)
        + f". Commit {facts['commit']}. {facts['date']}.",
        "",
        (
            "*Scale* is the share of the province: 1 is 7.45 M people identified, with the cards of 2014 and 2015. "
            "Every figure stands beside a raw limit taken in the same run; ratios compare, seconds do not. Medians; the column "
            "*runs* says of how many (what takes long is not run three times). *Peak* is the resident memory of the process and "
            "its children together, pages that they share counted twice; a PostgreSQL server is not in it. Load average and "
            "time of each figure are in `RESULTS.json`."
        ),
        "",
        f"{len(promised)} figures have a target; {len(promised) - len(missed)} meet it, {len(missed)} miss it.",
        "",
    ]
    for subject, heading in HEADINGS.items():
        of_subject = [row for row in rows if row.subject == subject]
        if of_subject:
            lines += [f"## {heading}", "", *_table(of_subject), ""]
            lines += [f"- {note}" for note in plain["notes"].get(subject, [])]
            lines += [""]
    return "\n".join(lines).rstrip() + "\n"


def _table(rows: list[Figure]) -> list[str]:
    lines = [
        "| what | records | scale | measured | raw limit | ratio | target | | peak MiB | runs | |",
        "|---|---|---:|---:|---:|---:|---|---|---:|---:|---|",
    ]
    for row in rows:
        raw = f"{_number(row.raw)} ({row.raw_name})" if row.raw is not None else ""
        verdict = "" if row.met is None else ("met" if row.met else "**missed**")
        peak = "" if row.peak_mib is None else f"{row.peak_mib:,}"
        if row.peak_mib is not None and row.peak_target_mib is not None:
            peak += f" (≤ {row.peak_target_mib:,}: {'met' if row.peak_mib <= row.peak_target_mib else '**missed**'})"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        cells = (
            row.name,
            row.records,
            f"{row.scale:g}",
            f"{_number(row.value)} {row.unit}",
            raw,
            ratio,
            row.target,
            verdict,
            peak,
            row.runs,
            row.note,
        )
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return lines


def _number(value: float | None) -> str:
    if value is None:
        return "—"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}" if abs(value) >= 1 else f"{value:.4f}"

"""Generating the rosters, preparing an empty register, loading the rosters as the demonstration does."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection

from benchmarks.province import PROGRESS
from jiefa import policy
from jiefa.access.rules import Scope
from jiefa.areas import actions as areas
from jiefa.demo import users
from jiefa.demo.generate import Demo
from jiefa.insight.actions import intake
from jiefa.insight.queries import judging
from jiefa.registry import cards

BY = "bench"
TABLES = (
    "registry_household",
    "registry_person",
    "registry_membership",
    "registry_householdyear",
    "registry_personyear",
    "registry_movement",
)
"""The tables that a roster fills, in the order of their references."""


def generate(folder: str, scale: float, seed: int, years: Sequence[int]) -> dict[str, Any]:
    """The files of every part, those of the first year first."""
    demo = Demo(Path(folder), scale, seed, max(years), write_years=frozenset(years))
    parts = [
        {
            "year": part.year,
            "households": str(part.households),
            "members": str(part.members),
            "household_rows": part.household_rows,
            "member_rows": part.member_rows,
        }
        for part in demo
    ]
    return {"parts": sorted(parts, key=lambda part: (part["year"], part["households"]))}


def prepare(folder: str) -> dict[str, Any]:
    """Designations, yearly facts and users beside the divisions: all that stands before the first roster."""
    with (Path(folder) / "designations.csv").open(encoding="utf-8", newline="") as stream:
        areas.load_designations(rows=list(csv.DictReader(stream)), by=BY)
    facts = pq.read_table(Path(folder) / "village_facts.parquet").to_pylist()
    areas.load_facts(rows=[{**row, "code": row["village_code"]} for row in facts], source="bench", by=BY)
    users.create(by=BY)
    return {}


def counts() -> dict[str, int]:
    """Rows of each table that a roster fills."""
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = int(cursor.fetchone()[0])
    return found


def load(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Seconds and rows written, by year. A part is a roster of one year: read, checked, judged, accepted, audited.

    The product reads a part while it writes the one before, so that a part's time is what its turn took.
    """
    file = Path(settings.JIEFA_HOME) / PROGRESS
    done: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    todo = parts[len(done) :]
    taken = intake.load_rosters(
        paths=[(Path(part["households"]), Path(part["members"])) for part in todo],
        pack=policy.load(),
        within=Scope(("52",)),
        by=BY,
        take_over=True,
    )
    mark = time.perf_counter()
    for part in todo:
        checked = next(taken)
        took, mark = time.perf_counter() - mark, time.perf_counter()
        done.append(
            {
                "year": part["year"],
                "seconds": took,
                "member_rows": part["member_rows"],
                "held_back": checked.batch.held_back,
            }
        )
        file.write_text(json.dumps(done), encoding="utf-8")
        words = f"{part['year']} part {len(done)} of {len(parts)}: {part['member_rows']:,} members in {took:.1f} s"
        print(words, flush=True)
    years = {year: [part for part in done if part["year"] == year] for year in sorted({part["year"] for part in done})}
    return {
        "years": {
            str(year): {name: sum(part[name] for part in of_year) for name in ("seconds", "member_rows", "held_back")}
            for year, of_year in years.items()
        },
        "seconds": sum(part["seconds"] for part in done),
        "rows": sum(counts().values()),
        "tables": counts(),
    }


def ready(year: int) -> dict[str, Any]:
    """Policy and rules as they stand in a process that has judged a form before."""
    judging.judge(cards.PERSON_CARD.empty_table(), cards.HOUSEHOLD_CARD.empty_table(), year, policy.load())
    return {}


def slice_of(part: dict[str, Any], folder: str, members: int) -> dict[str, Any]:
    """The first households of a part with ``members`` members in all, or as few more as their last household has."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    people = pq.read_table(part["members"])
    numbers = people["household_number"].to_pylist()
    wanted = set(numbers[: min(members, len(numbers))])
    kept = {"households": target / "households.parquet", "members": target / "members.parquet"}
    rows = {}
    for name, path in kept.items():
        table = pq.read_table(part[name])
        chosen = table.filter([number in wanted for number in table["household_number"].to_pylist()])
        pq.write_table(chosen, path)
        rows[name] = chosen.num_rows
    return {
        "year": part["year"],
        "households": str(kept["households"]),
        "members": str(kept["members"]),
        "household_rows": rows["households"],
        "member_rows": rows["members"],
    }

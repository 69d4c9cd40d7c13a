"""People by part of a name: the product's query against LIKE over all names."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from typing import Any

from django.db import connection

from jiefa.access.rules import Scope
from jiefa.registry.models import Person
from jiefa.registry.queries import households

PROVINCE = Scope(("52",))
SHOWN = 50
RUNS = 5


def by_length(each: int) -> dict[str, Any]:
    """What ``compare`` says of parts of 1, 2 and 3 characters."""
    answers = {}
    for length, chosen in parts(each).items():
        print(f"{len(chosen)} parts of {length}", flush=True)
        answers[length] = compare(chosen) | {"parts": len(chosen)}
    return answers


def parts(each: int) -> dict[str, list[str]]:
    """Parts of 1, 2 and 3 characters of names on file: the most frequent, the rarest, and some between."""
    names = Person.objects.filter(household__isnull=False).values_list("name", flat=True)
    seen: dict[int, Counter[str]] = {1: Counter(), 2: Counter(), 3: Counter()}
    for name in names.iterator(chunk_size=20_000):
        for length, counter in seen.items():
            counter.update({name[at : at + length] for at in range(len(name) - length + 1)})
    found: dict[str, list[str]] = {}
    for length, counter in seen.items():
        ranked = [part for part, _ in sorted(counter.items(), key=lambda item: (-item[1], item[0]))]
        step = max(1, len(ranked) // each)
        found[str(length)] = [*ranked[::step][:each], ranked[-1]]
    return found


def compare(parts: list[str]) -> dict[str, Any]:
    """Whether every part finds exactly what LIKE finds, how it is found, and the times of the first page."""
    unlike, scans, first_page, like_page, found = [], [], [], [], 0
    for part in parts:
        people = households.people_named(part, PROVINCE)
        ours = set(people.values_list("pk", flat=True))
        found += len(ours)
        if ours != set(_like(part)):
            unlike.append(part)
        page = people.order_by("pk")[:SHOWN]
        if _scans(page.explain()):
            scans.append(part)
        first_page.append(_median(lambda page=page: list(page.values_list("pk", flat=True))))
        like_page.append(_median(lambda part=part: _like(part, SHOWN)))
    return {
        "unlike": unlike,
        "scans": scans,
        "found": found,
        "median_ms": 1000 * statistics.median(first_page),
        "worst_ms": 1000 * max(first_page),
        "worst_part": parts[first_page.index(max(first_page))],
        "like_median_ms": 1000 * statistics.median(like_page),
    }


def _like(part: str, most: int | None = None) -> list[int]:
    limit = f"ORDER BY id LIMIT {most}" if most else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM registry_person WHERE household_id IS NOT NULL AND name LIKE %s {limit}", [f"%{part}%"]
        )
        return [row[0] for row in cursor.fetchall()]


def _scans(plan: str) -> bool:
    """Whether the plan reads the table of people from end to end."""
    whole = ("Seq Scan on registry_person",)
    if connection.vendor == "sqlite":
        return any(
            line.strip(" 0123456789").startswith("SCAN registry_person") and "VIRTUAL" not in line
            for line in plan.splitlines()
        )
    return any(text in plan for text in whole)


def _median(call: Any) -> float:
    took = []
    for _ in range(RUNS):
        started = time.perf_counter()
        call()
        took.append(time.perf_counter() - started)
    return statistics.median(took)

"""Pages with 20 concurrent readers, each signed in, on two workers of the product's server; p95 as ratio to an empty view.

Readers have no time to think: the next question follows the answer. Server, readers and records share the machine, so that
with two processors all times are those of a queue of twenty; the empty view stands in the same queue.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from benchmarks import province, serving
from benchmarks.harness import Bench, Figure

USER = "zhao"
SEED = 7


def figures(bench: Bench, records: str) -> Iterator[Figure]:
    province.snapshots(bench, records)
    environment = bench.environment(records)
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("targets", "publish", {"years": province.YEARS}),
        ("targets", "choose", {"year": province.YEARS[-1], "seed": SEED}),
    ]
    chosen = bench.work_in_turn(steps, environment).answer
    yield from serving.figures(bench, records, "web", environment, _pages(chosen))


def _pages(chosen: dict[str, Any]) -> dict[str, tuple[str, list[str], dict[str, str]]]:
    names = [quote(part) for part in chosen["names"]]
    pages: dict[str, tuple[list[str], dict[str, str]]] = {
        serving.EMPTY: (["/bench/empty/"], {}),
        "page of the province": (["/area/52/"], {}),
        "households of a county, first page": ([f"/households/?place={code}" for code in chosen["counties"]], {}),
        "page of a household": ([f"/households/{key}/" for key in chosen["households"]], {}),
        "name over the province as one types (HTMX)": (
            [f"/search/?q={part}" for part in names],
            {"HX-Request": "true"},
        ),
        "name over the province, list of households": ([f"/households/?q={part}" for part in names], {}),
    }
    return {name: (USER, *page) for name, page in pages.items()}


def notes(bench: Bench) -> list[str]:
    return [
        (
            f"{serving.READERS} readers without pauses on {serving.WORKERS} workers, readers and records on the same two processors. "
            "Counties, households and names at random; every look at a household's page writes a line of the read log."
        ),
    ]

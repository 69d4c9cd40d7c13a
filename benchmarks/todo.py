"""The to-do page while a million dossiers are open: home page and desk of a village, a township and a county officer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks import province, serving
from benchmarks.harness import Bench, Figure

OPEN = 1_000_000
MOST = 3.0
OFFICERS = {"village": "li", "township": "sunx", "county": "wang"}


def figures(bench: Bench, records: str) -> Iterator[Figure]:
    province.snapshots(bench, records)
    # In a copy: the records of the other subjects shall stay as they are.
    bench.copy_database(records, "todo")
    environment = bench.environment(records, "todo")
    for shelf in ("snapshots", "derived"):
        (bench.home(records) / "todo" / shelf).symlink_to(
            bench.home(records) / shelf
        )  # the home page shows figures too
    arguments = {"year": province.YEARS[-1], "most": max(300, round(OPEN * bench.scale))}
    steps: list[tuple[str, str, dict[str, Any]]] = [("procedures", "open_desks", arguments)]
    opened = bench.work_in_turn(steps, environment).answer["dossiers"]
    pages: dict[str, tuple[str, list[str], dict[str, str]]] = {serving.EMPTY: ("wang", ["/bench/empty/"], {})}
    promised: dict[str, float] = {}
    for level, user in OFFICERS.items():
        todo = f"to-do of a {level} officer, {opened:,} dossiers open"
        pages[todo], promised[todo] = (user, ["/"], {}), MOST
        pages[f"desk of a {level} officer, {opened:,} dossiers open"] = (user, ["/dossiers/?view=desk"], {})
    yield from serving.figures(bench, records, "todo", environment, pages, promised)
    bench.drop_database(records, "todo")


def notes(bench: Bench) -> list[str]:
    return [
        (
            "Exits of the province's poor households in a copy of the records: a third lies with the villages, a third with the "
            "townships, a third with the counties. Readers as for the pages. The to-do is the page that greets an officer; the figures that its page "
            "loads behind it, and the desk that it opens, are pages of their own; nothing is promised of them."
        ),
    ]

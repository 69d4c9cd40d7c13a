"""A sample of the whole province drawn from a full snapshot, and what its answers say, each against reading the same rows alone."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import province
from benchmarks.harness import Bench, Figure

MOST_DRAW, MOST_ESTIMATE = 8.0, 8.0
"""Times reading the same rows alone. Chosen, not measured."""
PURPOSE = "sampling"


def figures(bench: Bench, records: str) -> Iterator[Figure]:
    province.snapshots(bench, records)
    bench.empty_database(records, PURPOSE)
    environment = bench.environment(records, PURPOSE, JIEFA_HOME=str(bench.home(records)))
    bench.say("  sample drawn and estimated")
    outcome = bench.work("sampling", "sample", {"repeats": bench.runs}, environment)
    told = outcome.answer
    draw, estimate = told["draw"], told["estimate"]
    yield Figure(
        subject="sample",
        name=(
            f"{draw['households']:,} households in {draw['villages']:,} of {draw['of']:,} villages drawn from "
            f"{draw['frame']:,} households on file"
        ),
        records=records,
        value=draw["seconds"],
        unit="s",
        raw=draw["raw_seconds"],
        raw_name="s, the frame read by bare DuckDB",
        ratio=draw["seconds"] / draw["raw_seconds"],
        target=f"≤ {MOST_DRAW:g} × reading alone",
        met=draw["seconds"] / draw["raw_seconds"] <= MOST_DRAW and draw["same"],
        peak_mib=outcome.peak_mib,
        runs=bench.runs,
        note=f"the same seed draws the same again: {'yes' if draw['same'] else 'NO'}",
    )
    yield Figure(
        subject="sample",
        name=f"four shares with their intervals from {estimate['answers']:,} answers",
        records=records,
        value=estimate["seconds"],
        unit="s",
        raw=estimate["raw_seconds"],
        raw_name="s, the same rows read alone",
        ratio=estimate["seconds"] / estimate["raw_seconds"],
        target=f"≤ {MOST_ESTIMATE:g} × reading alone",
        met=estimate["seconds"] / estimate["raw_seconds"] <= MOST_ESTIMATE and estimate["near"],
        peak_mib=outcome.peak_mib,
        runs=bench.runs,
        note=f"the share that was put into the answers lies in its interval: {'yes' if estimate['near'] else 'NO'}",
    )


def notes(bench: Bench) -> list[str]:
    return [
        (
            "Drawing counts the snapshot's households by village, puts every village into its stratum (poor or other, near or far), draws "
            "villages by size, asks for the households of the drawn ones, shuffles these as far as they are wanted, and keeps all of it with "
            "its chances and the log entry. Reading alone gives village, key and status of every household in order."
        )
    ]

"""Snapshot: a year's records as Parquet by county with digests, against one bare ADBC stream of the same columns.

Raw: one process, one connection, one query a table without any order, its batches written as they come (zstd 1, row groups
of the same size), types as the driver gives them, no digest, no manifest.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import province
from benchmarks.harness import Bench, Figure

MOST = 1.2
PEAK_MIB = 2 * 1024


def figures(bench: Bench, records: str) -> Iterator[Figure]:
    province.snapshots(bench, records)
    year = province.YEARS[-1]
    environment = bench.environment(records)
    queries = bench.work("snapshots", "queries", {"year": year}, environment).answer
    arguments = {"address": bench.database(records), "queries": queries, "folder": str(bench.home(records) / "bare")}
    bench.say("  bare stream")
    raw, _, raw_runs = bench.repeated(lambda: bench.work("bare", "stream", arguments, environment))
    bench.say("  snapshot")
    seconds, peak, runs = bench.repeated(lambda: bench.work("snapshots", "again", {"year": year}, environment))
    ours, theirs = runs[0].answer["rows"], raw_runs[0].answer["rows"]
    # Villages and targets of counties without cards are not in a snapshot (at small scales there are such counties); funds are
    # asked by county.
    assert all(ours[name] == theirs[name] for name in ours if name not in ("villages", "targets", "funds")), (
        ours,
        theirs,
    )
    rows = sum(ours.values())
    yield Figure(
        subject="snapshot",
        name=f"snapshot of {year}, {rows:,} rows",
        records=records,
        value=seconds,
        unit="s",
        raw=raw,
        raw_name="s, bare ADBC stream",
        ratio=seconds / raw,
        target=f"≤ {MOST:g} × raw",
        met=seconds / raw <= MOST,
        peak_mib=peak,
        peak_target_mib=PEAK_MIB,
        runs=len(runs),
        note=f"{rows / seconds:,.0f} rows/s",
    )


def notes(bench: Bench) -> list[str]:
    return [
        (
            "The product reads with two processes that share one moment, in order of village and household, 88 counties a table, "
            "casts to the schema of the cards, and digests every file; the bare stream does none of this."
        )
    ]

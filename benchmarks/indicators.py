"""All indicators of all divisions at all levels from a snapshot, written, against the same scan as the rules."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import province
from benchmarks.harness import Bench, Figure

MOST = 4.0
PEAK_MIB = 2 * 1024


def figures(bench: Bench, records: str) -> Iterator[Figure]:
    province.snapshots(bench, records)
    environment = bench.environment(records)
    arguments = {"year": province.YEARS[-1]}
    bench.say("  scan")
    scan, _, _ = bench.repeated(lambda: bench.work("analysis", "scan", arguments, environment))
    bench.say("  all indicators")
    seconds, peak, runs = bench.repeated(lambda: bench.work("analysis", "indicators", arguments, environment))
    answer = runs[0].answer
    yield Figure(
        subject="indicators",
        name=f"{answer['indicators']} indicators of {answer['divisions']:,} divisions ({answer['figures']:,} figures written)",
        records="Parquet",
        value=seconds,
        unit="s",
        raw=scan,
        raw_name="s, scan",
        ratio=seconds / scan,
        target=f"≤ {MOST:g} × scan",
        met=seconds / scan <= MOST,
        peak_mib=peak,
        peak_target_mib=PEAK_MIB,
        runs=len(runs),
    )


def notes(bench: Bench) -> list[str]:
    return [
        (
            "Village sums, Gini curves at five levels, sums by level, quotients, order by division, and the file; building the "
            "SQL included. The number of figures, and with it about half of the time, does not depend on the scale."
        )
    ]

"""All 88 counties scored by the 44 items of the province's scheme, from the snapshots of two years, every point kept."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import province
from benchmarks.harness import Bench, Figure

MOST = 8.0
PURPOSE = "assessing"


def figures(bench: Bench, records: str) -> Iterator[Figure]:
    province.snapshots(bench, records)
    bench.empty_database(records, PURPOSE)
    environment = bench.environment(records, PURPOSE, JIEFA_HOME=str(bench.home(records)))
    bench.say("  counties scored")
    prepare = ("assessing", "prepare", {"years": province.YEARS})
    outcome = bench.work_in_turn([prepare, ("assessing", "score", {"repeats": bench.runs})], environment)
    told = outcome.answer
    yield Figure(
        subject="assessing",
        name=f"{told['counties']} counties × {told['items']} items scored from a full snapshot ({told['points']:,} points kept)",
        records=records,
        value=told["seconds"],
        unit="s",
        raw=told["raw_seconds"],
        raw_name="s, the same figures read by bare DuckDB",
        ratio=told["seconds"] / told["raw_seconds"],
        target=f"≤ {MOST:g} × reading alone",
        met=told["seconds"] / told["raw_seconds"] <= MOST and told["adds_up"] and told["same"],
        peak_mib=outcome.peak_mib,
        runs=bench.runs,
        note=(
            f"{told['queries']} statements; points add up: {'yes' if told['adds_up'] else 'NO'}; "
            f"the same again: {'yes' if told['same'] else 'NO'}"
        ),
    )


def notes(bench: Bench) -> list[str]:
    return [
        (
            "All counties are made key counties and every figure that no row gives is on file. Reading both snapshots' figures, yearly "
            "facts and figures sent in, scoring, and writing run, scores, points with their workings and the log entry are in the seconds; "
            "computing the snapshots' figures is not. The figures' file has as many rows at every scale."
        )
    ]

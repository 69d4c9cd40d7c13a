"""Rules and indicators through Spark ``local[2]`` at a tenth of the province: the same rows to the last digit, and the time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from benchmarks import province
from benchmarks.harness import Bench, Figure

SCALE = 0.1


def figures(bench: Bench, records: str) -> Iterator[Figure]:
    small = bench.at_scale(min(SCALE, bench.scale))
    province.snapshots(small, records)
    keep = small.home(records) / "engines"
    shutil.rmtree(keep, ignore_errors=True)
    arguments = {"year": province.YEARS[-1], "keep": str(keep)}
    plain = small.environment(records)
    bench.say("  DuckDB, then Spark")
    quick = small.work("engines", "compute", arguments, plain)
    slow = small.work(
        "engines", "compute", arguments, plain | {"JIEFA_ENGINE": "spark", "JIEFA_SPARK_MASTER": "local[2]"}
    )
    same = small.work("engines", "compare", {"keep": str(keep)}, plain).answer
    for name, words in (("rules", "all rules"), ("figures", "all indicators")):
        unlike = same[name]["unlike"]
        yield Figure(
            subject="spark",
            name=f"{words} at scale {small.scale:g}, {same[name]['rows']:,} rows",
            records="Parquet",
            value=slow.answer[name],
            unit="s",
            raw=quick.answer[name],
            raw_name="s, DuckDB",
            ratio=slow.answer[name] / quick.answer[name],
            target="the same rows to the last digit",
            met=unlike == 0,
            peak_mib=slow.peak_mib,
            note="every row is the same" if unlike == 0 else f"{unlike:,} rows stand in one result only",
        )


def notes(bench: Bench) -> list[str]:
    return ["Cold: starting the JVM and Spark's own compiling are in the time of the rules, which come first."]

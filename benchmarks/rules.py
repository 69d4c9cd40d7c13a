"""All quality rules over a year's snapshot, every violation written, against one full scan of the same files; pandas beside.

The scan counts the filled cells of every column of all four tables (``SELECT count(a), count(b), ... FROM persons`` and so
on): DuckDB reads, decompresses and decodes every value once and works on none. The files are in the system's cache.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from benchmarks import province
from benchmarks.harness import Bench, Figure

MOST = 2.5
PEAK_MIB = 2 * 1024
FILES = "Parquet"


def figures(bench: Bench, records: str) -> Iterator[Figure]:
    province.snapshots(bench, records)
    environment = bench.environment(records)
    arguments = {"year": province.YEARS[-1]}
    bench.say("  scan")
    scan, scan_peak, scans = bench.repeated(lambda: bench.work("analysis", "scan", arguments, environment))
    bench.say("  all rules")
    seconds, peak, runs = bench.repeated(lambda: bench.work("analysis", "rules", arguments, environment))
    answer = runs[0].answer
    hashed = min(outcome.answer["hashed"] for outcome in scans)
    yield Figure(
        subject="rules",
        name=f"all {answer['rules']} rules, {answer['violations']:,} violations written",
        records=FILES,
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
        note=f"{seconds / hashed:.2f} × a scan that hashes every value ({hashed:.2f} s)",
    )
    yield Figure(
        subject="rules",
        name=f"the scan: {scans[0].answer['columns']} columns, {scans[0].answer['rows']:,} rows",
        records=FILES,
        value=scan,
        unit="s",
        peak_mib=scan_peak,
        runs=len(scans),
    )
    bench.say("  pandas")
    target = {"target": str(bench.home(records) / "pandas.parquet")}
    slow, slow_peak, slow_runs = bench.repeated(
        lambda: bench.work("pandas_rules", "run", arguments | target, environment)
    )
    ours = answer["by_rule"]
    theirs = slow_runs[0].answer["counts"]
    unlike = {rule: (count, ours.get(rule, 0)) for rule, count in theirs.items() if count != ours.get(rule, 0)}
    yield Figure(
        subject="rules",
        name=f"beside: {len(theirs)} of the plainer rules in pandas, {slow_runs[0].answer['violations']:,} violations written",
        records=FILES,
        value=slow,
        unit="s",
        ratio=slow / scan,
        peak_mib=slow_peak,
        runs=len(slow_runs),
        note="each rule finds as many as ours" if not unlike else f"unlike ours (pandas, ours): {json.dumps(unlike)}",
    )


def notes(bench: Bench) -> list[str]:
    return [
        (
            "The time of all rules is that of running their SQL and writing the file; the SQL is built once for a policy (0.7 s) and "
            "kept, which two of three runs find; reading the policy pack and starting Python are not in it."
        ),
        "The scan is `SELECT count(c1), count(c2), ... FROM` each table: every column read and decoded, nothing computed.",
        (
            "pandas (PyArrow types) does 21 rules without area rules, joins to last year, checks of texts or twins; it reads "
            "only the columns that these need."
        ),
    ]

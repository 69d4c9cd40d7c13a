"""Who answers for whom, proposed and confirmed: a county of full size, and every county of the records."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import province
from benchmarks.harness import Bench, Figure

CADRES = 56_000
"""Of the province (ledger T01); those of the records are so many times their scale."""
SECONDS = 10.0
"""A county waits so long at most; the issue says "in seconds"."""


def figures(bench: Bench, records: str) -> Iterator[Figure]:
    province.register(bench, records)
    # In a copy: the records of the other subjects shall stay as they are.
    bench.copy_database(records, "assigning")
    environment = bench.environment(records, "assigning")
    answer = bench.work("assigning", "counties", {"cadres": round(CADRES * bench.scale)}, environment).answer
    bench.drop_database(records, "assigning")
    alone = answer["alone"]
    yield Figure(
        subject="assigning",
        name=f"proposal for {alone['households']:,} households and {alone['cadres']:,} cadres, as the largest county has",
        records=records,
        value=alone["seconds"],
        unit="s",
        target=f"≤ {SECONDS:g} s",
        met=alone["seconds"] <= SECONDS,
        note="the flow alone, without reading records",
    )
    for name, one in (
        ("the largest county of the records", answer["largest"]),
        ("again, when confirmed", answer["again"]),
    ):
        yield Figure(
            subject="assigning",
            name=f"{name}: {one['households']:,} households, {one['cadres']:,} cadres proposed",
            records=records,
            value=one["seconds"],
            unit="s",
            target=f"≤ {SECONDS:g} s",
            met=one["seconds"] <= SECONDS,
            note=f"{one['changes']:,} changes",
        )
    every = answer["every"]
    yield Figure(
        subject="assigning",
        name=f"all {every['counties']} counties proposed and confirmed: {every['appointed']:,} households",
        records=records,
        value=every["appointed"] / every["seconds"],
        unit="households/s",
        note=f"{every['seconds']:.1f} s; slowest county {every['slowest']:.1f} s",
    )


def notes(bench: Bench) -> list[str]:
    return [
        (
            "Teams of five in as many villages as there are cadres for, all entered by the bulk actions. The proposal reads the county's poor "
            "households and cadres and solves the flow; confirming appoints what changes, guards and log included. A second proposal keeps everybody."
        )
    ]

"""The province that is measured: rosters of 2014 and 2015 generated once, loaded once into each kind of records.

2014 is the first year of the register (an office takes over what it has), 2015 the following one. Rosters of all parts of
2014 come before those of 2015. What was built is used again by the next run unless ``--fresh``.
"""

from __future__ import annotations

import shutil
from typing import Any

from benchmarks.harness import Bench

YEARS = (2014, 2015)
SEED = 2015
PROGRESS = "progress.json"
"""Beside the records while they are loaded: a run that was broken off goes on with the next part."""


def rosters(bench: Bench) -> dict[str, Any]:
    """The rosters' files by year and part, with their rows."""

    def build() -> dict[str, Any]:
        bench.say(f"  rosters at scale {bench.scale:g}")
        shutil.rmtree(bench.rosters(), ignore_errors=True)
        arguments = {"folder": str(bench.rosters()), "scale": bench.scale, "seed": SEED, "years": YEARS}
        outcome = bench.work("province", "generate", arguments, bench.environment("sqlite", "generation"))
        return outcome.answer | {"seconds": outcome.seconds, "peak_mib": outcome.peak_mib}

    return bench.kept("rosters", build)


def register(bench: Bench, records: str) -> dict[str, Any]:
    """The rosters of both years loaded through the product's own path: seconds and rows, by year, and peak memory."""
    made = rosters(bench)

    def build() -> dict[str, Any]:
        steps = [("province", "load", {"parts": made["parts"]})]
        if not (bench.home(records) / PROGRESS).exists():
            bench.empty_database(records)
            steps.insert(0, ("province", "prepare", {"folder": str(bench.rosters())}))
        bench.say(f"  loading into {records}")
        outcome = bench.work_in_turn(steps, bench.environment(records))
        return outcome.answer | {"peak_mib": outcome.peak_mib}

    return bench.kept(f"register-{records}", build)


def snapshots(bench: Bench, records: str) -> dict[str, Any]:
    """The ids of a snapshot of each year from these records."""
    register(bench, records)

    def build() -> dict[str, Any]:
        bench.say(f"  snapshots from {records}")
        return bench.work("snapshots", "freeze", {"years": YEARS}, bench.environment(records)).answer

    return bench.kept(f"snapshots-{records}", build)

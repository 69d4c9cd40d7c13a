"""Money: a million transfers posted by the bulk path with every guard, beside a plain copy of the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.harness import Bench, Figure

TRANSFERS = 1_000_000
A_SECOND = 5_000.0
PICTURE_SECONDS = 1.0
LIST = 100_000
"""Transfers in one list: one transaction, one entry in the log."""
TABLES = ("funds_origin", "funds_account", "funds_transfer")


def figures(bench: Bench, records: str) -> Iterator[Figure]:
    wanted = max(2_000, round(TRANSFERS * bench.scale))
    bench.say(f"  {wanted:,} transfers into {records}")
    bench.empty_database(records, "funds")
    environment = bench.environment(records, "funds")
    posting = ("funds", "post", {"transfers": wanted, "list_of": min(LIST, max(500, wanted // 10))})
    outcome = bench.work_in_turn([posting, ("funds", "read", {}), ("funds", "freeze", {})], environment)
    posted, read, frozen = outcome.answers
    assert frozen["rows"] == posted["transfers"], (frozen["rows"], posted["transfers"])
    drawn = bench.work_in_turn([("funds", "picture", {})], environment).answer
    assert drawn["adds_up"], drawn
    raw = _raw(bench, records)
    assert raw["rows"] == posted["rows"], (raw["rows"], posted["rows"])
    bench.drop_database(records, "funds")
    bench.drop_database(records, "raw")
    rate, raw_rate = posted["transfers"] / posted["seconds"], posted["transfers"] / raw["seconds"]
    promised = records == "postgres"
    yield Figure(
        subject="funds",
        name=f"{posted['transfers']:,} transfers posted with every guard",
        records=records,
        value=rate,
        unit="transfers/s",
        raw=raw_rate,
        raw_name="COPY of origins, accounts and transfers" if promised else "executemany of the same",
        ratio=rate / raw_rate,
        target=f"≥ {A_SECOND:,.0f}/s" if promised else "",
        met=rate >= A_SECOND if promised else None,
        peak_mib=outcome.peak_mib,
        note=(
            f"{posted['seconds']:.1f} s in {posted['lists']} lists; {posted['accounts']:,} accounts opened on the way; "
            f"raw {raw['seconds']:.1f} s; the books add up: {'yes' if posted['add_up'] else 'NO'}"
        ),
    )
    yield Figure(
        subject="funds",
        name="a balance read, one indexed row",
        records=records,
        value=read["balance_ms"],
        unit="ms",
        note=f"median of {read['reads']:,} accounts",
    )
    yield Figure(
        subject="funds",
        name="the whole of the books added up anew",
        records=records,
        value=read["books_seconds"],
        unit="s",
    )
    yield Figure(
        subject="funds",
        name=f"the province's picture of a fund year from a snapshot of {frozen['rows']:,} transfers",
        records=records,
        value=drawn["seconds"],
        unit="s",
        target=f"≤ {PICTURE_SECONDS:.0f} s",
        met=drawn["seconds"] <= PICTURE_SECONDS,
        note=(
            f"asked for the first time, by a process that had drawn another place; {drawn['bands']} bands, the same on both sides; "
            f"the transfers were frozen in {frozen['seconds']:.1f} s"
        ),
    )


def _raw(bench: Bench, records: str) -> dict[str, Any]:
    bench.empty_database(records, "raw")
    arguments = {
        "source": bench.database(records, "funds"),
        "target": bench.database(records, "raw"),
        "folder": str(bench.home(records) / "raw"),
        "tables": TABLES,
    }
    return bench.work_in_turn([("copying", f"copy_{records}", arguments)], bench.environment(records, "raw")).answer


def notes(bench: Bench) -> list[str]:
    return [
        (
            "Every transfer: amount, texts, day and fund year, codes of that day, negative list, way, names, places, closed years, "
            "its key against all on file, accounts found or opened, locked, balances in the order of the list; of what goes into and "
            "out of a project its approval, amount, notice, progress, payee and payer, with the project locked; one log entry with the "
            "digest a list. A quarter goes down from the province to townships, a quarter to units in villages, a quarter into "
            "projects of villages, a quarter from these to their contractors. The raw "
            "copy takes the same rows into the same tables with their keys, indices and triggers."
        )
    ]

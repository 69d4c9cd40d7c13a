"""Money: a million transfers posted by the bulk path with every guard, beside a plain copy of the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.harness import Bench, Figure

TRANSFERS = 1_000_000
A_SECOND = 5_000.0
LIST = 100_000
"""Transfers in one list: one transaction, one entry in the log."""
TABLES = ("funds_origin", "funds_account", "funds_transfer")
EMPTY: tuple[str, str, dict[str, Any]] = ("copying", "empty_tables", {})


def figures(bench: Bench, records: str) -> Iterator[Figure]:
    wanted = max(2_000, round(TRANSFERS * bench.scale))
    bench.say(f"  {wanted:,} transfers into {records}")
    bench.empty_database(records, "funds")
    environment = bench.environment(records, "funds")
    posting = ("funds", "post", {"transfers": wanted, "list_of": min(LIST, max(500, wanted // 10))})
    outcome = bench.work_in_turn([EMPTY, posting, ("funds", "read", {})], environment)
    posted, read = outcome.answers[1:]
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


def _raw(bench: Bench, records: str) -> dict[str, Any]:
    bench.empty_database(records, "raw")
    arguments = {
        "source": bench.database(records, "funds"),
        "target": bench.database(records, "raw"),
        "folder": str(bench.home(records) / "raw"),
        "tables": TABLES,
    }
    return bench.work_in_turn(
        [EMPTY, ("copying", f"copy_{records}", arguments)], bench.environment(records, "raw")
    ).answer


def notes(bench: Bench) -> list[str]:
    return [
        (
            "Every transfer: amount, texts, day and fund year, codes of that day, negative list, way, names, places, closed years, "
            "its key against all on file, accounts found or opened, locked, balances in the order of the list; one log entry with "
            "the digest a list. Half goes down from the province over counties to townships, half to units in villages. The raw "
            "copy takes the same rows into the same tables with their keys, indices and triggers."
        )
    ]

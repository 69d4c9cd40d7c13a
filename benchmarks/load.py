"""Load: rosters through the product's path against a plain copy of the same rows, and against django-import-export.

Measured: reading, typing, placing, sealing, matching, all rules, staging, writing, audit, commit, of two years' rosters.
Raw: the very rows that stand in the tables afterwards, copied into fresh tables with the same keys, indices and references:
COPY in binary form on PostgreSQL, executemany on SQLite (its name index filled in one statement afterwards, which is the
quicker way). Only the copying is timed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks import province
from benchmarks.harness import Bench, Figure

MEMBERS = 50_000
RAW_SHARE = 0.5
TIMES_IMPORT_EXPORT = 30.0
PEAK_MIB = 6 * 1024


def figures(bench: Bench, records: str) -> Iterator[Figure]:
    loaded = province.register(bench, records)
    raw = bench.kept(f"raw-{records}", lambda: _raw(bench, records))
    rate, raw_rate = loaded["rows"] / loaded["seconds"], raw["rows"] / raw["seconds"]
    assert raw["rows"] == loaded["rows"], (raw["rows"], loaded["rows"])
    yield Figure(
        subject="load",
        name="two years' rosters, all rows written",
        records=records,
        value=rate,
        unit="rows/s",
        raw=raw_rate,
        raw_name="COPY" if records == "postgres" else "executemany",
        ratio=rate / raw_rate,
        target=f"≥ {RAW_SHARE:g} × raw",
        met=rate / raw_rate >= RAW_SHARE,
        peak_mib=loaded["peak_mib"],
        peak_target_mib=PEAK_MIB,
        note=f"{loaded['rows']:,} rows in {loaded['seconds']:,.0f} s; raw {raw['seconds']:,.0f} s",
    )
    for name, year in loaded["years"].items():
        first = int(name) == province.YEARS[0]
        yield Figure(
            subject="load",
            name=f"of it {name}: {'the first year' if first else 'a following year, each person and card matched'}",
            records=records,
            value=year["member_rows"] / year["seconds"],
            unit="members/s",
            note=f"{year['member_rows']:,} members in {year['seconds']:,.0f} s; {year['held_back']:,} households held back",
        )
    yield from _beside_import_export(bench, records)


def _raw(bench: Bench, records: str) -> dict[str, Any]:
    bench.say(f"  plain copy of the same rows into {records}")
    bench.empty_database(records, "raw")
    arguments = {
        "source": bench.database(records),
        "target": bench.database(records, "raw"),
        "folder": str(bench.home(records) / "raw"),
    }
    outcome = bench.work("copying", f"copy_{records}", arguments, bench.environment(records, "raw"))
    bench.drop_database(records, "raw")
    return outcome.answer | {"peak_mib": outcome.peak_mib}


def _beside_import_export(bench: Bench, records: str) -> Iterator[Figure]:
    made = province.rosters(bench)
    members = max(200, round(MEMBERS * min(1.0, bench.scale * 10)))
    bench.say(f"  {members:,} members by the product and by django-import-export into {records}")
    small = bench.environment(records, "small")
    part, folder = made["parts"][0], str(bench.rosters() / "slice")
    slice_ = bench.work("province", "slice_of", {"part": part, "folder": folder, "members": members}, small).answer
    rows = {"folder": folder}
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("province", "ready", {"year": slice_["year"]}),
        ("province", "load", {"parts": [slice_]}),
        ("importing", "keep_persons", rows),
    ]
    product = _in_fresh(bench, records, *steps)[1]
    bulk = _in_fresh(bench, records, ("importing", "import_persons", rows | {"in_bulk": True}))[0]
    few = rows | {"in_bulk": False, "most": members // 10}
    one_by_one = _in_fresh(bench, records, ("importing", "import_persons", few))[0]
    bench.drop_database(records, "small")
    rate = product["rows"] / product["seconds"]
    for name, other in (("bulk mode", bulk), ("default mode", one_by_one)):
        other_rate = other["rows"] / other["seconds"]
        promised = other is bulk
        yield Figure(
            subject="load",
            name=f"{slice_['member_rows']:,} members, against django-import-export, {name}",
            records=records,
            value=rate,
            unit="rows/s",
            raw=other_rate,
            raw_name="rows/s of one table",
            ratio=rate / other_rate,
            target=f"≥ {TIMES_IMPORT_EXPORT:g} ×" if promised else "",
            met=rate / other_rate >= TIMES_IMPORT_EXPORT if promised else None,
            note=(
                f"product: {product['rows']:,} rows of six tables in {product['seconds']:.1f} s, checks included; "
                f"import-export: {other['rows']:,} persons alone in {other['seconds']:.1f} s, unchecked, unsealed"
            ),
        )


def _in_fresh(bench: Bench, records: str, *steps: tuple[str, str, dict[str, Any]]) -> list[dict[str, Any]]:
    bench.empty_database(records, "small")
    return bench.work_in_turn(list(steps), bench.environment(records, "small")).answers


def notes(bench: Bench) -> list[str]:
    return [
        (
            "Rows are those of households, persons, memberships, cards of households and of persons, movements; the raw copy takes "
            "the same rows after the product wrote them, in one transaction a table (SQLite: every 500,000 rows), with nothing to "
            "look up, check, seal, derive or log."
        ),
        (
            "A following year's roster writes few new persons, and finds, compares and updates everybody who is there: its rows/s "
            "are not those of a copy."
        ),
        (
            "django-import-export writes persons alone (no household, card, membership), neither checked nor sealed, into the same "
            "table with the same indices: use_bulk, batches of 1,000, no diff, no look-up of what is there. Both in a process that "
            "is ready: the product has read its policy and built its rules, as after the first form."
        ),
    ]

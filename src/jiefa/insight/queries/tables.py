"""Figures and violations as plain rows, for commands, exports and programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from jiefa.access.rules import Scope
from jiefa.insight.queries import figures
from jiefa.policy import Pack
from jiefa.snapshots import Snapshot
from jiefa.stores.analysis import duckdb_space


def violation_counts(file: Path, within: Scope) -> list[tuple[str, str, int]]:
    """``(rule, level, count)`` of the violations inside the scope, by rule."""
    inside = " OR ".join("(village_code >= ? AND village_code < ?)" for _ in within.areas) or "false"
    parameters: list[object] = [str(file), *(bound for pair in within.ranges() for bound in pair)]
    sql = f"SELECT rule, level, count(*) FROM read_parquet(?) WHERE {inside} GROUP BY ALL ORDER BY rule, level"
    with duckdb_space() as db:
        return db.execute(sql, parameters).fetchall()


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def indicator_rows(
    snapshot: Snapshot, pack: Pack, codes: Sequence[str], names: Mapping[str, str], wanted: Sequence[str]
) -> list[dict[str, object]]:
    """One row per division and indicator, divisions in the order given, indicators in the order of the pack.

    A division without any household has 0 for counts and no value for ratios.
    """
    definitions = [found for found in pack.indicators() if not wanted or found.id in wanted]
    for identity in wanted:
        figures.definition(pack, identity)
    found = figures.read(snapshot, pack, codes, [d.id for d in definitions])
    rows: list[dict[str, object]] = []
    computed = {indicator for _, indicator in found}
    for code in codes:
        for definition in definitions:
            figure = found.get((code, definition.id))
            if figure is None and definition.id not in computed:
                continue
            counted = definition.denominator is None and definition.kind in ("count", "balance")
            rows.append(
                {
                    "division": code,
                    "name": names.get(code, ""),
                    "indicator": definition.id,
                    "value": figure.value if figure else (0.0 if counted else None),
                    "numerator": _number(figure.numerator) if figure else 0,
                    "denominator": _number(figure.denominator) if figure else None,
                    "unit": definition.unit,
                    "as_of": snapshot.manifest.as_of,
                    "snapshot": snapshot.id,
                }
            )
    return rows

"""What the checks gave, read back inside a scope: of a place, of the places below it, of all that are asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jiefa.access.rules import Scope
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.snapshots import Snapshot
from jiefa.stores.analysis import duckdb_space
from jiefa.truth.rules.tables import Check


class ChecksMissing(JiefaError):
    code = "truth.missing"
    zh = "快照 {snapshot} 的真实性检查还没有计算。请运行 jiefa truth --year {year}。"
    en = "The truth checks of snapshot {snapshot} have not been computed. Run jiefa truth --year {year}."


class CheckUnknown(JiefaError):
    code = "truth.unknown"
    zh = "没有“{check}”这项真实性检查，可选：{known}。"
    en = "There is no truth check {check!r}; choose one of {known}."


@dataclass(frozen=True, slots=True)
class Result:
    """A row of ``rules.tables.RESULT``."""

    check: Check
    division: str
    unit: int | None
    mark: str
    n: int
    observed: float
    expected: float
    p: float
    q: float
    asked: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one check and level: places (or cadres) that there was enough to say of, and of how many it is asked."""

    check: Check
    digits: int
    judged: int
    asked: int


_COLUMNS = '"check", division, unit, mark, n, observed, expected, p, q, asked'


def named(check: str) -> Check:
    """The check of that name. Raises ``CheckUnknown``."""
    try:
        return Check(check)
    except ValueError:
        raise CheckUnknown(check=check, known=", ".join(Check)) from None


def results_file(snapshot: Snapshot, pack: Pack) -> Path:
    """Where the checks of a snapshot are kept."""
    return snapshot.derived(f"truth-{pack.version}.parquet")


def served_file(snapshot: Snapshot, pack: Pack) -> Path:
    """The checks that pages read: those by this policy, else the newest by an earlier one. Raises ``ChecksMissing``."""
    own = results_file(snapshot, pack)
    if own.exists():
        return own
    earlier = sorted(own.parent.glob("truth-*.parquet"), key=lambda file: file.stat().st_mtime)
    if not earlier:
        raise ChecksMissing(snapshot=snapshot.id, year=snapshot.year)
    return earlier[-1]


def _inside(within: Scope) -> tuple[str, list[object]]:
    sql = " OR ".join("(division >= ? AND division < ?)" for _ in within.areas) or "false"
    return f"({sql})", [bound for pair in within.ranges() for bound in pair]


def _read(file: Path, sql: str, parameters: Sequence[object]) -> list[Result]:
    with duckdb_space(threads=1) as db:
        rows = db.execute(f"SELECT {_COLUMNS} FROM read_parquet(?) WHERE {sql}", [str(file), *parameters]).fetchall()
    return [Result(Check(row[0]), *row[1:]) for row in rows]


def of_place(snapshot: Snapshot, pack: Pack, code: str) -> dict[Check, Result]:
    """The checks of one place; those about cadres are of no place."""
    found = _read(served_file(snapshot, pack), "division = ? AND unit IS NULL", [code])
    return {one.check: one for one in found}


def tallies(snapshot: Snapshot, pack: Pack, within: Scope) -> list[Tally]:
    """By check and level below the scope's own places how many were judged and are asked about."""
    inside, bounds = _inside(within)
    sql = (
        'SELECT "check", length(division), count(*), count(*) FILTER (asked) FROM read_parquet(?) '
        f"WHERE {inside} GROUP BY ALL ORDER BY ALL"
    )
    with duckdb_space(threads=1) as db:
        rows = db.execute(sql, [str(served_file(snapshot, pack)), *bounds]).fetchall()
    return [Tally(Check(row[0]), *row[1:]) for row in rows]


def below(
    snapshot: Snapshot, pack: Pack, check: Check, within: Scope, after: int, size: int, *, all_judged: bool = False
) -> tuple[list[Result], bool]:
    """Places (or cadres) inside the scope that are asked about, the least likely first, after so many; and whether more follow.

    ``all_judged``: those that nothing is asked of, too.
    """
    inside, bounds = _inside(within)
    only = "" if all_judged else "AND asked "
    sql = f'"check" = ? AND {inside} {only}ORDER BY p, division, unit LIMIT ? OFFSET ?'
    found = _read(served_file(snapshot, pack), sql, [check.value, *bounds, size + 1, after])
    return found[:size], len(found) > size


def every(snapshot: Snapshot, pack: Pack, within: Scope, check: Check | None = None) -> list[Result]:
    """All rows inside the scope, by check, then the least likely first."""
    inside, bounds = _inside(within)
    only = "" if check is None else 'AND "check" = ? '
    parameters = [*bounds, *([] if check is None else [check.value])]
    return _read(served_file(snapshot, pack), f'{inside} {only}ORDER BY "check", p, division, unit', parameters)


def one(snapshot: Snapshot, pack: Pack, check: Check, division: str, unit: int | None = None) -> Result | None:
    """The row of a place, or of a cadre."""
    rows = _read(
        served_file(snapshot, pack),
        '"check" = ? AND division = ? AND unit IS NOT DISTINCT FROM ?',
        [check.value, division, unit],
    )
    return rows[0] if rows else None

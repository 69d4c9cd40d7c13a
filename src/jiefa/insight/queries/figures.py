"""Figures read back: of a division, of its children, over the years; and the households behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import ibis.expr.types as ir
from django.conf import settings

from jiefa import snapshots
from jiefa.insight.rules import Register
from jiefa.insight.rules.codes import IN_POVERTY
from jiefa.insight.rules.measures import ADDED
from jiefa.insight.rules.money import both_sides
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.policy.indicators import IndicatorDefinition
from jiefa.snapshots import Snapshot, SnapshotUnknown
from jiefa.stores.analysis import duckdb_space

TRANSFERS = "transfers"
"""The table of a snapshot from which figures of money are read."""


class FiguresMissing(JiefaError):
    code = "insight.figures_missing"
    zh = "快照 {snapshot} 的指标还没有计算。请运行 jiefa indicators --year {year}。"
    en = "The figures of snapshot {snapshot} have not been computed. Run jiefa indicators --year {year}."


class IndicatorUnknown(JiefaError):
    code = "insight.indicator_unknown"
    zh = "没有名为“{indicator}”的指标。"
    en = "There is no indicator called {indicator!r}."


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of one division in one snapshot. ``value`` None: nothing to divide by."""

    division: str
    indicator: str
    value: float | None
    numerator: Decimal
    denominator: Decimal | None


def violations_file(snapshot: Snapshot, pack: Pack) -> Path:
    """Where the violations of a snapshot are kept."""
    return snapshot.derived(f"violations-{pack.version}.parquet")


def figures_file(snapshot: Snapshot, pack: Pack) -> Path:
    """Where the figures of a snapshot are kept."""
    return snapshot.derived(f"figures-{pack.version}.parquet")


def served_file(snapshot: Snapshot, pack: Pack) -> Path | None:
    """The figures that pages read: those by this policy, else the newest by an earlier one; None without any."""
    own = figures_file(snapshot, pack)
    if own.exists():
        return own
    earlier = sorted(own.parent.glob("figures-*.parquet"), key=lambda file: file.stat().st_mtime)
    return earlier[-1] if earlier else None


def earlier_policy(snapshot: Snapshot, pack: Pack) -> str:
    """The version of an earlier policy by which the figures that pages read were computed; '' where it is this one."""
    file = served_file(snapshot, pack)
    version = "" if file is None else file.stem.removeprefix("figures-")
    return "" if version == pack.version else version


def register_of(snapshot: Snapshot) -> Register:
    """The tables of a snapshot on the engine: the cards, and of what may stand beside them what it holds."""
    return Register(
        year=snapshot.year,
        persons=snapshot.table("persons"),
        households=snapshot.table("households"),
        movements=snapshot.table("movements"),
        villages=snapshot.table("villages"),
        more={name: added(snapshot, name) for name in ADDED if holds(snapshot, name)},
    )


def holds(snapshot: Snapshot, table: str) -> bool:
    """Whether the snapshot has what a table of ``TABLES`` is read from; earlier ones have less."""
    return snapshot.holds(TRANSFERS if table == "money" else table)


def added(snapshot: Snapshot, table: str) -> ir.Table:
    """A table that stands beside the cards; money as both sides of every transfer."""
    found: ir.Table = snapshot.table(TRANSFERS if table == "money" else table)
    return both_sides(found) if table == "money" else found


def opening_of(snapshot: Snapshot) -> ir.Table | None:
    """``village_code, people``: the poor of the newest snapshot of the year before, on this one's engine; None without one."""
    try:
        before = snapshots.latest(Path(settings.JIEFA_HOME), snapshot.year - 1)
    except SnapshotUnknown:
        return None
    households = snapshot.table_of(before, "households")
    poor = households.filter(households.poverty_status.isin(IN_POVERTY))
    return poor.select("village_code", people=poor["size"].cast("int64"))


@lru_cache(maxsize=4_096)
def _read(file: Path, divisions: tuple[str, ...], indicators: tuple[str, ...]) -> dict[tuple[str, str], Figure]:
    # The file is named by snapshot and policy version and never changes: what was read stays true.
    low, high = min(divisions), max(divisions)
    sql = (
        "SELECT division, indicator, value, numerator, denominator FROM read_parquet(?) WHERE division BETWEEN ? AND ?"
    )
    parameters: list[object] = [str(file), low, high]
    sql += " AND division IN (SELECT unnest(?))"
    parameters.append(list(divisions))
    if indicators:
        sql += " AND indicator IN (SELECT unnest(?))"
        parameters.append(list(indicators))
    with duckdb_space(threads=1) as db:
        rows = db.execute(sql, parameters).fetchall()
    return {(row[0], row[1]): Figure(row[0], row[1], row[2], row[3], row[4]) for row in rows}


def read(
    snapshot: Snapshot, pack: Pack, divisions: Sequence[str], indicators: Sequence[str] = ()
) -> dict[tuple[str, str], Figure]:
    """The figures by ``(division, indicator)``; a division without any row is absent. Raises ``FiguresMissing``."""
    file = served_file(snapshot, pack)
    if file is None:
        raise FiguresMissing(snapshot=snapshot.id, year=snapshot.year)
    if not divisions:
        return {}
    return _read(file, tuple(divisions), tuple(indicators))


def has_figures(snapshot: Snapshot, pack: Pack) -> bool:
    """Whether the figures of a snapshot are there to be read."""
    return served_file(snapshot, pack) is not None


def trend(
    pack: Pack, division: str, indicators: Sequence[str], until: int | None = None
) -> dict[int, dict[str, Figure]]:
    """By year with figures (ascending, to ``until``): the figures of one division, from each year's newest snapshot."""
    found: dict[int, dict[str, Figure]] = {}
    newest: dict[int, Snapshot] = {}
    for snapshot in snapshots.listing(Path(settings.JIEFA_HOME)):
        newest.setdefault(snapshot.year, snapshot)
    for year in sorted(newest):
        if (until is None or year <= until) and has_figures(newest[year], pack):
            figures = read(newest[year], pack, [division], indicators)
            found[year] = {figure.indicator: figure for figure in figures.values()}
    return found


def definition(pack: Pack, indicator: str) -> IndicatorDefinition:
    """The definition of an indicator. Raises ``IndicatorUnknown``."""
    for found in pack.indicators():
        if found.id == indicator:
            return found
    raise IndicatorUnknown(indicator=indicator)

"""Help after exit, from the newest snapshot of a year: what went on by place, who lost what when. One household from the records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jiefa.access.rules import Scope
from jiefa.monitoring.queries import cards, readout
from jiefa.monitoring.rules.tables import BEGUN, KEPT_ON, STOPPED, state
from jiefa.policy import Pack
from jiefa.snapshots import Snapshot
from jiefa.stores.analysis import duckdb_space

_STATE = f"""CASE WHEN last_year < year THEN '{STOPPED}' WHEN first_year <= exited_year THEN '{KEPT_ON}' ELSE '{BEGUN}' END"""
"""As ``rules.tables.state``; a test holds the two together."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of help of a household that left, and what became of it. ``key`` orders a list."""

    key: int
    household_id: int
    village_code: str
    exited_year: int
    sort: str
    policy: str
    state: str
    first_year: int
    last_year: int
    last_on: dt.date | None
    before_fen: int
    year_fen: int


@dataclass(frozen=True, slots=True)
class OfPlace:
    """Households of a place that left and had help while poor: how many, for how many all of it went on, for how many some stopped;
    money in the year of those households. ``left``: all that left, with help or without."""

    place: str
    left: int
    helped: int
    all_kept: int
    some_stopped: int
    year_fen: int


@dataclass(frozen=True, slots=True)
class OfPolicy:
    """One kind of help in a place: for how many households it went on, stopped, began after they left."""

    sort: str
    policy: str
    kept: int
    stopped: int
    begun: int


def snapshot_of(year: int) -> Snapshot | None:
    """The newest snapshot of a year that has the table; None where there is none."""
    found = cards.newest(year)
    return found if found is not None and found.holds("kept") else None


def _inside(within: Scope, column: str = "village_code") -> tuple[str, list[str]]:
    sql = " OR ".join(f"({column} >= ? AND {column} < ?)" for _ in within.areas) or "false"
    return f"({sql})", [bound for pair in within.ranges() for bound in pair]


def by_place(snapshot: Snapshot, within: Scope, digits: int) -> list[OfPlace]:
    """The places of so many digits inside the scope in which somebody left, by code."""
    inside, bounds = _inside(within)
    # Only what was had while poor can be kept or lost.
    sql = f"""
WITH homes AS (
    SELECT household_id, bool_and(last_year = year) AS whole, bool_or(last_year < year) AS lost, sum(year_fen)::BIGINT AS fen
    FROM kept WHERE first_year <= exited_year AND {inside} GROUP BY 1
)
SELECT substr(h.village_code, 1, {digits:d}) AS place, count(*), count(k.household_id), count(*) FILTER (WHERE k.whole),
    count(*) FILTER (WHERE k.lost), coalesce(sum(k.fen), 0)::BIGINT
FROM households h LEFT JOIN homes k ON k.household_id = h.household_id
WHERE h.poverty_status = 'exited' AND {inside.replace("village_code", "h.village_code")} GROUP BY 1 ORDER BY 1"""
    return [OfPlace(*row) for row in _ask(snapshot, sql, [*bounds, *bounds])]


def by_policy(snapshot: Snapshot, within: Scope) -> list[OfPolicy]:
    """Every kind of help that somebody inside the scope had, by sort and code."""
    inside, bounds = _inside(within)
    columns = ", ".join(f"count(*) FILTER (WHERE {_STATE} = '{one}')" for one in (KEPT_ON, STOPPED, BEGUN))
    sql = f"SELECT sort, policy, {columns} FROM kept WHERE {inside} GROUP BY 1, 2 ORDER BY 1, 2"
    return [OfPolicy(*row) for row in _ask(snapshot, sql, bounds)]


def rows(
    snapshot: Snapshot, within: Scope, wanted: str = STOPPED, policy: str = "", after: int = 0, size: int = 50
) -> tuple[list[Kept], bool]:
    """Help of households inside the scope in one state ('' for all), of one kind ('' for all), after a place of the list; and
    whether more follow. In order of village, household, kind."""
    found = list(_list(snapshot, within, wanted, policy, after, size + 1))
    return found[:size], len(found) > size


def every(snapshot: Snapshot, within: Scope, wanted: str, policy: str) -> Iterator[Kept]:
    """The whole list, as ``rows``."""
    return _list(snapshot, within, wanted, policy, 0, None)


def _list(snapshot: Snapshot, within: Scope, wanted: str, policy: str, after: int, limit: int | None) -> Iterator[Kept]:
    inside, bounds = _inside(within)
    # Places are counted inside the scope, which is the same from page to page: a county reads its own files alone.
    sql = f"""
SELECT * FROM (
    SELECT row_number() OVER (ORDER BY village_code, household_id, sort, policy) AS place, household_id, village_code, exited_year,
        sort, policy, {_STATE} AS state, first_year, last_year, last_on, before_fen, year_fen
    FROM kept WHERE {inside}
) WHERE place > ? AND (? = '' OR state = ?) AND (? = '' OR policy = ?)
ORDER BY place {"" if limit is None else f"LIMIT {limit:d}"}"""
    for row in _ask(snapshot, sql, [*bounds, after, wanted, wanted, policy, policy]):
        yield Kept(*row)


def _ask(snapshot: Snapshot, sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with duckdb_space() as db:
        snapshot.views(db)
        return db.execute(sql, parameters).fetchall()


def of_household(household_id: int, year: int, on: dt.date, pack: Pack) -> list[Kept]:
    """What became of the help of a household that passed the gate and has left by the year, from the records as they stand."""
    return [
        Kept(
            key=place,
            household_id=row["household_id"],
            village_code=row["village_code"],
            exited_year=row["exited_year"],
            sort=row["sort"],
            policy=row["policy"],
            state=state(row["first_year"], row["last_year"], row["exited_year"], year),
            first_year=row["first_year"],
            last_year=row["last_year"],
            last_on=row["last_on"],
            before_fen=row["before_fen"],
            year_fen=row["year_fen"],
        )
        for place, row in enumerate(readout.of_household(household_id, year, on, pack).to_pylist(), start=1)
    ]

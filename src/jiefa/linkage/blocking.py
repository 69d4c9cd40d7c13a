"""Which pairs are looked at at all: those that agree in something rare enough, chosen by counting, not by guessing.

Every column alone and every two columns are candidates; a candidate is taken when it leaves few enough pairs, the ones that leave fewest
first, until there are as many pairs as the machine should weigh.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import duckdb

from jiefa.linkage.places import TOWN, VILLAGE
from jiefa.linkage.prepare import SOUND
from jiefa.linkage.spec import Column, Kind, Spec

EACH, ALL = 10, 60
"""Pairs by record that one rule, and all of them, may leave. Chosen: with these febrl3 misses 3 of 1,000 pairs at most (2026-11)."""
MOST_EACH, MOST = 8_000_000, 40_000_000
"""The same however many records there are, so that memory has an end. Chosen, not measured."""
COUNTED_WHOLE = 500_000
"""Records up to which every value is counted; above, one value in ``PART`` is, and what it has is multiplied."""
PART = 16


@dataclass(frozen=True, slots=True)
class Key:
    """Something that two records may have in common. ``column``: of the specification; ``whole``: all of its value."""

    column: str
    sql: str
    whole: bool

    def on(self, side: str) -> str:
        return self.sql.format(side=side)


@dataclass(frozen=True, slots=True)
class Rule:
    """Keys in which both records agree; ``pairs``: how many pairs that leaves."""

    keys: tuple[Key, ...]
    pairs: int

    @property
    def columns(self) -> frozenset[str]:
        return frozenset(one.column for one in self.keys)

    @property
    def sql(self) -> str:
        return " AND ".join(f"{one.on('l.')} = {one.on('r.')}" for one in self.keys)


def keys(spec: Spec) -> list[Key]:
    """All keys: whole values, and beginnings of those that may end otherwise."""
    return [key for one in spec.columns for key in _keys_of(one)]


def _keys_of(one: Column) -> Iterator[Key]:
    name = one.name + SOUND if one.kind == Kind.NAME else one.name
    yield Key(one.name, f'{{side}}"{name}"', True)
    if one.units:
        for unit in (VILLAGE, TOWN):
            yield Key(one.name, f'{{side}}"{name}{unit}"', False)
        return
    length = {Kind.NAME: 3, Kind.DATE: 4, Kind.PLACE: 9, Kind.TEXT: 4}.get(one.kind)
    if length is not None:
        yield Key(one.name, f'left({{side}}"{name}", {length})', False)
    if one.kind == Kind.DATE:
        yield Key(one.name, f'right({{side}}"{name}", 4)', False)


def chosen(database: duckdb.DuckDBPyConnection, spec: Spec, tables: Sequence[str]) -> list[Rule]:
    """The rules for one table (de-duplication) or two, with what each leaves."""
    rows = sum(rows_of(database, name) for name in tables)
    each, left = min(EACH * rows, MOST_EACH), min(ALL * rows, MOST)
    every = keys(spec)
    single = [Rule((one,), _pairs(database, (one,), tables, rows)) for one in every if one.whole]
    taken: list[Rule] = []
    for rule in sorted(single, key=lambda one: one.pairs):
        if 0 < rule.pairs <= min(each, left):
            taken.append(rule)
            left -= rule.pairs
    alone = {rule.keys[0] for rule in taken}
    several = [
        Rule(two, _pairs(database, two, tables, rows))
        for two in combinations((one for one in every if one not in alone), 2)
        if two[0].column != two[1].column
    ]
    for rule in sorted(several, key=lambda one: one.pairs):
        if 0 < rule.pairs <= min(each, left):
            taken.append(rule)
            left -= rule.pairs
    return taken


def swapped(spec: Spec) -> str | None:
    """Two names the wrong way round; None where there are not two, or nothing else: then one is what the other learns from."""
    names = spec.of_kind(Kind.NAME)
    if len(names) != 2 or len(spec.columns) == 2:
        return None
    one, other = (name.name + SOUND for name in names)
    return f'l."{one}" = r."{other}" AND l."{other}" = r."{one}"'


def training(rules: Sequence[Rule]) -> list[Rule]:
    """Up to three rules to learn from, no two of which name a column in common: what one takes for granted, another learns."""
    found: list[Rule] = []
    for rule in sorted(rules, key=lambda one: (len(one.keys), -one.pairs)):
        if all(not rule.columns & other.columns for other in found):
            found.append(rule)
    return found[:3]


def rows_of(database: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many records a table holds."""
    return _number(database, f'SELECT count(*) FROM "{table}"')


def _number(database: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(database.execute(sql).fetchall()[0][0] or 0)


def _pairs(database: duckdb.DuckDBPyConnection, several: Sequence[Key], tables: Sequence[str], rows: int) -> int:
    """How many pairs agree in all of the keys."""
    values = ", ".join(f"{one.on('')} AS k{place}" for place, one in enumerate(several))
    names = ", ".join(f"k{place}" for place in range(len(several)))
    there = " AND ".join(f"k{place} IS NOT NULL" for place in range(len(several)))
    part = 1 if rows <= COUNTED_WHOLE else PART
    some = f" AND hash({names}) % {part} = 0" if part > 1 else ""
    counts = [
        f'SELECT {names}, count(*) AS n FROM (SELECT {values} FROM "{name}") WHERE {there}{some} GROUP BY {names}'
        for name in tables
    ]
    if len(tables) == 1:
        sql = f"SELECT sum(n * (n - 1) // 2) FROM ({counts[0]})"
    else:
        sql = f"SELECT sum(a.n * b.n) FROM ({counts[0]}) a JOIN ({counts[1]}) b USING ({names})"
    return _number(database, sql) * part

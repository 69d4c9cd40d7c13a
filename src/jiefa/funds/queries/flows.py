"""What flowed, read from the records: bands from source to payee, and sums that the published figures are checked by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ibis
import pyarrow as pa

from jiefa.access.rules import Scope
from jiefa.funds.rules import flows as rules
from jiefa.funds.rules import sankey, tables
from jiefa.funds.rules.rows import HOLDER, OUTSIDE, SOURCE
from jiefa.snapshots import Snapshot
from jiefa.stores import bulk
from jiefa.stores.analysis import duckdb_space

TRANSFERS = "transfers"

_FLAT = """
    SELECT o.source, o.type, o.year, a.kind AS from_kind, w.from_code, b.kind AS to_kind, w.to_code, t.purpose,
        CASE WHEN t.reverses_id IS NULL THEN t.amount_fen ELSE -t.amount_fen END AS fen
    FROM funds_transfer t JOIN funds_transfer w ON w.id = coalesce(t.reverses_id, t.id)
    JOIN funds_origin o ON o.id = w.origin_id
    JOIN funds_account a ON a.id = w.from_account_id JOIN funds_account b ON b.id = w.to_account_id"""


def _flat(within: Scope, year: int | None) -> tuple[str, list[object]]:
    inside: list[str] = []
    values: list[object] = []
    for low, high in within.ranges():
        inside.append("(w.from_code >= %s AND w.from_code < %s OR w.to_code >= %s AND w.to_code < %s)")
        values += [low, high, low, high]
    where = f"({' OR '.join(inside)})" if inside else "1 = 0"
    if year is not None:
        where += " AND o.year = %s"
        values.append(year)
    return f"{_FLAT} WHERE {where}", values


def flat(within: Scope, year: int | None = None) -> pa.Table:
    """Every transfer of which a side lies inside the scope, laid flat (``rules.flows.FLAT``); of one fund year or of all."""
    return bulk.read(*_flat(within, year), rules.FLAT)


@dataclass(frozen=True, slots=True)
class Band:
    """Fen that went one way. ``…_level``: digits of the place, 0 for the world outside."""

    source: str
    type: str
    from_kind: str
    from_level: int
    to_kind: str
    to_level: int
    purpose: str
    fen: int
    transfers: int


_BANDS = ", ".join(rules.BAND)
_BAND = pa.schema(
    [(name, pa.int64() if name.endswith("level") else pa.string()) for name in rules.BAND]
    + [("fen", pa.int64()), ("transfers", pa.int64())]
)


def bands(within: Scope, year: int | None = None) -> list[Band]:
    """What flowed in a place, band by band: as ``rules.flows.bands`` says of ``flat``, summed where the rows are. One query."""
    sql, values = _flat(within, year)
    summed = (
        f"SELECT {_BANDS}, CAST(sum(fen) AS bigint) AS fen, count(*) AS transfers FROM (SELECT laid.*, "
        f"length(from_code) AS from_level, length(to_code) AS to_level FROM ({sql}) AS laid) AS placed "
        f"GROUP BY {_BANDS} HAVING sum(fen) <> 0 ORDER BY {_BANDS}"
    )
    return [Band(**row) for row in bulk.read(summed, values, _BAND).to_pylist()]


@dataclass(frozen=True, slots=True)
class Totals:
    """Of some bands: appropriated to sources, drawn from them by offices, passed on from places above, reached payees."""

    appropriated_fen: int
    drawn_fen: int
    passed_fen: int
    paid_fen: int

    @property
    def came_fen(self) -> int:
        """What offices inside the place have got, from its own sources and from above."""
        return self.drawn_fen + self.passed_fen


def totals(found: list[Band], *, source: str = "", purpose: str = "", digits: int = 0) -> Totals:
    """The sums of the bands of a source and a purpose, '' for any; a refund is taken off.

    ``digits``: of the place that the bands are of, so that what came from above is told apart.
    """
    chosen = [one for one in found if (not source or one.source == source) and (not purpose or one.purpose == purpose)]

    def between(payer: str, receiver: str) -> int:
        return sum(one.fen for one in chosen if (one.from_kind, one.to_kind) == (payer, receiver)) - sum(
            one.fen for one in chosen if (one.from_kind, one.to_kind) == (receiver, payer)
        )

    passed = sum(one.fen for one in chosen if 0 < one.from_level < digits <= one.to_level) - sum(
        one.fen for one in chosen if 0 < one.to_level < digits <= one.from_level
    )
    paid = sum(between(kind, "payee") for kind in (HOLDER, "project"))
    return Totals(between(OUTSIDE, SOURCE), between(SOURCE, HOLDER), passed, paid)


@lru_cache(maxsize=256)
def _ways(files: tuple[str, ...], code: str) -> list[Mapping[str, object]]:
    # Files of a snapshot never change: what was summed from them stays true.
    return _asked(files, sankey.ways(_TABLE, code))


@lru_cache(maxsize=256)
def _paid(files: tuple[str, ...], code: str, year: int) -> list[Mapping[str, object]]:
    return _asked(files, rules.paid(_TABLE, code, year))


_TABLE = ibis.table(ibis.Schema.from_pyarrow(tables.TRANSFERS), name=TRANSFERS)


def _asked(files: tuple[str, ...], question: Any) -> list[Mapping[str, object]]:
    """The rows of an expression over the transfers in these files."""
    with duckdb_space() as db:
        db.execute(f"CREATE VIEW {TRANSFERS} AS SELECT * FROM read_parquet([{', '.join(map(_quoted, files))}])")
        rows: list[Mapping[str, object]] = (
            db.sql(str(ibis.to_sql(question, dialect="duckdb"))).to_arrow_table().to_pylist()
        )
        return rows


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def paid(snapshot: Snapshot, code: str, year: int) -> list[Mapping[str, object]]:
    """What projects and payees of a place got of a fund year's money (``rules.flows.PAID``); empty where it holds no money."""
    if not snapshot.holds(TRANSFERS):
        return []
    return _paid(tuple(str(file) for file in snapshot.files(TRANSFERS)), code, year)


def ways(snapshot: Snapshot, code: str) -> list[Mapping[str, object]]:
    """What moved in a place up to the snapshot's day, of all fund years (``rules.sankey.WAY``); empty where it holds no money."""
    if not snapshot.holds(TRANSFERS):
        return []
    return _ways(tuple(str(file) for file in snapshot.files(TRANSFERS)), code)


def picture(snapshot: Snapshot, code: str, year: int) -> sankey.Picture:
    """Where the money of a fund year came from, went and lies, in a place, as of the snapshot's day."""
    return sankey.picture(way for way in ways(snapshot, code) if way["year"] == year)

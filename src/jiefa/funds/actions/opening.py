"""Origins and accounts found, or opened where they are new, for as many transfers as there are. Set by set."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from jiefa.funds.models import Origin
from jiefa.stores import bulk

ORIGIN = ("source", "type", "year", "origin_code", "giver")
SIDES = ("from", "to")
BETWEEN = "\x1f"

_WANTED = """
    SELECT w.n, a.id FROM wanted_accounts w JOIN funds_account a ON a.origin_id = w.origin_id
        AND a.area_code = w.area_code AND a.kind = w.kind AND a.owner = w.owner AND a.household_id IS NULL
    WHERE w.household_id IS NULL
    UNION ALL
    SELECT w.n, a.id FROM wanted_accounts w JOIN funds_account a ON a.origin_id = w.origin_id
        AND a.household_id = w.household_id
    WHERE w.household_id IS NOT NULL"""

# Rows in one order, whoever opens: two who open the same accounts never wait for each other in a circle.
_OPEN = f"""
    INSERT INTO funds_account (kind, area_code, owner, household_id, origin_id, balance_fen)
    SELECT w.kind, w.area_code, w.owner, w.household_id, w.origin_id, 0 FROM wanted_accounts w
    LEFT JOIN ({_WANTED}) AS there ON there.n = w.n WHERE there.n IS NULL
    ORDER BY w.origin_id, w.area_code, w.kind, w.owner, w.household_id
    ON CONFLICT DO NOTHING"""


@dataclass(frozen=True, slots=True)
class Opened:
    """The accounts of some transfers: ``keys`` ascending; by row the places in them of payer and receiver; and the origins."""

    keys: pa.Array
    payers: list[int]
    receivers: list[int]
    origins: pa.Array


def origins(rows: pa.Table) -> pa.Array:
    """By row the key of its origin; new ones are made. Must run inside a transaction."""
    several = rows.select(ORIGIN).group_by(list(ORIGIN)).aggregate([]).to_pylist()
    named = [
        Origin(
            source=one["source"], type=one["type"], year=one["year"], area_code=one["origin_code"], giver=one["giver"]
        )
        for one in several
    ]
    known = _known(named)
    missing = [one for one in named if _identity(one) not in known]
    if missing:
        Origin.objects.bulk_create(sorted(missing, key=_identity), ignore_conflicts=True)
        known = _known(named)
    keys = pa.array([known[_identity(one)] for one in named], pa.int64())
    return _matched(
        _joined([rows[name] for name in ORIGIN]),
        _joined([pa.array([one[name] for one in several]) for name in ORIGIN]),
        keys,
    )


def _identity(one: Origin) -> tuple[str, int, str, str, str]:
    return one.area_code, one.year, one.source, one.type, one.giver


def _known(named: list[Origin]) -> dict[tuple[str, int, str, str, str], int]:
    found = Origin.objects.filter(area_code__in={one.area_code for one in named}, year__in={one.year for one in named})
    return {_identity(one): one.pk for one in found}


def _joined(columns: list[pa.Array | pa.ChunkedArray]) -> pa.ChunkedArray:
    texts = [pc.fill_null(pc.cast(column, pa.string()), "") for column in columns]
    return pa.chunked_array([pc.binary_join_element_wise(*_aligned(texts), BETWEEN)])


def _aligned(texts: list[pa.Array | pa.ChunkedArray]) -> list[pa.Array]:
    return [one.combine_chunks() if isinstance(one, pa.ChunkedArray) else one for one in texts]


def _matched(of_rows: pa.ChunkedArray, of_set: pa.ChunkedArray, keys: pa.Array) -> pa.Array:
    return pc.take(keys, pc.index_in(of_rows.combine_chunks(), of_set.combine_chunks()))


def _sides(rows: pa.Table, of: pa.Array) -> pa.Table:
    """Both accounts of every row, payers first, by the columns of the table."""
    parts = [
        pa.table(
            {
                "kind": rows[f"{side}_kind"],
                "area_code": rows[f"{side}_code"],
                "owner": rows[f"{side}_owner"],
                "household_id": rows[f"{side}_household"],
                "origin_id": of,
            }
        )
        for side in SIDES
    ]
    return pa.concat_tables(parts)


def accounts(rows: pa.Table) -> Opened:
    """The accounts of both sides of every row; new ones are opened, empty. Must run inside a transaction.

    A household's account is found wherever it was opened; the place is that of the day on which it was.
    """
    of = origins(rows)
    sides = _sides(rows, of)
    text = _identities(sides)
    several = (
        sides.append_column("text", text)
        .group_by("text", use_threads=False)
        .aggregate([(name, "first") for name in sides.column_names])
    )
    wanted = pa.table(
        {"n": pa.array(range(several.num_rows), pa.int64())}
        | {name: several[f"{name}_first"] for name in sides.column_names}
    )
    with bulk.staged("wanted_accounts", wanted, "n"):
        with connection.cursor() as cursor:
            cursor.execute(_OPEN)
        columns = pa.schema([("n", pa.int64()), ("id", pa.int64())])
        found = bulk.read(f"SELECT n, id FROM ({_WANTED}) AS there ORDER BY n", [], columns)
    assert found.num_rows == several.num_rows, "every account that is wanted has been opened"
    keys = found["id"].combine_chunks()
    order = pc.sort_indices(keys)
    place_of = pc.sort_indices(order)
    by_row = pc.take(place_of, pc.index_in(text.combine_chunks(), several["text"].combine_chunks())).to_pylist()
    return Opened(pc.take(keys, order), by_row[: rows.num_rows], by_row[rows.num_rows :], of)


def _identities(sides: pa.Table) -> pa.ChunkedArray:
    """A text by row that says which account: of a household its key and the origin alone."""
    of_home = pc.is_valid(sides["household_id"])
    place = pc.if_else(of_home, "", sides["area_code"])
    return _joined([sides["kind"], place, sides["owner"], sides["household_id"], sides["origin_id"]])

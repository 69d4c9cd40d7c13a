"""Whether the books add up: every balance the sum of its transfers, every origin zero with the world outside."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from jiefa.funds.models import Account, Transfer
from jiefa.stores import bulk

_SUMS = """
    SELECT a.id, a.balance_fen, coalesce(got.fen, 0) - coalesce(given.fen, 0) AS moved_fen
    FROM funds_account a
    LEFT JOIN (SELECT to_account_id AS id, CAST(sum(amount_fen) AS bigint) AS fen FROM funds_transfer GROUP BY 1) AS got
        ON got.id = a.id
    LEFT JOIN (SELECT from_account_id AS id, CAST(sum(amount_fen) AS bigint) AS fen FROM funds_transfer GROUP BY 1) AS given
        ON given.id = a.id"""
_ACCOUNT = pa.schema([("id", pa.int64()), ("balance_fen", pa.int64()), ("moved_fen", pa.int64())])
_ORIGIN = pa.schema([("origin_id", pa.int64()), ("fen", pa.int64())])


@dataclass(frozen=True, slots=True)
class Books:
    """How many accounts and transfers there are; accounts whose balance is not the sum of what moved, as
    ``(account, balance, moved)``; origins whose balances do not come to zero, as ``(origin, fen)``; how many are below zero."""

    accounts: int
    transfers: int
    unlike: list[tuple[int, int, int]]
    off_zero: list[tuple[int, int]]
    negative: int

    @property
    def add_up(self) -> bool:
        return not (self.unlike or self.off_zero or self.negative)


def books() -> Books:
    """The whole of the books, added up anew. Five questions, each over every row."""
    unlike = bulk.read(f"SELECT * FROM ({_SUMS}) AS sums WHERE balance_fen <> moved_fen ORDER BY id", [], _ACCOUNT)
    off = bulk.read(
        "SELECT origin_id, CAST(sum(balance_fen) AS bigint) AS fen FROM funds_account GROUP BY 1 HAVING sum(balance_fen) <> 0 ORDER BY 1",
        [],
        _ORIGIN,
    )
    return Books(
        accounts=Account.objects.count(),
        transfers=Transfer.objects.count(),
        unlike=[(one["id"], one["balance_fen"], one["moved_fen"]) for one in unlike.to_pylist()],
        off_zero=[(one["origin_id"], one["fen"]) for one in off.to_pylist()],
        negative=Account.objects.exclude(kind="outside").filter(balance_fen__lt=0).count(),
    )

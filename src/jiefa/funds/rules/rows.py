"""Transfers as they come in: one as a value, many as a table of columns; and what makes two the same."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

import pyarrow as pa
import pyarrow.csv as pa_csv

OUTSIDE, SOURCE, HOLDER, PROJECT, PAYEE = "outside", "source", "holder", "project", "payee"


@dataclass(frozen=True, slots=True)
class OriginKey:
    """Whose money: source, type, fund year, in whose books it enters, who gave it ('' for a treasury)."""

    source: str
    type: str
    year: int
    area_code: str
    giver: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a transfer. ``owner``: unit or project, '' for the office of the place. ``household``: its key."""

    kind: str
    area_code: str = ""
    owner: str = ""
    household: int | None = None


WORLD = Party(OUTSIDE)


@dataclass(frozen=True, slots=True)
class NewTransfer:
    """A transfer before it is posted. ``key``: known once and for all. ``reverses``: the transfer it takes back."""

    payer: Party
    receiver: Party
    origin: OriginKey
    amount_fen: int
    on: dt.date
    purpose: str
    document: str
    key: str
    reverses: int | None = None
    reason: str = field(default="")


COLUMNS = pa.schema(
    [
        ("source", pa.string()),
        ("type", pa.string()),
        ("year", pa.int64()),
        ("origin_code", pa.string()),
        ("giver", pa.string()),
        ("from_kind", pa.string()),
        ("from_code", pa.string()),
        ("from_owner", pa.string()),
        ("from_household", pa.int64()),
        ("to_kind", pa.string()),
        ("to_code", pa.string()),
        ("to_owner", pa.string()),
        ("to_household", pa.int64()),
        ("amount_fen", pa.int64()),
        ("on", pa.date32()),
        ("purpose", pa.string()),
        ("document", pa.string()),
        ("key", pa.string()),
        ("reverses", pa.int64()),
        ("reason", pa.string()),
    ]
)
"""One row per transfer, in the order in which they happen. NULL: no household, no reversal; texts are never NULL."""


def table(transfers: Iterable[NewTransfer]) -> pa.Table:
    """The transfers as ``COLUMNS``, in their order."""
    rows = []
    for one in transfers:
        origin = asdict(one.origin)
        row: dict[str, object] = {
            "source": origin["source"],
            "type": origin["type"],
            "year": origin["year"],
            "origin_code": origin["area_code"],
            "giver": origin["giver"],
        }
        for side, party in (("from", one.payer), ("to", one.receiver)):
            row |= {
                f"{side}_kind": party.kind,
                f"{side}_code": party.area_code,
                f"{side}_owner": party.owner,
                f"{side}_household": party.household,
            }
        names = ("amount_fen", "on", "purpose", "document", "key", "reverses", "reason")
        rows.append(row | {name: getattr(one, name) for name in names})
    return pa.Table.from_pylist(rows, COLUMNS)


def digest(rows: pa.Table) -> str:
    """SHA-256 in hex of the content of ``rows``, in their order."""
    sink = io.BytesIO()
    pa_csv.write_csv(rows.select(COLUMNS.names), sink)
    return hashlib.sha256(sink.getbuffer()).hexdigest()

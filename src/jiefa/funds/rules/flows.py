"""What flowed from where to where: bands of a picture, as one expression over transfers laid flat, whatever holds them.

``flat`` has ``source, type, year, from_kind, from_level, to_kind, to_level, purpose, fen``; a reversal stands there as a negative
amount of the transfer that it took back. The same expression runs on rows read from the records and on those of a snapshot.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa

FLAT = pa.schema(
    [
        ("source", pa.string()),
        ("type", pa.string()),
        ("year", pa.int64()),
        ("from_kind", pa.string()),
        ("from_code", pa.string()),
        ("to_kind", pa.string()),
        ("to_code", pa.string()),
        ("purpose", pa.string()),
        ("fen", pa.int64()),
    ]
)
BAND = ("source", "type", "from_kind", "from_level", "to_kind", "to_level", "purpose")


def bands(flat: ir.Table) -> ir.Table:
    """One row for each way between two kinds of accounts on two levels, by source, type and purpose: ``fen``, ``transfers``.

    ``…_level``: digits of the place, 0 for the world outside. Ways that come to nothing are left out.
    """
    placed = flat.mutate(from_level=flat.from_code.length(), to_level=flat.to_code.length())
    summed = placed.group_by(BAND).aggregate(fen=placed.fen.sum(), transfers=placed.count())
    return summed.filter(summed.fen != 0).order_by(BAND)


PAID = pa.schema(
    [
        ("kind", pa.string()),
        ("owner", pa.string()),
        ("purpose", pa.string()),
        ("fen", pa.int64()),
        ("transfers", pa.int64()),
    ]
)
"""What projects and payees of a place got: ``owner`` is the project or unit, '' for all households together."""


def paid(transfers: ir.Table, code: str, year: int) -> ir.Table:
    """Rows of ``PAID`` of a place and fund year from the transfers of a snapshot, the largest first; what came back is taken off."""
    chosen = transfers.filter(transfers.year == year)
    into = _ends(chosen, code, "to", 1)
    back = _ends(chosen, code, "from", -1)
    every = ibis.union(into, back)
    keys = ["kind", "owner", "purpose"]
    summed = every.group_by(keys).aggregate(
        fen=every.fen.sum().cast("int64"), transfers=every.number.sum().cast("int64")
    )
    there = summed.filter(summed.fen != 0).select(*PAID.names)
    return there.order_by([ibis.desc("fen"), *keys])


def _ends(transfers: ir.Table, code: str, side: str, sign: int) -> ir.Table:
    kind, place = transfers[f"{side}_kind"], transfers[f"{side}_code"]
    other = transfers["from_kind" if side == "to" else "to_kind"]
    # What a project pays on is told as what the payee got, and not taken off the project.
    found = transfers.filter(place.startswith(code) & ((kind == "payee") | ((kind == "project") & (other == "holder"))))
    return found.select(
        "purpose",
        kind=kind,
        owner=found[f"{side}_owner"],
        fen=found.fen * sign,
        # A reversal or a refund is no payment of its own.
        number=(found.reversal.ifelse(-1, 1) if side == "to" else ibis.literal(0)).cast("int64"),
    )

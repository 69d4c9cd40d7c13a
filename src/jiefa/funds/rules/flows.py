"""What flowed from where to where: bands of a picture, as one expression over transfers laid flat, whatever holds them.

``flat`` has ``source, type, year, from_kind, from_level, to_kind, to_level, purpose, fen``; a reversal stands there as a negative
amount of the transfer that it took back. The same expression runs on rows read from the records and on those of a snapshot.
"""

from __future__ import annotations

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

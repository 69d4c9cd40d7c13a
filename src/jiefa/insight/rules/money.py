"""Money as figures see it: both sides of every transfer, each in its own place.

What a place got is the sum of the sides that lie in it: what moves inside it is on both sides of it and comes to nothing, so
that a sum is right for a village, a county and the province alike.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

SHARED = ("years_over", "of_year", "source", "type", "purpose", "on")


def both_sides(transfers: ir.Table) -> ir.Table:
    """Two rows a transfer, ``fen`` negative for the side that gave; the world outside has no row.

    ``village_code``: the place of the side, of any level. ``account``, ``level``: its kind and digits; ``other_account``,
    ``other_level``: those of the other side. ``household_id``: of a household that was paid, else NULL.
    """
    sides = [_side(transfers, "to", "from", 1), _side(transfers, "from", "to", -1)]
    both = ibis.union(*sides)
    return both.filter(both.village_code != "")


def _side(transfers: ir.Table, own: str, other: str, sign: int) -> ir.Table:
    return transfers.select(
        *SHARED,
        village_code=transfers[f"{own}_code"],
        account=transfers[f"{own}_kind"],
        level=transfers[f"{own}_code"].length().cast("int16"),
        other_account=transfers[f"{other}_kind"],
        other_level=transfers[f"{other}_code"].length().cast("int16"),
        household_id=transfers[f"{own}_household"],
        fen=(transfers.fen * sign).cast("int64"),
    )

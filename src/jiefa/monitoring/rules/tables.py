"""The table that monitoring puts into a snapshot: help that households had, and whether it went on after they left.

Contract between the records (``queries.readout``) and whatever reads snapshots. Money in fen; no name and no number.
"""

from __future__ import annotations

import pyarrow as pa

from jiefa.registry import cards

KEPT = pa.schema(
    [
        ("year", cards.YEAR),
        ("village_code", cards.CODE),  # of the card
        ("household_id", cards.ID),
        ("exited_year", cards.YEAR),
        ("sort", cards.CODE),  # of kept_sort: a programme, a measure of a plan, a benefit link
        ("policy", cards.CODE),  # which one: a programme, a suggested_measure, a benefit_way
        ("first_year", cards.YEAR),
        ("last_year", cards.YEAR),  # the snapshot's year: it goes on
        ("last_on", cards.DATE),  # the last day on which something arrived, NULL where none is on file
        ("before_fen", cards.FEN),  # up to and in the year of leaving
        ("year_fen", cards.FEN),  # in the snapshot's year
    ]
)
"""One row for every household that left and everything that it had of the help that goes on year by year."""

KEPT_ON, STOPPED, BEGUN = "kept", "stopped", "begun"
STATES = (KEPT_ON, STOPPED, BEGUN)


def state(first_year: int, last_year: int, exited_year: int, year: int) -> str:
    """Whether help of a household that left goes on in a year, stopped before it, or began only after it left."""
    if last_year < year:
        return STOPPED
    return KEPT_ON if first_year <= exited_year else BEGUN

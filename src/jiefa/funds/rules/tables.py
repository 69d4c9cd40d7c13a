"""The table of transfers that stands in a snapshot beside the cards: every one up to a day, laid flat.

Contract between the records (``queries.readout``) and whatever computes figures and pictures from snapshots. Money in fen; of a
payee only its kind and, of a household, its key: no column holds a household's name or number.
"""

from __future__ import annotations

import pyarrow as pa

from jiefa.registry import cards

TRANSFERS = pa.schema(
    [
        ("year", cards.YEAR),  # the fund year of the money
        ("years_over", cards.SMALL),  # whole years since the fund year ended, on the day; below 0 while it lasts
        ("of_year", cards.FLAG),  # the fund year is the snapshot's
        ("source", cards.CODE),
        ("type", cards.CODE),
        ("origin_code", cards.CODE),  # in whose books the money entered
        ("giver", pa.string()),
        ("from_kind", cards.CODE),
        ("from_code", cards.CODE),  # '' for the world outside
        ("from_owner", pa.string()),
        ("from_household", cards.ID),
        ("to_kind", cards.CODE),
        ("to_code", cards.CODE),
        ("to_owner", pa.string()),
        ("to_household", cards.ID),
        ("purpose", cards.CODE),
        ("fen", cards.FEN),  # negative for a reversal
        ("on", cards.DATE),
        ("reversal", cards.FLAG),  # it takes back a transfer; its sides are those of that transfer
    ]
)

"""The tables that truth checks put into a snapshot, and the one that they give.

Contract between the records (``queries.readout``) and whatever reads snapshots. No text, no name, no number: of what a visit says only
which visits of the county say the same.
"""

from __future__ import annotations

from enum import StrEnum

import pyarrow as pa

from jiefa.registry import cards

VISITS = pa.schema(
    [
        ("year", cards.YEAR),
        ("village_code", cards.CODE),
        ("household_id", cards.ID),
        ("cadre_id", cards.ID),
        ("on", cards.DATE),
        ("words", pa.int32()),  # how many characters the visit's report has
        ("text_key", cards.ID),  # the first visit of the county and year that says the same
    ]
)
"""One row for every visit of a household in the year that stands: corrected ones and void ones are left out."""

TARGETS = pa.schema(
    [
        ("year", cards.YEAR),
        ("area_code", cards.CODE),
        ("people", pa.int64()),
    ]
)
"""People to leave the register in the year by place (county, township, village), as last fixed."""

RESULT = pa.schema(
    [
        ("check", pa.string()),
        ("division", pa.string()),
        ("unit", pa.int64()),  # the cadre, where the question is about one; else NULL
        ("mark", pa.string()),  # what it is about: a day, a card, a text; of heaping chi-square; '' for nothing
        ("n", pa.int64()),  # what was looked at
        ("observed", pa.float64()),
        ("expected", pa.float64()),
        ("p", pa.float64()),
        ("q", pa.float64()),  # p after Benjamini and Hochberg, among the places of one level or all cadres
        ("asked", pa.bool_()),  # whether it is asked about
    ]
)
"""One row for every place, or cadre, and check that there was enough to say of. A place that is not in it had too little."""


class Check(StrEnum):
    """The six checks, in the order in which they are shown."""

    BUNCHING = "bunching"
    HEAPING = "heaping"
    COPIED = "copied"
    SAME_DAY = "same_day"
    EXACT = "exact"
    VISITS = "visits"

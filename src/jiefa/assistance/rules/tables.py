"""The tables that stand in a snapshot beside the cards: what of help households have in a year, as of a day of it.

Contract between the records (``queries.readout``) and whatever computes figures from snapshots. Money in fen; no column holds
a name, a number or a text that somebody wrote.
"""

from __future__ import annotations

import pyarrow as pa

from jiefa.policy import Pack, Programme
from jiefa.registry import cards

COUNT = pa.int32()

HELP = pa.schema(
    [
        ("year", cards.YEAR),
        ("village_code", cards.CODE),  # of the card
        ("household_id", cards.ID),
        ("poor", cards.FLAG),  # the card says so
        ("size", cards.SMALL),
        ("labourer", cards.FLAG),  # a member who is able to work
        ("helper", cards.FLAG),  # somebody answers for it on the day
        ("visits", COUNT),  # in the year, those that hold
        ("plan_signed", cards.FLAG),
        ("measures", COUNT),  # of the version that was signed last by the day
        ("measures_due", COUNT),  # to arrive by the day
        ("measures_arrived", COUNT),
        ("planned_fen", cards.FEN),
        ("arrived_fen", cards.FEN),
        ("loans", COUNT),  # taken by the day, paid back or not
        ("links", COUNT),  # of benefit with bodies of industry, in force in the year by the day
        ("benefit_fen", cards.FEN),  # what they paid in the year by the day
        ("certified", cards.FLAG),  # somebody has a certificate of a training, of this year or before
        ("guaranteed", cards.FLAG),  # civil affairs lists it for the year
    ]
)

CASES = pa.schema(
    [
        ("year", cards.YEAR),  # of the case
        ("village_code", cards.CODE),
        ("household_id", cards.ID),
        ("programme", cards.CODE),
        ("of_year", cards.FLAG),  # it is a case of the snapshot's year, not of one before
        ("traced", cards.FLAG),  # the stage that counts as its trace was reached by the day
        ("amount_fen", cards.FEN),
        ("people", cards.SMALL),
        ("poor", cards.FLAG),  # the card of the snapshot's year says so; false without one
    ]
)
"""Then one column for every day that a programme of the pack has (``days``): when that was reached, NULL if not by the day."""

LOANS = pa.schema(
    [
        ("year", cards.YEAR),
        ("village_code", cards.CODE),
        ("household_id", cards.ID),
        ("from_on", cards.DATE),
        ("to_on", cards.DATE),
        ("amount_fen", cards.FEN),
        ("balance_fen", cards.FEN),  # owed on the day, to the lender or the fund
        ("overdue_fen", cards.FEN),  # of this what is past its days of grace
    ]
)

FUNDS = pa.schema(
    [
        ("year", cards.YEAR),
        ("village_code", cards.CODE),  # of the county: a fund has no village
        ("paid_in_fen", cards.FEN),  # all that came in by the day
        ("balance_fen", cards.FEN),
        ("compensated_fen", cards.FEN),  # paid to banks by the day
        ("subsidy_fen", cards.FEN),  # interest paid back in the year
    ]
)


LINKS = pa.schema(
    [
        ("year", cards.YEAR),
        ("village_code", cards.CODE),
        ("household_id", cards.ID),
        ("body_kind", cards.CODE),
        ("industry", cards.CODE),  # of the body
        ("way", cards.CODE),
        ("in_force", cards.FLAG),  # in the year by the day; else it ended before and paid in the year
        ("poor", cards.FLAG),  # the card of the snapshot's year says so; false without one
        ("paid_fen", cards.FEN),  # in the year by the day
    ]
)

BODIES = pa.schema(
    [
        ("year", cards.YEAR),
        ("village_code", cards.CODE),  # of the seat
        ("body_kind", cards.CODE),
        ("industry", cards.CODE),
        ("level", cards.CODE),  # of a leading enterprise
        ("recognised_on", cards.DATE),  # NULL if not by the day
        ("in_park", cards.FLAG),
        ("output_fen", cards.FEN),  # as reported of the year, NULL where it was not
        ("sales_fen", cards.FEN),
        ("invested_fen", cards.FEN),
        ("members", COUNT),
        ("poor_members", COUNT),
        ("linked", cards.FLAG),  # a household has something of it, or of what lies in the park, in the year by the day
    ]
)
"""One row for every body of industry that reports of the year; no household stands behind it."""


def days(pack: Pack) -> tuple[str, ...]:
    """The columns of days that programmes of the pack have, each once, in order of the pack."""
    return tuple(dict.fromkeys(day for programme in pack.programmes.values() for day in days_of(programme)))


def days_of(programme: Programme) -> list[str]:
    """The columns of days that a programme has, in its order."""
    return [field.id for field in programme.fields if field.type == "date"]


def cases_schema(pack: Pack) -> pa.Schema:
    """``CASES`` with the days of the pack's programmes."""
    return pa.schema([*CASES, *((name, cards.DATE) for name in days(pack))])

"""The households of a snapshot who are to be planned for, as arrays: who they are, what they lack, what is open to them.

Only the register's own columns are read; nothing here asks the live records.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiefa.insight.rules.codes import IN_POVERTY
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.planning.rules.options import Facts
from jiefa.planning.rules.problem import FlagArray, IntArray, RealArray
from jiefa.policy import Policy
from jiefa.snapshots import Snapshot

DANGEROUS = ("C", "D")
COUNTY = LENGTH_OF_LEVEL[Level.COUNTY]
NOTHING = "-"


@dataclass(frozen=True)
class OnFile:
    """Poor households at the end of a year, by village and key.

    ``village`` and ``county``: numbers in ``villages`` and ``counties``; ``gap_yuan``: what the household's income lacks to the line,
    0 where it is above, the whole line where its income is not known; ``lacks``: by the order of ``planning.lacks``.
    """

    key: IntArray
    village: IntArray
    villages: tuple[str, ...]
    county: IntArray
    counties: tuple[str, ...]
    size: IntArray
    gap_yuan: RealArray
    facts: Facts
    lacks: FlagArray


def households(snapshot: Snapshot, code: str) -> int:
    """How many poor households there are under a division."""
    cards = snapshot.table("households")
    poor = cards.filter(cards.poverty_status.isin(IN_POVERTY), cards.village_code.startswith(code), cards["size"] > 0)
    return int(poor.count().execute())


def on_file(snapshot: Snapshot, code: str, policy: Policy, line_fen: int) -> OnFile:
    """The poor households under a division. ``line_fen``: the line a person and year."""
    cards = snapshot.table("households")
    people = snapshot.table("persons")
    able = (
        people.filter(people.labour.isin(policy.texts("four_kinds.able_labour")))
        .group_by("household_id")
        .aggregate(able=lambda t: t.count())
    )
    poor = cards.filter(cards.poverty_status.isin(IN_POVERTY), cards.village_code.startswith(code), cards["size"] > 0)
    joined = poor.left_join(able, poor.household_id == able.household_id)
    told = ibis.literal("|").join(
        [poor[name].fill_null(NOTHING) for name in ("kind", "main_cause", "other_cause_1", "other_cause_2")]
    )
    rows = (
        joined.select(
            poor.household_id,
            poor.village_code,
            poor["size"],
            poor.net_income_fen,
            household_class=poor.household_class.fill_null(NOTHING),
            told=told,
            able=able.able.fill_null(0),
            house_repair=poor.house_danger.isin(DANGEROUS),
            water_supply=~poor.water_safe,
        )
        .order_by("village_code", "household_id")
        .to_pyarrow()
    )
    return _arrays(rows, policy, line_fen)


def _arrays(rows: pa.Table, policy: Policy, line_fen: int) -> OnFile:
    village, villages = _numbered(rows["village_code"])
    county_of, counties = _numbered(pa.chunked_array([pa.array([code[:COUNTY] for code in villages], pa.string())]))
    told, kinds = _numbered(rows["told"])
    of_class, classes = _numbered(rows["household_class"])
    size = _integers(rows["size"])
    income = pc.fill_null(rows["net_income_fen"], 0).to_numpy().astype(np.float64)
    lacks = np.stack(
        [pc.fill_null(rows[name], False).to_numpy(zero_copy_only=False) for name in policy.texts("planning.lacks")],
        axis=1,
    )
    return OnFile(
        key=_integers(rows["household_id"]),
        village=village,
        villages=villages,
        county=county_of[village] if len(villages) else village,
        counties=counties,
        size=size,
        gap_yuan=np.maximum(0.0, size * float(line_fen) - income) / 100,
        facts=Facts(
            told,
            [_kind_and_causes(text) for text in kinds],
            of_class,
            [None if text == NOTHING else text for text in classes],
            _integers(rows["able"]),
        ),
        lacks=lacks.astype(np.bool_),
    )


def _numbered(column: pa.ChunkedArray) -> tuple[IntArray, tuple[str, ...]]:
    """Each value as a number in the values, which are in order."""
    values = sorted(pc.unique(column).to_pylist())
    return _integers(pc.index_in(column, value_set=pa.array(values, pa.string()))), tuple(values)


def _integers(column: pa.ChunkedArray) -> IntArray:
    found: IntArray = column.to_numpy().astype(np.int64)
    return found


def _kind_and_causes(text: str) -> tuple[str | None, tuple[str, ...]]:
    kind, *causes = (None if part == NOTHING else part for part in text.split("|"))
    return kind, tuple(cause for cause in causes if cause is not None)

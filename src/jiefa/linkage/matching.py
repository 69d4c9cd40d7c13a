"""Pairs of records with the probability that they are the same, and how many of the true pairs these are likely to be.

What is certain is done with first, what is left is weighed (``weighing``), and the share of true pairs settles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jiefa.linkage import alone, blocking, review, together, weighing
from jiefa.linkage.decided import NOTHING, Decided
from jiefa.linkage.errors import NothingToCompare
from jiefa.linkage.prepare import ID, KEY, Prepared, comparable
from jiefa.linkage.spec import Spec
from jiefa.linkage.together import expected
from jiefa.linkage.weighing import Progress
from jiefa.stores.analysis import duckdb_open

LEFT, RIGHT = "left_side", "right_side"
ROUNDS = 20
"""Rounds in which the share of true pairs and their probabilities settle. Chosen, not measured."""
DIGITS = 9


@dataclass(frozen=True)
class Matched:
    """``pairs``: ``left``, ``right`` (identifiers), ``probability``, ``how`` (exact, probable, implied, clerk), the most probable first.

    ``precision``, ``recall``: as the model expects of the pairs from ``threshold`` on; ``compared``: pairs that were weighed.
    ``doubtful``: the pairs on either side of the threshold that a clerk should look at, as ``pairs`` and with ``left_row``,
    ``right_row`` (their place in the tables, from 0).
    """

    pairs: pa.Table
    doubtful: pa.Table
    threshold: float
    precision: float
    recall: float
    compared: int
    rules: tuple[str, ...]
    unread: dict[str, int]


def matched(
    left: Prepared,
    right: Prepared | None,
    spec: Spec,
    on_progress: Progress | None = None,
    decided: Decided = NOTHING,
) -> Matched:
    """The pairs between two tables, or within one; what a clerk decided stands. Raises ``NothingToCompare``. Deterministic."""
    tell = on_progress or (lambda said: None)
    database = duckdb_open()
    sides, spec = comparable([left] if right is None else [left, right], spec)
    names = [LEFT, RIGHT][: len(sides)]
    for name, side in zip(names, sides, strict=True):
        database.register("incoming", side.table)
        database.execute(f'CREATE TABLE "{name}" AS SELECT * FROM incoming')
        database.unregister("incoming")
    tell("exact")
    sure = _exact(database, spec, names, decided)
    if len(spec.columns) == 1:
        tell("weighing")
        scored = _as_probable(alone.scored(database, spec, names))
        if not (scored.num_rows or sure.num_rows or len(decided)):
            raise _nothing_agrees()
        return _whole(sides, sure, scored, spec, scored.num_rows, (), decided)
    tell("rules")
    rules = blocking.chosen(database, spec, names)
    if not rules:
        if sure.num_rows or len(decided):
            return _whole(sides, sure, _nothing(), spec, 0, (), decided)
        raise _nothing_agrees()
    tell("learning")
    weighed = weighing.weighed(database, spec, names, rules, tell)
    scored = _settled(weighed, weighing.prior(database, names), weighing.possible(database, names))
    compared = scored.num_rows
    return _whole(sides, sure, scored, spec, compared, tuple(one.sql for one in rules), decided)


def _nothing_agrees() -> NothingToCompare:
    return NothingToCompare(why_zh="没有两条记录在任何一列上相同", why_en="no two records agree in any column")


def _as_probable(pairs: pa.Table) -> pa.Table:
    return pairs.append_column("how", pa.array(["probable"] * pairs.num_rows, pa.string()))


def _nothing() -> pa.Table:
    return pa.table(
        {
            "l": pa.array([], pa.int64()),
            "r": pa.array([], pa.int64()),
            "p": pa.array([], pa.float64()),
            "how": pa.array([], pa.string()),
        }
    )


def _exact(database: duckdb.DuckDBPyConnection, spec: Spec, names: Sequence[str], decided: Decided) -> pa.Table:
    """Pairs ``l``, ``r`` that agree in a whole list of the specification; where a record has one counterpart at most, they are done with."""
    found = _nothing().select(["l", "r"])
    other, order = (names[0], f'AND l."{KEY}" < r."{KEY}"') if len(names) == 1 else (names[1], "")
    for several in spec.exact:
        same = " AND ".join(f'l."{name}" = r."{name}"' for name in several)
        sql = f'SELECT l."{KEY}" AS l, r."{KEY}" AS r FROM "{names[0]}" l JOIN "{other}" r ON {same} {order}'
        agreeing: pa.Table = database.sql(sql).to_arrow_table()
        found = pa.concat_tables([found, agreeing.select(["l", "r"])])
    found = decided.without(found.group_by(["l", "r"]).aggregate([]), decided.different)
    if len(names) == 2 and found.num_rows:
        database.register("done", found)
        database.execute(f'DELETE FROM "{RIGHT}" WHERE "{KEY}" IN (SELECT r FROM done)')
        if spec.one_to_one:
            database.execute(f'DELETE FROM "{LEFT}" WHERE "{KEY}" IN (SELECT l FROM done)')
        database.unregister("done")
    return found


def _settled(weighed: pa.Table, prior: float, possible: float) -> pa.Table:
    """Probabilities at the share of true pairs that they themselves add up to."""
    evidence = weighed["w"].to_numpy() - np.log2(prior / (1 - prior))
    share = prior
    p: npt.NDArray[np.float64] = np.zeros(len(evidence))
    for _round in range(ROUNDS):
        odds = np.exp2(np.clip(evidence + np.log2(share / (1 - share)), -500, 500))
        p = odds / (1 + odds)
        share = min(0.5, max(1.0, float(p.sum())) / possible)
    # Sums of several threads differ in their last digits.
    rounded = np.round(p, DIGITS)
    return _as_probable(pa.table({"l": weighed["l"], "r": weighed["r"], "p": rounded}))


def _whole(
    sides: Sequence[Prepared],
    sure: pa.Table,
    scored: pa.Table,
    spec: Spec,
    compared: int,
    rules: tuple[str, ...],
    decided: Decided,
) -> Matched:
    """All pairs from the threshold on with their identifiers, and what may be expected of them."""
    exact = sure.append_column("p", pa.array(np.ones(sure.num_rows))).append_column(
        "how", pa.array(["exact"] * sure.num_rows, pa.string())
    )
    one_to_one = spec.one_to_one and len(sides) == 2
    scored = scored.select(["l", "r", "p", "how"])
    if len(sides) == 1:
        # What follows from what a clerk said is implied, unless a clerk said otherwise.
        scored = decided.without(together.closed(decided.applied(scored)), decided.different)
    every = together.best(decided.applied(pa.concat_tables([exact, scored]), one_to_one=one_to_one))
    if one_to_one:
        every = together.one_to_one(every)
    p = every["p"].to_numpy()
    threshold, precision, recall = expected(p, spec.threshold)
    columns = ["left", "right", "probability", "how"]
    unread = {f"{place}.{name}": count for place, side in enumerate(sides) for name, count in side.unread.items()}
    return Matched(
        pairs=_named(sides, every.filter(pc.greater_equal(every["p"], threshold))).select(columns),
        doubtful=_named(sides, every.take(pa.array(review.doubtful(p, threshold)))),
        threshold=threshold,
        precision=precision,
        recall=recall,
        compared=compared,
        rules=rules,
        unread=unread,
    )


def _named(sides: Sequence[Prepared], pairs: pa.Table) -> pa.Table:
    """The pairs with the identifiers of their records."""
    left, right = pc.subtract(pairs["l"], 1), pc.subtract(pairs["r"], 1)
    return pa.table(
        {
            "left": sides[0].table[ID].take(left),
            "right": sides[-1].table[ID].take(right),
            "probability": pairs["p"],
            "how": pairs["how"],
            "left_row": left,
            "right_row": right,
        }
    )

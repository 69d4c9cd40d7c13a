"""One single column: what agrees is weighed by how often its value is there, for there is nothing else to learn from.

Of pairs between two lists that agree, as many agree by chance as two records of one list do, since a list has nobody twice; the others
are true. A value that n records of a list hold is worth a n-th to each. Values that are nearly the same are not looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from jiefa.linkage import blocking
from jiefa.linkage.errors import NothingToCompare
from jiefa.linkage.prepare import KEY
from jiefa.linkage.spec import Kind, Spec


def scored(database: duckdb.DuckDBPyConnection, spec: Spec, names: Sequence[str]) -> pa.Table:
    """``l``, ``r``, ``p`` of the pairs of one table or two that agree in the only column; the rarest values first where they are many.

    Raises ``NothingToCompare`` for one table and a column that is no number: how often people are called the same by chance cannot
    be told there from how often they are the same.
    """
    (only,) = spec.columns
    if len(names) == 1 and only.kind != Kind.NUMBER:
        raise NothingToCompare(
            why_zh="在一份名单里只比一列，而且不是号码，分不清是同一人还是碰巧相同",
            why_en="within one list one column that is no number does not tell who is the same from who is the same by chance",
        )
    for name in names:
        database.execute(
            f'CREATE OR REPLACE TEMP TABLE "{name}_counts" AS SELECT "{only.name}" AS v, count(*) AS n FROM "{name}" '
            f'WHERE "{only.name}" IS NOT NULL GROUP BY v'
        )
    left, right = names[0], names[-1]
    if len(names) == 1:
        held = f'SELECT v, n * (n - 1) // 2 AS pairs, 1 / (n - 1) AS worth FROM "{left}_counts" WHERE n > 1'
        order = f'AND l."{KEY}" < r."{KEY}"'
    else:
        held = f'SELECT v, l.n * r.n AS pairs, 1 / greatest(l.n, r.n) AS worth FROM "{left}_counts" l JOIN "{right}_counts" r USING (v)'
        order = ""
    database.execute(
        f"CREATE OR REPLACE TEMP TABLE held AS SELECT *, sum(pairs) OVER (ORDER BY pairs, v) <= {blocking.MOST} AS taken FROM ({held})"
    )
    share = _true(database, names) if len(names) == 2 else 1.0
    return database.sql(
        f'SELECT l."{KEY}" AS l, r."{KEY}" AS r, round(h.worth * {share!r}, 9) AS p FROM held h '
        f'JOIN "{left}" l ON l."{only.name}" = h.v JOIN "{right}" r ON r."{only.name}" = h.v {order} WHERE h.taken'
    ).to_arrow_table()


def _true(database: duckdb.DuckDBPyConnection, names: Sequence[str]) -> float:
    """By what the worth of pairs is multiplied, so that it adds up to the pairs that do not agree by chance; 1 at most."""
    agreeing, within, pairs_within, between = 0, 0, 0, 1
    for name in names:
        same, rows = database.execute(f'SELECT sum(n * (n - 1)), sum(n) FROM "{name}_counts"').fetchall()[0]
        within, pairs_within = within + int(same or 0), pairs_within + int(rows or 0) * (int(rows or 0) - 1)
        between *= int(rows or 0)
    found, worth = database.execute("SELECT sum(pairs), sum(worth * pairs) FROM held").fetchall()[0]
    agreeing = int(found or 0)
    by_chance = between * within / pairs_within if pairs_within > 0 else 0.0
    return min(1.0, max(0.0, agreeing - by_chance) / float(worth)) if agreeing else 0.0

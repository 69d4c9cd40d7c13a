"""What pairs say together, and how many pairs a rule leaves, against twins that go through everything."""

from __future__ import annotations

from itertools import combinations, product
from unittest.mock import patch

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from jiefa.linkage import blocking, together
from jiefa.linkage.prepare import SOUND
from jiefa.linkage.spec import Column, Kind, Spec

SCHEMA = pa.schema([("l", pa.int64()), ("r", pa.int64()), ("p", pa.float64()), ("how", pa.string())])
PROBABILITIES = st.sampled_from([0.1, 0.5, 0.89, 0.9, 0.93, 0.97, 1.0])


@st.composite
def within(draw: st.DrawFn) -> dict[tuple[int, int], float]:
    """Pairs of one table, the smaller record first."""
    every = list(combinations(range(1, draw(st.integers(2, 16)) + 1), 2))
    some = draw(st.lists(st.sampled_from(every), unique=True, max_size=24))
    return {pair: draw(PROBABILITIES) for pair in some}


def _table(pairs: dict[tuple[int, int], float]) -> pa.Table:
    rows = [{"l": one, "r": other, "p": p, "how": "probable"} for (one, other), p in pairs.items()]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@given(within())
def test_closed(pairs: dict[tuple[int, int], float]) -> None:
    """Every two records with a third to which both surely belong, unless too many hang together."""
    sure = {frozenset(pair): p for pair, p in pairs.items() if p >= together.SURE}
    people = sorted({one for pair in sure for one in pair})
    reach = {one: {one} for one in people}
    for _step in people:
        for pair in sure:
            for one, other in (tuple(pair), tuple(pair)[::-1]):
                reach[one] |= reach[other]
    expected = {}
    for one, other in combinations(people, 2):
        by = [
            min(sure[frozenset((one, third))], sure[frozenset((third, other))])
            for third in people
            if frozenset((one, third)) in sure and frozenset((third, other)) in sure and third not in (one, other)
        ]
        if by and (one, other) not in pairs and len(reach[one]) <= together.LARGEST:
            expected[one, other] = max(by)

    found = together.closed(_table(pairs))

    assert found.slice(0, len(pairs)).equals(_table(pairs))
    implied = found.slice(len(pairs)).to_pylist()
    assert {(row["l"], row["r"]): row["p"] for row in implied} == expected
    assert {row["how"] for row in implied} <= {"implied"}
    assert len(implied) == len(expected)


@given(st.dictionaries(st.tuples(st.integers(1, 6), st.integers(1, 6)), PROBABILITIES, max_size=20))
def test_one_to_one(pairs: dict[tuple[int, int], float]) -> None:
    """The most probable of what is left, again and again."""
    left = dict(pairs)
    expected = []
    while left:
        best = min(left, key=lambda pair: (-left[pair], pair))
        expected.append((*best, left[best]))
        left = {pair: p for pair, p in left.items() if pair[0] != best[0] and pair[1] != best[1]}

    found = together.one_to_one(together.best(_table(pairs)))

    assert [(row["l"], row["r"], row["p"]) for row in found.to_pylist()] == expected


SPEC = Spec(
    "id",
    "id",
    (
        Column("c1", Kind.NAME, "", ""),
        Column("c2", Kind.DATE, "", ""),
        Column("c3", Kind.PLACE, "", "", units=True),
        Column("c4", Kind.NUMBER, "", ""),
    ),
)
NAMES = ("c1" + SOUND, "c2", "c3", "c3_town", "c3_village", "c4")
VALUES = st.sampled_from([None, "aaaa1991", "aaab1991", "aaaa1992", "bbbb1991"])
EACH, ALL = 1, 3
"""Fewer than in use, so that a dozen rows come to the end of what is taken."""
ROWS = st.lists(st.tuples(*[VALUES] * len(NAMES)), min_size=1, max_size=12)


def _value(row: dict[str, str | None], key: blocking.Key) -> str | None:
    """The twin of a key's SQL."""
    name = key.sql.split('"')[1]
    value = row[name]
    if value is None or key.sql.startswith("{side}"):
        return value
    length = int(key.sql.rstrip(")").rsplit(" ", 1)[1])
    return value[:length] if key.sql.startswith("left") else value[-length:]


@settings(max_examples=40)
@given(ROWS, st.one_of(st.none(), ROWS))
def test_what_rules_leave(one: list[tuple[str | None, ...]], other: list[tuple[str | None, ...]] | None) -> None:
    """Each rule leaves as many pairs as agree; whole columns, then twos that leave some and not too many are taken, rarest first."""
    sides = [[dict(zip(NAMES, row, strict=True)) for row in rows] for rows in (one, other) if rows is not None]
    with duckdb.connect() as database:
        for number, rows in enumerate(sides):
            table = pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in NAMES})
            database.register("incoming", table)
            database.execute(f'CREATE TABLE "t{number}" AS SELECT * FROM incoming')
        with patch.object(blocking, "EACH", EACH), patch.object(blocking, "ALL", ALL):
            found = blocking.chosen(database, SPEC, [f"t{number}" for number in range(len(sides))])
    candidates = list(combinations(sides[0], 2)) if len(sides) == 1 else list(product(*sides))

    def agree(keys: tuple[blocking.Key, ...]) -> int:
        return sum(
            all(_value(left, key) is not None and _value(left, key) == _value(right, key) for key in keys)
            for left, right in candidates
        )

    rows = sum(map(len, sides))
    each, left = EACH * rows, ALL * rows
    every = blocking.keys(SPEC)
    expected: list[tuple[tuple[blocking.Key, ...], int]] = []
    alone: set[blocking.Key] = set()
    for key in sorted((key for key in every if key.whole), key=lambda key: agree((key,))):
        if 0 < agree((key,)) <= min(each, left):
            expected.append(((key,), agree((key,))))
            alone.add(key)
            left -= agree((key,))
    twos = combinations([key for key in every if key not in alone], 2)
    for two in sorted((two for two in twos if two[0].column != two[1].column), key=agree):
        if 0 < agree(two) <= min(each, left):
            expected.append((two, agree(two)))
            left -= agree(two)
    assert [(rule.keys, rule.pairs) for rule in found] == expected

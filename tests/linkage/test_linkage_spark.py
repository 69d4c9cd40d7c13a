"""The same lists weighed on Spark."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
from tests.linkage import lists

from jiefa.linkage.matching import Matched, matched
from jiefa.linkage.prepare import prepared
from jiefa.linkage.spec import Column, Kind, Spec

SPEC = Spec(
    "key",
    "key",
    (
        Column("name", Kind.NAME, "name", "name"),
        Column("born", Kind.DATE, "born", "born"),
        Column("number", Kind.NUMBER, "number", "number"),
        Column("address", Kind.PLACE, "address", "address"),
        Column("phone", Kind.TEXT, "phone", "phone"),
    ),
    lunar=True,
)


def _all_kinds(people: int) -> lists.Lists:
    """Lists with addresses, and beside them numbers and telephones that half of the rows have."""
    drawn = lists.addressed(people, 3)

    def more(table: pa.Table) -> pa.Table:
        places = [int(key[1:]) for key in table["key"].to_pylist()]
        numbers = [f"N{place:05}" if place % 3 else None for place in places]
        phones = [f"139 {place * 7_919 % 10**8:08}" if place % 5 else None for place in places]
        return table.append_column("number", pa.array(numbers)).append_column("phone", pa.array(phones))

    return replace(drawn, left=more(drawn.left), right=more(drawn.right))


def _run(drawn: lists.Lists) -> Matched:
    left = prepared(drawn.left, SPEC, "left", right=False)
    return matched(left, prepared(drawn.right, SPEC, "right", right=True), SPEC)


@pytest.mark.spark
def test_spark_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """All five kinds. Chances are drawn by other random numbers there, so probabilities are near, not equal. Few rows: the time goes
    into small jobs, whatever they hold."""
    drawn = _all_kinds(120)
    here = _run(drawn)
    monkeypatch.setenv("JIEFA_ENGINE", "spark")
    there = _run(drawn)

    pairs = [
        set(zip(one.pairs["left"].to_pylist(), one.pairs["right"].to_pylist(), strict=True)) for one in (here, there)
    ]
    assert len(pairs[0]) > 50
    assert pairs[1] == pairs[0]
    assert there.compared == pytest.approx(here.compared, rel=0.05)
    assert (there.precision, there.recall) == pytest.approx((here.precision, here.recall), abs=0.01)

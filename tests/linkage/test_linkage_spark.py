"""The same lists weighed on Spark."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.linkage import lists

from jiefa.linkage.matching import Matched, matched
from jiefa.linkage.prepare import prepared

SPEC = replace(lists.SPEC, columns=lists.COLUMNS[:2])


def _run(drawn: lists.Lists) -> Matched:
    left = prepared(drawn.left, SPEC, "left", right=False)
    return matched(left, prepared(drawn.right, SPEC, "right", right=True), SPEC)


@pytest.mark.spark
def test_spark_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chances are drawn by other random numbers there, so probabilities are near, not equal. Two columns: every one costs minutes of
    small jobs."""
    drawn = lists.drawn(300, 11)
    here = _run(drawn)
    monkeypatch.setenv("JIEFA_ENGINE", "spark")
    there = _run(drawn)

    pairs = [
        set(zip(one.pairs["left"].to_pylist(), one.pairs["right"].to_pylist(), strict=True)) for one in (here, there)
    ]
    assert pairs[1] == pairs[0]
    assert there.compared == pytest.approx(here.compared, rel=0.05)
    assert (there.precision, there.recall) == pytest.approx((here.precision, here.recall), abs=0.01)

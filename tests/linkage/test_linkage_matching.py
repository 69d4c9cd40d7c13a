"""Pairs found in lists whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from tests.linkage import lists

from jiefa.linkage import together
from jiefa.linkage.errors import NothingToCompare
from jiefa.linkage.matching import Matched, matched
from jiefa.linkage.prepare import prepared
from jiefa.linkage.spec import Column, Kind, Spec


def _run(drawn: lists.Lists, spec: Spec) -> Matched:
    left = prepared(drawn.left, spec, "left", right=False)
    return matched(left, prepared(drawn.right, spec, "right", right=True), spec)


def _pairs(found: Matched) -> set[tuple[str, str]]:
    return set(zip(found.pairs["left"].to_pylist(), found.pairs["right"].to_pylist(), strict=True))


def _quality(found: Matched, truth: frozenset[tuple[str, str]]) -> tuple[float, float]:
    pairs = _pairs(found)
    return len(pairs & truth) / max(1, len(pairs)), len(pairs & truth) / len(truth)


@pytest.fixture(scope="module")
def drawn() -> lists.Lists:
    return lists.drawn(3_000, 5)


@pytest.fixture(scope="module")
def found(drawn: lists.Lists) -> Matched:
    return _run(drawn, lists.SPEC)


@pytest.fixture(scope="module")
def few() -> lists.Lists:
    """A third as many: enough where what is asked is not how well."""
    return lists.drawn(1_000, 5)


@pytest.fixture(scope="module")
def found_few(few: lists.Lists) -> Matched:
    return _run(few, lists.SPEC)


def test_people_are_found_though_written_otherwise(drawn: lists.Lists, found: Matched) -> None:
    precision, recall = _quality(found, drawn.truth)
    assert precision > 0.98
    assert recall > 0.95


def test_what_is_expected_is_near_what_is_true(drawn: lists.Lists, found: Matched) -> None:
    precision, recall = _quality(found, drawn.truth)
    assert found.precision == pytest.approx(precision, abs=0.03)
    assert found.recall == pytest.approx(recall, abs=0.05)
    p = found.pairs["probability"].to_numpy()
    assert (np.diff(p) <= 0).all()
    assert p.min() >= found.threshold


def test_it_is_deterministic(few: lists.Lists, found_few: Matched) -> None:
    assert _run(few, lists.SPEC).pairs.equals(found_few.pairs)


def test_a_threshold_may_be_given(few: lists.Lists, found_few: Matched) -> None:
    strict = _run(few, replace(lists.SPEC, threshold=0.9999))
    assert strict.pairs.num_rows < found_few.pairs.num_rows
    assert strict.pairs["probability"].to_numpy().min() >= 0.9999
    assert strict.recall < found_few.recall


def test_one_counterpart_at_most(few: lists.Lists) -> None:
    found = _run(few, replace(lists.SPEC, one_to_one=True, threshold=0.01))
    for side in ("left", "right"):
        names = found.pairs[side].to_pylist()
        assert len(names) == len(set(names))


def test_exact_agreement_needs_no_question(drawn: lists.Lists) -> None:
    found = _run(drawn, replace(lists.SPEC, exact=(("number", "name"),)))
    how = found.pairs["how"].to_pylist()
    assert how.count("exact") > 100
    assert set(found.pairs["probability"].to_pylist()[: how.count("exact")]) == {1.0}
    precision, recall = _quality(found, drawn.truth)
    assert precision > 0.98
    assert recall > 0.95


def test_one_table_within_itself() -> None:
    """The right list laid under the left one: the same pairs come out of one table."""
    drawn = lists.drawn(1_200, 9)
    right = drawn.right.rename_columns(drawn.left.column_names)
    spec = Spec("户编号", "户编号", tuple(replace(one, right=one.left) for one in lists.COLUMNS))
    both = prepared(pa.concat_tables([drawn.left, right]), spec, "both", right=False)
    found = matched(both, None, spec)
    precision, recall = _quality(found, drawn.truth)
    assert precision > 0.97
    assert recall > 0.93


def test_columns_may_be_called_anything(few: lists.Lists, found_few: Matched) -> None:
    """Names that the engine keeps for itself, takes for the same, or cannot quote."""
    names = ("unique_id", 'a"b', "A", "a")
    columns = tuple(replace(one, name=name) for one, name in zip(lists.COLUMNS, names, strict=True))
    assert _run(few, replace(lists.SPEC, columns=columns)).pairs.equals(found_few.pairs)


def test_nothing_in_common() -> None:
    spec = Spec("id", "id", (Column("n", Kind.NUMBER, "n", "n"), Column("t", Kind.TEXT, "t", "t")))
    left = prepared(pa.table({"id": ["a", "b"], "n": ["1", "2"], "t": ["x", "y"]}), spec, "left", right=False)
    right = prepared(pa.table({"id": ["c", "d"], "n": ["3", "4"], "t": ["v", "w"]}), spec, "right", right=True)
    with pytest.raises(NothingToCompare):
        matched(left, right, spec)


def _table(*pairs: tuple[int, int, float]) -> pa.Table:
    left, right, p = zip(*pairs, strict=True)
    return pa.table({"l": left, "r": right, "p": p, "how": ["probable"] * len(pairs)})


@pytest.mark.parametrize("seed", [2, 36, 55])
def test_a_dozen_rows_teach_too_little_and_are_compared_all_the_same(seed: int) -> None:
    """Lists that drove a learnt probability to zero (seeds that did, 2026-11)."""
    drawn = lists.short(seed)

    found = _run(drawn, lists.SHORT_SPEC)

    assert found.pairs.num_rows
    assert _pairs(found) <= drawn.truth


def test_who_is_the_same_as_the_same_is_the_same() -> None:
    closed = together.closed(_table((1, 2, 0.99), (2, 3, 0.95), (3, 4, 0.5)))
    assert closed.to_pylist()[-1] == {"l": 1, "r": 3, "p": 0.95, "how": "implied"}
    assert closed.num_rows == 4


def test_long_chains_imply_nothing() -> None:
    chain = [(number, number + 1, 0.99) for number in range(1, 20)]
    assert together.closed(_table(*chain)).num_rows == len(chain)


def test_each_pair_once_by_its_best() -> None:
    best = together.best(_table((1, 2, 0.4), (1, 2, 0.9), (1, 3, 0.5)))
    assert [(one["l"], one["r"], one["p"]) for one in best.to_pylist()] == [(1, 2, 0.9), (1, 3, 0.5)]


def test_what_is_expected_of_a_threshold() -> None:
    p = np.array([1.0, 0.8, 0.2])
    assert together.expected(p, 0.5) == pytest.approx((0.5, 0.9, 0.9))
    threshold, precision, recall = together.expected(p, None)
    assert (threshold, precision, recall) == pytest.approx((0.8, 0.9, 0.9))
    assert together.expected(np.array([]), None) == (1.0, 1.0, 0.0)

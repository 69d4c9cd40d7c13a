"""Pairs for a clerk: which, how the page looks, and what becomes of what was decided."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pytest
from tests.linkage import lists

from jiefa.kernel.errors import Language
from jiefa.linkage import review
from jiefa.linkage.decided import Decided
from jiefa.linkage.errors import DecisionColumns, DecisionWrong
from jiefa.linkage.matching import Matched, matched
from jiefa.linkage.prepare import Prepared, prepared

SPEC = replace(lists.SPEC, columns=lists.COLUMNS[:2])
"""Name and birthday alone: enough to doubt."""


@pytest.fixture(scope="module")
def drawn() -> lists.Lists:
    return lists.drawn(400, 7, numbers=0.2)


@pytest.fixture(scope="module")
def sides(drawn: lists.Lists) -> tuple[Prepared, Prepared]:
    return prepared(drawn.left, SPEC, "left", right=False), prepared(drawn.right, SPEC, "right", right=True)


@pytest.fixture(scope="module")
def found(sides: tuple[Prepared, Prepared]) -> Matched:
    return matched(*sides, SPEC)


def test_the_pairs_most_likely_wrong_are_shown() -> None:
    p = np.array([1.0, 0.995, 0.9, 0.6, 0.4, 0.2, 0.004, 0.001])
    # Expected mistakes at 0.5: 0.1, 0.4, 0.4, 0.2 and crumbs below one in a hundred; nine tenths are the last three.
    assert review.doubtful(p, 0.5).tolist() == [3, 4, 5]
    assert review.doubtful(p, 0.95).tolist() == [2, 3, 4]
    assert review.doubtful(np.array([1.0, 0.001]), 0.5).tolist() == []
    assert review.doubtful(np.array([]), 0.5).tolist() == []


def test_no_more_than_can_be_looked_at() -> None:
    assert len(review.doubtful(np.full(5_000, 0.5), 0.6)) == review.MOST


def test_they_lie_on_both_sides_of_the_threshold(found: Matched) -> None:
    p = found.doubtful["probability"].to_numpy()
    assert 0 < len(p) <= review.MOST
    assert p.min() < found.threshold <= p.max()
    wrong = np.where(p >= found.threshold, 1 - p, p)
    assert wrong.min() >= review.LEAST


def _page(path: Path, found: Matched, drawn: lists.Lists, language: Language = "zh") -> Path:
    pairs = found.doubtful
    review.write(path, pairs, SPEC, drawn.left.take(pairs["left_row"]), drawn.right.take(pairs["right_row"]), language)
    return path


def _fill(path: Path, decisions: dict[int, str]) -> None:
    book = openpyxl.load_workbook(path)
    for row, said in decisions.items():
        book.worksheets[0].cell(row, 4).value = said
    book.save(path)


def test_both_records_stand_side_by_side(tmp_path: Path, found: Matched, drawn: lists.Lists) -> None:
    sheet = openpyxl.load_workbook(_page(tmp_path / "page.xlsx", found, drawn)).worksheets[0]
    header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert header[:6] == ["左编号", "右编号", "概率", "判断", "name（左）", "name（右）"]
    assert len(rows) == found.doubtful.num_rows
    left = {row["户编号"]: row for row in drawn.left.to_pylist()}
    right = {row["xh"]: row for row in drawn.right.to_pylist()}
    for row in rows:
        assert row[3] is None
        assert row[4:8] == [left[row[0]]["姓名"], right[row[1]]["xm"], left[row[0]]["出生日期"], right[row[1]]["csrq"]]
    assert sheet.data_validations.dataValidation[0].formula1 == '"同一人,不同"'


@pytest.mark.parametrize(("language", "words"), [("zh", ("同一人", "不同")), ("en", ("same", "Different"))])
def test_what_is_decided_is_read_back(
    tmp_path: Path,
    found: Matched,
    drawn: lists.Lists,
    sides: tuple[Prepared, Prepared],
    language: Language,
    words: tuple[str, str],
) -> None:
    page = _page(tmp_path / "page.xlsx", found, drawn, language)
    assert review.read(page, SPEC, *sides) == Decided()
    _fill(page, {2: words[0], 4: words[1]})
    decided = review.read(page, SPEC, *sides)
    pairs = found.doubtful.to_pylist()
    assert decided.same == {(pairs[0]["left_row"] + 1, pairs[0]["right_row"] + 1)}
    assert decided.different == {(pairs[2]["left_row"] + 1, pairs[2]["right_row"] + 1)}


def test_decided_pairs_are_in_or_out_and_count(
    found: Matched, drawn: lists.Lists, sides: tuple[Prepared, Prepared]
) -> None:
    """A clerk who knows the truth decides all that is shown: more is found, and what is expected stays near what is true."""
    spec = replace(SPEC, threshold=found.threshold)
    ends = {
        (row["left_row"] + 1, row["right_row"] + 1): (row["left"], row["right"]) for row in found.doubtful.to_pylist()
    }
    same = frozenset(pair for pair, names in ends.items() if names in drawn.truth)
    decided = Decided(same, frozenset(ends) - same)
    assert decided.same
    assert decided.different

    after = matched(*sides, spec, decided=decided)

    pairs = {(row["left"], row["right"]): row["how"] for row in after.pairs.to_pylist()}
    assert {ends[pair] for pair in same} == {pair for pair, how in pairs.items() if how == "clerk"}
    assert not {ends[pair] for pair in decided.different} & set(pairs)
    assert not {(row["left"], row["right"]) for row in after.doubtful.to_pylist()} & set(ends.values())
    before = {(row["left"], row["right"]) for row in found.pairs.to_pylist()}
    f1 = [2 * len(these & drawn.truth) / (len(these) + len(drawn.truth)) for these in (before, set(pairs))]
    assert f1[1] > f1[0]
    assert after.precision > found.precision
    assert after.recall > found.recall
    assert after.precision == pytest.approx(len(set(pairs) & drawn.truth) / len(pairs), abs=0.03)


def test_a_record_that_has_its_counterpart_has_no_other() -> None:
    pairs = pa.table(
        {"l": [1, 1, 2, 3], "r": [1, 2, 3, 4], "p": [1.0, 0.9, 0.8, 0.7], "how": ["exact", *["probable"] * 3]}
    )
    decided = Decided(same=frozenset({(1, 2)}), different=frozenset({(3, 4)}))
    assert decided.applied(pairs).select(["l", "r", "p", "how"]).to_pylist() == [
        {"l": 1, "r": 1, "p": 1.0, "how": "exact"},
        {"l": 2, "r": 3, "p": 0.8, "how": "probable"},
        {"l": 1, "r": 2, "p": 1.0, "how": "clerk"},
    ]
    assert decided.applied(pairs, one_to_one=True)["r"].to_pylist() == [3, 2]


def test_an_exact_pair_may_be_decided_to_differ(drawn: lists.Lists, sides: tuple[Prepared, Prepared]) -> None:
    spec = replace(SPEC, exact=(("name", "born"),), threshold=0.5)
    exact = [row for row in matched(*sides, spec).pairs.to_pylist() if row["how"] == "exact"]
    left, right = drawn.left["户编号"].to_pylist(), drawn.right["xh"].to_pylist()
    pair = (left.index(exact[0]["left"]) + 1, right.index(exact[0]["right"]) + 1)
    after = matched(*sides, spec, decided=Decided(different=frozenset({pair})))
    assert (exact[0]["left"], exact[0]["right"]) not in {(row["left"], row["right"]) for row in after.pairs.to_pylist()}
    assert after.pairs["how"].to_pylist().count("exact") == len(exact) - 1


def _table(path: Path, *rows: tuple[str, ...], header: tuple[str, ...] = ("左编号", "右编号", "判断")) -> Path:
    book = openpyxl.Workbook()
    for row in (header, *rows):
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("rows", "row", "field"),
    [
        ([("L1", "R1", "也许")], 2, "decision"),
        ([("L1", "R_", "同一人")], 2, "right"),
        ([("L1", "S1", ""), ("X1", "S2", "不同")], 3, "left"),
        ([("L1", "S1", "不同"), ("L1", "S1", "同一人")], 3, "decision"),
        ([("L1", "S1", "同一人"), ("L1", "S2", "同一人")], 3, "left"),
        ([("L1", "S1", "同一人"), ("L2", "S1", "同一人")], 3, "right"),
    ],
)
def test_wrong_decisions_are_named(
    tmp_path: Path, sides: tuple[Prepared, Prepared], rows: list[tuple[str, ...]], row: int, field: str
) -> None:
    spec = replace(SPEC, one_to_one=True)
    with pytest.raises(DecisionWrong) as refused:
        review.read(_table(tmp_path / "page.xlsx", *rows), spec, *sides)
    assert refused.value.context["row"] == row
    assert refused.value.context["field"] == review.HEADINGS[field]
    assert refused.value.context["file"] == "page.xlsx"


def test_a_file_that_is_no_page(tmp_path: Path, sides: tuple[Prepared, Prepared]) -> None:
    path = _table(tmp_path / "page.xlsx", ("L1", "S1", "x"), header=("左编号", "右编号", "备注"))
    with pytest.raises(DecisionColumns, match="判断"):
        review.read(path, SPEC, *sides)


def test_within_one_list_a_pair_has_no_order(tmp_path: Path, sides: tuple[Prepared, Prepared]) -> None:
    path = _table(tmp_path / "page.xlsx", ("L3", "L1", "同一人"), ("L1", "L4", "不同"))
    found = review.read(path, SPEC, sides[0], None)
    assert (found.same, found.different) == ({(2, 4)}, {(2, 5)})
    with pytest.raises(DecisionWrong):
        review.read(_table(tmp_path / "page.xlsx", ("L3", "L3", "同一人")), SPEC, sides[0], None)


def test_what_follows_from_decisions_is_implied_unless_decided_otherwise() -> None:
    table = pa.table(
        {
            "户编号": ["a", "b", "c"],
            "姓名": ["王伟"] * 3,
            "出生日期": ["1970-01-01"] * 3,
            "证件号": [""] * 3,
            "村": ["1"] * 3,
        }
    )
    spec = replace(SPEC, threshold=0.9)
    side = prepared(table, spec, "one", right=False)
    chain = frozenset({(1, 2), (2, 3)})
    implied = matched(side, None, spec, decided=Decided(chain))
    assert [(row["left"], row["right"], row["how"]) for row in implied.pairs.to_pylist()][:2] == [
        ("a", "b", "clerk"),
        ("b", "c", "clerk"),
    ]
    apart = matched(side, None, spec, decided=Decided(chain, frozenset({(1, 3)})))
    assert [(row["left"], row["right"]) for row in apart.pairs.to_pylist()] == [("a", "b"), ("b", "c")]

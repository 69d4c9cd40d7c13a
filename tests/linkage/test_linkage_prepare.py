"""One spelling for what means the same."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.linkage.lists import SPEC

from jiefa.kernel.errors import JiefaError
from jiefa.linkage import prepare
from jiefa.linkage.errors import ColumnMissing, IdEmpty, IdTwice
from jiefa.linkage.spec import Column, Kind, Spec


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("1990-03-05", "19900305"),
        ("1990/3/5", "19900305"),
        ("1990年3月5日", "19900305"),
        ("1990-03-05 00:00:00", "19900305"),
        ("19900305", "19900305"),
        ("19901399", "19901399"),  # a slip of the pen is compared as it stands
        ("1990", None),
        ("不详", None),
    ],
)
def test_days(said: str, meant: str | None) -> None:
    assert prepare.day_of(said) == meant


def test_names_sound_alike() -> None:
    assert prepare.sound("王小明") == prepare.sound("王晓明") == "wangxiaoming"
    assert prepare.name_of("阿依 · 古丽") == "阿依古丽"
    assert prepare.name_of("O'Brien") == "obrien"
    assert prepare.name_of("——") is None


def test_numbers_of_15_digits_became_18() -> None:
    assert prepare.number_of("110105 491231 002") == "11010519491231002X"  # the example of GB 11643
    assert prepare.number_of("11010519491231002x") == "11010519491231002X"
    assert prepare.number_of("11010519491231002X42") == "11010519491231002X"  # of a disability card
    assert prepare.number_of("abc-1") == "ABC1"


def test_days_of_the_moon() -> None:
    assert prepare.by_the_moon("19760808") == "19760901"
    assert prepare.by_the_moon("19760231") is None


def test_a_side_of_a_comparison() -> None:
    table = pa.table(
        {
            "户编号": [1, 2],
            "姓名": ["王小明 ", None],
            "出生日期": pa.array([dt.date(1990, 3, 5), None]),
            "证件号": ["", "１２３"],
            "村": ["520324103200", "520324103201"],
        }
    )
    found = prepare.prepared(table, SPEC, "a.xlsx", right=False)
    assert found.table.column("said_id").to_pylist() == ["1", "2"]
    assert found.table.column("c1_sound").to_pylist() == ["wangxiaoming", None]
    assert found.table.column("c2").to_pylist() == ["19900305", None]
    assert found.table.column("c3").to_pylist() == [None, "123"]
    assert found.unread == {}


def test_values_that_are_no_day_are_counted() -> None:
    spec = Spec("id", "id", (Column("born", Kind.DATE, "born", "born"),), lunar=True)
    found = prepare.prepared(pa.table({"id": ["a", "b"], "born": ["1976年8月8日", "去年"]}), spec, "a.csv", right=False)
    assert found.unread == {"born": 1}
    assert found.table.column("c1_moon").to_pylist() == ["19760901", None]


@pytest.mark.parametrize(
    ("columns", "error", "named"),
    [
        ({"id": ["a", "a"], "born": ["1", "2"]}, IdTwice, ("value", "a")),
        ({"id": ["a", " "], "born": ["1", "2"]}, IdEmpty, ("rows", 1)),
        ({"id": ["a", "b"], "died": ["1", "2"]}, ColumnMissing, ("column", "born")),
        ({"number": ["a", "b"], "born": ["1", "2"]}, ColumnMissing, ("column", "id")),
    ],
)
def test_tables_that_do_not_fit(
    columns: dict[str, list[str]], error: type[JiefaError], named: tuple[str, object]
) -> None:
    spec = Spec("id", "id", (Column("born", Kind.DATE, "born", "born"),))
    with pytest.raises(error) as refused:
        prepare.prepared(pa.table(columns), spec, "a.csv", right=False)
    assert refused.value.context[named[0]] == named[1]


@given(
    st.lists(st.one_of(st.none(), st.from_regex(r"[0-9]{14,18}[0-9Xx \-]{0,4}", fullmatch=True), st.text(max_size=20)))
)
def test_numbers_of_a_column_are_those_one_by_one(numbers: list[str | None]) -> None:
    spec = Spec("key", "key", (Column("number", Kind.NUMBER, "number", "number"),))
    table = pa.table({"key": [f"k{place}" for place in range(len(numbers))], "number": pa.array(numbers, pa.string())})
    trimmed = prepare.text(table["number"]).to_pylist()

    found = prepare.prepared(table, spec, "x", right=False).table["c1"].to_pylist()

    assert found == [None if one is None else prepare.number_of(one) for one in trimmed]

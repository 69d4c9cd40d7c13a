"""Microdata from every kind of file: the same columns, the same missing values, refusals that name file, column and row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiefa.survey import errors, microdata

ROWS = [("收入", "县"), (100, "威宁"), (2.5, "盘县"), (None, "威宁"), (-3, None)]


def _csv(folder: Path, encoding: str = "utf-8") -> Path:
    path = folder / "data.csv"
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in ROWS]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def _excel(folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["这是说明"])
    sheet = book.create_sheet("数据")
    for row in ROWS:
        sheet.append(row)
    book.save(folder / "data.xlsx")
    return folder / "data.xlsx"


def _parquet(folder: Path) -> Path:
    columns = {name: [row[at] for row in ROWS[1:]] for at, name in enumerate(("收入", "县"))}
    pq.write_table(pa.table(columns), folder / "data.parquet")
    return folder / "data.parquet"


@pytest.mark.parametrize("kind", ["csv", "gb18030", "utf-16", "excel", "parquet"])
def test_every_kind_of_file_gives_the_same_columns(tmp_path: Path, kind: str) -> None:
    made = {"csv": _csv, "excel": _excel, "parquet": _parquet}
    path = made[kind](tmp_path) if kind in made else _csv(tmp_path, kind)

    data = microdata.read(path, ["收入", "县"])

    np.testing.assert_array_equal(data.numbers("收入"), [100, 2.5, np.nan, -3])
    labels = data.labels("县")
    assert labels.names == ("威宁", "盘县")
    assert labels.codes.tolist() == [0, 1, 0, -1]
    assert data.rows.tolist() == ([1, 2, 3, 4] if kind == "parquet" else [2, 3, 4, 5])


@pytest.mark.parametrize("text", ["", " ", "NA", "na", "n/a", "NaN", "null", ".", "#N/A"])
def test_what_says_that_there_is_no_value(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"x,g\n1,a\n{text},{text or ' '}\n2,b\n,c\n", encoding="utf-8")

    data = microdata.read(path, ["x", "g"])

    # The line in which nothing stands at all is no record.
    expected = [1, 2, np.nan] if not text.strip() else [1, np.nan, 2, np.nan]
    np.testing.assert_array_equal(data.numbers("x"), expected)


def test_a_single_column_with_an_empty_line_inside(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x\n1\n\n2\n", encoding="utf-8")

    data = microdata.read(path, ["x"])

    assert (data.numbers("x").tolist(), data.rows.tolist()) == ([1, 2], [2, 4])


@pytest.mark.parametrize("text", ["refused", "1_000", "inf", "12 元", "1,00"])
def test_a_word_among_numbers_is_refused_by_file_column_and_row(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'x\n1\n"{text}"\n', encoding="utf-8")

    with pytest.raises(errors.NotANumber) as refused:
        microdata.read(path, ["x"]).numbers("x")

    assert refused.value.context == {"file": "a.csv", "column": "x", "row": 3, "text": text}


def test_a_column_of_true_and_false_holds_ones_and_noughts(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("r,python,mixed\nTRUE,True,true\nFALSE,False,0\nNA,,1\ntrue,False,\n", encoding="utf-8")

    data = microdata.read(path, ["r", "python", "mixed"])

    np.testing.assert_array_equal(data.numbers("r"), [1, 0, np.nan, 1])
    np.testing.assert_array_equal(data.numbers("python"), [1, 0, np.nan, 0])
    np.testing.assert_array_equal(data.numbers("mixed"), [1, 0, 1, np.nan])


@pytest.mark.parametrize("word", ["TRUE", "T", "yes"])
def test_a_truth_value_among_amounts_is_refused(tmp_path: Path, word: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"income\n100\n{word}\n", encoding="utf-8")

    with pytest.raises(errors.NotANumber) as refused:
        microdata.read(path, ["income"]).numbers("income")

    assert (refused.value.context["row"], refused.value.context["text"]) == (3, word)


def test_thousands_with_commas_are_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('x;y\n"1,234.5";1\n"-12,345,678";2\n', encoding="utf-8")

    assert microdata.read(path, ["x"]).numbers("x").tolist() == [1234.5, -12345678]


def test_columns_that_are_missing_are_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(errors.ColumnsMissing) as refused:
        microdata.read(_csv(tmp_path), ["收入", "income", "weight"])

    assert refused.value.context == {"file": "data.csv", "missing": "income、weight", "known": "收入、县"}


def test_a_column_that_stands_twice_is_refused_when_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,x,y\n1,2,3\n", encoding="utf-8")

    assert microdata.read(path, ["y"]).numbers("y").tolist() == [3]
    with pytest.raises(errors.ColumnTwice):
        microdata.read(path, ["x"])


def test_a_header_without_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,y\n", encoding="utf-8")

    with pytest.raises(errors.NoRows):
        microdata.read(path, ["x"])


def test_numbers_of_any_parquet_type(tmp_path: Path) -> None:
    table = pa.table(
        {
            "flag": pa.array([True, None, False]),
            "whole": pa.array([1, 2, None], pa.uint8()),
            "few": pa.array(["a", None, "b"]).dictionary_encode(),
            "exact": pa.array([1, None, 3]).cast(pa.decimal128(22, 2)),
            "none": pa.nulls(3),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")

    data = microdata.read(tmp_path / "a.parquet", list(table.column_names))

    np.testing.assert_array_equal(data.numbers("flag"), [1, np.nan, 0])
    np.testing.assert_array_equal(data.numbers("whole"), [1, 2, np.nan])
    np.testing.assert_array_equal(data.numbers("exact"), [1, np.nan, 3])
    assert np.isnan(data.numbers("none")).all()
    assert data.labels("few").codes.tolist() == [0, -1, 1]
    assert data.labels("whole").names == ("1", "2")


def test_labels_that_are_numbers_stand_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("g\n10\n9\n1\nb\n", encoding="utf-8")

    assert microdata.read(path, ["g"]).labels("g").names == ("1", "9", "10", "b")


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_numbers_come_back_exactly_from_text(tmp_path_factory: pytest.TempPathFactory, values: list[float]) -> None:
    path = tmp_path_factory.mktemp("exact") / "a.csv"
    path.write_text("x,one\n" + "".join(f"{value!r},1\n" for value in values), encoding="utf-8")

    assert microdata.read(path, ["x"]).numbers("x").tolist() == values

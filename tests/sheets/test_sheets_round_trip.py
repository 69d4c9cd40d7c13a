"""Random typed tables survive xlsx, CSV and Parquet with equal values and digests; fast paths agree with slow ones."""

from __future__ import annotations

import datetime as dt
import tempfile
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st
from sheets_files import HOUSEHOLDS, MEMBERS, SPECS

from jiefa.sheets import Column, ColumnType, content_digest, read, rows_of, stream_csv, stream_xlsx
from jiefa.sheets.cells import Circumstances, typer
from jiefa.sheets.vectors import ColumnTyper

WORDS = st.text("张三李四王五·𠀀AB12", min_size=1, max_size=6).filter(lambda text: not text.startswith("·"))
CODES = st.sampled_from(["illness", "disability", "schooling", "funds"])
DIGITS = st.text("0123456789", min_size=1, max_size=18).filter(lambda text: not text.endswith("000"))


def maybe(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | strategy


HOUSEHOLD_ROWS = st.fixed_dictionaries(
    {
        "household_number": WORDS,
        "year": st.integers(2010, 2030),
        "village_code": maybe(DIGITS),
        "bank_account": maybe(DIGITS),
        "main_cause": CODES,
        "other_causes": maybe(st.lists(CODES, min_size=1, max_size=3, unique=True)),
        "wage_income_fen": maybe(st.integers(-(10**9), 10**12)),
        "house_area_m2": maybe(st.decimals(0, 10**6, places=2)),
        "road_distance_km": maybe(st.decimals(-100, 100, places=2)),
        "electricity": maybe(st.booleans()),
    }
)
MEMBER_ROWS = st.fixed_dictionaries(
    {
        "household_number": WORDS,
        "year": st.integers(2010, 2030),
        "name": WORDS,
        "id_number": maybe(st.from_regex(r"[1-9][0-9]{16}[1-9X]", fullmatch=True)),
        "sex": maybe(st.sampled_from(["male", "female"])),
        "ethnic_group": maybe(st.sampled_from(["01", "06"])),
        "birth_date": maybe(st.dates(dt.date(1905, 1, 1), dt.date(2030, 1, 1))),
    }
)


def table_of(rows: list[dict[str, object]], spec_index: int) -> pa.Table:
    schema = SPECS[spec_index].schema
    return pa.Table.from_pylist([{"row": index, **row} for index, row in enumerate(rows)], schema=schema)


@settings(max_examples=15, deadline=None)
@given(st.lists(HOUSEHOLD_ROWS, min_size=1, max_size=8), st.lists(MEMBER_ROWS, min_size=1, max_size=8))
def test_round_trip(households: list[dict[str, object]], members: list[dict[str, object]]) -> None:
    tables = {"households": table_of(households, 0), "members": table_of(members, 1)}
    expected = content_digest(tables, SPECS)
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("xlsx", "csv", "parquet"):
            home = Path(folder, kind)
            home.mkdir()
            files = []
            for spec in (HOUSEHOLDS, MEMBERS):
                file = home / f"{spec.id}.{kind}"
                files.append(file)
                if kind == "xlsx":
                    stream_xlsx(rows_of(tables[spec.id], spec), spec.columns, file, sheet_name=spec.zh)
                elif kind == "csv":
                    file.write_bytes(b"".join(stream_csv(rows_of(tables[spec.id], spec), spec.columns)))
                else:
                    pq.write_table(tables[spec.id].drop_columns(["row"]), file)

            result = read(files, SPECS)

            assert [remark for remark in result.remarks if remark.severity == "error"] == []
            for sheet, table in tables.items():
                assert result.tables[sheet].drop_columns(["row"]).to_pylist() == table.drop_columns(["row"]).to_pylist()
            assert result.digest == expected, kind


SCRAPS = st.text("0123456789.,-/年月日元亩㎡ 　XxＡ１·.张三是否男女因病残、E+'=%()（）", max_size=10)


@settings(max_examples=150, deadline=None)
@given(st.lists(maybe(SCRAPS), min_size=1, max_size=6))
def test_vectors_decide_as_cells_do(texts: list[str | None]) -> None:
    for column in {column.id: column for spec in SPECS for column in spec.columns}.values():
        circumstances = Circumstances(plain_text=True)
        one_by_one = [typer(column, circumstances)(text) for text in texts]

        array, found = ColumnTyper(column, circumstances).convert(pa.array(texts, pa.string()))
        values, found_in_list = ColumnTyper(column, circumstances).convert(texts)

        assert array.to_pylist() == [value for value, _ in one_by_one]
        assert values.equals(array)
        said = sorted((index, note.code) for note, indices, _ in found for index in indices)
        assert said == sorted((index, note.code) for index, (_, notes) in enumerate(one_by_one) for note in notes)
        assert said == sorted((index, note.code) for note, indices, _ in found_in_list for index in indices)


def test_typed_arrays_decide_as_cells_do() -> None:
    arrays = [
        pa.array([1, 2015, None, 2**40]),
        pa.array([1.0, 2015.5, None, float("nan"), 5.2e17]),
        pa.array([Decimal("1.25"), None, Decimal("-3.00")], pa.decimal128(12, 2)),
        pa.array([Decimal("1.2500"), None], pa.decimal128(12, 4)),
        pa.array([True, False, None]),
        pa.array([dt.date(2015, 3, 1), None]),
        pa.array([dt.datetime(2015, 3, 1, 4, tzinfo=dt.UTC), None], pa.timestamp("us", "UTC")),
        pa.array(["因病", None, "x"]).dictionary_encode(),
        pa.array(["张 三", "2015"], pa.large_string()),
        pa.array([b"\xff", None]),
        pa.array([["illness"], ["x"], [], None]),
    ]
    for column in (column for spec in SPECS for column in spec.columns):
        for array in arrays:
            typed, found = ColumnTyper(column, Circumstances(plain_text=True)).convert(array)

            assert typed.type == column.arrow_type
            assert len(typed) == len(array)
            spoiled = {index for note, indices, _ in found for index in indices}
            lost = [i for i in range(len(array)) if array[i].is_valid and not typed[i].is_valid]
            blank = {i for i in range(len(array)) if array[i].as_py() in ([], "") or str(array[i].as_py()) == "nan"}
            assert set(lost) <= spoiled | blank, (column.id, array)


def test_money_in_yuan_and_in_fen_are_told_apart_by_the_column_name(tmp_path: Path) -> None:
    base = {"household_number": ["H"], "year": [2015], "main_cause": ["illness"]}
    pq.write_table(pa.table({**base, "wage_income": [12]}), tmp_path / "yuan.parquet")
    pq.write_table(pa.table({**base, "wage_income_fen": [1200]}), tmp_path / "fen.parquet")
    (tmp_path / "fen.csv").write_text(
        "household_number,year,main_cause,wage_income_fen\nH,2015,illness,1200\n", "utf-8"
    )

    digests = {read(tmp_path / name, SPECS).digest for name in ("yuan.parquet", "fen.parquet", "fen.csv")}

    assert len(digests) == 1


def test_code_columns_need_choices() -> None:
    assert Column("a", "甲", "A", ColumnType.MONEY).stored_name == "a_fen"
    assert Column("a", "甲", "A", ColumnType.MONEY, fen_name=False).stored_name == "a"

"""Whole files: untidy ones are read and accounted for, hopeless ones refused with a remedy."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from sheets_files import (
    HOUSEHOLD_TITLES,
    HOUSEHOLDS,
    MEMBER_TITLES,
    SPECS,
    household,
    member,
    write_ods,
    write_xls,
    write_xlsx,
)

from jiefa.sheets import Limits, ReadResult, read


def codes(result: ReadResult) -> list[str]:
    return [remark.code for remark in result.remarks]


def plain_file(path: Path) -> Path:
    return write_xlsx(path, {"农户": [HOUSEHOLD_TITLES, household()], "家庭成员": [MEMBER_TITLES, member()]})


def test_tidy_workbook_has_no_remarks(tmp_path: Path) -> None:
    result = read(plain_file(tmp_path / "a.xlsx"), SPECS)

    assert result.remarks == ()
    assert result.tables["households"].schema == HOUSEHOLDS.schema
    assert result.tables["households"].to_pylist()[0]["row"] == 2
    assert result.rows_read == {"households": 1, "members": 1}


def test_title_totals_notes_and_blank_rows_are_set_aside_and_accounted_for(tmp_path: Path) -> None:
    rows = [
        ["石朝乡2015年建档立卡花名册"],
        ["填报单位：石朝乡"],
        HOUSEHOLD_TITLES,
        household(),
        [],
        household(household_number="H2"),
        HOUSEHOLD_TITLES,
        household(household_number="H3"),
        ["合 计", None, None, None, None, None, 300],
        ["大塘村小计", None, None, None, None, None, 300],
        ["填表人：李四", None, "审核人：王五"],
        ["注：本表一式三份"],
    ]

    result = read(write_xlsx(tmp_path / "a.xlsx", {"农户": rows}), SPECS)

    assert result.tables["households"]["row"].to_pylist() == [4, 6, 8]
    assert {entry.reason: list(entry.rows) for entry in result.skipped} == {
        "blank": [5],
        "repeated_header": [7],
        "total": [9, 10],
        "note": [11, 12],
    }
    assert result.rows_read["households"] == 3 + result.skipped_rows("households")
    assert codes(result) == ["missing_sheet"]


def test_header_in_any_order_with_synonyms_units_line_breaks_and_own_columns(tmp_path: Path) -> None:
    titles = ["序号", "主要\n致贫原因（单选）", "＊户 号", "年度*", "工资性收入\n（元/年）", "帮扶干部", "住房面积(㎡)"]

    result = read(
        write_xlsx(tmp_path / "a.xlsx", {"Sheet1": [titles, [1, "因病", "H1", 2015, 12.5, "赵六", 80]]}), SPECS
    )

    row = result.tables["households"].to_pylist()[0]
    assert (row["household_number"], row["wage_income_fen"], str(row["house_area_m2"])) == ("H1", 1250, "80.00")
    assert result.layouts["households"].sheet == "Sheet1"
    assert next(remark.zh for remark in result.remarks if remark.code == "unknown_columns").count("帮扶干部") == 1


def test_header_of_two_rows(tmp_path: Path) -> None:
    upper = ["户编号", "年度", "主要致贫原因", "收入", None, "住房"]
    lower = [None, None, None, "工资性收入", "其他收入", "住房面积"]

    result = read(
        write_xlsx(tmp_path / "a.xlsx", {"农户": [["标题"], upper, lower, ["H1", 2015, "因病", 5, 1, 80]]}), SPECS
    )

    assert result.layouts["households"].header_rows == (2, 3)
    assert result.tables["households"].to_pylist()[0]["wage_income_fen"] == 500
    assert result.tables["households"]["row"].to_pylist() == [4]


def test_repairs_are_told_once_per_column_with_all_rows(tmp_path: Path) -> None:
    rows = [MEMBER_TITLES, *(member(name="张 三", birth_date="2015.3.1") for _ in range(30))]

    result = read(write_xlsx(tmp_path / "a.xlsx", {"家庭成员": rows}), SPECS)

    blanks = next(remark for remark in result.remarks if remark.code == "blanks")
    assert (blanks.count, blanks.column, blanks.severity) == (30, "name", "fixed")
    assert "等 30 行" in blanks.zh


def test_errors_are_told_cell_by_cell_up_to_a_limit_and_then_together(tmp_path: Path) -> None:
    rows = [MEMBER_TITLES, *(member(sex="某") for _ in range(30))]

    result = read(write_xlsx(tmp_path / "a.xlsx", {"家庭成员": rows}), SPECS, limits=Limits(single_remarks=10))

    wrong = [remark for remark in result.remarks if remark.code == "unknown_code"]
    assert [remark.count for remark in wrong] == [1] * 10 + [20]
    assert result.wrong_rows["members"].tolist() == list(range(2, 32))


def test_required_cell_left_empty_is_an_error_on_the_cell(tmp_path: Path) -> None:
    result = read(write_xlsx(tmp_path / "a.xlsx", {"农户": [HOUSEHOLD_TITLES, household(main_cause=None)]}), SPECS)

    assert [(r.row, r.column, r.code) for r in result.remarks if r.severity == "error"] == [
        (2, "main_cause", "required")
    ]


def test_secret_originals_are_masked_in_remarks(tmp_path: Path) -> None:
    rows = [MEMBER_TITLES, member(id_number="520326198001011000")]

    result = read(write_xlsx(tmp_path / "a.xlsx", {"家庭成员": rows}), SPECS)

    said = "".join(remark.zh + remark.en + remark.original for remark in result.remarks)
    assert "520326198001011000" not in said
    assert result.tables["members"]["id_number"].to_pylist() == ["520326198001011000"]


def test_formula_error_merged_and_hidden_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("家庭成员")
        sheet.write_row(0, 0, MEMBER_TITLES)
        for row in range(1, 6):
            sheet.write_row(row, 0, ["H1", 2015, "张三"])
        sheet.write_formula(1, 3, '="52032619800101"&"1234"', None, "520326198001011234")
        sheet.write_formula(2, 1, "=2000+15", None, 2015)
        sheet.write_formula(3, 1, "=2000+15", None, "")
        sheet.write_formula(4, 4, "=NA()", None, "#N/A")
        sheet.merge_range("C5:C6", "李四")
        sheet.set_row(3, None, None, {"hidden": True})

    result = read(path, SPECS)

    told = {(remark.row, remark.column, remark.code) for remark in result.remarks}
    assert {
        (2, "id_number", "formula"),
        (3, "year", "formula_value"),
        (4, "year", "formula"),
        (5, "sex", "excel_error"),
        (5, "name", "merged"),
        (6, "name", "merged"),
        (4, None, "hidden_rows"),
    } <= told
    assert "C5:C6" in next(remark.zh for remark in result.remarks if remark.code == "merged")
    assert result.tables["members"]["id_number"].to_pylist() == [None] * 5
    assert result.tables["members"]["year"].to_pylist() == [2015, 2015, None, 2015, 2015]
    assert result.tables["members"].num_rows == 5
    assert (4, "year", "required") not in told


def test_error_value_without_formula(tmp_path: Path) -> None:
    path = plain_file(tmp_path / "a.xlsx")
    patch_sheet(path, lambda text: re.sub(r'<c r="C2"[^>]*>.*?</c>', '<c r="C2" t="e"><v>#REF!</v></c>', text), 2)

    result = read(path, SPECS)

    assert [(r.column, r.code) for r in result.remarks] == [("name", "excel_error")]


def patch_sheet(path: Path, change: Callable[[str], str], number: int = 1) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = f"xl/worksheets/sheet{number}.xml"
    members[name] = change(members[name].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member_name, content in members.items():
            archive.writestr(member_name, content)


def test_table_not_starting_at_a1_and_real_dates(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for index, row in enumerate([MEMBER_TITLES, member(birth_date=dt.date(1980, 1, 2))], start=3):
        for position, value in enumerate(row, start=3):
            sheet.cell(index, position, value)
    book.save(tmp_path / "a.xlsx")

    result = read(tmp_path / "a.xlsx", SPECS)

    assert result.tables["members"].to_pylist()[0]["birth_date"] == dt.date(1980, 1, 2)
    assert result.tables["members"]["row"].to_pylist() == [4]
    assert codes(result) == ["missing_sheet"]


def test_many_blank_rows_between_and_after(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("家庭成员")
        sheet.write_row(0, 0, MEMBER_TITLES)
        for row in (1, 45_000):
            sheet.write_row(row, 0, ["H1", 2015, "张三"])
        sheet.write_string(70_000, 0, "  ")

    result = read(path, SPECS)

    assert result.tables["members"]["row"].to_pylist() == [2, 45_001]
    assert result.rows_read["members"] == 45_000 == 2 + result.skipped_rows("members")


def test_ods_with_hidden_row(tmp_path: Path) -> None:
    rows = [HOUSEHOLD_TITLES, household(), household(household_number="H2", wage_income=1.5)]

    result = read(write_ods(tmp_path / "a.ods", {"农户": rows}, row_attributes='table:visibility="collapse"'), SPECS)

    assert result.tables["households"]["wage_income_fen"].to_pylist() == [None, 150]
    assert codes(result) == ["hidden_rows", "missing_sheet"]


def test_xls(tmp_path: Path) -> None:
    rows = [["花名册"], HOUSEHOLD_TITLES, household(), household(household_number="H2", wage_income=1.5)]

    result = read(write_xls(tmp_path / "a.xls", {"农户": rows, "家庭成员": [MEMBER_TITLES, member()]}), SPECS)

    assert result.tables["households"]["wage_income_fen"].to_pylist() == [None, 150]
    assert result.tables["households"]["row"].to_pylist() == [3, 4]
    assert result.remarks == ()


def test_extension_that_lies_is_read_by_content(tmp_path: Path) -> None:
    path = plain_file(tmp_path / "a.xlsx").rename(tmp_path / "a.xls")

    result = read(path, SPECS)

    assert set(codes(result)) == {"extension"}
    assert result.tables["members"].num_rows == 1


CSV_LINES = [
    ",".join(MEMBER_TITLES),
    "H1,2015,张三,52032619800101123X,男,汉族,1980-01-01",
    "H1,2015,李四,,女,06,1985.2.3",
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_any_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = "\r\n".join(CSV_LINES).replace(",", delimiter)
    (tmp_path / "m.csv").write_bytes(text.encode(encoding))

    result = read(tmp_path / "m.csv", SPECS)

    rows = result.tables["members"].to_pylist()
    assert [(row["name"], row["birth_date"]) for row in rows] == [
        ("张三", dt.date(1980, 1, 1)),
        ("李四", dt.date(1985, 2, 3)),
    ]
    assert rows[1]["row"] == 3
    recoded = ["encoding"] if encoding in ("gb18030", "gbk", "utf-16") else []
    assert codes(result) == ["date_style", *recoded, "missing_sheet"]


def test_csv_uneven_with_quotes_title_and_total(tmp_path: Path) -> None:
    lines = ["花名册", "", *CSV_LINES[:2], '"H2",2015,"王\n五"', "合计,,2人", "审核人：某"]
    (tmp_path / "m.csv").write_text("\n".join(lines) + "\n\n\n", encoding="utf-8")

    result = read(tmp_path / "m.csv", SPECS)

    assert result.tables["members"]["name"].to_pylist() == ["张三", "王五"]
    assert {entry.reason: list(entry.rows) for entry in result.skipped} == {"total": [6], "note": [7]}


def test_csv_number_in_scientific_notation_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(f"{CSV_LINES[0]}\nH1,2015,张三,5.20326E+17,男,,\n", encoding="utf-8")

    result = read(tmp_path / "m.csv", SPECS)

    assert [remark.code for remark in result.remarks if remark.severity == "error"] == ["lost_digits"]


def typed_tables() -> dict[str, pa.Table]:
    households = pa.table(
        {
            "household_number": ["H1", "H2"],
            "year": pa.array([2015, 2015], pa.int16()),
            "main_cause": pa.array(["illness", "因学"]).dictionary_encode(),
            "other_causes": [["disability"], []],
            "wage_income_fen": pa.array([12345, None], pa.int64()),
            "house_area_m2": pa.array([80.5, None]),
            "electricity": [True, None],
        }
    )
    members = pa.table(
        {
            "household_number": ["H1"],
            "year": [2015],
            "name": ["张 三"],
            "birth_date": pa.array([dt.datetime(1980, 1, 1)], pa.timestamp("ns")),  # noqa: DTZ001
        }
    )
    return {"households": households, "members": members}


def test_parquet_pair_as_folder_and_as_list(tmp_path: Path) -> None:
    for name, table in typed_tables().items():
        pq.write_table(table, tmp_path / f"{name}.parquet")

    result = read(tmp_path, SPECS)

    assert result.digest == read(sorted(tmp_path.glob("*.parquet")), SPECS).digest
    assert result.tables["households"].to_pylist()[0] | {"row": 1} == {
        "row": 1,
        "household_number": "H1",
        "year": 2015,
        "village_code": None,
        "bank_account": None,
        "main_cause": "illness",
        "other_causes": ["disability"],
        "wage_income_fen": 12345,
        "house_area_m2": pytest.approx(80.5),
        "road_distance_km": None,
        "electricity": True,
    }
    assert result.tables["households"]["main_cause"].to_pylist() == ["illness", "schooling"]
    assert result.tables["members"].to_pylist()[0]["name"] == "张三"
    assert codes(result) == ["blanks"]


def test_single_flat_file_is_recognised_by_its_columns(tmp_path: Path) -> None:
    pq.write_table(typed_tables()["members"], tmp_path / "x.parquet")

    assert list(read(tmp_path / "x.parquet", SPECS).tables) == ["members"]


def test_digest_is_of_the_content_not_of_the_file(tmp_path: Path) -> None:
    rows = [MEMBER_TITLES, member(sex="男", birth_date="1980-01-01")]
    first = read(write_xlsx(tmp_path / "a.xlsx", {"家庭成员": rows}), SPECS)
    (tmp_path / "b.csv").write_text(
        "title\n\n户号,姓名,年度,出生日期,性别\nH1, 张三,2015,1980/1/1,male\n", encoding="gbk"
    )
    (tmp_path / "c.csv").write_text("户号,姓名,年度,出生日期,性别\nH1,张三,2015,1980/1/2,male\n", encoding="utf-8")

    assert read(tmp_path / "b.csv", SPECS).digest == first.digest
    assert read(tmp_path / "c.csv", SPECS).digest != first.digest


def test_digest_tells_two_wrong_cells_apart(tmp_path: Path) -> None:
    digests = {
        read(write_xlsx(tmp_path / f"{word}.xlsx", {"家庭成员": [MEMBER_TITLES, member(sex=word)]}), SPECS).digest
        for word in ("某", "甲", None)
    }

    assert len(digests) == 3

"""Templates, reports and exports: what we write can be read, mended and read again."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from sheets_files import HOUSEHOLDS, MEMBER_TITLES, MEMBERS, SPECS, member, write_xls, write_xlsx

from jiefa.sheets import (
    Column,
    ColumnType,
    Mark,
    SheetSpec,
    find_layouts,
    marks_of,
    read,
    rows_of,
    stream_csv,
    stream_xlsx,
    write_report,
    write_template,
)
from jiefa.sheets.errors import ExcerptOfReport
from jiefa.sheets.export import CellTooLong

FILLED = {
    "households": [
        {
            "household_number": "52032600012345",
            "year": 2015,
            "village_code": "520326100001",
            "bank_account": "0222021234567890123",
            "main_cause": "illness",
            "other_causes": ["disability", "schooling"],
            "wage_income_fen": 1234567,
            "house_area_m2": Decimal("80.50"),
            "electricity": True,
        }
    ],
    "members": [
        {
            "household_number": "52032600012345",
            "year": 2015,
            "name": "买买提·阿不都",
            "id_number": "52032619800101123X",
            "sex": "male",
            "ethnic_group": "06",
            "birth_date": dt.date(1980, 1, 1),
        }
    ],
}


def test_template_filled_in_reads_back_without_a_remark(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"

    write_template(
        path, SPECS, title="花名册", notes=["一户一行"], rows=FILLED, extra_sheets={"代码": [["01", "汉族"]]}
    )

    result = read(path, SPECS)
    assert result.remarks == ()
    for sheet, rows in FILLED.items():
        assert result.tables[sheet].drop_columns(["row"]).to_pylist() == [
            {name: rows[0].get(name) for name in result.tables[sheet].column_names if name != "row"}
        ]


def test_template_has_text_columns_drop_downs_notes_and_guide(tmp_path: Path) -> None:
    labels = tuple(f"很长的选项名称之{number}" for number in range(60))
    long = Column(
        "long", "长单", "Long", ColumnType.CODE, choices={label: label for label in labels}, choice_labels=labels
    )
    specs = (*SPECS, SheetSpec("more", "更多", "More", (long,)))

    write_template(tmp_path / "t.xlsx", specs, title="花名册", notes=["一户一行"])

    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    sheet = book["家庭成员"]
    assert sheet["D1"].value == "证件号码"
    assert sheet.column_dimensions["D"].number_format == "@"
    assert sheet.freeze_panes == "B2"
    assert "全年合计" in book["农户"]["G1"].comment.text
    assert book["农户"]["A1"].value == "户编号*"
    rules = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules["E2"] == '"男,女"'
    assert book["更多"].data_validations.dataValidation[0].formula1 == "choices_1"
    assert book["选项"].sheet_state == "hidden"
    guide = " ".join(str(cell.value) for row in book["填表说明"] for cell in row)
    assert "因病、因残、因学、缺资金" in guide


def test_empty_template_is_read_as_no_rows(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", SPECS, title="花名册")

    result = read(tmp_path / "t.xlsx", SPECS)

    assert (result.tables["households"].num_rows, result.remarks) == (0, ())


def faulty_workbook(path: Path) -> Path:
    rows = [
        ["石朝乡花名册"],
        MEMBER_TITLES,
        member(name="张 三"),
        member(name="李四", sex="某", birth_date="2015-02-30"),
        member(name="王五"),
        ["合计", "3人"],
    ]
    write_xlsx(path, {"家庭成员": rows, "说明": [["随便写的"]]})
    book = openpyxl.load_workbook(path)
    book["家庭成员"]["C5"].font = openpyxl.styles.Font(bold=True)
    book.save(path)
    return path


def columns_of_report(sheet: openpyxl.worksheet.worksheet.Worksheet, header: int) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[header] if cell.value}


def test_report_marks_cells_and_is_loadable_after_mending(tmp_path: Path) -> None:
    source, out = faulty_workbook(tmp_path / "a.xlsx"), tmp_path / "r.xlsx"
    extra = Mark("members", 5, "name", "warn", "ME01", "户中没有户主。")

    write_report(source, SPECS, [*marks_of(read(source, SPECS)), extra], out)

    book = openpyxl.load_workbook(out)
    sheet = book["家庭成员"]
    place = columns_of_report(sheet, 2)
    words = [sheet.cell(row, place["检查结果"]).value for row in range(3, 7)]
    assert words == ["已修正", "暂缓", "警告", "通过"]
    problems = sheet.cell(4, place["问题"]).value
    assert problems.startswith("1. “性别”没有“某”这个选项")
    assert "2. “出生日期”填的是“2015-02-30”，没有这一天" in problems
    assert sheet.cell(5, place["问题"]).value == "1. 【姓名】户中没有户主。"
    assert sheet["E4"].fill.fgColor.rgb.endswith("FFC7CE")
    assert sheet["C5"].font.bold
    assert book.sheetnames[0] == "检查汇总"

    sheet["E4"], sheet["G4"] = "女", "2015-02-28"
    book.save(out)
    again = read(out, SPECS)
    assert not again.has_errors
    assert again.tables["members"]["row"].to_pylist() == [3, 4, 5]

    write_report(out, SPECS, marks_of(again), tmp_path / "r2.xlsx")
    second = openpyxl.load_workbook(tmp_path / "r2.xlsx")
    assert columns_of_report(second["家庭成员"], 2) == place
    assert second["家庭成员"].cell(4, place["检查结果"]).value == "已修正"
    assert second["家庭成员"]["E4"].fill.fill_type is None
    assert second.sheetnames.count("检查汇总") == 1


def test_report_of_csv_and_xls_is_a_workbook_with_the_same_rows(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("花名册\n户编号,年度,姓名,性别\nH1,2015,=张三,某\n合计,1\n", encoding="gbk")
    xls = write_xls(tmp_path / "m.xls", {"成员": [["花名册"], MEMBER_TITLES, member(sex="某"), ["合计"]]})
    for source in (tmp_path / "m.csv", xls):
        out = tmp_path / f"{source.suffix[1:]}.xlsx"
        first = read(source, SPECS)

        write_report(source, SPECS, marks_of(first), out)

        again = read(out, SPECS)
        assert again.digest == first.digest
        assert again.tables["members"]["row"].to_pylist() == [3]
        sheet = openpyxl.load_workbook(out)["家庭成员"]
        place = columns_of_report(sheet, 2)
        assert sheet.cell(3, place["检查结果"]).value == "暂缓"
        assert sheet["C3"].data_type == "s"


def test_report_of_parquet_names_the_original_row(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", SPECS, title="t", rows=FILLED)
    table = read(tmp_path / "t.xlsx", SPECS).tables["members"].drop_columns(["row"])
    pq.write_table(table, tmp_path / "members.parquet")
    mark = Mark("members", 1, "name", "error", "ME02", "姓名不对。")

    write_report(tmp_path / "members.parquet", SPECS, [mark], tmp_path / "r.xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["家庭成员"]
    place = columns_of_report(sheet, 1)
    assert sheet.cell(2, place["原行号"]).value == 1
    assert read(tmp_path / "r.xlsx", SPECS).tables["members"]["id_number"].to_pylist() == ["52032619800101123X"]


def test_report_of_many_rows_holds_the_faulty_ones_says_so_and_is_no_roster(tmp_path: Path) -> None:
    source = write_xlsx(
        tmp_path / "a.xlsx", {"家庭成员": [MEMBER_TITLES, *(member() for _ in range(50)), member(sex="某")]}
    )

    write_report(source, SPECS, marks_of(read(source, SPECS)), tmp_path / "r.xlsx", full_rows=40)

    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert book["家庭成员"].max_row == 2
    assert "只列出有问题的行" in " ".join(str(cell.value) for row in book.worksheets[0] for cell in row)
    with pytest.raises(ExcerptOfReport):
        read(tmp_path / "r.xlsx", SPECS)


def test_layouts_without_typing(tmp_path: Path) -> None:
    layout = find_layouts(faulty_workbook(tmp_path / "a.xlsx"), SPECS)[0]

    assert (layout.header_rows, layout.first_row, layout.position_of["name"]) == ((2,), 3, 2)


def test_export_keeps_types_and_text(tmp_path: Path) -> None:
    rows = [("H1", 2015, "=cmd|' /C calc'!A0", "520326198001011234", "male", "01", dt.date(1980, 1, 1))]

    count = stream_xlsx(iter(rows), MEMBERS.columns, tmp_path / "e.xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "e.xlsx").worksheets[0]
    cells = {cell.column: cell for cell in sheet[2]}
    assert count == 1
    assert (cells[3].value, cells[3].data_type) == ("=cmd|' /C calc'!A0", "s")
    assert (cells[4].value, cells[4].data_type) == ("520326198001011234", "s")
    assert cells[5].value == "男"
    assert (cells[7].value.date(), cells[7].number_format) == (dt.date(1980, 1, 1), "yyyy-mm-dd")


def test_export_goes_on_to_further_sheets_and_cuts_nothing(tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[object, ...]]:
        for number in range(25):
            yield (f"H{number}", 2015, "张三", None, None, None, None)

    target = io.BytesIO()
    count = stream_xlsx(rows(), MEMBERS.columns, target, sheet_name="名单[1]", sheet_rows=11)

    book = openpyxl.load_workbook(target)
    assert count == 25
    assert [sheet.max_row - 1 for sheet in book.worksheets] == [10, 10, 5]
    assert book.worksheets[2].cell(6, 1).value == "H24"
    with pytest.raises(CellTooLong):
        stream_xlsx([("x" * 40_000, *[None] * 6)], MEMBERS.columns, io.BytesIO())


def test_csv_export_disarms_formulas_and_reads_back(tmp_path: Path) -> None:
    rows = [("H1", 2015, "=1+1", None, "male", None, dt.date(1980, 1, 1)), ("H2", 2015, "@x", None, None, None, None)]

    content = b"".join(stream_csv(rows, MEMBERS.columns))

    text = content.decode("utf-8-sig")
    assert content.startswith(b"\xef\xbb\xbf")
    assert [line[2] for line in csv.reader(io.StringIO(text))][1:] == ["'=1+1", "'@x"]
    (tmp_path / "e.csv").write_bytes(content)
    assert read(tmp_path / "e.csv", SPECS).tables["members"]["name"].to_pylist() == ["=1+1", "@x"]


def test_csv_export_writes_negative_money_as_a_number() -> None:
    row: list[object] = [None] * len(HOUSEHOLDS.columns)
    row[6] = -12345

    assert b",-123.45," in b"".join(stream_csv([row], HOUSEHOLDS.columns))


def test_rows_of_table_follow_the_columns(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", SPECS, title="t", rows=FILLED)

    table = read(tmp_path / "t.xlsx", SPECS).tables["members"]

    assert next(rows_of(table, MEMBERS))[2] == "买买提·阿不都"

"""One cell at a time: what is put right, what is doubtful, what is wrong, and that no digit is ever guessed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sheets_files import HOUSEHOLDS, MEMBERS

from jiefa.sheets.cells import Circumstances, typer
from jiefa.sheets.columns import Column
from jiefa.sheets.wording import WORDINGS

COLUMNS: dict[str, Column] = {column.id: column for spec in (HOUSEHOLDS, MEMBERS) for column in spec.columns}


def outcome(column_id: str, value: object, **circumstances: bool) -> tuple[object, list[str]]:
    typed, notes = typer(COLUMNS[column_id], Circumstances(**circumstances))(value)
    return typed, [note.code for note in notes]


@pytest.mark.parametrize(
    ("column", "value", "typed", "codes"),
    [
        # words
        ("name", "张三", "张三", []),
        ("name", " 张　三\u00a0", "张三", ["blanks"]),
        ("name", "张\u200b三", "张三", ["invisible"]),
        ("name", "买买提•阿不都", "买买提·阿不都", ["dot"]),
        ("name", "买买提.阿不都", "买买提·阿不都", ["dot"]),
        ("name", "买买提．阿不都", "买买提·阿不都", ["dot"]),
        ("name", "买买提・阿不都", "买买提·阿不都", ["dot"]),
        ("name", "买买提 · 阿不都", "买买提·阿不都", ["blanks"]),
        ("name", "Ａ组１号", "A组1号", ["full_width"]),
        ("name", "𠀀𪚥", "𠀀𪚥", []),
        ("name", "（张三）", "（张三）", []),
        ("name", True, "是", ["number_as_text"]),
        ("name", dt.date(2015, 3, 1), None, ["date_in_text"]),
        ("household_number", 12.0, "12", ["number_as_text"]),
        ("household_number", 1e15, None, ["lost_digits"]),
        ("household_number", "5203 2610 01", "5203261001", ["blanks"]),
        ("village_code", 520326100001.0, "520326100001", ["number_as_text"]),
        # certificates: only letters change, digits never
        ("id_number", "52032619800101123x", "52032619800101123X", ["upper"]),
        ("id_number", "５２０３２６ 19800101 1234", "520326198001011234", ["full_width", "blanks"]),
        ("id_number", "'520326198001011234", "520326198001011234", ["apostrophe"]),
        ("id_number", "52032619800101123Х", "52032619800101123X", ["letter_x"]),
        ("id_number", 5.20326198001011e17, None, ["lost_digits"]),
        ("id_number", 520326198001011234, None, ["lost_digits"]),
        ("id_number", "5.20326E+17", None, ["lost_digits"]),
        ("id_number", "520326198001011000", "520326198001011000", ["maybe_lost_digits"]),
        ("id_number", 520326800101123.0, "520326800101123", ["number_as_text"]),
        ("id_number", 12.5, None, ["fraction_in_text"]),
        ("id_number", "无", None, ["blank_mark"]),
        ("id_number", "5203261980010112O4", "5203261980010112O4", []),
        ("bank_account", "6222 0212 3456 7890 123", "6222021234567890123", ["blanks"]),
        ("bank_account", 13800138000.0, "13800138000", ["number_as_text", "leading_zero"]),
        # codes
        ("main_cause", "因病", "illness", []),
        ("main_cause", " 因 病", "illness", ["blanks"]),
        ("main_cause", "资金短缺", "funds", []),
        ("main_cause", "ILLNESS", "illness", ["spelling"]),
        ("main_cause", "1.因病", "illness", ["spelling"]),
        ("main_cause", "懒", None, ["unknown_code"]),
        ("ethnic_group", 6.0, "06", ["spelling"]),
        ("ethnic_group", "06", "06", []),
        ("other_causes", "因残、因学", ["disability", "schooling"], []),
        ("other_causes", "因残，因学;缺资金", ["disability", "schooling", "funds"], []),
        ("other_causes", "因残 因学", ["disability", "schooling"], []),
        ("other_causes", "因残/因残", ["disability"], ["repeated"]),
        ("other_causes", "因残、懒", None, ["unknown_code"]),
        ("other_causes", "无", None, ["blank_mark"]),
        # yes and no
        ("electricity", "是", True, []),
        ("electricity", "√", True, []),
        ("electricity", "无", False, []),
        ("electricity", "×", False, []),
        ("electricity", "Ｙ", True, ["full_width"]),
        ("electricity", 0.0, False, []),
        ("electricity", "1", True, []),
        ("electricity", "-", None, ["blank_mark"]),
        ("electricity", "也许", None, ["not_yes_no"]),
        # numbers
        ("year", 2015.0, 2015, []),
        ("year", "２０１５年", 2015, ["full_width", "unit"]),
        ("year", 2015.5, None, ["not_whole"]),
        ("year", 1999, 1999, ["below_minimum"]),
        ("year", True, None, ["not_a_number"]),
        ("wage_income", 1234.5, 123450, []),
        ("wage_income", 0.1 + 0.2, 30, []),
        ("wage_income", "1,234.50元", 123450, ["thousands", "unit"]),
        ("wage_income", "￥1,234", 123400, ["thousands", "unit"]),
        ("wage_income", "1.2万元", 1200000, ["unit"]),
        ("wage_income", "(300)", -30000, ["brackets_negative"]),
        ("wage_income", 10.005, 1001, ["rounded"]),
        ("wage_income", "约三千", None, ["not_a_number"]),
        ("wage_income", "1,23", None, ["not_a_number"]),
        ("wage_income", "无", None, ["none_mark"]),
        ("wage_income", "/", None, ["blank_mark"]),
        ("wage_income", float("inf"), None, ["not_a_number"]),
        ("wage_income", "300美元", None, ["wrong_unit"]),
        ("house_area_m2", "80.5㎡", Decimal("80.50"), ["unit"]),
        ("house_area_m2", "80平方米", Decimal("80.00"), ["unit"]),
        ("house_area_m2", "3亩", None, ["wrong_unit"]),
        ("house_area_m2", -1, Decimal("-1.00"), ["below_minimum"]),
        ("house_area_m2", 1e9, None, ["too_large"]),
        ("road_distance_km", "2.5公里", Decimal("2.50"), ["unit"]),
        ("road_distance_km", "500米", None, ["wrong_unit"]),
    ],
)
def test_cell(column: str, value: object, typed: object, codes: list[str]) -> None:
    assert outcome(column, value) == (typed, codes)


@pytest.mark.parametrize(
    ("value", "typed", "codes"),
    [
        (dt.date(2015, 3, 1), dt.date(2015, 3, 1), []),
        (dt.datetime(2015, 3, 1), dt.date(2015, 3, 1), []),  # noqa: DTZ001
        (dt.datetime(2015, 3, 1, 5), dt.date(2015, 3, 1), ["date_time"]),  # noqa: DTZ001
        ("2015-03-01", dt.date(2015, 3, 1), ["date_text"]),
        ("2015-3-1", dt.date(2015, 3, 1), ["date_style"]),
        ("2015.3.1", dt.date(2015, 3, 1), ["date_style"]),
        ("2015/03/01", dt.date(2015, 3, 1), ["date_style"]),
        ("20150301", dt.date(2015, 3, 1), ["date_style"]),
        ("2015年3月1日", dt.date(2015, 3, 1), ["date_style"]),
        ("２０１５年３月１日", dt.date(2015, 3, 1), ["full_width", "date_style"]),
        ("二〇一五年三月二十一日", dt.date(2015, 3, 21), ["date_style"]),
        ("2015-03-01 00:00:00", dt.date(2015, 3, 1), ["date_style"]),
        ("25/12/2015", dt.date(2015, 12, 25), ["date_style"]),
        (20150301.0, dt.date(2015, 3, 1), ["date_style"]),
        (42064.0, dt.date(2015, 3, 1), ["date_serial"]),
        ("42064", dt.date(2015, 3, 1), ["date_serial_text"]),
        ("2015年3月", None, ["date_incomplete"]),
        ("2015.3", None, ["date_incomplete"]),
        (201503.0, None, ["date_incomplete"]),
        (2015.0, None, ["date_incomplete"]),
        ("3/1/2015", None, ["date_ambiguous"]),
        ("15-3-1", None, ["date_ambiguous"]),
        ("2015-02-30", None, ["no_such_day"]),
        (20151301.0, None, ["no_such_day"]),
        ("春天", None, ["not_a_date"]),
        (True, None, ["not_a_date"]),
    ],
)
def test_date(value: object, typed: object, codes: list[str]) -> None:
    assert outcome("birth_date", value) == (typed, codes)


def test_date_serial_of_1904_workbook() -> None:
    assert outcome("birth_date", 40602.0, epoch_1904=True)[0] == dt.date(2015, 3, 1)


def test_text_of_a_csv_needs_no_excuse() -> None:
    assert outcome("birth_date", "2015-03-01", plain_text=True) == (dt.date(2015, 3, 1), [])
    assert outcome("wage_income", "12.5", plain_text=True) == (1250, [])
    assert outcome("wage_income", "1250", plain_text=True, in_fen=True) == (1250, [])


def test_unknown_code_offers_the_nearest_label() -> None:
    _, notes = typer(COLUMNS["main_cause"], Circumstances())("因病致贫")

    assert notes[0].code == "unknown_code"
    assert "因病" in notes[0].detail


def test_wordings_fill_in_both_languages() -> None:
    for code, wording in WORDINGS.items():
        for text in (wording.zh, wording.en):
            filled = text.format(column="列", text="值", detail="细", rows="1")
            assert filled, code
            assert "{" not in filled, code

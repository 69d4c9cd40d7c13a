"""Files that cannot be read are refused as a whole, with reason and remedy in both languages; nothing else escapes."""

from __future__ import annotations

import contextlib
import random
import re
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sheets_files import (
    HOUSEHOLD_TITLES,
    MEMBER_TITLES,
    SPECS,
    household,
    member,
    write_ods,
    write_ole,
    write_xls,
    write_xlsx,
)

from jiefa.kernel.errors import JiefaError
from jiefa.sheets import Limits, errors, read, stream_xlsx, write_template
from jiefa.sheets.layouts import EXCERPT_SHEET


def refused(path: Path, expected: type[errors.SheetsError], limits: Limits | None = None) -> errors.SheetsError:
    with pytest.raises(expected) as caught:
        read(path, SPECS, limits=limits or Limits())
    assert caught.value.message("zh")
    assert caught.value.message("en")
    return caught.value


def test_missing_file(tmp_path: Path) -> None:
    refused(tmp_path / "none.xlsx", errors.FileMissing)


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a.parquet"])
def test_empty_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")

    refused(tmp_path / name, errors.EmptyWorkbook)


def test_empty_workbook(tmp_path: Path) -> None:
    refused(write_xlsx(tmp_path / "a.xlsx", {"Sheet1": [], "Sheet2": []}), errors.EmptyWorkbook)


def test_no_header_names_what_was_found_and_what_is_needed(tmp_path: Path) -> None:
    error = refused(write_xlsx(tmp_path / "a.xlsx", {"Sheet1": [["苹果", "梨"], [1, 2]]}), errors.NoHeader)

    assert "苹果" in error.message("zh")
    assert "户编号" in error.message("zh")


def test_missing_column_offers_the_near_one(tmp_path: Path) -> None:
    titles = ["户编号", "年度", "姓 名 （全称）", "证件号"]
    titles[2] = "成员姓名"

    error = refused(
        write_xlsx(tmp_path / "a.xlsx", {"家庭成员": [titles, ["H1", 2015, "张三", ""]]}), errors.MissingColumns
    )

    assert "“成员姓名”是不是“姓名”" in error.message("zh")
    assert "成员姓名" in error.message("en")


def test_duplicated_column(tmp_path: Path) -> None:
    rows = [[*MEMBER_TITLES, "身份证号"], [*member(), "x"]]

    error = refused(write_xlsx(tmp_path / "a.xlsx", {"家庭成员": rows}), errors.DuplicateColumn)

    assert "D1、H1" in error.message("zh")


def test_two_sheets_of_one_kind(tmp_path: Path) -> None:
    rows = [MEMBER_TITLES, member()]

    refused(write_xlsx(tmp_path / "a.xlsx", {"大塘村": rows, "小塘村": rows}), errors.DuplicateSheet)


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls"])
def test_password_protected_workbook(tmp_path: Path, name: str) -> None:
    path = write_ole(tmp_path / name, {"EncryptionInfo": b"x", "EncryptedPackage": b"y"})

    refused(path, errors.PasswordProtected)


def test_password_protected_ods(tmp_path: Path) -> None:
    manifest = "<manifest><encryption-data/></manifest>"

    refused(write_ods(tmp_path / "a.ods", {"农户": [HOUSEHOLD_TITLES]}, manifest=manifest), errors.PasswordProtected)


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_torn_workbook(tmp_path: Path, kind: str, keep: float) -> None:
    writers = {"xlsx": write_xlsx, "ods": write_ods, "xls": write_xls}
    path = writers[kind](tmp_path / f"a.{kind}", {"农户": [HOUSEHOLD_TITLES, household()]})
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])

    if kind != "xls":
        refused(path, errors.CorruptFile)
    else:
        with pytest.raises(JiefaError):
            read(path, SPECS)


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 ...", b"<html><table><tr><td>1</td></tr></table></html>", b"\x89PNG\r\n", b"abc\x00def" * 9]
)
def test_no_table_at_all(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.xls").write_bytes(content)

    refused(tmp_path / "a.xls", errors.UnknownFormat)


def test_zip_of_something_else(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")

    refused(tmp_path / "a.xlsx", errors.UnknownFormat)


def test_zip_bomb(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 3_000_000)

    refused(tmp_path / "a.xlsx", errors.CompressedTooFar, Limits(ratio_free_bytes=1_000_000))
    refused(tmp_path / "a.xlsx", errors.CompressedTooFar, Limits(unpacked_bytes=2_000_000))


def test_file_too_large(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"农户": [HOUSEHOLD_TITLES, household()]})

    error = refused(path, errors.FileTooLarge, Limits(file_bytes=1000))

    assert "Parquet" in error.message("zh")


def test_too_many_rows_for_excel(tmp_path: Path) -> None:
    rows = [MEMBER_TITLES, *(member() for _ in range(30))]

    refused(write_xlsx(tmp_path / "a.xlsx", {"家庭成员": rows}), errors.TooManyRows, Limits(excel_rows=20))


def test_stray_cell_far_away_does_not_exhaust_memory(tmp_path: Path) -> None:
    stray: list[object] = [None] * 16_383
    stray.append("x")
    path = write_xlsx(tmp_path / "a.xlsx", {"家庭成员": [MEMBER_TITLES, *[member()] * 300, stray]})

    error = refused(path, errors.SheetTooWide, Limits(excel_cells=4_000_000))

    assert "XFD302" in error.message("zh")


def test_workbook_crafted_to_exhaust_memory_kills_no_more_than_its_reader(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_template(path, SPECS, title="花名册")
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    strings = members["xl/sharedStrings.xml"]
    members["xl/sharedStrings.xml"] = re.sub(rb'ount="\d+"', b'ount="99999999999"', strings)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)

    refused(path, errors.CorruptFile)


def test_undecodable_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("户编号,姓名\n".encode() + b"\xff\xff\x80\x20,\xc3\x28\n")

    refused(tmp_path / "a.csv", errors.Undecodable)


def test_excerpt_of_a_report_is_no_roster(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {EXCERPT_SHEET: [["x"]], "家庭成员": [MEMBER_TITLES, member()]})

    refused(path, errors.ExcerptOfReport)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=400),
    head=st.sampled_from(
        [b"", b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xef\xbb\xbf"]
    ),
)
def test_random_bytes_raise_nothing_but_refusals(tmp_path: Path, content: bytes, head: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(head + content)

    with pytest.raises(JiefaError):
        read(tmp_path / "a.xlsx", SPECS)


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls", "csv", "parquet"])
def test_damaged_bytes_raise_nothing_but_refusals(tmp_path: Path, kind: str) -> None:
    source = tmp_path / f"whole.{kind}"
    rows = {"农户": [HOUSEHOLD_TITLES, household(wage_income=12)], "家庭成员": [MEMBER_TITLES, member()]}
    if kind == "csv":
        source.write_text("户编号,年度,姓名\nH1,2015,张三\n", encoding="utf-8")
    elif kind == "parquet":
        write_parquet(source)
    else:
        {"xlsx": write_xlsx, "ods": write_ods, "xls": write_xls}[kind](source, rows)
    content = source.read_bytes()
    chance = random.Random(kind)
    for _ in range(15 if kind == "xls" else 30):
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path = tmp_path / f"damaged.{kind}"
        path.write_bytes(damaged)
        with contextlib.suppress(JiefaError):
            read(path, SPECS)


def write_parquet(path: Path) -> None:
    pq.write_table(pa.table({"household_number": ["H1"], "year": [2015], "name": ["张三"]}), path)


def test_workbook_written_by_the_export_reads_back(tmp_path: Path) -> None:
    stream_xlsx([["H1", 2015, "张三", None, "male", "01", None]], SPECS[1].columns, tmp_path / "a.xlsx")

    assert read(tmp_path / "a.xlsx", SPECS).tables["members"]["sex"].to_pylist() == ["male"]

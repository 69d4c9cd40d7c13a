"""Two small forms and the files that tests read: workbooks, a hand-made ods, xls (BIFF8 in OLE) and encrypted kin."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl

from jiefa.sheets import Column, ColumnType, SheetSpec

CAUSES = {"因病": "illness", "因残": "disability", "因学": "schooling", "缺资金": "funds", "资金短缺": "funds"}
CAUSES |= {code: code for code in ("illness", "disability", "schooling", "funds")}
CAUSE_LABELS = ("因病", "因残", "因学", "缺资金")
SEXES = {"男": "male", "女": "female", "male": "male", "female": "female"}
GROUPS = {f"{number:02d}": f"{number:02d}" for number in range(1, 57)} | {"汉族": "01", "苗族": "06"}

HOUSEHOLDS = SheetSpec(
    "households",
    "农户",
    "Households",
    (
        Column("household_number", "户编号", "Household number", ColumnType.TEXT, True, synonyms=("户号",)),
        Column("year", "年度", "Year", ColumnType.INT, True, minimum=2010, maximum=2030, unit="年"),
        Column("village_code", "行政村代码", "Village code", ColumnType.TEXT),
        Column("bank_account", "银行账号", "Account", ColumnType.SEALED),
        Column("main_cause", "主要致贫原因", "Cause", ColumnType.CODE, True, CAUSES, CAUSE_LABELS),
        Column("other_causes", "其他致贫原因", "Other causes", ColumnType.CODES, False, CAUSES, CAUSE_LABELS),
        Column("wage_income", "工资性收入", "Wages", ColumnType.MONEY, unit="元", note_zh="全年合计"),
        Column("house_area_m2", "住房面积", "Area", ColumnType.MEASURE, unit="平方米", minimum=0),
        Column("road_distance_km", "与主干路距离", "Road", ColumnType.MEASURE, unit="公里"),
        Column("electricity", "是否通电", "Electricity", ColumnType.BOOL),
    ),
)
MEMBERS = SheetSpec(
    "members",
    "家庭成员",
    "Members",
    (
        Column("household_number", "户编号", "Household number", ColumnType.TEXT, True, synonyms=("户号",)),
        Column("year", "年度", "Year", ColumnType.INT, True, minimum=2010, maximum=2030),
        Column("name", "姓名", "Name", ColumnType.TEXT, True),
        Column("id_number", "证件号码", "ID number", ColumnType.CERTIFICATE, synonyms=("身份证号", "身份证号码")),
        Column("sex", "性别", "Sex", ColumnType.CODE, False, SEXES, ("男", "女")),
        Column("ethnic_group", "民族", "Ethnic group", ColumnType.CODE, False, GROUPS, ("汉族", "苗族")),
        Column("birth_date", "出生日期", "Birth date", ColumnType.DATE),
    ),
)
SPECS = (HOUSEHOLDS, MEMBERS)
HOUSEHOLD_TITLES = [column.zh for column in HOUSEHOLDS.columns]
MEMBER_TITLES = [column.zh for column in MEMBERS.columns]

Rows = Sequence[Sequence[object]]


def household(**cells: object) -> list[object]:
    """A right row of the households sheet, with ``cells`` (by column id) put in."""
    row: dict[str, object] = {"household_number": "H1", "year": 2015, "main_cause": "因病", **cells}
    return [row.get(column.id) for column in HOUSEHOLDS.columns]


def member(**cells: object) -> list[object]:
    row: dict[str, object] = {"household_number": "H1", "year": 2015, "name": "张三", **cells}
    return [row.get(column.id) for column in MEMBERS.columns]


def write_xlsx(path: Path, sheets: Mapping[str, Rows]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def write_ods(
    path: Path, sheets: Mapping[str, Rows], *, row_attributes: str = "", manifest: str = "<manifest/>"
) -> Path:
    tables = []
    for name, rows in sheets.items():
        lines = []
        for row in rows:
            cells = "".join(_ods_cell(cell) for cell in row)
            lines.append(f"<table:table-row {row_attributes if row is rows[-1] else ''}>{cells}</table:table-row>")
        tables.append(f'<table:table table:name="{escape(name)}">{"".join(lines)}</table:table>')
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body>'
        f"<office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def _ods_cell(cell: object) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, (int, float)):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _biff_sheet(rows: Rows) -> bytes:
    stream = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6))
    width = max(len(row) for row in rows)
    stream += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for index, row in enumerate(rows):
        for position, cell in enumerate(row):
            place = struct.pack("<HHH", index, position, 0)
            if isinstance(cell, (int, float)):
                stream += _record(0x0203, place + struct.pack("<d", cell))
            elif cell is not None:
                text = str(cell).encode("utf-16-le")
                stream += _record(0x0204, place + struct.pack("<HB", len(str(cell)), 1) + text)
    return stream + _record(0x000A, b"")


def write_xls(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """A minimal BIFF8 workbook: BOF, BOUNDSHEETs, EOF, then the sheets' cells as LABEL and NUMBER records."""
    bodies = [_biff_sheet(rows) for rows in sheets.values()]
    names = [name.encode("utf-16-le") for name in sheets]
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6))
    start += _record(0x0042, struct.pack("<H", 1200))
    length = len(start) + sum(4 + 8 + len(name) for name in names) + 4
    bounds = b""
    for name, body in zip(names, bodies, strict=True):
        bounds += _record(0x0085, struct.pack("<IHBB", length, 0, len(name) // 2, 1) + name)
        length += len(body)
    return write_ole(path, {"Workbook": start + bounds + _record(0x000A, b"") + b"".join(bodies)})


def write_ole(path: Path, streams: Mapping[str, bytes]) -> Path:
    """An OLE compound file (version 3) with streams of at least 4,096 bytes each, padded with zeros."""
    end, free, fat_mark = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    sectors: list[bytes] = []
    chain: list[int] = []
    entries = []
    for name, content in streams.items():
        padded = content.ljust(4096, b"\x00")
        padded += b"\x00" * (-len(padded) % 512)
        first = len(sectors)
        count = len(padded) // 512
        sectors += [padded[index * 512 : index * 512 + 512] for index in range(count)]
        chain += [*range(first + 1, first + count), end]
        entries.append((name, 2, first, len(padded)))
    directory = [("Root Entry", 5, end, 0), *entries]
    directory_first = len(sectors)
    blob = b"".join(_directory_entry(*entry, child=1 if index == 0 else free) for index, entry in enumerate(directory))
    blob += b"\x00" * (-len(blob) % 512)
    sectors += [blob[index : index + 512] for index in range(0, len(blob), 512)]
    chain += [*range(directory_first + 1, len(sectors)), end]
    fat_count = -(-(len(chain) + 4) // 127)
    fat_first = len(sectors)
    chain += [fat_mark] * fat_count
    chain += [free] * (fat_count * 128 - len(chain))
    sectors += [struct.pack("<128I", *chain[index : index + 128]) for index in range(0, len(chain), 128)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += b"\x00" * 6 + struct.pack("<IIIIIIIII", 0, fat_count, directory_first, 0, 4096, end, 0, end, 0)
    difat = [*range(fat_first, fat_first + fat_count)]
    header += struct.pack("<109I", *difat, *[free] * (109 - len(difat)))
    path.write_bytes(header + b"".join(sectors))
    return path


def _directory_entry(name: str, kind: int, first: int, size: int, *, child: int) -> bytes:
    text = (name + "\x00").encode("utf-16-le")
    siblings = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        text.ljust(64, b"\x00")
        + struct.pack("<HBB", len(text), kind, 1)
        + siblings
        + b"\x00" * 36
        + struct.pack("<IQ", first, size)
    )

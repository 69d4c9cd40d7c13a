"""A clerk fills in the workbook by hand with twenty different mistakes, reads the report, mends the workbook and loads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from tests.journeys.office import Office

from jiefa.kernel.id_numbers import check_character

HOUSEHOLDS, MEMBERS = "农户", "家庭成员"
VILLAGE = "520324103200"
YEAR = 2015


def id_number(birth: dt.date, order: int) -> str:
    first = f"529924{birth:%Y%m%d}{order:03d}"
    return first + check_character(first)


class Book:
    """The template, addressed by household, member and the header a clerk sees."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)
        self.sheets: dict[str, Worksheet] = {name: self.book[name] for name in (HOUSEHOLDS, MEMBERS)}
        self.columns = {
            name: {self._plain(cell.value): cell.column for cell in sheet[1]} for name, sheet in self.sheets.items()
        }

    @staticmethod
    def _plain(header: Any) -> str:
        return str(header or "").replace("*", "").split("（")[0].split("(")[0].strip()

    def write(self, sheet: str, row: int, **values: Any) -> None:
        for header, value in values.items():
            self.sheets[sheet].cell(row, self.columns[sheet][header]).value = value

    def save(self, path: Path) -> Path:
        self.book.save(path)
        return path


def household_row(number: int) -> dict[str, Any]:
    return {
        "户编号": f"{VILLAGE}{number:05d}",
        "年度": YEAR,
        "行政村代码": VILLAGE,
        "脱贫属性": "未脱贫",
        "贫困户属性": "一般贫困户",
        "主要致贫原因": "缺资金",
        "纳入年度": YEAR,
        "家庭人口数": 2,
        "生产经营性收入": 3200.5,
        "生产经营性支出": 800,
        "其他转移性收入": 1500,
        "住房面积": 80,
        "危房等级": "B",
        "饮水是否困难": "否",
        "饮水是否安全": "是",
        "是否通生活用电": "是",
        "是否通生产用电": "是",
        "主要燃料类型": "电",
        "有无卫生厕所": "有",
        "入户路类型": "水泥路",
        "与村主干路距离": 0.5,
        "是否加入合作社": "否",
        "住房结构": "砖混",
        "耕地面积": 3,
        "有效灌溉面积": 1,
        "林地面积": 2,
        "林果面积": 0,
        "牧草地面积": 0,
        "水面面积": 0,
    }


def member_rows(number: int) -> list[dict[str, Any]]:
    common = {"户编号": f"{VILLAGE}{number:05d}", "年度": YEAR, "民族": "汉族", "健康状况": "健康", "文化程度": "初中"}
    insured = {"在校生状况": "非在校生", "劳动能力": "普通劳动力", "是否参加城乡居民医保": "是"}
    head, spouse = dt.date(1970, 1, 1 + number % 28), dt.date(1973, 2, 1 + number % 28)
    return [
        {
            **common,
            **insured,
            "姓名": f"王某{number}",
            "证件号码": id_number(head, 2 * number + 1),
            "与户主关系": "户主",
        },
        {**common, **insured, "姓名": f"李某{number}", "证件号码": id_number(spouse, 2 * number), "与户主关系": "配偶"},
    ]


@dataclass(frozen=True)
class Mistake:
    """One thing a clerk does wrong in household ``number``: how, and what the report must name."""

    number: int
    what: str
    make: Callable[[Book, int, int], None]
    rule: str
    sheet: str
    column: str | None


def on_household(**values: Any) -> Callable[[Book, int, int], None]:
    return lambda book, household, member: book.write(HOUSEHOLDS, household, **values)


def on_head(**values: Any) -> Callable[[Book, int, int], None]:
    return lambda book, household, member: book.write(MEMBERS, member, **values)


def on_spouse(**values: Any) -> Callable[[Book, int, int], None]:
    return lambda book, household, member: book.write(MEMBERS, member + 1, **values)


WRONG_DIGIT = id_number(dt.date(1970, 1, 3), 5)[:17] + ("0" if id_number(dt.date(1970, 1, 3), 5)[17] != "0" else "1")

MISTAKES = (
    Mistake(
        1,
        "a village that does not exist",
        on_household(行政村代码="520324999999"),
        "RO01",
        "households",
        "village_code",
    ),
    Mistake(2, "a wrong check digit", on_head(证件号码=WRONG_DIGIT), "ID02", "members", "id_number"),
    Mistake(
        3,
        "an ID number that Excel turned into a number",
        on_head(证件号码=522101197001041234),
        "cell",
        "members",
        "id_number",
    ),
    Mistake(4, "the old 15-digit number", on_head(证件号码="522101700105123"), "ID01", "members", "id_number"),
    Mistake(5, "no head of household", on_head(与户主关系="其他"), "HH01", "households", None),
    Mistake(
        6, "a stated size that is not the members'", on_household(家庭人口数=5), "HH03", "households", "stated_size"
    ),
    Mistake(7, "no ethnic group", on_spouse(民族=None), "NU01", "members", "ethnic_group"),
    Mistake(8, "no state of health", on_spouse(健康状况=None), "NU02", "members", "health"),
    Mistake(9, "illness as cause, all healthy", on_household(主要致贫原因="因病"), "CA01", "households", "main_cause"),
    Mistake(10, "schooling as cause, no pupil", on_household(主要致贫原因="因学"), "CA02", "households", "main_cause"),
    Mistake(
        11,
        "disability as cause, nobody disabled",
        on_household(主要致贫原因="因残"),
        "CA03",
        "households",
        "main_cause",
    ),
    Mistake(12, "other cause equal to the main one", on_household(其他致贫原因="缺资金"), "CA04", "households", None),
    Mistake(
        13, "an unknown word in a coded field", on_household(危房等级="很危险"), "cell", "households", "house_danger"
    ),
    Mistake(14, "thirteen months of work", on_head(务工时间=13), "WK01", "members", "work_months"),
    Mistake(15, "a place of work without months", on_head(务工状况="省外"), "WK02", "members", None),
    Mistake(
        16,
        "a text where an amount belongs",
        on_household(生产经营性收入="三千多"),
        "cell",
        "households",
        "business_income",
    ),
    Mistake(17, "no medical insurance", on_spouse(是否参加城乡居民医保="否"), "ME01", "members", None),
    Mistake(18, "allowance money in a general household", on_household(低保金=1200), "DB02", "households", None),
    Mistake(19, "no poverty status", on_household(脱贫属性=None), "cell", "households", "poverty_status"),
    Mistake(20, "no living area", on_household(住房面积=None), "NU07", "households", "house_area_m2"),
)


pytestmark = pytest.mark.xdist_group("mistakes")  # one office for all of them


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("office"))
    office.run("setup")
    office.run("template", "roster", "-o", str(office.home / "roster.xlsx"), "--year", str(YEAR))
    return office


def filled(book: Book, numbers: range) -> dict[int, tuple[int, int]]:
    """The rows of every household: its own, and its head's."""
    rows: dict[int, tuple[int, int]] = {}
    member = 2
    for row, number in enumerate(numbers, start=2):
        book.write(HOUSEHOLDS, row, **household_row(number))
        rows[number] = (row, member)
        for person in member_rows(number):
            book.write(MEMBERS, member, **person)
            member += 1
    return rows


def test_a_clerk_mends_twenty_mistakes_from_the_report(office: Office, tmp_path: Path) -> None:
    book = Book(office.home / "roster.xlsx")
    rows = filled(book, range(1, 26))
    for mistake in MISTAKES:
        mistake.make(book, *rows[mistake.number])
    wrong = book.save(tmp_path / "wrong.xlsx")

    result = office.json("load", str(wrong), expect=1)

    assert (result["households"], result["accepted"], result["held_back"], result["skipped"]) == (25, 5, 20, 0)
    errors = [error for error in result["errors"] if error["level"] == "error"]
    for mistake in MISTAKES:
        number = household_row(mistake.number)["户编号"]
        told = [error for error in errors if error["household"] == number]
        assert any(
            error["rule"].startswith(mistake.rule)
            and error["sheet"] == mistake.sheet
            and (mistake.column is None or error["column"] == mistake.column)
            for error in told
        ), (mistake.what, told)
    report = openpyxl.load_workbook(result["report"])
    for name in (HOUSEHOLDS, MEMBERS):
        headers = [str(cell.value) for cell in report[name][1]]
        assert "检查结果" in headers
        assert "问题" in headers


def test_the_mended_report_loads_and_what_was_in_is_skipped(office: Office, tmp_path: Path) -> None:
    book = Book(office.home / "roster.xlsx")
    rows = filled(book, range(101, 126))
    shifted = [Mistake(m.number + 100, m.what, m.make, m.rule, m.sheet, m.column) for m in MISTAKES]
    for mistake in shifted:
        mistake.make(book, *rows[mistake.number])
    first = office.json("load", str(book.save(tmp_path / "wrong.xlsx")), expect=1)
    mended = Book(Path(first["report"]))
    for number, (row, member) in rows.items():
        mended.write(HOUSEHOLDS, row, **household_row(number), 低保金=None, 其他致贫原因=None)
        for offset, person in enumerate(member_rows(number)):
            mended.write(MEMBERS, member + offset, **person, 务工时间=None, 务工状况=None)

    second = office.json("load", str(mended.save(tmp_path / "mended.xlsx")))

    assert first["accepted"] == 5
    assert (second["accepted"], second["held_back"], second["skipped"]) == (20, 0, 5)
    assert [error for error in second["errors"] if error["level"] == "error"] == []
    assert office.run("audit", "verify").returncode == 0


def test_the_same_content_twice_is_refused(office: Office, tmp_path: Path) -> None:
    book = Book(office.home / "roster.xlsx")
    filled(book, range(301, 303))
    path = book.save(tmp_path / "twice.xlsx")
    office.json("load", str(path))

    again = office.run("load", str(path), expect=2)

    assert "已经导入过" in again.stderr

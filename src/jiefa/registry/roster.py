"""The roster workbook: its sheets, an empty one to fill in, and the user's own with what is wrong written beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from jiefa import sheets
from jiefa.policy import Pack
from jiefa.sheets import SheetSpec
from jiefa.sheets.forms import specs_of

HOUSEHOLDS, MEMBERS = "households", "members"

ROSTER_NOTES = (
    "“农户”表一户一行，“家庭成员”表一人一行，用户编号相连。带 * 的必须填。一个文件只填一个年度。",
    "证件号码、银行账号、电话所在的列已设为文本格式，请不要改成数字，否则末几位会变成 0。",
    "填好后用 jiefa load 文件名 导入，或在网页“导入”中上传；检查结果会写在同一张表里，改好后可以再次导入。",
)


def specs(pack: Pack, year: int | None = None) -> tuple[SheetSpec, ...]:
    """The two sheets of the roster form."""
    return specs_of(pack, pack.form("roster"), year)


def write_template(path: Path, pack: Pack, year: int, name: str = "roster") -> None:
    """The empty workbook of a form, with drop-downs and a note per column."""
    form = pack.form(name)
    notes = ROSTER_NOTES if name == "roster" else ()
    sheets.write_template(path, specs_of(pack, form, year), title=form.zh, notes=(f"依据：{form.reference}", *notes))


def marks(remarks: pa.Table) -> Iterator[sheets.Mark]:
    """The remarks that belong to a row, as marks of the report."""
    for row in remarks.to_pylist():
        if row["row"] is not None:
            yield sheets.Mark(row["sheet"], row["row"], row["column"], row["level"], row["rule"], row["zh"])


def write_report(source: Path, pack: Pack, remarks: pa.Table, target: Path) -> bool:
    """The report beside the source; False when there is nothing to say of any row and none was written."""
    if remarks.num_rows == 0 or remarks["row"].null_count == remarks.num_rows:
        return False
    sheets.write_report(source, specs(pack), marks(remarks), target)
    return True

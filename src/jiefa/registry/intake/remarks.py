"""What an intake says about rows: the reasons beyond the quality catalogue for which a roster's household waits.

These are faults of the roster against the register (RO..), not of the card against itself; their texts live here because
they belong to the mechanism, not to policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jiefa.kernel.errors import Language

Level = Literal["error", "warn", "fixed"]


@dataclass(frozen=True, slots=True)
class RowRemark:
    """One remark on one row of the user's file. ``household`` is the household number as written, if known."""

    sheet: str
    row: int | None
    household: str | None
    column: str | None
    level: Level
    rule: str
    zh: str
    en: str

    def text(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class IntakeRule:
    """A fault of a roster: where it is shown, how grave, what to say."""

    id: str
    column: str
    level: Level
    zh: str
    en: str


RULES: dict[str, IntakeRule] = {
    rule.id: rule
    for rule in (
        IntakeRule(
            "RO01",
            "village_code",
            "error",
            "找不到这个行政村：代码、县、乡、村名对不上区划表，或村名不唯一。请填 12 位行政村代码，或把县、乡、村名写全。",
            "The village cannot be found: code and names do not lead to exactly one village. Give the 12-digit code, or county, township and village in full.",
        ),
        IntakeRule(
            "RO02",
            "village_code",
            "error",
            "这个村不在您的管辖范围内。请删去此户，交由当地导入。",
            "This village lies outside your area. Take the household out; its own office loads it.",
        ),
        IntakeRule(
            "RO03",
            "household_number",
            "error",
            "户编号在表中出现了不止一次。一户只写一行，请改正编号或删去重复的行。",
            "The household number stands more than once. One row a household: correct the number or delete the extra row.",
        ),
        IntakeRule(
            "RO04",
            "household_number",
            "error",
            "“农户”表里没有这个户编号（成员无户）。请改正编号，或在“农户”表补上这一户。",
            "No household with this number in the sheet of households. Correct the number or add the household.",
        ),
        IntakeRule(
            "RO05",
            "change",
            "error",
            "此人是这一户新增的成员，但没有写变动原因。请在“变动”“变动日期”栏写明（出生、婚入、迁入等）。",
            "This person is new in the household without a reason. Fill in the change and its date (birth, marriage, moved in ...).",
        ),
        IntakeRule(
            "RO06",
            "change",
            "error",
            "此人写了减少原因，但登记册中这一户没有此人。请核对姓名和证件号码，或删去此行。",
            "This person is marked as leaving, but the register has no such member. Check name and certificate, or delete the row.",
        ),
        IntakeRule(
            "RO07",
            "household_number",
            "error",
            "登记册中这一户还有成员未出现在表中。请补上各人，已减少的写明变动原因和日期。缺少人数：",
            "Members of this household on the register are missing from the sheet. Add them; for those who left give reason and date. Missing: ",
        ),
        IntakeRule(
            "RO08",
            "village_code",
            "warn",
            "登记册中这一户在另一个村。接受后将迁到表中的村，请确认。",
            "On the register this household is in another village. Accepting moves it; please confirm.",
        ),
        IntakeRule(
            "RO09",
            "household_number",
            "error",
            "这一户本年度的卡片在上次导入后已被人工修改，再次导入会覆盖修改。请在农户页面上改，或从表中删去此户。",
            "This year's card was edited by hand after the last load; loading would overwrite it. Edit it on the household's page or take it out of the file.",
        ),
        IntakeRule(
            "RO10",
            "id_number",
            "error",
            "这个证件号码已登记在另一户名下。请核对号码；确属迁户的，先在原户办理减少。",
            "This certificate number is registered in another household. Check it; if the person moved, end the membership there first.",
        ),
        IntakeRule(
            "RO11",
            "year",
            "error",
            "登记册中这一户已有更晚年度的卡片。请按年度先后导入，或在农户页面上改旧卡。",
            "The register already has a later card of this household. Load years in order, or change the old card on the page.",
        ),
        IntakeRule(
            "RO12",
            "household_number",
            "error",
            "检查之后登记册中这一户有了变化，为免覆盖暂不写入。请重新导入检查。",
            "The register's record changed after this file was checked; it was held so that nothing is overwritten. Load the file again.",
        ),
        IntakeRule(
            "RO13",
            "year",
            "error",
            "一个文件只能有一个年度。请把其他年度的行移到另一个文件。",
            "A file holds one year. Move the rows of other years to another file.",
        ),
        IntakeRule(
            "RO14",
            "household_number",
            "error",
            "同一户的其他行有必须改正的问题，这一户整户暂缓。",
            "Another row of this household has a fault that must be mended; the household waits as a whole.",
        ),
        IntakeRule(
            "RO15",
            "poverty_status",
            "error",
            "脱贫属性与上年对不上：登记册中该户上年已脱贫，本年应为“已脱贫”或“返贫”。请核对。",
            "The poverty status does not follow from last year's: the household had exited; this year it must be exited or returned.",
        ),
    )
}


def remark(rule_id: str, sheet: str, row: int | None, household: str | None, extra: str = "") -> RowRemark:
    """The remark of an intake rule on one row."""
    rule = RULES[rule_id]
    return RowRemark(sheet, row, household, rule.column, rule.level, rule.id, rule.zh + extra, rule.en + extra)

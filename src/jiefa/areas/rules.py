"""What a list of divisions must be before it is taken: codes that are codes, each with its parent, no code twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from jiefa.kernel import division_codes
from jiefa.kernel.errors import JiefaError


class DivisionListWrong(JiefaError):
    code = "areas.list_wrong"
    zh = "区划表不能采用：第 {line} 行“{code}”{reason_zh}。请更正后重新导入；没有写入任何数据。"
    en = "The list of divisions is refused: line {line}, {code!r}: {reason_en}. Mend it and load again; nothing was written."


class TableWrong(JiefaError):
    code = "areas.table_wrong"
    zh = "表格第 {line} 行不能采用：{problem}。应有的列：{columns}。请更正后重新导入；没有写入任何数据。"
    en = "The table is refused at line {line}: {problem}. It needs the columns {columns}. Mend it and load again; nothing was written."


class DivisionUnknown(JiefaError):
    code = "areas.unknown"
    zh = "没有代码为“{division}”的行政区划。请检查代码，或先用 jiefa areas load 导入区划表。"
    en = "There is no division with the code {division!r}. Check the code, or load a list of divisions with jiefa areas load."


class FactsOvertaken(JiefaError):
    code = "areas.facts_overtaken"
    zh = "您填写期间，{place} {year} 年的情况已被他人修改。请核对现有内容后再填；您填的没有写入。"
    en = "Somebody changed the facts of {place} for {year} while you were filling them in. Look at it and type again; nothing of yours was written."


LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One place of a list: its code and name; level and parent follow from the code."""

    line: int
    code: str
    name: str

    @property
    def level(self) -> str:
        return division_codes.level_of(self.code).value

    @property
    def parent_code(self) -> str | None:
        above = division_codes.ancestors(self.code)
        return above[-1] if above else None


def check_list(rows: Iterable[DivisionRow], known: Iterable[str]) -> list[DivisionRow]:
    """``rows`` in code order with parents first. Raises ``DivisionListWrong`` at the first fault; ``known`` are codes already on file."""
    seen = set(known)
    checked: list[DivisionRow] = []
    fresh: set[str] = set()
    for row in sorted(rows, key=lambda row: (len(row.code), row.code)):
        reason: tuple[str, str] | None = None
        try:
            parent = row.parent_code
            division_codes.level_of(row.code)
        except ValueError:
            reason = ("不是2、4、6、9或12位数字的区划代码", "not a division code of 2, 4, 6, 9 or 12 digits")
        else:
            if row.code in fresh:
                reason = ("在表中出现两次", "stands twice in the list")
            elif not row.name.strip():
                reason = ("没有名称", "has no name")
            elif len(row.name) > LONGEST_NAME:
                reason = (f"的名称超过{LONGEST_NAME}个字", f"its name has more than {LONGEST_NAME} characters")
            elif parent and parent not in seen:
                reason = (f"的上级“{parent}”不在表中", f"its parent {parent!r} is not in the list")
        if reason:
            raise DivisionListWrong(line=row.line, code=row.code, reason_zh=reason[0], reason_en=reason[1])
        seen.add(row.code)
        fresh.add(row.code)
        checked.append(row)
    return checked


def plain(value: object) -> object:
    """A value of the village card as JSON holds it: measures as text, without zeros at the end."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


def split(values: Mapping[str, object], columns: Iterable[str]) -> tuple[dict[str, object], dict[str, object]]:
    """``(typed, own)`` of values by the form's identifiers: what has a column (money in one that ends in ``_fen``), and the rest."""
    known = frozenset(columns)
    typed: dict[str, object] = {}
    own: dict[str, object] = {}
    for name, value in values.items():
        column = next((one for one in (name, f"{name}_fen") if one in known), None)
        if column is None:
            own[name] = plain(value)
        else:
            typed[column] = value
    return typed, own

"""What a report says about one row and about the whole: words, colours and the lines of the summary sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

VERDICT_WORDS: Mapping[str, str] = {"error": "暂缓", "warn": "警告", "fixed": "已修正"}
LEVEL_WORDS: Mapping[str, str] = {"error": "错误，改正前暂缓入库", "warn": "警告，请核对", "fixed": "已自动修正"}
PASSED = "通过"
COLOURS: Mapping[str, str] = {"error": "FFC7CE", "warn": "FFEB9C", "fixed": "DDEBF7"}
SUMMARY_HEADINGS = ("工作表", "级别", "问题（举一例）", "处数")
CELL_CHARACTERS = 32_000


@dataclass(frozen=True)
class RowVerdict:
    """``cells``: column id -> level of its worst mark."""

    level: str
    problems: str
    cells: Mapping[str, str]

    @property
    def word(self) -> str:
        return VERDICT_WORDS[self.level]

    @property
    def text(self) -> str:
        if len(self.problems) <= CELL_CHARACTERS:
            return self.problems
        return self.problems[:CELL_CHARACTERS] + "……（问题太多，先改以上各处）"


@dataclass(frozen=True)
class Summary:
    """``sheets``: (name, rows); ``rules``: (sheet, level, wording, count), worst first."""

    title: str
    sheets: tuple[tuple[str, int], ...]
    rules: tuple[tuple[str, str, str, int], ...]
    excerpt: bool

    def lines(self) -> Iterator[tuple[object, ...]]:
        yield (self.title,)
        for name, rows in self.sheets:
            yield (name, f"共 {rows} 行")
        if self.excerpt:
            yield ("行数太多，这里只列出有问题的行，不能当作花名册再导入；请在原来的文件里改正。",)
        else:
            yield ("请按各表右侧“检查结果”“问题”两列改正后保存，可直接再次上传（这两列和本页不用删）。",)
        yield ("“暂缓”：有错误，整户暂不入库；“警告”：请核对；“已修正”：已自动改好；“通过”：没有问题。",)
        yield ()
        yield SUMMARY_HEADINGS
        for sheet, level, wording, count in self.rules:
            yield (sheet, LEVEL_WORDS[level], wording, count)
        if not self.rules:
            yield ("全部通过，没有发现问题。",)

"""The user's own workbook with what is wrong, where, and how to mend it; it can be loaded again after mending.

An xlsx of moderate size keeps its look (openpyxl); everything else becomes a new xlsx with the same rows; beyond
100,000 rows only the rows with remarks are written, and the summary says so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jiefa.sheets import report_copy, report_styled
from jiefa.sheets.columns import DEFAULT_LIMITS, Layout, Limits, SheetSpec
from jiefa.sheets.guard import Format, inspect
from jiefa.sheets.layouts import match
from jiefa.sheets.read import ReadResult, open_sources
from jiefa.sheets.report_rows import RowVerdict, Summary

Level = Literal["error", "warn", "fixed"]
STYLED_ROWS = 20_000
"""openpyxl needs 21 s to read and 28 s to write 100,000 x 40 (2 cores); larger workbooks are copied as plain rows."""
FULL_ROWS = 100_000
LEVELS: Mapping[str, Level] = {"error": "error", "warning": "warn", "fixed": "fixed"}
ORDER: Mapping[Level, int] = {"error": 0, "warn": 1, "fixed": 2}


@dataclass(frozen=True)
class Mark:
    """One thing to tell about a row. ``sheet`` and ``column`` are ids of the spec, ``row`` is as in the user's file."""

    sheet: str
    row: int
    column: str | None
    level: Level
    rule: str
    message: str


def marks_of(result: ReadResult) -> Iterable[Mark]:
    """The remarks of reading, one mark for every row that they are about."""
    for remark in result.remarks:
        if remark.column is None:
            continue
        for row in remark.rows:
            yield Mark(remark.sheet, row, remark.column, LEVELS[remark.severity], remark.code, remark.zh)


def write_report(
    source_path: Path | str | Sequence[Path],
    specs: Sequence[SheetSpec],
    marks: Iterable[Mark],
    out_path: Path | str,
    *,
    limits: Limits = DEFAULT_LIMITS,
    full_rows: int = FULL_ROWS,
    styled_rows: int = STYLED_ROWS,
) -> None:
    """Writes the report workbook. Raises ``SheetsError`` if the source cannot be read any more."""
    sources = open_sources(source_path, limits)
    found = match(sources, specs).found
    verdicts, counts = _verdicts(marks, [entry.layout for entry in found])
    rows = {entry.layout.spec.id: entry.source.count_rows(entry.layout) for entry in found}
    total = sum(rows.values())
    single = isinstance(source_path, (str, Path)) and Path(source_path).is_file()
    excerpt = total > full_rows
    summary = Summary(
        title="检查结果",
        sheets=tuple((entry.layout.spec.zh, rows[entry.layout.spec.id]) for entry in found),
        rules=tuple(counts),
        excerpt=excerpt,
    )
    if single and not excerpt and total <= styled_rows and inspect(Path(str(source_path)), limits) is Format.XLSX:
        layouts = [entry.layout for entry in found]
        if report_styled.write(Path(str(source_path)), layouts, verdicts, summary, Path(out_path)):
            return
    report_copy.write(found, verdicts, summary, Path(out_path))


def _verdicts(
    marks: Iterable[Mark], layouts: Sequence[Layout]
) -> tuple[dict[str, dict[int, RowVerdict]], list[tuple[str, str, str, int]]]:
    """Per sheet and row what to write there, and per (sheet, level, rule) how often with an example."""
    names = {layout.spec.id: {column.id: column.zh for column in layout.spec.columns} for layout in layouts}
    by_row: dict[str, dict[int, list[Mark]]] = {layout.spec.id: defaultdict(list) for layout in layouts}
    counts: Counter[tuple[str, Level, str]] = Counter()
    examples: dict[tuple[str, Level, str], str] = {}
    for mark in marks:
        if mark.sheet not in by_row:
            continue
        by_row[mark.sheet][mark.row].append(mark)
        key = (mark.sheet, mark.level, mark.rule)
        counts[key] += 1
        examples.setdefault(key, mark.message)
    titles = {layout.spec.id: layout.spec.zh for layout in layouts}
    told: list[tuple[str, str, str, int]] = [
        (titles[sheet], level, f"[{rule}] {examples[sheet, level, rule]}", counts[sheet, level, rule])
        for sheet, level, rule in sorted(counts, key=lambda key: (ORDER[key[1]], -counts[key]))
    ]
    verdicts = {
        sheet: {row: _verdict(row_marks, names[sheet]) for row, row_marks in rows.items()}
        for sheet, rows in by_row.items()
    }
    return verdicts, told


def _verdict(marks: Sequence[Mark], names: Mapping[str, str]) -> RowVerdict:
    ordered = sorted(marks, key=lambda mark: ORDER[mark.level])
    lines = [
        f"{number}. {mark.message}"
        if mark.column is None or names.get(mark.column, "") in mark.message
        else f"{number}. 【{names.get(mark.column, mark.column)}】{mark.message}"
        for number, mark in enumerate(ordered, start=1)
    ]
    cells: dict[str, str] = {}
    for mark in ordered:
        if mark.column is not None:
            cells.setdefault(mark.column, mark.level)
    return RowVerdict(ordered[0].level, "\n".join(lines), cells)

"""Untidy files into typed Arrow columns, and templates, reports and exports out. Knows no domain, no database.

``read`` gives a ``ReadResult``; ``write_template``, ``write_report``, ``stream_xlsx``, ``opened_xlsx`` and ``stream_csv`` write.
"""

from __future__ import annotations

from jiefa.sheets.columns import DEFAULT_LIMITS, Column, ColumnType, Layout, Limits, SheetSpec
from jiefa.sheets.digest import content_digest
from jiefa.sheets.errors import SheetsError
from jiefa.sheets.export import opened_xlsx, rows_of, stream_csv, stream_xlsx
from jiefa.sheets.read import ReadResult, find_layouts, read
from jiefa.sheets.remarks import Remark, Skipped
from jiefa.sheets.report import Mark, marks_of, write_report
from jiefa.sheets.template import write_template

__all__ = [
    "DEFAULT_LIMITS",
    "Column",
    "ColumnType",
    "Layout",
    "Limits",
    "Mark",
    "ReadResult",
    "Remark",
    "SheetSpec",
    "SheetsError",
    "Skipped",
    "content_digest",
    "find_layouts",
    "marks_of",
    "opened_xlsx",
    "read",
    "rows_of",
    "stream_csv",
    "stream_xlsx",
    "write_report",
    "write_template",
]

"""The ledger: every published figure of the method beside the one counted from rows."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import FileResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from jiefa import sheets
from jiefa.access.rules import Permission
from jiefa.ledger.queries import ledger as queries
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.site.presenters import ledger as shown
from jiefa.site.reader import Reader
from jiefa.site.synthetic import mark_file
from jiefa.site.views.parts import page

COLUMNS = (
    Column(id="id", zh="编号", en="Id", type=ColumnType.TEXT),
    Column(id="figure", zh="数字", en="Figure", type=ColumnType.TEXT),
    Column(id="period", zh="时期", en="Period", type=ColumnType.TEXT),
    Column(id="unit", zh="单位", en="Unit", type=ColumnType.TEXT),
    Column(id="stated", zh="公布", en="Stated", type=ColumnType.NUMBER),
    Column(id="scaled", zh="公布（按登记册比例）", en="Stated, at the register's size", type=ColumnType.NUMBER),
    Column(id="computed", zh="从记录算出", en="Computed from rows", type=ColumnType.NUMBER),
    Column(id="difference", zh="相差", en="Difference", type=ColumnType.NUMBER),
    Column(id="agrees", zh="是否相符", en="Agrees", type=ColumnType.BOOL),
    Column(id="as_of", zh="截至", en="As of", type=ColumnType.DATE),
    Column(id="formula", zh="口径", en="Formula", type=ColumnType.TEXT),
    Column(id="note", zh="来源之间的矛盾", en="Where sources contradict", type=ColumnType.TEXT),
)


def _rows(reader: Reader) -> list[queries.Row]:
    return queries.rows(reader.pack, reader.home, queries.scale_of(mark_file()))


@page
def ledger(reader: Reader) -> HttpResponseBase:
    """The frame; what is counted loads behind it. ``?rows=1``: all in one page, for readers without scripts and for print."""
    reader.actor.demand(Permission.STATISTICS_VIEW, queries.PROVINCE)
    whole = reader.request.GET.get("rows") == "1"
    address = reverse("site:ledger")
    context = {
        "rows_url": reader.at(reverse("site:ledger-rows")),
        "whole_url": reader.at(address, rows="1"),
        "export_url": reader.at(reverse("site:ledger-export")),
        "scale": queries.scale_of(mark_file()),
        **(_counted(reader) if whole else {}),
    }
    return render(reader.request, "site/ledger.html", context)


@page
def rows(reader: Reader) -> HttpResponseBase:
    """The figures alone, for the frame."""
    reader.actor.demand(Permission.STATISTICS_VIEW, queries.PROVINCE)
    return render(reader.request, "site/_ledger_rows.html", _counted(reader))


def _counted(reader: Reader) -> dict[str, object]:
    found = _rows(reader)
    said = [row.agrees for row in found]
    return {
        "groups": shown.groups(reader, found),
        "figures": len(found),
        "agree": said.count(True),
        "differ": said.count(False),
        "open": said.count(None),
        "counted_at": timezone.now(),
    }


@page
def export(reader: Reader) -> HttpResponseBase:
    """The ledger as Excel, exactly as counted."""
    reader.actor.demand(Permission.STATISTICS_VIEW, queries.PROVINCE)
    lines = [_line(reader, row) for row in _rows(reader)]
    stream, _count = sheets.opened_xlsx(lines, COLUMNS, sheet_name="ledger", language=reader.lang)
    return FileResponse(stream, as_attachment=True, filename="ledger.xlsx")


def _line(reader: Reader, row: queries.Row) -> Sequence[object]:
    figure = row.figure
    return (
        figure.id,
        reader.words(figure.zh, figure.en),
        figure.period,
        reader.words(figure.unit_zh, figure.unit),
        figure.value,
        row.scaled,
        row.counted,
        row.difference,
        row.agrees,
        figure.as_of,
        reader.words(figure.formula_zh, figure.formula_en),
        reader.words(figure.note_zh, figure.note_en),
    )

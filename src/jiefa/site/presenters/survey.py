"""Results of microdata as tables: what is measured in words, numbers as people read them; the same rows for Excel."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from jiefa.kernel.errors import JiefaError
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.site.numerals import MINUS, MISSING, grouped
from jiefa.site.reader import Reader
from jiefa.survey import errors
from jiefa.survey.questions import Answer, Estimates, Multidimensional, Poverty, Question

Row = Mapping[str, Any]
KINDS = ("poverty", "mpi", "estimate")
SHARE, INDEX, PLAIN = "share", "index", "plain"
FORMS = {
    **dict.fromkeys(("headcount", "gap", "severity", "arpr", "H", "A", "hd", "hdk", "pctb"), SHARE),
    **dict.fromkeys(("gini", "theil", "watts", "M0", "actb"), INDEX),
}
"""How a measure is written; those not here have the unit of their column."""
DECIMALS = {SHARE: 2, INDEX: 4}
TINY, HUGE = 1e-6, 1e15
"""Below and beyond, figures are written with their power of ten."""

_GROUP = Column("group", "组", "Group", ColumnType.TEXT)
_VALUE = (
    Column("value", "值", "Value", ColumnType.NUMBER),
    Column("se", "标准误", "Standard error", ColumnType.NUMBER),
)
_INTERVAL = (
    Column("ci_low", "置信下限（95%）", "From (95 %)", ColumnType.NUMBER),
    Column("ci_high", "置信上限（95%）", "To (95 %)", ColumnType.NUMBER),
)
_ROWS = (
    Column("n", "行数", "Rows", ColumnType.INT),
    Column("missing", "未计入行数", "Rows left out", ColumnType.INT),
)
COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "poverty": (_GROUP, Column("statistic", "统计量", "Statistic", ColumnType.TEXT), *_VALUE, *_ROWS),
    "mpi": (
        Column("by", "分组列", "Grouped by", ColumnType.TEXT),
        _GROUP,
        Column("k", "临界值", "Cut-off", ColumnType.NUMBER),
        Column("measure", "度量", "Measure", ColumnType.TEXT),
        Column("indicator", "指标", "Indicator", ColumnType.TEXT),
        *(*_VALUE, *_INTERVAL, *_ROWS),
    ),
    "estimate": (
        _GROUP,
        Column("category", "类", "Category", ColumnType.TEXT),
        *(*_VALUE, *_INTERVAL),
        Column("df", "自由度", "Degrees of freedom", ColumnType.INT),
        *_ROWS,
    ),
}


def kinds(current: str) -> list[dict[str, Any]]:
    """What can be computed, with the one that is open."""
    labels = {
        "poverty": _("Income poverty"),
        "mpi": _("Multidimensional poverty"),
        "estimate": _("Estimates by the design"),
    }
    return [{"id": kind, "label": labels[kind], "current": kind == current} for kind in KINDS]


def statistics() -> dict[str, str]:
    """The statistics of income poverty in words."""
    return {
        "headcount": _("Headcount ratio"),
        "gap": _("Poverty gap"),
        "severity": _("Severity of poverty"),
        "gini": _("Gini coefficient"),
        "mean": _("Mean"),
        "median": _("Median"),
        "arpt": _("At-risk-of-poverty threshold"),
        "arpr": _("At-risk-of-poverty rate"),
        "s80s20": _("Income quintile share ratio S80/S20"),
        "theil": _("Theil index"),
        "watts": _("Watts index"),
    }


def measures() -> dict[str, str]:
    """The measures of multidimensional poverty in words."""
    return {
        "H": _("Poor in many ways, H"),
        "A": _("Mean deprivation of the poor, A"),
        "M0": _("Multidimensional poverty index, M0"),
        "hd": _("Deprived, poor or not"),
        "hdk": _("Poor and deprived"),
        "actb": _("Contribution to M0"),
        "pctb": _("Share of M0"),
    }


@dataclass(frozen=True)
class _Words:
    """What a row measures: the heading that it stands under, its own label there, in short, and how its numbers are written."""

    heading: str
    label: str
    short: str
    form: str


Said = tuple[Row, _Words]


def blocks(question: Question, answer: Answer) -> list[dict[str, Any]]:
    """A table of the whole file, measure by measure; then for each column of groups a line for each group, its measures beside each other."""
    both = [(row, _words(question, row)) for row in answer.rows]
    whole = [one for one in both if one[0]["group"] is None]
    found: list[dict[str, Any]] = [{"title": _("The whole file"), "sections": _sections(whole)}]
    for column in dict.fromkeys(_by(question, row) for row, _said in both if row["group"] is not None):
        inside = [one for one in both if one[0]["group"] is not None and _by(question, one[0]) == column]
        title = _("By {column}").format(column=column)
        found += [
            {"title": f"{title} · {heading}" if heading else title, "of_groups": True, **_compared(part)}
            for heading, part in _under_headings(inside)
        ]
    return found


def _under_headings(rows: Sequence[Said]) -> list[tuple[str, list[Said]]]:
    """What has no heading of its own first."""
    headings = sorted(dict.fromkeys(said.heading for _row, said in rows), key=bool)
    return [(heading, [one for one in rows if one[1].heading == heading]) for heading in headings]


def _compared(rows: Sequence[Said]) -> dict[str, Any]:
    """A line for each group: its measures in the order of ``columns``, and how many rows the first of them counts."""
    lines = []
    for group, inside in groupby(rows, key=lambda one: str(one[0]["group"])):
        cells = [_line(row, said.form, said.short) for row, said in inside]
        for cell in cells:
            cell["other_n"] = cell["n"] if cell["n"] != cells[0]["n"] else None
        lines.append({**cells[0], "label": group, "cells": cells})
    return {"columns": list(dict.fromkeys(said.short for _row, said in rows)), "rows": lines}


def _by(question: Question, row: Row) -> str:
    return str(row.get("by") or question.by)


def _words(question: Question, row: Row) -> _Words:
    if isinstance(question, Poverty):
        name = statistics()[row["statistic"]]
        return _Words("", name, name, FORMS.get(row["statistic"], PLAIN))
    if isinstance(question, Estimates):
        is_share = row["category"] is not None
        name = str(row["category"] if is_share else question.variable)
        return _Words("", name, name, SHARE if is_share else PLAIN)
    measure = str(row["measure"])
    cut_off = "" if row["k"] is None else f"k = {row['k']:.4g}"
    heading, form = measures()[measure], FORMS[measure]
    if row["indicator"] is None:
        return _Words("", f"{heading} · {cut_off}", f"{measure} · {cut_off}", form)
    name = str(row["indicator"])
    return _Words(f"{heading} · {cut_off}" if cut_off else heading, name, name, form)


def _sections(rows: Sequence[Said]) -> list[dict[str, Any]]:
    return [
        {"heading": heading, "rows": [_line(row, said.form, said.label) for row, said in part]}
        for heading, part in _under_headings(rows)
    ]


def _line(row: Row, form: str, label: str) -> dict[str, Any]:
    like = (row["value"], row["se"])
    value, se, low, high = (number(row.get(name), form, like) for name in ("value", "se", "ci_low", "ci_high"))
    return {
        "label": label,
        "value": value,
        "se": se,
        "interval": MISSING if MISSING in (low, high) else f"{low} – {high}",
        "df": row.get("df"),
        "n": row["n"],
        "missing": row["missing"],
    }


def number(value: float | None, form: str, like: Sequence[float | None] = ()) -> str:
    """A share in per cent, an index with four decimals, anything else with six figures; a dash for none.

    ``like``: a value and its error, after which the decimals of their whole row go.
    """
    if value is None:
        return MISSING
    shown, end = (value * 100, "%") if form == SHARE else (value, "")
    if shown and not TINY <= abs(shown) < HUGE:
        return f"{shown:.6g}{end}".replace("-", MINUS)
    return f"{grouped(shown, DECIMALS.get(form) or _decimals(like or (value,)))}{end}"


def _decimals(values: Sequence[float | None]) -> int:
    """So many that the largest of ``values`` has six figures and none of them fewer than two."""
    sizes = [math.floor(math.log10(abs(one))) for one in values if one and TINY <= abs(one) < HUGE]
    return max(0, 5 - max(sizes), 1 - min(sizes)) if sizes else 0


def asked(question: Question) -> str:
    """What was computed, in one line."""
    if isinstance(question, Poverty):
        if question.line is not None:
            return _("Line {line}").format(line=number(question.line, PLAIN))
        return _("Line {share} of the median").format(share=f"{question.share * 100:.6g}%")
    if isinstance(question, Multidimensional):
        return ", ".join(f"{one.column} {one.weight:.3g}" for one in question.spec.indicators)
    return {
        "mean": _("Mean of {variable}"),
        "total": _("Total of {variable}"),
        "proportion": _("Proportions of {variable}"),
        "ratio": _("Ratio of {variable} to {denominator}"),
    }[question.statistic.value].format(variable=question.variable, denominator=question.denominator)


def lines(reader: Reader, kind: str, rows: Sequence[Row]) -> Iterator[list[object]]:
    """The rows of ``COLUMNS[kind]``: values with all their digits, measures in words, the whole file called so."""
    words = statistics() if kind == "poverty" else measures()
    total = reader.words("合计", "total")
    for row in rows:
        said = {**row, "group": total if row["group"] is None else row["group"]}
        for name in {"statistic", "measure"} & said.keys():
            said[name] = words[str(row[name])]
        yield [said[column.id] for column in COLUMNS[kind]]


def refusal(reader: Reader, reason: JiefaError) -> str:
    """Why nothing is computed; where the reason names an option of the command line, in the words of the form."""
    said = {name: value.say(reader.lang) if hasattr(value, "say") else value for name, value in reason.context.items()}
    if isinstance(reason, errors.LonelyUnit):
        told = _(
            "There is a single sampling unit in these {places}, so no error can be estimated: {found}. Merge strata, or choose here "
            "what is done with them."
        )
        return told.format(**said)
    if isinstance(reason, errors.NoDenominator):
        return _("A ratio needs its denominator; the other statistics have none.")
    if isinstance(reason, errors.TooManySizes):
        told = _(
            "{given} numbers of units were named, at most {most} can be: one for each stage of clusters, and one for the rows."
        )
        return told.format(**said)
    return reason.message(reader.lang)

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
from jiefa.site.surveyed import Answer, Estimates, Multidimensional, Poverty, Question
from jiefa.survey import errors

Row = Mapping[str, Any]
KINDS = ("poverty", "mpi", "estimate")
SHARE, INDEX, PLAIN = "share", "index", "plain"
FORMS = {
    **dict.fromkeys(("headcount", "gap", "severity", "arpr", "H", "A", "hd", "hdk", "pctb"), SHARE),
    **dict.fromkeys(("gini", "theil", "watts", "M0", "actb"), INDEX),
}
"""How a measure is written; those not here have the unit of their column."""
MOST_DIGITS = 15
"""Beyond, and below a millionth, figures are written with their power of ten."""

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
    """What a row measures: the heading that it stands under, its own label there, and how its numbers are written."""

    heading: str
    label: str
    form: str

    @property
    def whole(self) -> str:
        return f"{self.heading} · {self.label}" if self.heading else self.label


def blocks(question: Question, answer: Answer) -> list[dict[str, Any]]:
    """A table of the whole file, then one for each column of groups, in it measure by measure so that groups can be compared."""
    words = [_words(question, row) for row in answer.rows]
    both = list(zip(answer.rows, words, strict=True))
    whole = [(row, said) for row, said in both if row["group"] is None]
    found = [{"title": _("The whole file"), "of_groups": False, "sections": _sections(whole)}]
    for column in dict.fromkeys(_by(question, row) for row, _said in both if row["group"] is not None):
        order = {said.whole: place for place, (_row, said) in enumerate(whole)}
        inside = [(row, said) for row, said in both if row["group"] is not None and _by(question, row) == column]
        inside.sort(key=lambda one: order.get(one[1].whole, len(order)))
        title = _("By {column}").format(column=column)
        found.append({"title": title, "of_groups": True, "sections": _sections(inside, of_groups=True)})
    return found


def _by(question: Question, row: Row) -> str:
    return str(row.get("by") or question.by)


def _words(question: Question, row: Row) -> _Words:
    if isinstance(question, Poverty):
        return _Words("", statistics()[row["statistic"]], FORMS.get(row["statistic"], PLAIN))
    if isinstance(question, Estimates):
        is_share = row["category"] is not None
        return _Words("", str(row["category"] if is_share else question.variable), SHARE if is_share else PLAIN)
    measure = str(row["measure"])
    cut_off = "" if row["k"] is None else f"k = {row['k']:.4g}"
    heading, form = measures()[measure], FORMS[measure]
    if row["indicator"] is None:
        return _Words("", f"{heading} · {cut_off}", form)
    return _Words(f"{heading} · {cut_off}" if cut_off else heading, str(row["indicator"]), form)


def _sections(rows: Sequence[tuple[Row, _Words]], *, of_groups: bool = False) -> list[dict[str, Any]]:
    """Rows under their headings: of a whole file by kind of measure, of groups by the measure itself."""
    found = []
    for heading, inside in groupby(rows, key=lambda one: one[1].whole if of_groups else one[1].heading):
        lines = [_line(row, said.form, str(row["group"]) if of_groups else said.label) for row, said in inside]
        found.append({"heading": heading, "rows": lines})
    # What has no heading of its own comes first.
    return sorted(found, key=lambda one: bool(one["heading"])) if not of_groups else found


def _line(row: Row, form: str, label: str) -> dict[str, Any]:
    low, high = row.get("ci_low"), row.get("ci_high")
    return {
        "label": label,
        "value": number(row["value"], form),
        "se": number(row["se"], form),
        "interval": MISSING if low is None or high is None else f"{number(low, form)} – {number(high, form)}",
        "df": row.get("df"),
        "n": row["n"],
        "missing": row["missing"],
    }


def number(value: float | None, form: str) -> str:
    """A share in per cent, an index with four decimals, anything else with six figures; a dash for none."""
    if value is None:
        return MISSING
    shown, end = (value * 100, "%") if form == SHARE else (value, "")
    size = math.floor(math.log10(abs(shown))) if shown else 5
    if size >= MOST_DIGITS or size < -6:
        return f"{shown:.6g}{end}".replace("-", MINUS)
    places = {SHARE: 2, INDEX: 4}.get(form, max(0, 5 - size))
    return f"{grouped(shown, places)}{end}"


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
    if isinstance(reason, errors.TooManyStages):
        return _("The second number of units belongs to clusters: name them, or leave it empty.")
    return reason.message(reader.lang)

"""The area page in the reader's language: the sentence, the flow of the year, compositions over the years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.areas.models import Designation, DesignationKind, Division
from jiefa.insight.queries.figures import Figure
from jiefa.policy.indicators import IndicatorDefinition
from jiefa.site import charts
from jiefa.site.presenters import indicators
from jiefa.site.presenters.indicators import Trend, value_of
from jiefa.site.reader import Reader

FLOW = (
    ("opening_people", True),
    ("new_people", False),
    ("returned_people", False),
    ("exited_people", False),
    ("natural_change_people", False),
    ("correction_people", False),
    ("closing_people", True),
)
LEAVING = frozenset({"exited_people"})
Category = tuple[str, list[float | None], str]


def division(reader: Reader, place: Division) -> dict[str, Any]:
    """The heading of the page."""
    parent = reverse("site:area", args=[place.parent_id]) if place.parent_id else ""
    marks = [_mark(row) for row in place.designations.all() if row.from_year <= reader.year]
    return {
        "code": place.code,
        "name": place.name,
        "level": place.level,
        "level_label": indicators.level_label(place.level),
        "parent_url": reader.at(parent) if parent else "",
        "marks": marks,
    }


def _mark(row: Designation) -> str:
    """What the place was designated, with its grade where it has one."""
    kind = row.get_kind_display()
    graded = row.kind in (DesignationKind.POOR_VILLAGE, DesignationKind.POOR_TOWNSHIP) and row.detail
    return _("{kind}, grade {grade}").format(kind=kind, grade=row.detail) if graded else kind


def sentence(
    reader: Reader, trend: Trend, below: Sequence[Division], incidence: Mapping[tuple[str, str], Figure]
) -> dict[str, Any]:
    """What one would say of the place in one breath, and where below it stands worst."""
    year = reader.year
    now, before = value_of(reader, trend, year, "poor_people"), value_of(reader, trend, year - 1, "poor_people")
    return {
        "poor_people": now,
        "poor_households": value_of(reader, trend, year, "poor_households"),
        "incidence": value_of(reader, trend, year, "incidence"),
        "change_people": now - before if now is not None and before is not None else None,
        "exited_people": value_of(reader, trend, year, "exited_people"),
        "returned_people": value_of(reader, trend, year, "returned_people"),
        "planned_people": None,
        "behind": _behind(reader, below, incidence),
    }


def _behind(reader: Reader, below: Sequence[Division], incidence: Mapping[tuple[str, str], Figure]) -> str:
    """The part of the place with the highest incidence, in words; empty with fewer than two parts."""
    known = [
        (figure.value, place)
        for place in below
        if (figure := incidence.get((place.code, "incidence"))) and figure.value
    ]
    if len(known) < 2:
        return ""
    value, worst = max(known, key=lambda pair: (pair[0], pair[1].code))
    return _("The highest incidence is in {place}: {share}.").format(place=worst.name, share=f"{value:.1f}%")


def indicator_groups(reader: Reader) -> list[dict[str, Any]]:
    """All indicators by group, for the choice above the map."""
    return [
        {
            "label": indicators.group_label(group),
            "items": [{"id": d.id, "label": reader.words(d.zh, d.en)} for d in definitions],
        }
        for group, definitions in indicators.in_groups(reader).items()
    ]


def flow(reader: Reader, place: Division, trend: Trend, as_of: dt.date) -> dict[str, Any]:
    """The waterfall of the year; it is drawn only when opening and movements really give the closing."""
    values = {name: value_of(reader, trend, reader.year, name) for name, _total in FLOW}
    if values["closing_people"] is None:
        return {"flow": None, "flow_ok": True, "flow_gap": 0}
    steps = []
    for name, total in FLOW:
        number = int(values[name] or 0)
        definition = reader.indicators[name]
        link = reverse("site:indicator-households", args=[name])
        steps.append(
            charts.Step(
                id=name,
                label=reader.words(definition.zh, definition.en),
                value=-number if name in LEAVING else number,
                total=total,
                href=reader.at(link, place=place.code),
            )
        )
    gap = int(value_of(reader, trend, reader.year, "flow_gap_people") or 0)
    title = _("Movement of the poor register in {year}").format(year=reader.year)
    frame = charts.Frame("flow", title, "people", as_of, reader.lang)
    link = reverse("site:indicator-households", args=["flow_gap_people"])
    return {
        "flow": charts.waterfall(steps, frame=frame),
        "flow_ok": gap == 0,
        "flow_gap": gap,
        "flow_gap_url": reader.at(link, place=place.code),
    }


def _chosen(reader: Reader, prefix: str, suffix: str) -> list[IndicatorDefinition]:
    return [d for d in reader.pack.indicators() if d.id.startswith(prefix) and d.id.endswith(suffix)]


def _categories(reader: Reader, trend: Trend, chosen: Sequence[IndicatorDefinition]) -> list[Category]:
    """``(label, values by year, link)`` of those that are not empty in every year."""
    years = sorted(trend)
    found = [
        (
            _short(reader.words(d.zh, d.en)),
            [value_of(reader, trend, year, d.id) for year in years],
            indicators.indicator_facts(reader, d)["url"],
        )
        for d in chosen
    ]
    return [category for category in found if any(category[1])]


def multiples(reader: Reader, trend: Trend, as_of: dt.date) -> list[Any]:
    """Causes and ages, kinds and income, classes and health: two in a row, each over the years."""
    made = [
        _multiple(reader, trend, as_of, "causes", _("Main causes of poverty"), _chosen(reader, "cause_", "_people")),
        _pyramid(reader, trend, as_of),
        _shares(reader, trend, as_of, "kinds", _("Kinds of household"), _chosen(reader, "kind_", "_people")),
        _incomes(reader, trend, as_of),
        _multiple(reader, trend, as_of, "classes", _("Classes of household"), _chosen(reader, "class_", "_people")),
        _multiple(reader, trend, as_of, "health", _("Health"), _health(reader)),
    ]
    return [chart for chart in made if chart is not None]


def _frame(reader: Reader, as_of: dt.date, name: str, title: str, unit_id: str) -> charts.Frame:
    return charts.Frame(name, title, unit_id, as_of, reader.lang, size="lg" if name == "kinds" else "md")


def _multiple(
    reader: Reader, trend: Trend, as_of: dt.date, name: str, title: str, chosen: Sequence[IndicatorDefinition]
) -> charts.Multiple | None:
    categories = _categories(reader, trend, chosen)
    if not categories:
        return None
    return charts.small_multiple(sorted(trend), categories, frame=_frame(reader, as_of, name, title, "people"))


def _shares(
    reader: Reader, trend: Trend, as_of: dt.date, name: str, title: str, chosen: Sequence[IndicatorDefinition]
) -> charts.Chart | None:
    categories = _categories(reader, trend, chosen)
    if not categories:
        return None
    series = [charts.Series(label, values) for label, values, _url in categories]
    return charts.stacked_years(sorted(trend), series, frame=_frame(reader, as_of, name, title, "people"), share=True)


def _incomes(reader: Reader, trend: Trend, as_of: dt.date) -> charts.Multiple | None:
    chosen = [d for d in reader.pack.indicators() if d.group == "income" and not d.id.startswith("net_")]
    categories = _categories(reader, trend, chosen)
    if not categories:
        return None
    frame = _frame(reader, as_of, "incomes", _("Income by component, per person"), "yuan")
    return charts.small_multiple(sorted(trend), categories, frame=frame, of_total=False, keep_order=True)


def _health(reader: Reader) -> list[IndicatorDefinition]:
    return [d for d in reader.pack.indicators() if d.group == "health" and d.unit == "people"]


def _short(label: str) -> str:
    """The part of a label that tells it from its neighbours: 贫困人口：因病 -> 因病, 人均低保金 -> 低保金."""
    for sign in ("：", ": "):
        if sign in label:
            return label.split(sign, 1)[1]
    return label.removeprefix("人均").removesuffix(" per person")


def _pyramid(reader: Reader, trend: Trend, as_of: dt.date) -> charts.Chart | None:
    bands = [d.id.removeprefix("male_").removesuffix("_people") for d in _chosen(reader, "male_", "_people")]
    if not bands:
        return None
    year = reader.year
    values = {
        sex: [value_of(reader, trend, year, f"{sex}_{band}_people") for band in bands] for sex in ("male", "female")
    }
    frame = charts.Frame("pyramid", _("People by age and sex"), "people", as_of, reader.lang, size="lg")
    labels = [band.replace("_plus", "+").replace("_", "–") for band in bands]
    as_int = {sex: [int(v) if v is not None else None for v in row] for sex, row in values.items()}
    return charts.pyramid(labels, as_int["male"], as_int["female"], frame=frame)

"""The area page in the reader's language: the sentence, the flow of the year, compositions over the years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.areas.models import Division
from jiefa.kernel.division_codes import Level
from jiefa.policy.indicators import IndicatorDefinition
from jiefa.site import charts
from jiefa.site.presenters import indicators
from jiefa.site.presenters.indicators import BETTER, Trend, unit, value_of
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


def division(reader: Reader, place: Division) -> dict[str, Any]:
    """The heading of the page."""
    parent = reverse("site:area", args=[place.parent_id]) if place.parent_id else ""
    marks = [row.get_kind_display() for row in place.designations.all() if row.from_year <= reader.year]
    return {
        "code": place.code,
        "name": place.name,
        "level": place.level,
        "level_label": indicators.level_label(place.level),
        "parent_url": reader.at(parent) if parent else "",
        "marks": marks,
    }


def sentence(reader: Reader, trend: Trend) -> dict[str, Any]:
    """What one would say of the place in one breath."""
    year = reader.year
    now, before = value_of(trend, year, "poor_people"), value_of(trend, year - 1, "poor_people")
    return {
        "poor_people": now,
        "poor_households": value_of(trend, year, "poor_households"),
        "incidence": value_of(trend, year, "incidence"),
        "change_people": now - before if now is not None and before is not None else None,
        "exited_people": value_of(trend, year, "exited_people"),
        "returned_people": value_of(trend, year, "returned_people"),
        "planned_people": None,
        "behind": "",
    }


def indicator_groups(reader: Reader) -> list[dict[str, Any]]:
    """All indicators by group, for the choice above the map."""
    groups: dict[str, list[dict[str, str]]] = {}
    for definition in reader.pack.indicators():
        item = {"id": definition.id, "label": reader.words(definition.zh, definition.en)}
        groups.setdefault(definition.group, []).append(item)
    return [{"label": indicators.group_label(group), "items": items} for group, items in groups.items()]


def children_label(place: Division) -> str:
    """What the places below are called."""
    below = {
        Level.PROVINCE: _("Counties"),
        Level.PREFECTURE: _("Counties"),
        Level.COUNTY: _("Townships"),
        Level.TOWNSHIP: _("Villages"),
    }
    return below.get(Level(place.level), "")


def map_name(place: Division) -> str:
    """The polygons that draw the place's counties; empty below a prefecture."""
    return place.code if place.level in (Level.PROVINCE, Level.PREFECTURE) and place.code.startswith("52") else ""


def compared(
    reader: Reader,
    place: Division,
    places: Sequence[charts.Place],
    definition: IndicatorDefinition,
    children: Sequence[Division],
) -> dict[str, Any]:
    """Map or tiles, and the ranking, of one indicator."""
    better, shown_unit = BETTER[definition.direction], unit(definition)
    label = reader.words(definition.zh, definition.en)
    snapshot = reader.snapshot
    as_of = snapshot.manifest.moment.date() if snapshot else None
    polygons = map_name(place)
    frame = charts.Frame("map", f"{place.name} · {label}", shown_unit, as_of, reader.lang)
    return {
        "indicator": indicators.indicator_facts(reader, definition),
        "children_label": children_label(place),
        "map": charts.area_map(places, map_name=polygons, frame=frame, better=better) if polygons and places else None,
        "tiles": [] if polygons else charts.tiles(places, unit=shown_unit, lang=reader.lang, better=better),
        "ranking": charts.ranking(places, unit=shown_unit, lang=reader.lang, better=better),
    }


def flow(reader: Reader, place: Division, trend: Trend, as_of: dt.date) -> dict[str, Any]:
    """The waterfall of the year; it is drawn only when opening and movements really give the closing."""
    values = {name: value_of(trend, reader.year, name) for name, _total in FLOW}
    if values["closing_people"] is None:
        return {"flow": None, "flow_ok": True, "flow_gap": 0}
    by_id = {definition.id: definition for definition in reader.pack.indicators()}
    steps = []
    for name, total in FLOW:
        number = int(values[name] or 0)
        definition = by_id[name]
        link = reverse("site:indicator-households", args=[name])
        steps.append(
            charts.Step(
                id=name,
                label=reader.words(definition.zh, definition.en),
                value=-number if name in LEAVING else number,
                total=total,
                href="" if total and name.startswith("opening") else reader.at(link, place=place.code),
            )
        )
    gap = int(value_of(trend, reader.year, "flow_gap_people") or 0)
    title = _("Movement of the poor register in {year}").format(year=reader.year)
    frame = charts.Frame("flow", title, "people", as_of, reader.lang)
    return {"flow": charts.waterfall(steps, frame=frame), "flow_ok": gap == 0, "flow_gap": gap}


MULTIPLES = (
    ("causes", "cause_", "_people"),
    ("kinds", "kind_", "_people"),
    ("classes", "class_", "_people"),
    ("incomes", "", "_per_person"),
)


def multiples(reader: Reader, trend: Trend, as_of: dt.date) -> list[Any]:
    """Causes, kinds, classes and income parts as small multiples over the years, and the pyramid of ages."""
    titles = {
        "causes": _("Main causes of poverty"),
        "kinds": _("Kinds of household"),
        "classes": _("Classes of household"),
        "incomes": _("Income by component, per person"),
    }
    years = sorted(trend)
    made: list[Any] = []
    for name, prefix, suffix in MULTIPLES:
        chosen = [d for d in reader.pack.indicators() if _belongs(d, prefix, suffix)]
        if not chosen:
            continue
        frame = charts.Frame(name, titles[name], unit(chosen[0]), as_of, reader.lang)
        categories = [
            (
                _short(reader.words(d.zh, d.en)),
                [value_of(trend, year, d.id) for year in years],
                indicators.indicator_facts(reader, d)["url"],
            )
            for d in chosen
        ]
        categories = [c for c in categories if any(value for value in c[1])]
        if categories:
            made.append(charts.small_multiple(years, categories, frame=frame, of_total=name != "incomes"))
    pyramid = _pyramid(reader, trend, as_of)
    return [*made, pyramid] if pyramid else made


def _belongs(definition: IndicatorDefinition, prefix: str, suffix: str) -> bool:
    if not definition.id.endswith(suffix):
        return False
    return definition.id.startswith(prefix) if prefix else definition.group == "income" and not definition.id.startswith("net_")


def _short(label: str) -> str:
    """The part of a label behind its colon: 贫困人口：因病 -> 因病."""
    for sign in ("：", ": "):
        if sign in label:
            return label.split(sign, 1)[1]
    return label


def _pyramid(reader: Reader, trend: Trend, as_of: dt.date) -> Any:
    bands = [d.id.removeprefix("male_").removesuffix("_people") for d in reader.pack.indicators() if d.id.startswith("male_")]
    if not bands:
        return None
    values = {sex: [value_of(trend, reader.year, f"{sex}_{band}_people") for band in bands] for sex in ("male", "female")}
    frame = charts.Frame("pyramid", _("Poor people by age and sex"), "people", as_of, reader.lang)
    labels = [band.replace("_plus", "+").replace("_", "–") for band in bands]
    as_int = {sex: [int(v) if v is not None else None for v in row] for sex, row in values.items()}
    return charts.pyramid(labels, as_int["male"], as_int["female"], frame=frame)



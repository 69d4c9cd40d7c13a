"""Figures as pages show them: leading figures with trend and change, ranked places, units and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.areas.models import Division
from jiefa.insight.queries.figures import Figure
from jiefa.policy.indicators import IndicatorDefinition, Measure
from jiefa.site import charts
from jiefa.site.charts.areas import Better
from jiefa.site.reader import Reader
from jiefa.snapshots import Snapshot

LEADING = ("poor_people", "incidence", "exited_people", "net_income_per_person", "poor_households", "returned_people")
UNITS = {"yuan_per_person_year": "yuan", "yuan": "yuan", "percent": "share"}
BETTER: dict[str, Better] = {"higher": "up", "lower": "down", "neutral": ""}

Trend = Mapping[int, Mapping[str, Figure]]


def level_label(level: str) -> str:
    """The name of a level of divisions."""
    names = {
        "province": _("Province"),
        "prefecture": _("Prefecture"),
        "county": _("County"),
        "township": _("Township"),
        "village": _("Village"),
    }
    return names[level]


def unit(definition: IndicatorDefinition) -> str:
    """The unit under which pages format a value."""
    return UNITS.get(definition.unit, definition.unit)


def snapshot_facts(snapshot: Snapshot) -> dict[str, Any]:
    """``snapshot`` and ``as_of`` of a page."""
    moment = snapshot.manifest.moment
    url = reverse("site:snapshot", args=[snapshot.id])
    return {"snapshot": {"id": snapshot.id, "url": url, "at": snapshot.manifest.made_at}, "as_of": moment.date()}


def indicator_facts(reader: Reader, definition: IndicatorDefinition) -> dict[str, Any]:
    """``indicator`` of a page."""
    place = reader.place
    return {
        "id": definition.id,
        "label": reader.words(definition.zh, definition.en),
        "unit": unit(definition),
        "better": BETTER[definition.direction],
        "url": reader.at(reverse("site:indicator", args=[definition.id]), place=place.code if place else None),
    }


def value_of(trend: Trend, year: int, indicator: str) -> float | None:
    """One value of a trend; None where the year or the indicator is missing."""
    figure = trend.get(year, {}).get(indicator)
    return figure.value if figure else None


def figure(reader: Reader, trend: Trend, definition: IndicatorDefinition) -> charts.Figure:
    """An indicator with its line over the years and its change since the year before."""
    years = sorted(trend)
    values = [(year, value_of(trend, year, definition.id)) for year in years]
    now = value_of(trend, reader.year, definition.id)
    before = value_of(trend, reader.year - 1, definition.id)
    return charts.Figure(
        id=definition.id,
        label=reader.words(definition.zh, definition.en),
        value=now,
        unit=unit(definition),
        trend=values,
        change=now - before if now is not None and before is not None else None,
        better=BETTER[definition.direction],
        url=indicator_facts(reader, definition)["url"],
    )


def leading_figures(reader: Reader, trend: Trend) -> list[charts.Figure]:
    """The four figures that a page leads with."""
    by_id = {definition.id: definition for definition in reader.pack.indicators()}
    return [figure(reader, trend, by_id[name]) for name in LEADING[:4] if name in by_id]


def places(
    reader: Reader,
    children: Sequence[Division],
    found: Mapping[tuple[str, str], Figure],
    definition: IndicatorDefinition,
) -> list[charts.Place]:
    """The children with their value and a link one level down."""
    rows = []
    for child in children:
        here = found.get((child.code, definition.id))
        rows.append(
            charts.Place(
                code=child.code,
                name=child.name,
                value=here.value if here else None,
                href=reader.at(reverse("site:area", args=[child.code]), indicator=definition.id),
                numerator=here.numerator if here else None,
                denominator=here.denominator if here else None,
            )
        )
    return rows


def measure_text(reader: Reader, measure: Measure | None) -> str:
    """A numerator or denominator in words: what is counted or summed, over which cards, under which conditions."""
    if measure is None:
        return ""
    names = {
        "persons": _("person cards"),
        "households": _("household cards"),
        "movements": _("movements of the register"),
        "villages": _("villages"),
        "opening": _("the poor of the year before"),
    }
    conditions = []
    for condition in measure.where:
        sign = {"in": "=", "ge": "≥", "gt": ">", "le": "≤", "lt": "<", "ne": "≠", "is_null": _("empty =")}
        values = _("or").join(f" {value} " for value in condition.values).strip()
        conditions.append(f"{condition.column} {sign[condition.comparison]} {values}")
    what = _("sum of {column} over {table}").format(column=measure.column, table=names[measure.of])
    if measure.column is None:
        what = _("number of {table}").format(table=names[measure.of])
    return what + (_(" where ") + "; ".join(conditions) if conditions else "")


def formula(definition: IndicatorDefinition) -> str:
    """The formula of an indicator in symbols."""
    if definition.kind == "fgt":
        return f"Σ size · ((z − y) / z)^{definition.alpha} / Σ size   (y < z)"
    if definition.kind == "gini":
        return "1 − Σ W · (2C − N) / (Σ W · Σ N)"
    if definition.kind == "balance":
        return " + ".join(definition.plus) + "".join(f" − {name}" for name in definition.minus)
    scale = "" if definition.scale == 1 else f" × {definition.scale}"
    return ("N / D" if definition.denominator else "N") + scale


def group_label(group: str) -> str:
    """The name of a group of indicators; the identifier itself for a group that a pack adds."""
    names = {
        "stock": _("How many are poor"),
        "flow": _("Entries and exits"),
        "kind": _("Kinds of household"),
        "class": _("Classes of household"),
        "cause": _("Main causes of poverty"),
        "income": _("Income"),
        "poverty": _("Depth and inequality"),
        "housing": _("Housing"),
        "living": _("Living conditions"),
        "land": _("Land and production"),
        "people": _("Age and sex"),
        "health": _("Health"),
        "labour": _("Labour and work"),
        "schooling": _("Schooling"),
        "insurance": _("Insurance"),
        "work": _("Effort of record keeping"),
    }
    return names.get(group, group)

"""Figures as pages show them: leading figures with trend and change, ranked places, units and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.areas.models import Division
from jiefa.insight.queries import figures
from jiefa.insight.queries.figures import Figure
from jiefa.insight.rules.measures import ADDED
from jiefa.policy.indicators import OF_PLACES, IndicatorDefinition
from jiefa.site import charts
from jiefa.site.charts.areas import Better
from jiefa.site.presenters import words
from jiefa.site.reader import Reader
from jiefa.snapshots import Snapshot

LEADING = ("poor_people", "incidence", "exited_people", "money_to_households")
UNITS = {
    "yuan_per_person_year": "yuan",
    "percent": "share",
    "ratio": "index",
    "m2_per_person": "m2",
    "mu_per_person": "mu",
    "people_per_household": "people",
    "fields_per_household": "cells",
}
PER_CENT = 100
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


def shown_value(definition: IndicatorDefinition, value: float | None) -> float | None:
    """A value in the unit of ``unit(definition)``: what the pack gives in per cent is a share here."""
    return value / PER_CENT if value is not None and definition.unit == "percent" else value


def measure_unit(definition: IndicatorDefinition, part: str) -> str:
    """The unit of the ``numerator`` or ``denominator`` of an indicator."""
    measure = definition.numerator if part == "numerator" else definition.denominator
    if definition.kind in ("fgt", "gini") or measure is None:
        return unit(definition) if part == "numerator" and definition.kind in ("count", "balance") else "count"
    if measure.column is None:
        return {"persons": "people", "households": "households", "help": "households"}.get(measure.of, "count")
    if measure.column.endswith("_fen"):
        return "fen"
    if measure.column in ("size", "people", "rural_registered_people"):
        return "people"
    return next((name for name in ("m2", "mu", "km") if measure.column.endswith(f"_{name}")), "count")


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


def value_of(reader: Reader, trend: Trend, year: int, indicator: str) -> float | None:
    """One value of a trend in the unit that is shown; None where the year or the indicator is missing."""
    found = trend.get(year, {}).get(indicator)
    definition = reader.indicators.get(indicator)
    return shown_value(definition, found.value) if found and definition else None


def figure(reader: Reader, trend: Trend, definition: IndicatorDefinition) -> charts.Figure:
    """An indicator with its line over the years and its change since the year before."""
    years = sorted(trend)
    values = [(year, value_of(reader, trend, year, definition.id)) for year in years]
    now = value_of(reader, trend, reader.year, definition.id)
    before = value_of(reader, trend, reader.year - 1, definition.id)
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
    known = reader.indicators
    return [figure(reader, trend, known[name]) for name in LEADING if name in known]


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
                value=shown_value(definition, here.value) if here else None,
                href=reader.at(reverse("site:area", args=[child.code]), indicator=definition.id),
                numerator=here.numerator if here else None,
                denominator=here.denominator if here else None,
            )
        )
    return rows


def formula(reader: Reader, definition: IndicatorDefinition) -> str:
    """The formula of an indicator: symbols, and words for what is added up."""
    if definition.kind == "fgt":
        return f"Σ n · ((z − y) / z)^{definition.alpha} / Σ n   (y < z)"
    if definition.kind == "gini":
        return "1 − Σ n · (2C − y) / (Σ n · Σ y)"
    if definition.kind == "balance":
        named = {name: reader.words(d.zh, d.en) for name, d in reader.indicators.items()}
        return " + ".join(named[name] for name in definition.plus) + "".join(
            f" − {named[name]}" for name in definition.minus
        )
    scale = "" if definition.scale == 1 else f" × {definition.scale:f}"
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
        "gap": _("Depth and inequality"),
        "living": _("House, water, power, road"),
        "relocation": _("Relocation"),
        "production": _("Land and production"),
        "age_sex": _("Age and sex"),
        "health": _("Health"),
        "labour": _("Labour and work"),
        "education": _("Schooling completed"),
        "schooling": _("Pupils"),
        "coverage": _("Insurance and allowances"),
        "workload": _("Effort of record keeping"),
        "answering": _("Helpers and visits"),
        "plans": _("Plans and measures"),
        "money": _("Money"),
        "credit": _("Microcredit"),
        "industry": _("Industry"),
        "training": _("Training"),
        "moving": _("Moving, case by case"),
        "guarantee": _("Minimum-income guarantee"),
        "programmes": _("Other programmes"),
    }
    return names.get(group, group)


GROUP_ORDER = (
    *(
        "stock",
        "flow",
        "gap",
        "income",
        "answering",
        "plans",
        "money",
        "credit",
        "industry",
        "training",
        "moving",
        "guarantee",
    ),
    *("programmes", "cause", "kind", "class", "age_sex", "health", "labour"),
)


def in_groups(reader: Reader) -> dict[str, list[IndicatorDefinition]]:
    """All definitions by group, the groups that people ask for first in front."""
    groups: dict[str, list[IndicatorDefinition]] = {}
    for definition in reader.pack.indicators():
        groups.setdefault(definition.group, []).append(definition)
    known = [group for group in GROUP_ORDER if group in groups]
    return {group: groups[group] for group in [*known, *(group for group in groups if group not in known)]}


def catalogue(reader: Reader, trend: Trend) -> list[dict[str, Any]]:
    """All indicators of a place by group, each with value, change and line."""
    return [
        {"id": group, "label": group_label(group), "items": [figure(reader, trend, d) for d in definitions]}
        for group, definitions in in_groups(reader).items()
    ]


def because(reader: Reader, place: Division, definition: IndicatorDefinition) -> dict[str, str]:
    """Why a list of households is open: the figure that it stands behind."""
    label = reader.words(definition.zh, definition.en)
    url = reader.at(reverse("site:indicator", args=[definition.id]), place=place.code)
    return {"indicator": label, "text": f"{place.name} · {reader.year} · {label}", "url": url}


def trend_chart(reader: Reader, place: Division, definition: IndicatorDefinition, trend: Trend) -> charts.Chart | None:
    """The line over the years; None with a single year."""
    years = sorted(trend)
    if len(years) < 2 or reader.snapshot is None:
        return None
    label = reader.words(definition.zh, definition.en)
    as_of = reader.snapshot.manifest.moment.date()
    frame = charts.Frame("trend", f"{place.name} · {label}", unit(definition), as_of, reader.lang)
    series = [charts.Series(label, [value_of(reader, trend, year, definition.id) for year in years])]
    return charts.lines(years, series, frame=frame)


def explained(reader: Reader, place: Division, definition: IndicatorDefinition, trend: Trend) -> dict[str, Any]:
    """Value, parts, formula, definition and source of one indicator."""
    here = trend.get(reader.year, {}).get(definition.id)
    note = reader.words(definition.note_zh, definition.note_en)
    link = reverse("site:indicator-households", args=[definition.id])
    has_households = definition.numerator is None or (
        definition.numerator.of not in OF_PLACES
        and (definition.numerator.of != "money" or any(c.column == "household_id" for c in definition.numerator.where))
        and reader.snapshot is not None
        and _held(reader, definition)
    )
    return {
        "indicator": indicator_facts(reader, definition)
        | {
            "definition": note,
            "numerator_text": words.measure_text(reader, definition.numerator),
            "denominator_text": words.measure_text(reader, definition.denominator),
            "formula": formula(reader, definition),
            "grain": grain_label(definition.grain),
            "source": definition.source,
            "notes": "",
            "assumption": False,
        },
        "value": shown_value(definition, here.value) if here else None,
        "numerator": here.numerator if here else None,
        "denominator": here.denominator if here else None,
        "numerator_unit": measure_unit(definition, "numerator"),
        "denominator_unit": measure_unit(definition, "denominator"),
        "not_held": not _held(reader, definition),
        "policy_version": reader.snapshot.manifest.policy_version if reader.snapshot else "",
        "households_url": reader.at(link, place=place.code) if has_households else "",
        "export_url": reader.at(reverse("site:indicators-export"), place=place.code, indicator=definition.id),
    }


def _held(reader: Reader, definition: IndicatorDefinition) -> bool:
    """Whether the snapshot has the tables of the indicator; one that was made before they were added has not."""
    used = {measure.of for measure in (definition.numerator, definition.denominator) if measure is not None}
    return reader.snapshot is not None and all(figures.holds(reader.snapshot, name) for name in used & set(ADDED))


def grain_label(grain: str) -> str:
    """What one row of the numerator is."""
    names = {
        "person": _("person"),
        "household": _("household"),
        "movement": _("movement"),
        "village": _("village"),
        "case": _("case of a programme"),
        "loan": _("loan"),
        "county": _("county"),
        "transfer": _("transfer"),
    }
    return names[grain]

"""Indicators: the catalogue with values, one with its formula and parts, the households behind it, the export."""

from __future__ import annotations

import tempfile
from typing import Any

from django.http import FileResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from jiefa import sheets
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.areas.models import Division
from jiefa.insight.queries import figures, tables
from jiefa.kernel.division_codes import Level
from jiefa.registry.queries import households
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.site import charts
from jiefa.site.presenters import area as area_presenter
from jiefa.site.presenters import households as household_rows
from jiefa.site.presenters import indicators as shown
from jiefa.site.reader import Reader
from jiefa.site.views.households import extras
from jiefa.site.views.parts import key, neighbours, page
from jiefa.snapshots import Snapshot, SnapshotUnknown

P = Permission
ROWS = 50


def _open(reader: Reader) -> tuple[Division, Snapshot]:
    """The place of the page and the snapshot of its year. Raises ``NotAllowed``, ``SnapshotUnknown``."""
    reader.actor.demand(P.STATISTICS_VIEW)
    assert reader.place is not None
    reader.actor.demand(P.STATISTICS_VIEW, reader.place.code)
    if reader.snapshot is None:
        raise SnapshotUnknown(what=reader.year, year=reader.year)
    return reader.place, reader.snapshot


@page
def indicators(reader: Reader) -> HttpResponseBase:
    place, snapshot = _open(reader)
    trend = figures.trend(reader.pack, place.code, (), reader.year)
    groups: dict[str, list[dict[str, Any]]] = {}
    for definition in reader.pack.indicators():
        figure = shown.figure(reader, trend, definition)
        item = {
            "id": definition.id,
            "label": figure.label,
            "value": figure.value,
            "unit": figure.unit,
            "change": figure.change,
            "better": figure.better,
            "spark": figure,
            "url": figure.url,
        }
        groups.setdefault(definition.group, []).append(item)
    context = {
        "groups": [{"id": g, "label": shown.group_label(g), "items": items} for g, items in groups.items()],
        "division": {"code": place.code, "name": place.name},
        **shown.snapshot_facts(snapshot),
    }
    return render(reader.request, "site/indicators.html", context)


@page
def indicator(reader: Reader, identity: str) -> HttpResponseBase:
    place, snapshot = _open(reader)
    definition = figures.definition(reader.pack, identity)
    trend = figures.trend(reader.pack, place.code, [identity], reader.year)
    here = trend.get(reader.year, {}).get(identity)
    level = Level.COUNTY if place.level == Level.PROVINCE else None
    children = areas.several(areas.codes_under(place.code, level)) if level else list(areas.children(place.code))
    found = figures.read(snapshot, reader.pack, [child.code for child in children], [identity])
    places = shown.places(reader, children, found, definition)
    compared = area_presenter.compared(reader, place, places, definition, children)
    years = sorted(trend)
    label = reader.words(definition.zh, definition.en)
    facts = shown.snapshot_facts(snapshot)
    frame = charts.Frame("trend", f"{place.name} · {label}", shown.unit(definition), facts["as_of"], reader.lang)
    series = [charts.Series(label, [shown.value_of(trend, year, identity) for year in years])]
    behind_url = reader.at(reverse("site:indicator-households", args=[identity]), place=place.code)
    context = {
        **compared,
        **facts,
        "indicator": shown.indicator_facts(reader, definition)
        | {
            "definition": reader.words(definition.note_zh, definition.note_en),
            "numerator_text": shown.measure_text(reader, definition.numerator),
            "denominator_text": shown.measure_text(reader, definition.denominator),
            "formula": shown.formula(definition),
            "grain": definition.grain,
            "source": definition.source,
            "notes": reader.words(definition.note_zh, definition.note_en),
            "assumption": False,
        },
        "value": here.value if here else None,
        "numerator": here.numerator if here else None,
        "denominator": here.denominator if here else None,
        "policy_version": snapshot.manifest.policy_version,
        "division": {"code": place.code, "name": place.name},
        "children": compared["ranking"],
        "trend": charts.lines(years, series, frame=frame) if len(years) > 1 else None,
        "households_url": behind_url if reader.actor.may(P.HOUSEHOLD_VIEW, place.code) else "",
        "export_url": reader.at(reverse("site:indicators-export"), place=place.code, indicator=identity),
    }
    return render(reader.request, "site/indicator.html", context)


@page
def behind(reader: Reader, identity: str) -> HttpResponseBase:
    """The households counted in a figure: the same rows of the same snapshot that the figure was summed from."""
    place, snapshot = _open(reader)
    within = reader.scope(P.HOUSEHOLD_VIEW).narrowed(place.code)
    definition = figures.definition(reader.pack, identity)
    after = key(reader.request, "after")
    keys = figures.households_behind(snapshot, definition, within, after, ROWS + 1)
    more, keys = len(keys) > ROWS, keys[:ROWS]
    rows = households.several(keys, within)
    label = reader.words(definition.zh, definition.en)
    context = {
        "form": None,
        "searched": True,
        "because": {
            "indicator": label,
            "text": f"{place.name} · {reader.year} · {label}",
            "url": reader.at(reverse("site:indicator", args=[identity]), place=place.code),
        },
        "rows": household_rows.rows(reader, rows, extras(reader, rows)),
        "total": None,
        "total_more": False,
        "export_url": "",
        "chips": [],
        **neighbours(reader.request, keys[-1] if more else None, None),
    }
    return render(reader.request, "site/households.html", context)


_COLUMNS = (
    Column(id="division", zh="区划代码", en="Division", type=ColumnType.TEXT),
    Column(id="name", zh="地方", en="Name", type=ColumnType.TEXT),
    Column(id="indicator", zh="指标代码", en="Indicator", type=ColumnType.TEXT),
    Column(id="label", zh="指标", en="Label", type=ColumnType.TEXT),
    Column(id="value", zh="数值", en="Value", type=ColumnType.NUMBER),
    Column(id="numerator", zh="分子", en="Numerator", type=ColumnType.NUMBER),
    Column(id="denominator", zh="分母", en="Denominator", type=ColumnType.NUMBER),
    Column(id="unit", zh="单位", en="Unit", type=ColumnType.TEXT),
    Column(id="as_of", zh="截止", en="As of", type=ColumnType.TEXT),
    Column(id="snapshot", zh="快照", en="Snapshot", type=ColumnType.TEXT),
)


@page
def export(reader: Reader) -> HttpResponseBase:
    """The figures of a place and of the places directly under it, as Excel, exactly as computed."""
    place, snapshot = _open(reader)
    asked = reader.request.GET.get("indicator")
    children = list(areas.children(place.code))
    codes = [place.code, *(child.code for child in children)]
    names = {place.code: place.name, **{child.code: child.name for child in children}}
    rows = tables.indicator_rows(snapshot, reader.pack, codes, names, [asked] if asked else [])
    labels = {d.id: reader.words(d.zh, d.en) for d in reader.pack.indicators()}
    stream = tempfile.TemporaryFile(suffix=".xlsx")
    lines = ([({**row, "label": labels[str(row["indicator"])]})[c.id] for c in _COLUMNS] for row in rows)
    sheets.stream_xlsx(lines, _COLUMNS, stream, sheet_name=f"{place.name} {reader.year}", language=reader.lang)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"indicators-{place.code}-{reader.year}.xlsx")

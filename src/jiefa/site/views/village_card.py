"""The card of a village by year (贫困村登记表): read, printed, taken out as Excel, typed by one officer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa import sheets
from jiefa.access.rules import Permission
from jiefa.areas import actions, queries
from jiefa.areas.models import Division, DivisionYear
from jiefa.areas.rules import FactsOvertaken
from jiefa.insight.queries import figures
from jiefa.kernel.division_codes import Level
from jiefa.policy import Field
from jiefa.responsibility.queries import teams
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.sheets.forms import specs_of
from jiefa.site.place_forms import VillageFacts, items_of
from jiefa.site.presenters import village_card as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page

P = Permission
FIRST, LAST = 2000, 2099
NAME = Column("name", "地方", "Place", ColumnType.TEXT)


def _village(reader: Reader, code: str) -> Division:
    """The village of the page. Raises ``NotAllowed``; 404 for what is no village."""
    reader.actor.demand(P.STATISTICS_VIEW, code)
    reader.place_code = code
    place = queries.division(code)
    if place.level != Level.VILLAGE:
        raise Http404
    return place


@page
def card(reader: Reader, code: str) -> HttpResponseBase:
    """Every item of the card, the years beside each other."""
    place = _village(reader, code)
    rows, items = queries.facts(code), items_of(reader)
    years = shown.years_shown(reader, rows)
    counted = sorted({field.card.counted for field in items if field.card and field.card.counted})
    trend = figures.trend(reader.pack, code, counted, reader.year)
    edit = reverse("site:village-card-edit", args=[code, reader.year])
    context = {
        "division": {"code": code, "name": place.name},
        "reference": reader.pack.form("places").reference,
        "years": years,
        "parts": [
            *shown.parts(reader, place, items, rows, trend, years),
            shown.team(reader, teams.service_in(code), years),
        ],
        "stated": [{"year": row.year, "source": row.source} for row in rows if row.year in years],
        "edit_url": edit if reader.actor.may(P.HOUSEHOLD_EDIT, code) else "",
        "export_url": reader.at(reverse("site:village-card-export", args=[code])),
    }
    return render(reader.request, "site/village_card.html", context)


@page
def edit(reader: Reader, code: str, year: int) -> HttpResponseBase:
    """What is stated of the village in a year, typed by one officer; whoever saves second is told."""
    place = _village(reader, code)
    reader.actor.demand(P.HOUSEHOLD_EDIT, code)
    if not FIRST <= year <= LAST:
        raise Http404
    row = next((one for one in queries.facts(code) if one.year == year), None)
    form = VillageFacts(reader.request.POST or None, reader=reader, row=row)
    refusal, status = "", 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                actions.edit_facts(
                    code=code, year=year, version=form.cleaned_data["version"], values=form.values, by=reader.actor.name
                )
            except FactsOvertaken as reason:
                # What is there now, with its version: the officer types over it knowingly.
                refusal, status = reason.message(reader.lang), 409
                form = VillageFacts(reader=reader, row=row)
            else:
                messages.success(reader.request, _("The card of the village is saved."))
                return redirect(f"{reverse('site:village-card', args=[code])}?year={year}")
    context = {
        "division": {"code": code, "name": place.name},
        "card_year": year,
        "form": form,
        "parts": form.parts(reader),
        "refusal": refusal,
        "card_url": f"{reverse('site:village-card', args=[code])}?year={year}",
    }
    return render(reader.request, "site/village_card_edit.html", context, status=status)


@page
def export(reader: Reader, code: str) -> HttpResponseBase:
    """The cards as Excel in the columns of the form: of a village all years, of a wider place its villages in the year."""
    reader.actor.demand(P.STATISTICS_VIEW, code)
    place = queries.division(code)
    alone = place.level == Level.VILLAGE
    rows: Sequence[DivisionYear] = queries.facts(code) if alone else list(queries.facts_under(code, reader.year))
    names = {code: place.name} if alone else {row.division_id: row.division.name for row in rows}
    (spec,) = specs_of(reader.pack, reader.pack.form("places"))
    fields = {field.id: field for field in reader.pack.form("places").sheets[0].fields}
    lines = _lines(reader, rows, spec.columns, fields, names)
    stream, _rows = sheets.opened_xlsx(lines, [NAME, *spec.columns], sheet_name=spec.zh, language=reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"village-card-{code}-{reader.year}.xlsx")


def _lines(
    reader: Reader,
    rows: Sequence[DivisionYear],
    columns: Sequence[Column],
    fields: dict[str, Field],
    names: dict[str, str],
) -> Iterator[list[object]]:
    for row in rows:
        known: dict[str, Any] = {"code": row.division_id, "year": row.year}
        own = [known[column.id] if column.id in known else _out(reader, fields[column.id], row) for column in columns]
        yield [names[row.division_id], *own]


def _out(reader: Reader, field: Field, row: DivisionYear) -> object:
    """What a sheet wants of a stated value: labels of codes, exact measures, money in fen."""
    value = queries.value_of(row, field.id)
    if value is None:
        return None
    if field.type == "code":
        return shown.text_of(reader, field, value)
    return Decimal(str(value)) if field.type == "measure" else value

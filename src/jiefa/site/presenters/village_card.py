"""The card of a village: every item with its number, the years beside each other, and what the register counts of the like."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.areas import queries as areas
from jiefa.areas.models import Division, DivisionYear
from jiefa.insight.queries.figures import Figure
from jiefa.policy import Field
from jiefa.responsibility.models import TeamMember
from jiefa.site import numerals
from jiefa.site.place_forms import choices
from jiefa.site.reader import Reader

TEAM, FIRST_SECRETARY = "B48", "B49"
YEARS = 6
"""So many years stand beside each other, the latest of them last."""
Trend = Mapping[int, Mapping[str, Figure]]


def years_shown(reader: Reader, rows: Sequence[DivisionYear]) -> list[int]:
    """The years with facts or cards, up to the reader's year, the last ``YEARS`` of them."""
    known = sorted({row.year for row in rows} | set(reader.years) | {reader.year})
    return [year for year in known if year <= reader.year][-YEARS:]


def parts(
    reader: Reader,
    place: Division,
    items: Sequence[Field],
    rows: Sequence[DivisionYear],
    trend: Trend,
    years: Sequence[int],
) -> list[dict[str, Any]]:
    """The parts of the card, each with its items and a cell for every year."""
    by_year = {row.year: row for row in rows}
    names = reader.pack.codes("village_card_part")
    found: dict[str, list[dict[str, Any]]] = {}
    for field in items:
        card = field.card
        assert card is not None
        cells = [_cell(reader, place, field, by_year.get(year), trend, year) for year in years]
        line = {
            "number": card.number,
            "assumption": card.assumption,
            "label": reader.words(field.zh, field.en),
            "note": reader.words(field.note_zh, field.note_en),
            "unit": reader.pack.codes("unit").label(field.unit, reader.lang) if field.unit else "",
            "cells": cells,
        }
        found.setdefault(card.part, []).append(line)
    return [{"id": part, "title": names.label(part, reader.lang), "lines": lines} for part, lines in found.items()]


def _cell(
    reader: Reader, place: Division, field: Field, row: DivisionYear | None, trend: Trend, year: int
) -> dict[str, Any]:
    """What is stated in a year; beside it what the register counts. They are compared only where they count the same."""
    value = areas.value_of(row, field.id) if row else None
    cell: dict[str, Any] = {"text": text_of(reader, field, value), "counted": None, "differs": False}
    card = field.card
    figure = trend.get(year, {}).get(card.counted) if card and card.counted else None
    if card is None or figure is None or figure.value is None:
        return cell
    link = reverse("site:indicator", args=[card.counted])
    return cell | {
        "counted": int(figure.value),
        "counted_url": f"{link}?place={place.code}&year={year}",
        "differs": card.same and value is not None and int(str(value)) != int(figure.value),
    }


def text_of(reader: Reader, field: Field, value: object) -> str:
    """A stated value as people read it; '' for nothing."""
    if value is None or value == "" or value == []:
        return ""
    if field.type == "code":
        return choices(reader, field, value)
    if field.type == "bool":
        return _("yes") if value else _("no")
    if field.type == "money":
        return numerals.exact(int(str(value)), "fen", reader.lang)
    if field.type == "measure":
        return f"{Decimal(str(value)).normalize():,f}"
    return f"{int(str(value)):,}"


def team(reader: Reader, served: Sequence[TeamMember], years: Sequence[int]) -> dict[str, Any]:
    """B48 and B49: the team at the end of each year (of this one: today), by who answers, not typed."""
    present = [[one for one in served if _serves(one, min(reader.as_of, dt.date(year, 12, 31)))] for year in years]
    first = [next((one for one in members if one.role == "first_sec"), None) for members in present]
    lines = [
        {
            "number": TEAM,
            "label": _("People in the village team"),
            "note": _("Counted from who serves on the last day of the year."),
            "cells": [{"text": str(len(members)) if members else ""} for members in present],
        },
        {
            "number": FIRST_SECRETARY,
            "label": _("First secretary"),
            "note": _("With the unit that sends the person."),
            "cells": [{"text": f"{one.cadre.name}（{one.cadre.organisation.name}）" if one else ""} for one in first],
        },
    ]
    title = reader.pack.codes("village_card_part").label("team", reader.lang)
    return {"id": "team", "title": title, "lines": lines}


def _serves(one: TeamMember, on: dt.date) -> bool:
    return one.from_date <= on and (one.to_date is None or one.to_date > on)

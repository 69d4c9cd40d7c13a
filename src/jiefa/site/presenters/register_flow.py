"""The register's flow, year by year: opening + new + returned − left ± natural ± corrected = closing, each number with what is behind it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from jiefa.access.rules import Permission
from jiefa.areas.models import Division
from jiefa.exits.actions import households as leaving
from jiefa.identification.actions import households as entering
from jiefa.site.presenters.area import FLOW, LEAVING
from jiefa.site.presenters.indicators import Trend, value_of
from jiefa.site.reader import Reader

P = Permission
DECIDED_BY = {
    "new_people": entering.PROCEDURE,
    "returned_people": leaving.RETURN,
    "exited_people": leaving.EXIT,
}
"""Which procedure stands behind a number. Stocks, natural change and corrections have no one procedure: their households do."""


def context(reader: Reader, place: Division, trend: Trend) -> dict[str, Any]:
    """``{flow_columns, flow_years}``: a row for each year with figures, the newest first; empty without any.

    Everything comes from the figures that the page has read already.
    """
    labels = [_label(reader, name) for name, _total in FLOW]
    rows = [_year(reader, place, trend, year, labels) for year in sorted(trend, reverse=True)]
    return {"flow_columns": labels, "flow_years": [row for row in rows if row is not None]}


def _label(reader: Reader, name: str) -> str:
    """What a number is called, with the sign under which it enters the sum."""
    signs = {"new_people": "+ ", "returned_people": "+ ", "exited_people": "− ", "closing_people": "= "}
    sign = signs.get(name, "" if name == "opening_people" else "± ")
    return sign + reader.words(reader.indicators[name].zh, reader.indicators[name].en)


def _year(reader: Reader, place: Division, trend: Trend, year: int, labels: list[str]) -> dict[str, Any] | None:
    values = {name: value_of(reader, trend, year, name) for name, _total in FLOW}
    if values["closing_people"] is None:
        return None
    gap = value_of(reader, trend, year, "flow_gap_people")
    return {
        "year": year,
        "cells": [
            {"label": label, **_cell(reader, place, year, name, int(values[name] or 0), total)}
            for (name, total), label in zip(FLOW, labels, strict=True)
        ],
        "gap": None if gap is None else int(gap),
        "gap_url": _households_url(reader, place, year, "flow_gap_people") if gap else "",
    }


def _cell(reader: Reader, place: Division, year: int, name: str, people: int, total: bool) -> dict[str, Any]:
    households = _households_url(reader, place, year, name)
    procedure = DECIDED_BY.get(name)
    dossiers = ""
    if procedure and reader.actor.may(P.DOSSIER_VIEW, place.code):
        query = f"view=all&place={place.code}&step={procedure}&state=approved&of={year}"
        dossiers = f"{reverse('site:dossiers')}?{query}"
    return {
        "people": people,
        "signed": not total and name not in LEAVING and people > 0,
        "url": (dossiers or households) if people else "",
        "households_url": households if people and dossiers else "",
    }


def _households_url(reader: Reader, place: Division, year: int, name: str) -> str:
    """The households behind the figure of that year; '' for who may not see households there."""
    if not reader.actor.may(P.HOUSEHOLD_VIEW, place.code):
        return ""
    return f"{reverse('site:indicator-households', args=[name])}?year={year}&place={place.code}"

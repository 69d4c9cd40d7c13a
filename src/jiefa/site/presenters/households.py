"""Households as rows of a list, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jiefa.policy import NotInForce
from jiefa.registry.models import Household, HouseholdYear
from jiefa.registry.queries.households import Filters
from jiefa.site.address import with_query
from jiefa.site.reader import Reader


@dataclass(frozen=True)
class Extras:
    """What a page of rows needs beside the households, each from one query."""

    cards: Mapping[int, HouseholdYear]
    findings: Mapping[int, tuple[int, int]]
    places: Mapping[str, str]


def line_fen(reader: Reader, year: int) -> int | None:
    """The province's poverty line of a year, in fen; None where the pack has none."""
    try:
        return reader.pack.for_year(year).fen("poverty_line.province")
    except NotInForce:
        return None


def chips(reader: Reader, filters: Filters, place: str) -> list[dict[str, str]]:
    """What narrows the list, each with the address without it."""
    shown = (
        ("place", place if filters.place else ""),
        ("q", filters.text),
        ("status", reader.label("poverty_status", filters.status)),
        ("household_class", reader.label("household_class", filters.household_class)),
        ("cause", reader.label("cause", filters.cause)),
        ("kind", reader.label("kind", filters.kind)),
    )
    return [
        {"label": label, "remove_url": with_query(reader.request, **{name: None, "after": None, "before": None})}
        for name, label in shown
        if label
    ]


def rows(reader: Reader, found: Iterable[Household], extras: Extras) -> list[dict[str, Any]]:
    """The rows of a list."""
    line = line_fen(reader, reader.year)
    made = []
    for household in found:
        card = extras.cards.get(household.pk)
        errors, warnings = extras.findings.get(household.pk, (0, 0))
        status = card.poverty_status if card else household.poverty_status
        made.append(
            {
                "pk": household.pk,
                "number": household.number,
                "head": household.head_name,
                "village": extras.places.get(household.village_code, household.village_code),
                "township": extras.places.get(household.village_code[:9], ""),
                "status": status,
                "status_label": reader.label("poverty_status", status),
                "class_label": reader.label(
                    "household_class", card.household_class if card else household.household_class
                ),
                "size": card.size if card else household.size,
                "cause_label": reader.label("cause", card.main_cause) if card else "",
                "kind_label": reader.label("kind", card.kind) if card else "",
                "income_fen": card.net_income_per_person_fen if card else None,
                "line_fen": line,
                "findings": errors,
                "warnings": warnings,
                "updated": card.year if card else household.card_year,
            }
        )
    return made

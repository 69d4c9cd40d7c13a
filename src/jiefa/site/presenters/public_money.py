"""Money as the public reads it: sums of a place, projects and units by name, persons masked, households only together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse

from jiefa.areas.models import Division
from jiefa.disclosure.rules import masked
from jiefa.funds.models import AllocationShare
from jiefa.funds.rules.rows import PAYEE
from jiefa.insight.queries.figures import Figure
from jiefa.site.presenters import money
from jiefa.site.reader import Reader

FACTS = ("money_in", "money_to_projects", "money_to_payees", "money_to_households", "money_unspent", "money_idle")
BELOW = ("money_in", "money_to_payees", "money_to_households", "money_idle")
PERSON = 4
"""Characters: the name of a payee as short as this may be a person's, and is masked like one."""
MOST = 300
"""Projects and units that one page tells of."""

Found = Mapping[tuple[str, str], Figure]


def indicators(reader: Reader) -> list[str]:
    """The figures of the page."""
    return [one.id for one in reader.pack.indicators() if one.group == "money"]


def _fen(found: Found, code: str, indicator: str) -> int | None:
    figure = found.get((code, indicator))
    return None if figure is None else int(figure.numerator)


def facts(reader: Reader, found: Found, code: str) -> list[dict[str, Any]]:
    """The sums of the place with what each means; those that the snapshot lacks are absent."""
    known = reader.indicators
    return [
        {
            "label": reader.words(known[name].zh, known[name].en),
            "note": reader.words(known[name].note_zh, known[name].note_en),
            "fen": fen,
        }
        for name in FACTS
        if name in known and (fen := _fen(found, code, name)) is not None
    ]


def parts(reader: Reader, found: Found, code: str, prefix: str) -> list[dict[str, Any]]:
    """What came in by the sources or for the purposes of the pack, without those of which nothing came."""
    name = "fund_source" if prefix == "money_in_" else "fund_purpose"
    rows = [
        {"label": reader.label(name, one.removeprefix(prefix)), "fen": _fen(found, code, one)}
        for one in reader.indicators
        if one.startswith(prefix)
    ]
    return [row for row in rows if row["fen"]]


def below(reader: Reader, found: Found, places: Sequence[Division]) -> list[dict[str, Any]]:
    """The places below with their sums; those without money are left out."""
    url = reverse("site:public-money")
    rows: list[dict[str, Any]] = [
        {
            "name": one.name,
            "url": f"{url}?place={one.code}&year={reader.year}",
            "cells": [_fen(found, one.code, name) or 0 for name in BELOW],
        }
        for one in places
    ]
    return [row for row in rows if any(row["cells"])]


def paid(reader: Reader, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Projects and units that got money, the largest first; what households got by purpose, and nobody's name."""
    named = [row for row in rows if row["owner"]]
    return {
        "rows": [
            {
                "kind": reader.label("fund_account", row["kind"]),
                "name": _name(row),
                "purpose": reader.label("fund_purpose", row["purpose"]),
                "fen": row["fen"],
                "transfers": row["transfers"],
            }
            for row in named[:MOST]
        ],
        "more": max(0, len(named) - MOST),
        "homes": [
            {"purpose": reader.label("fund_purpose", row["purpose"]), "fen": row["fen"], "transfers": row["transfers"]}
            for row in rows
            if not row["owner"]
        ],
    }


def _name(row: Mapping[str, Any]) -> str:
    short = row["kind"] == PAYEE and len(row["owner"]) <= PERSON
    return masked(row["owner"]) if short else str(row["owner"])


def shares(reader: Reader, found: Iterable[AllocationShare], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """What was allotted to the counties of the place, by document."""
    return [
        {
            "name": names.get(one.area_code, one.area_code),
            "document": one.allocation.document,
            "origin": money.origin(reader, one.allocation.account.origin),
            "purpose": reader.label("fund_purpose", one.allocation.purpose),
            "goal": one.allocation.goal,
            "task": one.task_people,
            "fen": one.amount_fen,
        }
        for one in found
    ]

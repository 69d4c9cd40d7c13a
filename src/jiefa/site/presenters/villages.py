"""Plans of villages in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from jiefa.assistance.models import VillageWork
from jiefa.assistance.queries.villages import Work
from jiefa.site.reader import Reader


def works(reader: Reader, found: Mapping[str, Work], chosen: str) -> list[dict[str, Any]]:
    """The works of the plans summed, in the order of the code list; each leads to the villages that have it."""
    return [
        {
            "label": reader.words(code.zh, code.en),
            "url": reader.at(reverse("site:village-plans"), place=_place(reader), work=code.id),
            "current": code.id == chosen,
            "sums": found[code.id],
        }
        for code in reader.pack.codes("village_work").values
        if code.id in found
    ]


def _place(reader: Reader) -> str | None:
    return reader.place.code if reader.place else None


def row(reader: Reader, found: Mapping[str, Any], places: Mapping[str, str]) -> dict[str, Any]:
    """A village with its works summed."""
    code = found["village_code"]
    return {
        "url": reader.at(reverse("site:village-plan", args=[code])),
        "village": places.get(code, code),
        "above": places.get(code[:9], ""),
        "works": found["works"],
        "accepted": found["accepted"],
        "planned_fen": found["planned"],
        "spent_fen": found["spent"],
        "percent": round(found["progress"]),
    }


def work(reader: Reader, one: VillageWork) -> dict[str, Any]:
    """One work of a plan."""
    return {
        "label": reader.label("village_work", one.work),
        "planned_fen": one.planned_fen,
        "spent_fen": one.spent_fen,
        "percent": one.percent,
        "begun_on": one.begun_on,
        "accepted_on": one.accepted_on,
    }

"""What a procedure about a household would take, before it is begun."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from jiefa.exits.rules.household import Item
from jiefa.policy import Procedure
from jiefa.registry.models import Household
from jiefa.site.presenters.procedures import level_label
from jiefa.site.reader import Reader


def begins(reader: Reader, household: Household, offered: Iterable[Procedure]) -> list[dict[str, str]]:
    """Links to what may be begun about the household."""
    return [
        {
            "label": reader.words(procedure.zh, procedure.en),
            "url": reverse("site:household-begin", args=[household.pk, procedure.id]),
        }
        for procedure in offered
    ]


def begin(
    reader: Reader, household: Household, procedure: Procedure, items: Iterable[Item], year: int
) -> dict[str, Any]:
    """The page's values: the household, the steps to come, and for an exit how the standard stands by the card."""
    return {
        "household": {"pk": household.pk, "head": household.head_name, "number": household.number},
        "procedure": {
            "id": procedure.id,
            "label": reader.words(procedure.zh, procedure.en),
            "reference": procedure.reference,
            "steps": [
                {
                    "label": reader.words(step.zh, step.en),
                    "level": level_label(step.level),
                    "days": step.days,
                }
                for step in procedure.steps
            ],
        },
        "card_year": year,
        "items": [
            {"label": item.label.say(reader.lang), "ok": item.met, "found": item.found.say(reader.lang)}
            for item in items
        ],
    }

"""The four looks in the reader's language: a household's score item by item, and where scores speak against the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.identification.models import Score
from jiefa.identification.rules import looks
from jiefa.identification.rules.looks import Scored
from jiefa.policy import Scorecard
from jiefa.site.presenters import log
from jiefa.site.presenters.procedures import named
from jiefa.site.reader import Reader

TONES = {"false_in": "attention", "missed": "alarm"}


def disagreement_label(kind: str) -> str:
    """What a score says against the register."""
    return {"false_in": _("possibly wrongly in"), "missed": _("possibly missed")}.get(kind, "")


def panel(
    reader: Reader, card: Scorecard, scored: Scored, kept: Score | None, people: Mapping[str, str]
) -> dict[str, Any]:
    """A score as the household's page shows it: by look and item, each with where its answer came from."""
    kind = kept.disagreement if kept else ""
    return {
        "label": named(reader, card),
        "reference": card.reference,
        "assumption": card.assumption,
        "total": scored.total,
        "lowest": scored.lowest,
        "highest": scored.highest,
        "open": sum(answer.option is None for answer in scored.answers),
        "poor_below": card.poor_below,
        "out_from": card.out_from,
        "looks": [
            {
                "label": named(reader, look),
                "points": look.points,
                "got": sum(a.option.points for a in scored.answers if a.look == look.id and a.option),
                "items": [_item(reader, answer) for answer in scored.answers if answer.look == look.id],
            }
            for look in card.looks
        ],
        "disagreement": disagreement_label(kind),
        "reasons": looks.reasons(scored, kind).say(reader.lang) if kind else "",
        "by": log.who(kept.by, people) if kept else "",
        "at": kept.at if kept else None,
    }


def _item(reader: Reader, answer: looks.Answer) -> dict[str, Any]:
    return {
        "name": f"{answer.look}.{answer.item.id}",
        "label": named(reader, answer.item),
        "points": answer.item.points,
        "option": named(reader, answer.option) if answer.option else "",
        "got": answer.option.points if answer.option else None,
        "source": "card" if answer.from_card else "asked" if answer.option else "open",
    }


def standing(scored: Scored) -> dict[str, tuple[str, bool]]:
    """``(option, from the card)`` by item, for the form."""
    return {f"{a.look}.{a.item.id}": (a.option.id, a.from_card) for a in scored.answers if a.option}


def rows(reader: Reader, found: Iterable[Score], places: Mapping[str, str]) -> list[dict[str, Any]]:
    """Scores that speak against the register, each with what weighs most."""
    made = []
    for score in found:
        card = reader.pack.at(dt.date(score.year, 12, 31)).scorecard(score.scorecard)
        kept = looks.kept(card, score.answers, score.asked)
        status = score.household.poverty_status
        made.append(
            {
                "url": reader.at(reverse("site:household", args=[score.household_id])),
                "head": score.household.head_name or score.household.number,
                "number": score.household.number,
                "village": places.get(score.village_code, score.village_code),
                "above": places.get(score.village_code[:9], ""),
                "status": status,
                "status_label": reader.label("poverty_status", status),
                "lowest": score.lowest,
                "highest": score.highest,
                "kind": score.disagreement,
                "label": disagreement_label(score.disagreement),
                "reasons": looks.reasons(kept, score.disagreement).say(reader.lang),
            }
        )
    return made

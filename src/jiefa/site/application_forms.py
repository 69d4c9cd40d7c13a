"""The application of a household that is not on file: the card form with members who come and go, read into an application."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.http import QueryDict

from jiefa.changes.rules.refusals import ChangeRefused
from jiefa.registry.actions.applicants import Application
from jiefa.registry.actions.households import Edit
from jiefa.registry.actions.members import Joining
from jiefa.site import card_forms
from jiefa.site.card_forms import ON_PERSON, Bound
from jiefa.site.reader import Reader

MOST_MEMBERS = 40
"""Rows that one form takes."""


def rows_of(posted: QueryDict | None) -> list[int]:
    """The members' rows that the form holds, by the numbers of their fields: one where nothing was typed yet."""
    if posted is None:
        return [1]
    stated = [int(text) for text in posted.getlist("row") if text.isdecimal() and len(text) < 4]
    return list(dict.fromkeys(stated))[:MOST_MEMBERS]


def changed_rows(rows: list[int], do: str) -> list[int]:
    """The rows after somebody pressed ``add`` or ``remove-N``."""
    if do == "add" and len(rows) < MOST_MEMBERS:
        return [*rows, max(rows, default=0) + 1]
    return [row for row in rows if do != f"remove-{row}"]


def application(bound: Bound, village: str, year: int, key: str) -> Application:
    """What was typed; call only with a form that is valid."""
    typed = bound.edit()
    household = dict(typed.household)
    number = str(household.pop("household_number", None) or "").strip()
    members = [_joining(typed, row) for row in bound.member_forms]
    return Application(village, year, household, members, number, key)


def _joining(typed: Edit, row: int) -> Joining:
    stated = dict(typed.members[row])
    number = str(stated.pop("id_number", None) or "").strip().upper()
    relation = str(stated.pop("relation", None) or "")
    facts = {name: stated.pop(name) for name in ON_PERSON if name in stated}
    card = {name: value for name, value in stated.items() if value is not None}
    return Joining(relation, "identified", number=number, facts=facts, card=card)


def new_key() -> str:
    """What tells one form from another."""
    return secrets.token_urlsafe(16)


def refuse(bound: Bound, refused: Iterable[ChangeRefused], reader: Reader) -> None:
    """Each refusal beside the field of the member that it is about; ``at`` counts members by their place."""
    rows = list(bound.member_forms)
    for reason in refused:
        place, _dash, name = reason.at.partition("-")
        form = bound.member_forms[rows[int(place[1:]) - 1]]
        form.add_error(name, reason.message(reader.lang))


NOT_KEPT = card_forms.NUMBERS
"""Fields that a draft never keeps."""

"""Two officers on one household: what each of them wrote, field by field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from jiefa.registry.actions.households import HIDDEN, Collision, EditConflict
from jiefa.site.card_forms import NUMBERS, Bound
from jiefa.site.presenters import log, words
from jiefa.site.reader import Reader

CAUSES = ("other_cause_1", "other_cause_2")


def who(found: EditConflict, people: Mapping[str, str]) -> str:
    """The person who was faster."""
    return log.who(found.by, people)


def context(reader: Reader, bound: Bound, found: EditConflict, people: Mapping[str, str]) -> dict[str, Any]:
    """The page that shows both versions and carries on what was typed."""
    return {
        "theirs_by": who(found, people),
        "theirs_at": found.at,
        "fields": fields(reader, bound, found),
        "version": found.version,
        "payload": bound.payload(),
    }


def fields(reader: Reader, bound: Bound, found: EditConflict) -> list[dict[str, Any]]:
    """One row for each field that somebody else changed, beside what was typed here."""
    edit = bound.edit()
    rows = []
    for collision in found.collisions:
        if collision.subject == "household" and collision.name in (*CAUSES, "other_causes"):
            continue
        typed = edit.household if collision.subject == "household" else edit.members.get(int(collision.subject), {})
        yours = typed.get(collision.name, collision.base)
        rows.append(_row(reader, bound, collision, yours))
    causes = _causes(reader, bound, found, edit.household)
    return [*rows, causes] if causes else rows


def _row(reader: Reader, bound: Bound, collision: Collision, yours: object) -> dict[str, Any]:
    column = collision.name
    field_id = column.removesuffix(words.FEN)
    section = "" if collision.subject == "household" else bound.names.get(int(collision.subject), "")
    hidden = field_id in NUMBERS
    base, theirs = (HIDDEN, HIDDEN) if hidden else (_text(collision.base), _text(collision.theirs))
    mine = HIDDEN if hidden and yours == collision.base else _text(yours)

    def shown(value: object) -> str:
        return _("(a number, not shown)") if hidden else words.value_label(reader, column, _plain(column, value))

    return {
        "name": f"{collision.subject}.{field_id}",
        "section": section,
        "label": words.column_label(reader, column),
        "base": shown(collision.base),
        "theirs": shown(collision.theirs),
        "yours": shown(yours),
        "differs": mine != theirs or hidden,
        "collide": mine != base,
        "mine": False,
        "fixed": not _offered(bound, collision.subject, field_id),
    }


def _offered(bound: Bound, subject: str, field_id: str) -> bool:
    """Whether the form has the field: what it has not stays as the other officer left it."""
    form = bound.form if subject == "household" else bound.member_forms.get(int(subject))
    return form is not None and field_id in form.fields


def _causes(reader: Reader, bound: Bound, found: EditConflict, typed: Mapping[str, object]) -> dict[str, Any] | None:
    """The other causes, two columns on file but one field on the form."""
    changed = {c.name: c for c in found.collisions if c.subject == "household" and c.name in CAUSES}
    if not changed:
        return None

    def listed(values: list[object]) -> str:
        return "、".join(reader.label("cause", str(value)) for value in values if value)

    # One of the columns may have stayed: then what is on file is what it was before, too.
    on_file = [*bound.on_file("other_causes"), None, None][:2]
    yours = listed([typed.get(name) for name in CAUSES])
    base = listed([changed[n].base if n in changed else kept for n, kept in zip(CAUSES, on_file, strict=True)])
    theirs = listed(on_file)
    return {
        "name": "household.other_causes",
        "section": "",
        "label": words.column_label(reader, CAUSES[0]),
        "base": base,
        "theirs": theirs,
        "yours": yours,
        "differs": yours != theirs,
        "collide": yours != base,
        "mine": False,
        "fixed": False,
    }


def _text(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)


def _plain(column: str, value: object) -> object:
    return int(str(value)) if column.endswith(words.FEN) and value is not None else value

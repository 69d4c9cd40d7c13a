"""A change of a household in the reader's language: its lines, why it takes whom, what is flagged. Numbers come masked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.changes import queries
from jiefa.changes.queries import Standing
from jiefa.changes.rules import kinds, proposal
from jiefa.changes.rules.kinds import CODES, GROUNDS
from jiefa.changes.rules.proposal import FLAGS, MARKS, NEW, SEALED_FIELDS, Line, Proposal
from jiefa.policy import Procedure
from jiefa.registry.models import Household
from jiefa.site.presenters import words
from jiefa.site.presenters.procedures import level_label
from jiefa.site.reader import Reader

HIDDEN = "•••"


def heading(household: Household) -> dict[str, Any]:
    """The household as the pages of its changes name it."""
    return {"pk": household.pk, "number": household.number, "head": household.head_name}


def offered(reader: Reader, now: Standing, begins: Collection[str]) -> list[dict[str, Any]]:
    """The kinds that may be recorded by one of these procedures, in groups by how many officers they take."""
    policy = reader.pack.for_year(reader.year)
    groups = (
        ("changes.one_officer", (kinds.SMALL, kinds.SMALL_TOWNSHIP), _("Recorded by one officer")),
        ("changes.two_officers", (kinds.TWO,), _("The village applies, the township checks")),
        ("changes.county", (kinds.COUNTY,), _("The county decides")),
    )
    shown = []
    for name, procedures, title in groups:
        if not set(procedures) & set(begins):
            continue
        entries = [_kind(reader, now, kind) for kind in policy.texts(name) if now.card or kind != "correction"]
        shown.append({"title": title, "kinds": entries})
    return shown


def _kind(reader: Reader, now: Standing, kind: str) -> dict[str, str]:
    url = reverse("site:household-change", args=[now.household.pk, kind])
    return {"label": reader.label(CODES, kind), "url": url}


def rows(reader: Reader, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of a change as a table's rows; the kind and the day come first."""
    one = proposal.read(facts)
    shown = [
        _said(_("kind of change"), reader.label(CODES, one.kind)),
        _said(_("day of the change"), one.on.isoformat()),
    ]
    if one.person is not None:
        shown.append(_said(_("who comes"), _("on file already, without a household: the same person is taken in")))
    shown += [_line(reader, one, line) for line in one.lines]
    if one.remark:
        shown.append(_said(_("remark"), one.remark))
    return shown


def _said(label: str, value: str) -> dict[str, Any]:
    return {"label": label, "before": None, "after": value, "differs": True}


def _line(reader: Reader, one: Proposal, line: Line) -> dict[str, Any]:
    label = _label(reader, line)
    before, after = (_value(reader, line, value) or "—" for value in (line.before, line.after))
    if line.field in SEALED_FIELDS:
        before = HIDDEN if line.before else "—"
        after = queries.shown_number(one, line) or "—"
    comes = line.person == NEW and line.before is None
    return {
        "key": f"{line.person}.{line.field}",
        "label": f"{line.who} · {label}" if line.who else label,
        "before": None if comes else before,
        "after": after,
        "differs": line.before != line.after,
    }


def _label(reader: Reader, line: Line) -> str:
    return _("membership") if line.field == "member" else words.column_label(reader, line.field)


def _value(reader: Reader, line: Line, value: object) -> str:
    if line.field == "member":
        if value == line.after:
            return reader.label("leave_reason", str(value))
        return reader.label("relation", str(value)) if value else _("member")
    return words.value_label(reader, line.field, value)


def in_list(reader: Reader, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a row of a list says of a change: ``what``, ``on``, and where something is flagged ``flag``; empty for other dossiers."""
    if not proposal.is_change(facts):
        return {"what": "", "on": None, "flag": ""}
    marks = [MARKS[flag].say(reader.lang) for flag in facts["flags"] if flag in MARKS]
    flag = reader.words("；", "; ").join(marks)
    return {"what": reader.label(CODES, facts["change"]), "on": proposal.read(facts).on, "flag": flag}


def on_dossier(reader: Reader, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What whoever decides has to see: ``flags`` and ``grounds`` in words; empty for other dossiers."""
    if not proposal.is_change(facts):
        return {"flags": [], "grounds": []}
    return {
        "flags": [FLAGS[flag].say(reader.lang) for flag in facts["flags"]],
        "grounds": [GROUNDS[ground].say(reader.lang) for ground in facts["grounds"]],
    }


def preview(reader: Reader, one: Proposal, procedure: Procedure) -> dict[str, Any]:
    """What would be frozen, what is flagged, and who has to agree."""
    facts = one.as_json()
    shown = rows(reader, facts)
    return {
        "changes": shown,
        "compares": any(row["before"] is not None for row in shown),
        **on_dossier(reader, facts),
        "procedure": {
            "label": reader.words(procedure.zh, procedure.en),
            "alone": len(procedure.steps) == 1,
            "steps": [
                {"label": reader.words(step.zh, step.en), "level": level_label(step.level)} for step in procedure.steps
            ],
        },
    }

"""What a dossier proposes, as before and after in the reader's language. What is sealed in the records is never shown.

A proposal holds ``{"changes": [{"field", "before", "after", "label_zh", "label_en"}]}``, plain names with values, or a
change of a household (``jiefa.changes``), what is said of a project, the lines of a letter of responsibility, or a rebuttal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from jiefa.areas.models import DesignationKind
from jiefa.changes.rules.proposal import is_change
from jiefa.disclosure.models import Channel
from jiefa.site.presenters import changes as household_changes
from jiefa.site.presenters import evaluation, letters, projects, words
from jiefa.site.reader import Reader

SEALED_NAME = re.compile(r"(^|_)(id_number|certificate|phone|telephone|account|sealed|digest|key)($|_)")
SEALED_VALUE = re.compile(r"b'|b\"|\d{15}|\d{17}[\dXx]|[A-Za-z0-9+/=_-]{40,}\Z")
"""Bytes written out, certificate numbers, long runs of ciphertext."""
HIDDEN = "•••"
FUNDS = {"source": "fund_source", "fund_type": "fund_type"}
"""Values of a contract that are codes of money."""
OF_WATCHES = frozenset(("watched_group", "watch_trigger", "watch_flag"))
"""Values of a watch that are codes of the list of that name."""


def changes(reader: Reader, proposal: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row per field: label, value before (None where the proposal has none), value after, whether they differ."""
    if is_change(proposal):
        return household_changes.rows(reader, proposal)
    if letters.is_letter(proposal):
        return letters.proposed(reader, proposal)
    if evaluation.is_rebuttal(proposal):
        return evaluation.proposed(reader, proposal)
    if projects.is_project(proposal):
        return projects.proposed(reader, proposal)
    listed = proposal.get("changes")
    rows = (
        [_change(reader, entry) for entry in listed if isinstance(entry, Mapping)] if isinstance(listed, list) else []
    )
    # The year of a proposal is the dossier's own, which stands above it.
    # Workings of a settlement stand on the page of the contract.
    beside = {"changes", "year", "workings"} if rows else {"changes", "workings"}
    rows += [_plain(reader, name, value) for name, value in proposal.items() if name not in beside]
    return rows


def between(reader: Reader, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What became different from one proposal to another: by field, what each said would be afterwards."""
    was, now = ({row.get("key") or row["label"]: row for row in changes(reader, one)} for one in (before, after))
    nothing = {"after": "—"}
    rows = [(was.get(key, nothing), now.get(key, nothing)) for key in {**now, **was}]
    return [
        {
            "label": (new if "label" in new else old)["label"],
            "before": old["after"],
            "after": new["after"],
            "differs": True,
        }
        for old, new in rows
        if old["after"] != new["after"]
    ]


def in_short(reader: Reader, proposal: Mapping[str, Any], limit: int = 3) -> str:
    """The first differences in one line."""
    rows = [row for row in changes(reader, proposal) if row["differs"]]
    parts = [
        f"{row['label']} {row['before']} → {row['after']}"
        if row["before"] is not None
        else f"{row['label']} {row['after']}"
        for row in rows[:limit]
    ]
    return reader.words("；", "; ").join(parts) + ("…" if len(rows) > limit else "")


def _change(reader: Reader, entry: Mapping[str, Any]) -> dict[str, Any]:
    name = str(entry.get("field", ""))
    label = reader.words(str(entry.get("label_zh") or ""), str(entry.get("label_en") or ""))
    before, after = entry.get("before"), entry.get("after")
    return {
        "label": label or _label(reader, name),
        "before": _value(reader, name, before) or "—",
        "after": _value(reader, name, after) or "—",
        "differs": before != after,
    }


def _plain(reader: Reader, name: str, value: Any) -> dict[str, Any]:
    return {"label": _label(reader, name), "before": None, "after": _value(reader, name, value) or "—", "differs": True}


def _label(reader: Reader, name: str) -> str:
    known = {
        "members": _("members"),
        "reason": _("reason"),
        "head_name": _("head of household"),
        "note": _("note"),
        "year": _("year"),
        "designation": _("designation"),
        "notice": _("number of the notice"),
        "number": _("number of the objection"),
        "line": _("line of the list"),
        "channel": _("how it came"),
        "area_code": _("place code"),
        "from_year": _("first year"),
        "to_year": _("last year"),
        "heads": _("contracted people"),
        "unit_price_fen": _("price of one, yuan"),
        "source": _("source of money"),
        "fund_type": _("type of money"),
        "document": _("document"),
        "contract": _("number of the contract"),
        "explanation": _("why the heads differ"),
        "verified": _("verified people"),
        "paid_heads": _("people paid for"),
        "due_fen": _("due, yuan"),
        "paid_fen": _("paid, yuan"),
        "claw_back_fen": _("to be returned, yuan"),
        "owed_fen": _("still to be paid, yuan"),
        "violation": _("number of the violation"),
        "rectified_fen": _("put right, yuan"),
        "how": _("how it was put right"),
        "case": _("number of the case"),
        "watched_group": _("watched as"),
        "watch_trigger": _("triggers"),
        "watched_since": _("watched since"),
        "watch_flag": _("flagged"),
    }
    return known.get(name) or words.column_label(reader, name)


def _value(reader: Reader, name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        inside = ((_label(reader, str(key)), _value(reader, str(key), part)) for key, part in value.items())
        return reader.words("，", ", ").join(f"{label} {text}" for label, text in inside)
    if isinstance(value, list):
        return reader.words("、", ", ").join(_value(reader, name, part) for part in value)
    if name == "designation" and value in DesignationKind.values:
        return str(DesignationKind(value).label)
    if name == "channel" and value in Channel.values:
        return str(Channel(value).label)
    if name in FUNDS and value in reader.pack.codes(FUNDS[name]).ids:
        return reader.label(FUNDS[name], str(value))
    if name in OF_WATCHES and value is not None:
        return reader.label(name, str(value))
    text = words.value_label(reader, name, value)
    return HIDDEN if text and (SEALED_NAME.search(name) or SEALED_VALUE.match(text)) else text

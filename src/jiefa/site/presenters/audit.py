"""The log's page: entries as rows, and what a verification of all chains found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from jiefa.access.rules import Scope
from jiefa.audit.models import Entry
from jiefa.audit.queries import Verification
from jiefa.site.presenters import log
from jiefa.site.reader import Reader

WHOLE = "52"
"""The area of which one must see all to verify every chain."""


def sees_all(within: Scope) -> bool:
    """Whether nothing of the log lies outside this scope."""
    return within.covers(WHOLE)


def verified(found: Verification, at: dt.datetime) -> dict[str, Any]:
    """The result of walking every chain."""
    kinds = {
        "altered": _("was altered"),
        "missing": _("is missing"),
        "reordered": _("is out of order"),
        "cut": _("was cut off"),
    }
    problems = [f"{fault.chain}·{fault.seq} {kinds.get(fault.kind, fault.kind)}" for fault in found.faults]
    return {
        "ok": not problems,
        "checked_at": at,
        "problems": problems,
        "chains": found.chains,
        "entries": found.entries,
    }


def row(reader: Reader, entry: Entry, names: Mapping[str, str], people: Mapping[str, str]) -> dict[str, Any]:
    """An entry as a row."""
    return {
        "seq": entry.seq,
        "chain": entry.chain,
        "at": entry.at,
        "by": log.who(entry.by, people),
        "action": entry.action,
        "action_label": log.action_label(entry.action),
        "object": log.object_label(entry),
        "object_url": log.object_url(entry),
        "place": log.chain_label(entry.chain, names),
        "changes": log.changes(reader, entry),
        "hash": entry.hash,
    }

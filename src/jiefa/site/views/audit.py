"""The log of changes, inside one's area."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import queries
from jiefa.audit.models import Entry
from jiefa.site.forms import AuditSearch
from jiefa.site.presenters.household import action_label
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50


@page
def audit(reader: Reader) -> HttpResponseBase:
    within = reader.scope(P.AUDIT_VIEW)
    form = AuditSearch(reader.request.GET)
    form.is_valid()
    rows = queries.entries(within.areas)
    if action := form.cleaned_data.get("action"):
        rows = rows.filter(action=action)
    if by := form.cleaned_data.get("by"):
        rows = rows.filter(by=by)
    before = key(reader.request, "after")
    found = list((rows.filter(pk__lt=before) if before else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    chain_state = None
    if reader.request.method == "POST":
        chain_state = _verified()
    names = areas.named(sorted({entry.chain for entry in found}))
    context = {
        "form": form,
        "rows": [_row(entry, names) for entry in found],
        "chain_state": chain_state,
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/audit.html", context)


def _verified() -> dict[str, Any]:
    found = queries.verify()
    problems = [f"{fault.chain}/{fault.seq}: {fault.kind}" for fault in found.faults]
    return {"ok": not problems, "checked_at": None, "problems": problems}


def _row(entry: Entry, names: dict[str, str]) -> dict[str, Any]:
    facts = json.loads(entry.diff)
    fields = facts.get("fields")
    if isinstance(fields, dict):
        changes = [{"field": name, "before": pair[0], "after": pair[1]} for name, pair in fields.items()]
    else:
        changes = [{"field": name, "before": "", "after": value} for name, value in facts.items()]
    url = ""
    if entry.object_type == "household":
        url = reverse("site:household", args=[entry.object_id])
    elif entry.object_type == "batch":
        url = reverse("site:import", args=[entry.object_id])
    return {
        "seq": entry.seq,
        "chain": entry.chain,
        "at": entry.at,
        "by": entry.by,
        "action": entry.action,
        "action_label": action_label(entry.action),
        "object": f"{entry.object_type} {entry.object_id}",
        "object_url": url,
        "place": names.get(entry.chain, entry.chain),
        "changes": changes,
        "hash": entry.hash,
    }

"""Snapshots: what there are, what one holds, whether its files are whole, making one of this moment."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from jiefa import snapshots as shelf
from jiefa.access.rules import Permission
from jiefa.insight.actions import figures as actions
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page
from jiefa.snapshots import Snapshot

P = Permission
FILES = 100


def _row(reader: Reader, snapshot: Snapshot) -> dict[str, Any]:
    manifest = snapshot.manifest
    rows = {table.name: table.rows for table in manifest.tables}
    kind = reader.words("年末冻结", "year-end freeze") if manifest.kind == "freeze" else reader.words("当时", "as of then")
    return {
        "id": snapshot.id,
        "label": f"{snapshot.year} · {kind}",
        "year": snapshot.year,
        "as_of": manifest.moment,
        "built_at": manifest.made_at,
        "households": rows.get("households", 0),
        "persons": rows.get("persons", 0),
        "files": sum(len(table.files) for table in manifest.tables),
        "bytes": sum(file.bytes for table in manifest.tables for file in table.files),
        "policy_version": manifest.policy_version,
        "state": "unverified",
    }


@page
def snapshots(reader: Reader) -> HttpResponseBase:
    reader.actor.demand(P.STATISTICS_VIEW)
    may_build = reader.actor.may(P.SNAPSHOT_MAKE)
    if reader.request.method == "POST":
        reader.actor.demand(P.SNAPSHOT_MAKE)
        made = actions.freeze(year=reader.year, now=True, pack=reader.pack, by=reader.actor.name)
        actions.file_findings(year=reader.year, pack=reader.pack, by=reader.actor.name)
        return redirect("site:snapshot", made.id)
    rows = [_row(reader, snapshot) for snapshot in shelf.listing(reader.home)]
    return render(reader.request, "site/snapshots.html", {"rows": rows, "may_build": may_build})


@page
def snapshot(reader: Reader, identity: str) -> HttpResponseBase:
    reader.actor.demand(P.STATISTICS_VIEW)
    found = shelf.find(reader.home, identity)
    verified = None
    if reader.request.method == "POST":
        faults = shelf.verify(found)
        verified = {
            "at": timezone.now(),
            "ok": not faults,
            "problems": [f"{fault.path}: {fault.kind}" for fault in faults],
        }
    files = [file for table in found.manifest.tables for file in table.files]
    labels = {
        "households": reader.words("户卡", "Household cards"),
        "persons": reader.words("人卡", "Person cards"),
        "movements": reader.words("进出变动", "Movements"),
        "villages": reader.words("村情", "Village facts"),
    }
    context = {
        "snapshot": _row(reader, found) | {"digest": ""},
        "tables": [
            {
                "name": table.name,
                "label": labels.get(table.name, table.name),
                "rows": table.rows,
                "files": len(table.files),
                "bytes": sum(file.bytes for file in table.files),
            }
            for table in found.manifest.tables
        ],
        "files": files[:FILES],
        "files_more": max(0, len(files) - FILES),
        "verified": verified,
    }
    return render(reader.request, "site/snapshot.html", context)

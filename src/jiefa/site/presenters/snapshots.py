"""Snapshots for people: what each is, how big, whether its files are those of its manifest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from jiefa.site.reader import Reader
from jiefa.snapshots import Snapshot
from jiefa.snapshots.verify import FileFault

FILES = 100


def row(reader: Reader, snapshot: Snapshot, faults: Sequence[FileFault], state: str = "") -> dict[str, Any]:
    """A snapshot as a row. ``state`` is given after its digests were computed; else only sizes were compared."""
    manifest = snapshot.manifest
    rows = {table.name: table.rows for table in manifest.tables}
    kind = _("year-end freeze") if manifest.kind == "freeze" else _("as of a moment")
    shown = state or ("broken" if faults else "unverified")
    labels = {"good": _("verified"), "unverified": _("complete, digests not compared"), "broken": _("not what it was")}
    return {
        "id": snapshot.id,
        "label": f"{snapshot.year} · {kind}",
        "year": snapshot.year,
        "as_of": manifest.moment,
        "built_at": dt.datetime.fromisoformat(manifest.made_at),
        "households": rows.get("households", 0),
        "persons": rows.get("persons", 0),
        "files": sum(len(table.files) for table in manifest.tables),
        "bytes": sum(file.bytes for table in manifest.tables for file in table.files),
        "policy_version": manifest.policy_version,
        "digest": snapshot.digest,
        "state": shown,
        "state_label": labels[shown],
    }


def verified(faults: Sequence[FileFault], at: dt.datetime) -> dict[str, Any]:
    """What a verification found, in words."""
    kinds = {"missing": _("is missing"), "altered": _("was altered"), "extra": _("does not belong here")}
    return {"at": at, "ok": not faults, "problems": [f"{fault.path} {kinds[fault.kind]}" for fault in faults]}


def whole(reader: Reader, found: Snapshot, faults: Sequence[FileFault], state: str) -> dict[str, Any]:
    """The page of one snapshot."""
    files = [file for table in found.manifest.tables for file in table.files]
    labels = {
        "households": _("Household cards"),
        "persons": _("Person cards"),
        "movements": _("Movements"),
        "villages": _("Village facts"),
        "help": _("Help of households"),
        "cases": _("Cases of programmes"),
        "loans": _("Loans"),
        "funds": _("Risk funds"),
        "links": _("Benefit links"),
        "bodies": _("Bodies of industry"),
    }
    return {
        "snapshot": row(reader, found, faults, state),
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
    }

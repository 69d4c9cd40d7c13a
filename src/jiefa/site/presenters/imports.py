"""Rosters on their way in, for people: states, what was put right, what waits and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from jiefa.registry.models import Batch, BatchState, Upload
from jiefa.site.presenters import log, words
from jiefa.site.reader import Reader

SHOWN_HELD, SHOWN_ROWS = 100, 8
STEPS = ("reading", "deriving", "matching", "checking")
STATES = {BatchState.STAGED: "review", BatchState.ACCEPTED: "accepted", BatchState.REFUSED: "refused"}
SAMPLE = (
    "household_number",
    "village_code",
    "head_name",
    "size",
    "poverty_status",
    "main_cause",
    "net_income_per_person_fen",
)


def _place(batch: Batch, names: Mapping[str, str]) -> str:
    counties = [names.get(code, code) for code in batch.counties.split(",") if code]
    return "、".join(counties[:3]) + (
        _(" and others, {count} in all").format(count=len(counties)) if len(counties) > 3 else ""
    )


def row(reader: Reader, batch: Batch, names: Mapping[str, str], people: Mapping[str, str]) -> dict[str, Any]:
    """A batch as a row of the list and as the heading of its page."""
    return {
        "pk": batch.pk,
        "file_name": batch.file_name,
        "place": _place(batch, names),
        "digest": batch.digest,
        "size_bytes": None,
        "years": [year for year in batch.years.split(",") if year],
        "at": batch.staged_at,
        "by": log.who(batch.staged_by, people),
        "state": STATES[BatchState(batch.state)],
        "state_label": batch.get_state_display(),
        "rows": batch.accepted + batch.held_back + batch.skipped,
        "households": batch.households,
        "persons": batch.persons,
        "accepted": batch.accepted,
        "held": batch.held_back,
        "skipped": batch.skipped,
        "repaired": None,
        "decided_by": log.who(batch.decided_by, people),
        "decided_at": batch.decided_at,
        "reason": batch.reason,
        "failure": "",
    }


def reading(reader: Reader, upload: Upload) -> dict[str, Any]:
    """The page of a file that is being read."""
    labels = {
        "reading": _("Reading the file"),
        "deriving": _("Tidying and sealing"),
        "matching": _("Comparing with the register"),
        "checking": _("Running the rules"),
    }
    failed = upload.step == "failed"
    at = STEPS.index(upload.step) if upload.step in STEPS else len(STEPS)
    steps = [
        {"label": labels[name], "state": "done" if n < at else "now" if n == at else "next"}
        for n, name in enumerate(STEPS)
    ]
    batch = {
        "pk": upload.pk,
        "file_name": upload.file_name,
        "place": "",
        "at": upload.at,
        "by": "",
        "state": "failed" if failed else "reading",
        "state_label": _("Not taken") if failed else _("Being read"),
        "failure": reader.words(upload.failure_zh, upload.failure_en),
    }
    step = labels.get(upload.step, "")
    return {
        "batch": batch,
        "progress": {"done": at, "total": len(STEPS), "step": step, "steps": steps},
        "held": [],
        "by_village": [],
    }


@dataclass(frozen=True)
class Staged:
    """What the review of a batch is made of: its tables, and the names of counties, villages and people in it."""

    households: pa.Table
    remarks: pa.Table
    names: Mapping[str, str]
    people: Mapping[str, str]


def review(reader: Reader, batch: Batch, staged: Staged) -> dict[str, Any]:
    """The review of a batch: counts, repairs, held households with their reasons, warnings, a sample, by village."""
    text = reader.lang
    households, remarks, names = staged.households, staged.remarks, staged.names
    fixed = remarks.filter(pc.equal(remarks["level"], "fixed")).to_pylist()
    warned = remarks.filter(pc.equal(remarks["level"], "warn"))
    warnings = warned.group_by(["rule", text]).aggregate([([], "count_all")]).to_pylist()
    held, more = _held(reader, staged)
    facts = row(reader, batch, names, staged.people)
    facts["repaired"] = len(fixed)
    return {
        "batch": facts,
        "repairs": [{"what": r[text], "count": 1, "example": ""} for r in fixed[:SHOWN_HELD]],
        "held": held,
        "held_more": more,
        "warnings": sorted(
            ({"rule": _rule(w["rule"]), "message": w[text], "count": w["count_all"]} for w in warnings),
            key=lambda w: -w["count"],
        )[:SHOWN_HELD],
        "sample": _sample(reader, households, names),
        "by_village": _by_village(households, names),
    }


def _rule(rule: str) -> str:
    """The id of a rule of the catalogue, which people can look up; nothing for what concerns reading alone."""
    return "" if "." in rule else rule


def _held(reader: Reader, staged: Staged) -> tuple[list[dict[str, Any]], int]:
    households, remarks = staged.households, staged.remarks
    waiting = households.filter(households["held"])
    first = waiting.slice(0, SHOWN_HELD)
    numbers = first["household_number"]
    said = remarks.filter(pc.equal(remarks["level"], "error"))
    said = said.filter(pc.is_in(said["household"], numbers.combine_chunks()))
    reasons: dict[str, list[dict[str, Any]]] = {}
    for remark in said.to_pylist():
        column = words.column_label(reader, remark["column"]) if remark["column"] else ""
        reason = {"rule": _rule(remark["rule"]), "column": column, "message": remark[reader.lang], "remedy": ""}
        reasons.setdefault(remark["household"], []).append({**reason, "row": remark["row"]})
    rows = [
        {
            "household": record["household_number"],
            "row": record["row"],
            "head": record["head_name"] or "",
            "village": staged.names.get(record["village_code"] or "", record["village_code"] or ""),
            "reasons": reasons.get(record["household_number"], []),
        }
        for record in first.select(["household_number", "row", "head_name", "village_code"]).to_pylist()
    ]
    return rows, max(0, waiting.num_rows - SHOWN_HELD)


def _sample(reader: Reader, households: pa.Table, names: Mapping[str, str]) -> dict[str, Any]:
    labels = [
        _("Household number"), _("Village"), _("Head"), _("People"), _("Status"), _("Main cause"), _("Net income per person, yuan"),
    ]  # fmt: skip
    rows = []
    for record in households.slice(0, SHOWN_ROWS).select(list(SAMPLE)).to_pylist():
        income = record["net_income_per_person_fen"]
        rows.append(
            [
                record["household_number"] or "",
                names.get(record["village_code"] or "", record["village_code"] or ""),
                record["head_name"] or "",
                str(record["size"]),
                reader.label("poverty_status", record["poverty_status"]),
                reader.label("cause", record["main_cause"]),
                f"{income / 100:,.2f}" if income is not None else "",
            ]
        )
    return {"columns": labels, "rows": rows}


def _by_village(households: pa.Table, names: Mapping[str, str]) -> list[dict[str, Any]]:
    table = pa.table(
        {
            "village": households["village_code"],
            "size": households["size"],
            "held": pc.cast(households["held"], pa.int32()),
        }
    )
    sums = table.group_by("village").aggregate([("size", "count"), ("size", "sum"), ("held", "sum")]).to_pylist()
    rows = [
        {
            "name": names.get(r["village"], r["village"] or "—"),
            "households": r["size_count"],
            "persons": r["size_sum"],
            "held": r["held_sum"],
        }
        for r in sums
    ]
    return sorted(rows, key=lambda r: (-r["held"], r["name"]))[:SHOWN_HELD]


def deciding(reader: Reader, batch: Batch, may_decide: bool) -> dict[str, Any]:
    """Whether this reader may decide, and if not, why."""
    if batch.state != BatchState.STAGED or not may_decide:
        return {"may_decide": False, "why_not": ""}
    if batch.staged_by == reader.actor.name:
        return {"may_decide": False, "why_not": _("You loaded this roster; another officer has to decide.")}
    return {"may_decide": True, "why_not": ""}

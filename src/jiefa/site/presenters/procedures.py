"""Procedures in the reader's language: the catalogue, one version with its steps and its picture."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiefa.kernel.division_codes import Level
from jiefa.kernel.errors import Bilingual
from jiefa.policy import Procedure, Step
from jiefa.procedures import drawing
from jiefa.site.charts.procedures import Diagram, Station, diagram
from jiefa.site.reader import Reader


def named(reader: Reader, entry: Bilingual) -> str:
    """Anything bilingual in the reader's language."""
    return reader.words(entry.zh, entry.en)


def level_label(level: Level | str) -> str:
    """What a level of places, or what a dossier is about, is called."""
    return {
        "province": _("Province"),
        "prefecture": _("Prefecture"),
        "county": _("County"),
        "township": _("Township"),
        "village": _("Village"),
        "household": _("Household"),
        "project": _("Project"),
        "claim": _("Claim"),
    }[str(level)]


def place_label(reader: Reader, procedure: Procedure, name: str) -> str:
    """The label of a step or an end of a procedure."""
    entry = procedure.by_id.get(name) or procedure.ends_by_id[name]
    return named(reader, entry)


def listed(reader: Reader, name: str, codes: Sequence[str]) -> str:
    """Labels of codes, as the reader's language lists them."""
    return reader.words("、", ", ").join(reader.label(name, code) for code in codes)


def days_label(days: int | None) -> str:
    """The time allowed."""
    if days is None:
        return _("no limit")
    return ngettext("{days} day", "{days} days", days).format(days=days)


def in_force(procedure: Procedure, on: dt.date) -> bool:
    """Whether this version holds on a day."""
    return procedure.from_date <= on and (procedure.to_date is None or on <= procedure.to_date)


def catalogue(reader: Reader, on: dt.date) -> list[dict[str, Any]]:
    """Every procedure, with its versions; the version of the day stands for it, else the latest."""
    rows = []
    for versions in reader.pack.procedures.values():
        current = next((version for version in versions if in_force(version, on)), versions[-1])
        rows.append(
            {
                "id": current.id,
                "label": named(reader, current),
                "subject": level_label(current.subject),
                "url": reverse("site:procedure", args=[current.id]),
                "steps": [named(reader, step) for step in current.steps],
                "levels": _levels(current),
                "days": sum(step.days or 0 for step in current.steps),
                "versions": len(versions),
                "from_date": current.from_date,
                "to_date": current.to_date,
                "current": in_force(current, on),
                "assumption": current.assumption,
                "reference": current.reference,
            }
        )
    return rows


def _levels(procedure: Procedure) -> str:
    seen = dict.fromkeys(step.level for step in procedure.steps)
    return " → ".join(level_label(level) for level in seen)


def one(reader: Reader, versions: Sequence[Procedure], shown: Procedure, on: dt.date) -> dict[str, Any]:
    """The context of a procedure's page."""
    url = reverse("site:procedure", args=[shown.id])
    return {
        "procedure": {
            "id": shown.id,
            "label": named(reader, shown),
            "subject": level_label(shown.subject),
            "from_date": shown.from_date,
            "to_date": shown.to_date,
            "reference": shown.reference,
            "assumption": shown.assumption,
            "note": shown.note or "",
            "current": in_force(shown, on),
        },
        "versions": [
            {
                "from_date": version.from_date,
                "to_date": version.to_date,
                "url": f"{url}?on={version.from_date:%Y-%m-%d}",
                "current": version is shown,
            }
            for version in versions
        ],
        "steps": [_step(reader, shown, number, step) for number, step in enumerate(shown.steps, start=1)],
        "ends": [
            {"label": named(reader, end), "outcome": end.outcome, "outcome_label": reader.label("outcome", end.outcome)}
            for end in shown.ends
        ],
        "diagram": picture(reader, shown),
        "decisions": legend(reader, shown),
    }


def legend(reader: Reader, procedure: Procedure) -> list[dict[str, str]]:
    """The decisions that occur, for the legend of the picture."""
    used = {decision for step, decision, target in procedure.ways()}
    return [
        {"id": code.id, "label": named(reader, code)}
        for code in reader.pack.codes("decision").values
        if code.id in used
    ]


def _step(reader: Reader, procedure: Procedure, number: int, step: Step) -> dict[str, Any]:
    return {
        "number": number,
        "id": step.id,
        "label": named(reader, step),
        "level": level_label(step.level),
        "roles": listed(reader, "role", step.roles),
        "part": reader.label("part", step.part),
        "days": days_label(step.days),
        "evidence": listed(reader, "evidence", step.evidence),
        "asks": reader.words("、", ", ").join(named(reader, ask) for ask in step.asks),
        "not_by": reader.words("、", ", ").join(place_label(reader, procedure, other) for other in step.not_by),
        "notice": reader.label("notice", step.notice),
        "people": step.people if step.people > 1 else 0,
        "ways": [
            {
                "id": decision,
                "label": reader.label("decision", decision),
                "target": place_label(reader, procedure, target),
            }
            for decision, target in step.decisions.items()
        ],
    }


def picture(reader: Reader, procedure: Procedure, marks: Mapping[str, str] | None = None) -> Diagram:
    """The picture of a version; ``marks`` says where a dossier stands: ``done`` or ``now`` by step."""
    known = marks or {}
    stations = []
    for name in drawing.order(procedure):
        label = place_label(reader, procedure, name)
        if name in procedure.by_id:
            step = procedure.by_id[name]
            parts = [listed(reader, "role", step.roles)]
            if step.days is not None:
                parts.append(days_label(step.days))
            stations.append(Station(name, label, " · ".join(parts), "step", known.get(name, "")))
        else:
            outcome = procedure.ends_by_id[name].outcome
            stations.append(Station(name, label, "", outcome, known.get(name, "")))
    return diagram(stations, drawing.tracks(procedure))

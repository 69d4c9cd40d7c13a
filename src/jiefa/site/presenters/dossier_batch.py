"""A list of dossiers before and after they are decided at once, in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from jiefa.kernel.errors import JiefaError
from jiefa.policy import Step
from jiefa.procedures import queries, rules
from jiefa.procedures.actions import Decided, Refused
from jiefa.procedures.models import Dossier
from jiefa.site.presenters import proposals
from jiefa.site.presenters.dossier import DECISION_ICONS, DecisionForm
from jiefa.site.presenters.dossiers import row, said
from jiefa.site.presenters.procedures import named, place_label
from jiefa.site.reader import Reader


@dataclass(frozen=True)
class Ticked:
    """What was ticked, and what speaks against approving it. ``moved``: no longer as it was seen."""

    dossiers: Sequence[Dossier]
    seen: Mapping[int, int]
    step: Step
    places: Mapping[str, str]
    against: Mapping[int, JiefaError]
    moved: Collection[int]
    people: Mapping[str, str]
    today: dt.date


@dataclass(frozen=True)
class Outcome:
    """What became of the list; ``now``: the dossiers as they stand afterwards."""

    now: Sequence[Dossier]
    decided: Sequence[Decided]
    refused: Sequence[Refused]
    places: Mapping[str, str]
    people: Mapping[str, str]
    today: dt.date


def review(reader: Reader, ticked: Ticked, form: DecisionForm) -> dict[str, Any]:
    """The context of the page on which the list is looked through."""
    procedure = queries.procedure_of(ticked.dossiers[0], reader.pack)
    rows = [_row(reader, dossier, ticked) for dossier in ticked.dossiers]
    ready = sum(not line["against"] for line in rows)
    mendable = sum(line["mendable"] for line in rows)
    return {
        "procedure": named(reader, procedure),
        "step": named(reader, ticked.step),
        "rows": rows,
        "ready": ready,
        "mendable": mendable,
        "stay": len(rows) - ready - mendable,
        "unseen": len(ticked.seen) - len(rows),
        "form": form,
        "fact_fields": form.fact_fields,
        "needed_files": [form.file_field(kind) for kind in ticked.step.evidence],
        "buttons": [
            {
                "kind": kind,
                "label": reader.label("decision", kind),
                "target": place_label(reader, procedure, target),
                "icon": DECISION_ICONS[kind],
                "look": {"approve": "btn-primary", "refuse": "btn-alarm"}.get(kind, "btn-quiet"),
                "ask": _("Refuse them for good? This closes the dossiers.") if kind == "refuse" else "",
            }
            for kind, target in ticked.step.decisions.items()
        ],
    }


def _row(reader: Reader, dossier: Dossier, ticked: Ticked) -> dict[str, Any]:
    against = ticked.against.get(dossier.pk)
    why = said(reader, against, ticked.people) if against else ""
    if dossier.pk in ticked.moved:
        why = _("It has moved since you saw it; open it to see how it stands.")
    return row(reader, dossier, ticked.places, ticked.today) | {
        "proposal": proposals.in_short(reader, dossier.proposal),
        "against": why,
        # A file that is missing can come along with the decision.
        "mendable": isinstance(against, rules.EvidenceMissing) and dossier.pk not in ticked.moved,
        "tick": f"{dossier.pk}:{ticked.seen[dossier.pk]}",
    }


def result(reader: Reader, kind: str, outcome: Outcome) -> dict[str, Any]:
    """The context of the page that says what was done."""
    by_key = {dossier.pk: dossier for dossier in outcome.now}
    decided = [
        row(reader, by_key[done.dossier], outcome.places, outcome.today)
        for done in outcome.decided
        if done.dossier in by_key
    ]
    refused = [
        {
            "row": row(reader, by_key[left.dossier], outcome.places, outcome.today) if left.dossier in by_key else None,
            "number": left.dossier,
            "reason": said(reader, left.reason, outcome.people),
        }
        for left in outcome.refused
    ]
    return {
        "decision": reader.label("decision", kind),
        "decided": decided,
        "refused": refused,
        "repeated": sum(done.repeated for done in outcome.decided),
    }

"""One dossier as its page shows it: what it proposes, the way so far, what is next, and what this reader may decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.forms import BoundField
from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.areas.models import Division
from jiefa.disclosure.models import Notice
from jiefa.exits.rules.household import Item
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Procedure, Step
from jiefa.procedures import rules
from jiefa.procedures.models import Dossier, Evidence, StepTaken
from jiefa.registry.models import Household
from jiefa.site.presenters import changes, log, notices, proposals
from jiefa.site.presenters.dossiers import row, said
from jiefa.site.presenters.procedures import days_label, legend, level_label, listed, named, picture, place_label
from jiefa.site.reader import Reader

DECISION_TONES = {"approve": "good", "return": "attention", "refuse": "bad", "withdraw": "plain"}
DECISION_ICONS = {"approve": "check", "return": "arrow-back-up", "refuse": "x", "withdraw": "rotate"}
HOPELESS = (rules.NoticeNotDone, rules.ProposalEmpty, rules.ProposalChanged)
"""Refusals of an approval that nothing typed on the page can mend."""


class DecisionForm(Protocol):
    """The form of a step, as far as its fields have to be laid out."""

    @property
    def fact_fields(self) -> list[BoundField]: ...

    def file_field(self, kind: str) -> BoundField: ...


@dataclass(frozen=True)
class Facts:
    """Everything that the page is made of."""

    dossier: Dossier
    procedure: Procedure
    way: Sequence[StepTaken]
    files: Sequence[Evidence]
    places: Sequence[Division]
    place_names: Mapping[str, str]
    people: Mapping[str, str]
    holders: Sequence[str]
    household: Household | None
    today: dt.date
    may_take: bool
    against: JiefaError | None
    notices: Sequence[Notice] = ()
    """Where the public reads of it."""
    objection: int | None = None
    put_right: str = ""
    """How the reader may put right what it proposes, after it was returned: ``form``, ``redraw``, or ''."""
    standard: Sequence[Item] = ()
    """The standard by which the place is judged, item by item."""

    @property
    def step(self) -> Step | None:
        """The step that is next; None when the dossier is closed."""
        return self.procedure.by_id.get(self.dossier.step)


def context(reader: Reader, facts: Facts) -> dict[str, Any]:
    """The context of a dossier's page and of its paper."""
    found, procedure = facts.dossier, facts.procedure
    changed = proposals.changes(reader, found.proposal)
    return {
        "dossier": row(reader, found, facts.place_names, facts.today)
        | {
            "number": found.pk,
            "version": found.version,
            "places": [
                {"name": place.name, "url": reader.at(reverse("site:area", args=[place.code]))}
                for place in facts.places
            ],
            "opened_by": log.who(found.opened_by, facts.people),
            "campaign": found.campaign,
            "outcome_label": reader.label("outcome", found.outcome),
            "submitted": bool(found.submitted_digest),
        },
        "household": _household(reader, facts.household),
        "standard": [
            {
                "label": reader.words(item.label.zh, item.label.en),
                "found": reader.words(item.found.zh, item.found.en),
                "met": item.met,
            }
            for item in facts.standard
        ],
        "procedure": {
            "label": named(reader, procedure),
            "from_date": procedure.from_date,
            "reference": procedure.reference,
            "assumption": procedure.assumption,
            "url": f"{reverse('site:procedure', args=[procedure.id])}?on={procedure.from_date:%Y-%m-%d}",
        },
        "changes": changed,
        **changes.on_dossier(reader, found.proposal),
        "compares": any(change["before"] is not None for change in changed),
        **_versions(reader, facts),
        "returned": _returned(reader, facts),
        "stages": _stages(reader, facts),
        "way": [_taken(reader, facts, taken) for taken in facts.way],
        "next": _next(reader, facts),
        "files": [_file(reader, facts, file) for file in facts.files],
        "notices": [
            {
                "url": reverse("site:notice", args=[notice.pk]),
                "title": notices.title(reader, notice),
                "posted_on": notice.posted_on,
            }
            for notice in facts.notices
        ],
        "objection_url": reverse("site:objection", args=[facts.objection]) if facts.objection else "",
        "diagram": picture(reader, procedure, _marks(facts)),
        "decisions": legend(reader, procedure),
        "print_url": reverse("site:dossier-print", args=[found.pk]),
    }


def _versions(reader: Reader, facts: Facts) -> dict[str, Any]:
    """``versions``: every proposal that was submitted and is no longer the one that stands, oldest first; ``since_return``:
    what became different between the last two."""
    submitted = [taken for taken in facts.way if taken.proposal is not None]
    every = [taken.proposal or {} for taken in submitted]
    standing = rules.proposal_digest(facts.dossier.proposal)
    earlier = [taken for taken in submitted if rules.proposal_digest(taken.proposal or {}) != standing]
    shown = [
        {
            "number": submitted.index(taken) + 1,
            "on": taken.on,
            "by": log.who(taken.by, facts.people),
            "changes": proposals.changes(reader, taken.proposal or {}),
        }
        for taken in earlier
    ]
    before = every[submitted.index(earlier[-1])] if earlier else None
    since = proposals.between(reader, before, facts.dossier.proposal) if before is not None else []
    return {"versions": shown, "since_return": since}


def _returned(reader: Reader, facts: Facts) -> dict[str, Any] | None:
    """Why it lies at its first step again, and where the reader puts it right; None where it was not returned there."""
    last = facts.way[-1] if facts.way else None
    if last is None or last.decision != "return" or facts.dossier.step != facts.procedure.first.id:
        return None
    url = reverse("site:dossier-amend", args=[facts.dossier.pk]) if facts.put_right else ""
    return {"by": log.who(last.by, facts.people), "on": last.on, "reason": last.opinion, "url": url}


def _household(reader: Reader, household: Household | None) -> dict[str, Any] | None:
    if household is None:
        return None
    return {
        "number": household.number,
        "head": household.head_name,
        "url": reader.at(reverse("site:household", args=[household.pk])),
        "status": household.poverty_status,
        "status_label": reader.label("poverty_status", household.poverty_status),
    }


def _marks(facts: Facts) -> dict[str, str]:
    """Where the dossier has been and is: steps that stand before the present one, unless it was returned past them."""
    names = [step.id for step in facts.procedure.steps]
    here = facts.dossier.step
    before = names.index(here) if here in names else len(names)
    taken = {taken.step for taken in facts.way}
    marks = {name: "done" for name in names[:before] if name in taken}
    return marks | {here: "now"}


def _stages(reader: Reader, facts: Facts) -> list[dict[str, str]]:
    marks = _marks(facts)
    steps = [{"label": named(reader, step), "state": marks.get(step.id, "next")} for step in facts.procedure.steps]
    if facts.dossier.outcome:
        steps.append({"label": place_label(reader, facts.procedure, facts.dossier.step), "state": "done"})
    return steps


def _taken(reader: Reader, facts: Facts, taken: StepTaken) -> dict[str, Any]:
    step = facts.procedure.by_id[taken.step]
    stated = [
        {"label": named(reader, ask), "value": fact_label(taken.facts[ask.id])}
        for ask in step.asks
        if ask.id in taken.facts
    ]
    area = facts.place_names.get(taken.area, taken.area)
    stayed = taken.target == taken.step
    return {
        "seq": taken.seq,
        "step": named(reader, step),
        "decision": reader.label("decision", taken.decision),
        "kind": taken.decision,
        "tone": DECISION_TONES[taken.decision],
        "target": "" if stayed else place_label(reader, facts.procedure, taken.target),
        "by": log.who(taken.by, facts.people),
        "post": f"{area} · {reader.label('role', taken.role)}",
        "on": taken.on,
        "at": taken.at,
        "opinion": taken.opinion,
        "facts": stated,
        "files": [_file(reader, facts, file) for file in _laid_in_before(facts, taken)],
    }


def _laid_in_before(facts: Facts, taken: StepTaken) -> list[Evidence]:
    """The files that were laid in for a step: at that step, after what was decided before."""
    earlier = [other.at for other in facts.way if other.seq < taken.seq]
    since = max(earlier, default=None)
    return [
        file
        for file in facts.files
        if file.step == taken.step and file.at <= taken.at and (since is None or file.at > since)
    ]


def fact_label(value: object) -> str:
    """A stated fact as people read it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"{value:,}" if isinstance(value, int) else str(value)


def _file(reader: Reader, facts: Facts, file: Evidence) -> dict[str, Any]:
    return {
        "kind": reader.label("evidence", file.kind),
        "name": file.file_name,
        "size": file.size,
        "is_picture": file.media_type.startswith("image/"),
        "by": log.who(file.by, facts.people),
        "at": file.at,
        "url": reverse("site:dossier-file", args=[facts.dossier.pk, file.pk]),
    }


def _next(reader: Reader, facts: Facts) -> dict[str, Any] | None:
    """What is next, who takes it and until when; None for a closed dossier."""
    step, found = facts.step, facts.dossier
    if step is None:
        return None
    desk = facts.place_names.get(found.desk, found.desk)
    return {
        "step": named(reader, step),
        "level": level_label(step.level),
        "who": f"{desk} · {listed(reader, 'role', step.roles)}",
        "holders": reader.words("、", ", ").join(facts.holders),
        "days": days_label(step.days),
        "due_on": found.due_on,
        "people": step.people if step.people > 1 else 0,
        "not_by": reader.words("、", ", ").join(place_label(reader, facts.procedure, other) for other in step.not_by),
        "needs": reader.words("、", ", ").join(
            [*_missing(reader, facts, step), *(named(reader, ask) for ask in step.asks)]
        ),
        "notice": notice(reader, found, step),
    }


def _missing(reader: Reader, facts: Facts, step: Step) -> list[str]:
    here = {file.kind for file in facts.files}
    return [reader.label("evidence", kind) for kind in step.evidence if kind not in here]


def notice(reader: Reader, found: Dossier, step: Step) -> dict[str, str] | None:
    """How the public notice of the step stands; None where the step needs none."""
    if step.notice is None:
        return None
    label = reader.label("notice", step.notice)
    if not found.notice_posted or found.notice_until is None:
        return {"label": label, "text": _("not posted yet"), "tone": "attention"}
    if found.notice_stopped:
        return {"label": label, "text": _("stopped: an objection waits for its answer"), "tone": "alarm"}
    return {"label": label, "text": _("posted until {date}").format(date=found.notice_until), "tone": "good"}


def deciding(reader: Reader, facts: Facts, form: DecisionForm | None) -> dict[str, Any]:
    """The decision form for whom it is, with the buttons that this person may press; else who decides."""
    step, against = facts.step, facts.against
    if step is None:
        return {"form": None, "why_not": ""}
    if not facts.may_take or form is None:
        return {"form": None, "why_not": _("Your post does not take this step.")}
    if isinstance(against, rules.SamePerson):
        return {"form": None, "why_not": against.message(reader.lang)}
    hopeless = isinstance(against, HOPELESS)
    kinds = [kind for kind in step.decisions if not (kind == "approve" and hopeless)]
    shows = against is not None and not isinstance(against, rules.EvidenceMissing)
    return {
        "form": form,
        "speaks_against": said(reader, against, facts.people) if against and shows else "",
        "buttons": [_button(reader, facts, step, kind) for kind in kinds],
        "needed_files": [
            {
                "field": form.file_field(kind),
                "label": reader.label("evidence", kind),
                "have": [_file(reader, facts, file) for file in facts.files if file.kind == kind],
            }
            for kind in step.evidence
        ],
        "why_not": "",
    }


def _button(reader: Reader, facts: Facts, step: Step, kind: str) -> dict[str, str]:
    target = place_label(reader, facts.procedure, step.decisions[kind])
    submits = kind == "approve" and step is facts.procedure.first
    return {
        "kind": kind,
        "label": _("Submit") if submits else reader.label("decision", kind),
        "target": target,
        "icon": DECISION_ICONS[kind],
        "look": {"approve": "btn-primary", "refuse": "btn-alarm"}.get(kind, "btn-quiet"),
        "ask": _("Refuse for good? This closes the dossier.") if kind == "refuse" else "",
    }

"""Unannounced visits, findings and talks in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.inspection.models import FindingState, Interview, SpotCheck, SpotFinding, VisitState
from jiefa.inspection.queries.visits import Whole
from jiefa.inspection.rules import visiting
from jiefa.site.presenters import log
from jiefa.site.reader import Reader

VISIT_TONES = {VisitState.PLANNED.value: "open", VisitState.DONE.value: "good", VisitState.DROPPED.value: "plain"}
TONES = {FindingState.OPEN.value: "open", FindingState.REPLIED.value: "open", FindingState.CLOSED.value: "good"}


def visit(reader: Reader, one: SpotCheck, names: Mapping[str, str], today: dt.date) -> dict[str, Any]:
    """A visit as a row."""
    late = one.state == VisitState.PLANNED and one.planned_for < today
    return {
        "pk": one.pk,
        "url": reverse("site:unannounced-visit", args=[one.pk]),
        "place": names.get(one.place_code, one.place_code),
        "from": names.get(one.by_code, one.by_code),
        "on": one.done_on or one.planned_for,
        "state": one.get_state_display(),
        "tone": "refused" if late else VISIT_TONES[one.state],
        "late": late,
        "planned": one.state == VisitState.PLANNED,
    }


def finding(reader: Reader, one: SpotFinding, names: Mapping[str, str], today: dt.date) -> dict[str, Any]:
    """A finding as a row."""
    return {
        "pk": one.pk,
        "url": f"{reverse('site:unannounced-visit', args=[one.check_of_id])}#finding-{one.pk}",
        "place": names.get(one.place_code, one.place_code),
        "item": reader.label("spot_item", one.item),
        "what": one.what,
        "state": one.get_state_display(),
        "tone": "refused" if visiting.is_late(one.state, one.due_on, today) else TONES[one.state],
        "late": visiting.is_late(one.state, one.due_on, today),
        "found_on": one.found_on,
        "due_on": one.due_on,
        "closed_on": one.closed_on,
        "open": one.state == FindingState.OPEN,
        "replied": one.state == FindingState.REPLIED,
    }


def history(reader: Reader, of: Whole, people: Mapping[str, str]) -> dict[int, list[dict[str, Any]]]:
    """What happened to each finding, oldest first: replies and looking again."""
    told: dict[int, list[tuple[dt.datetime, dict[str, Any]]]] = {}
    for reply in of.replies:
        line = {"label": _("The place replied"), "text": reply.how, "on": reply.on, "by": log.who(reply.by, people)}
        told.setdefault(reply.finding_id, []).append((reply.at, line))
    for again in of.rechecks:
        label = reader.label("spot_recheck", again.result)
        line = {"label": label, "text": again.what, "on": again.on, "by": log.who(again.by, people)}
        told.setdefault(again.finding_id, []).append((again.at, line))
    return {key: [line for _at, line in sorted(lines, key=lambda pair: pair[0])] for key, lines in told.items()}


def files(of: Whole) -> dict[int, list[dict[str, Any]]]:
    """The files of each finding."""
    found: dict[int, list[dict[str, Any]]] = {}
    for one in of.files:
        url = reverse("site:unannounced-file", args=[one.pk])
        found.setdefault(one.finding_id, []).append({"name": one.name, "size": one.size, "url": url})
    return found


def items(reader: Reader, of: Whole) -> list[dict[str, Any]]:
    """The checklist as it was found."""
    return [
        {
            "label": reader.label("spot_item", one.item),
            "result": reader.label("spot_result", one.result),
            "tone": {"wrong": "refused", "in_order": "good"}.get(one.result, "plain"),
        }
        for one in of.items
    ]


def checklist(form: Any) -> list[dict[str, Any]]:
    """The items of the form with their three fields."""
    return [
        {"result": form[f"result_{item}"], "what": form[f"what_{item}"], "due": form[f"due_{item}"]}
        for item in form.items
    ]


def interview(
    reader: Reader, one: Interview, said: str, names: Mapping[str, str], people: Mapping[str, str]
) -> dict[str, Any]:
    """A talk as a row; ``said`` is empty for the place."""
    return {
        "whom": one.whom,
        "place": names.get(one.place_code, one.place_code),
        "from": names.get(one.by_code, one.by_code),
        "reason": reader.label("interview_reason", one.reason),
        "demand": one.demand,
        "said": said,
        "on": one.on,
        "due_on": one.due_on,
        "by": log.who(one.by, people),
    }


def people_of(of: Whole) -> Sequence[str]:
    """Who replied or looked again."""
    return [*(one.by for one in of.replies), *(one.by for one in of.rechecks)]

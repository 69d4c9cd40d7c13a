"""Complaints in the reader's language: rows, the steps of one, units by name, counts. No caller is known here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jiefa.hotline.actions.answering import Read
from jiefa.hotline.models import Complaint, ComplaintFile, ComplaintStep, Look
from jiefa.hotline.queries.figures import Counted
from jiefa.hotline.rules import moves, units
from jiefa.hotline.rules.units import Unit
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.site.presenters import log
from jiefa.site.reader import Reader

TONES = {
    moves.RECEIVED: "open",
    moves.ACCEPTED: "open",
    moves.ROUTED: "open",
    moves.CONCLUDED: "open",
    moves.ANSWERED: "good",
    moves.CLOSED: "good",
}


def codes_of(rows: Iterable[Complaint]) -> list[str]:
    """The places that rows name."""
    found = {code for one in rows for code in (one.about_code, one.against_code, one.kept_at, one.unit_code)}
    return sorted(found - {""})


def unit(reader: Reader, kind: str, code: str, names: Mapping[str, str]) -> str:
    """A unit by its place and kind."""
    return f"{names.get(code, code)} · {reader.label('hotline_unit', kind)}" if code else ""


def row(reader: Reader, one: Complaint, names: Mapping[str, str], today: dt.date, *, bare: bool) -> dict[str, Any]:
    """A complaint as a row: no word of it. ``bare``: nor where it happened, for whoever only learns that it is overdue."""
    keeper = one.state in moves.KEEPERS
    owes = (
        f"{names.get(one.kept_at, one.kept_at)} · {_('Hotline keeper')}"
        if keeper
        else unit(reader, one.unit_kind, one.unit_code, names)
    )
    late = one.state in moves.OPEN and one.due_on is not None and one.due_on < today
    return {
        "receipt": one.receipt,
        "url": "" if bare else reverse("site:hotline-complaint", args=[one.receipt]),
        "category": reader.label("hotline_category", one.category),
        "about": "" if bare else names.get(one.about_code, one.about_code),
        "against": "" if bare else names.get(one.against_code, one.against_code),
        "state": one.get_state_display(),
        "tone": "refused" if late else TONES.get(one.state, "plain"),
        "round": one.round,
        "owes": owes if one.state in moves.OPEN else "",
        "due_on": one.due_on,
        "late": late,
        "received_on": one.received_on,
        "finish_by": one.finish_by,
        "answered_on": one.answered_on,
        "verdict": reader.label("hotline_verdict", one.verdict),
    }


STEPS = {
    "receive": lambda: _("Received"),
    "accept": lambda: _("Taken on"),
    "refuse": lambda: _("Not taken on"),
    "pass_on": lambda: _("Passed on to another authority"),
    "merge": lambda: _("Merged with an earlier one"),
    "name": lambda: _("A broader body named"),
    "route": lambda: _("Routed"),
    "note": lambda: _("Line of the inquiry"),
    "conclude": lambda: _("Concluded"),
    "follow": lambda: _("A case or violation made of it"),
    "answer": lambda: pgettext("complaint", "Answered"),
    "call_back": lambda: _("Called back"),
    "reopen": lambda: _("Opened again"),
}
RESULTS = {"refuse": "hotline_refusal", "conclude": "hotline_verdict", "call_back": "hotline_callback"}


def steps(
    reader: Reader, rows: Sequence[ComplaintStep], read: Read, names: Mapping[str, str], people: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The steps that were taken, with their words as far as the reader may read them."""
    shown = []
    for one, text in zip(rows, read.steps, strict=True):
        result = reader.label(RESULTS[one.step], one.result) if one.step in RESULTS else ""
        if one.step == "route":
            kind, _slash, code = one.result.partition("/")
            result = unit(reader, kind, code, names)
        shown.append(
            {
                "label": STEPS[one.step](),
                "on": one.on,
                "by": _("the caller") if one.by == "public" else log.who(one.by, people),
                "result": result,
                "text": text,
                "round": one.round,
            }
        )
    return shown


def files(found: Complaint, rows: Sequence[ComplaintFile], read: Read) -> list[dict[str, Any]]:
    """The files by name."""
    return [
        {"name": name, "size": one.size, "url": reverse("site:hotline-file", args=[found.receipt, one.pk])}
        for one, name in zip(rows, read.files, strict=True)
    ]


def looks(reader: Reader, rows: Sequence[Look], people: Mapping[str, str]) -> list[dict[str, Any]]:
    """Who looked at the caller's identity, when, why."""
    return [
        {"at": one.at, "by": log.who(one.by, people), "reason": reader.label("hotline_look", one.reason)}
        for one in rows
    ]


def bodies(way: Sequence[Any]) -> list[tuple[str, str]]:
    """The bodies on the way down to a place against which a complaint may be, the nearest first."""
    labels = {
        LENGTH_OF_LEVEL[Level.VILLAGE]: _("village committee, village cadres or team"),
        LENGTH_OF_LEVEL[Level.TOWNSHIP]: _("township and its offices"),
        LENGTH_OF_LEVEL[Level.COUNTY]: _("county and its offices"),
        LENGTH_OF_LEVEL[Level.PREFECTURE]: _("prefecture and its offices"),
        LENGTH_OF_LEVEL[Level.PROVINCE]: _("province and its offices"),
    }
    return [(one.code, f"{one.name} · {labels[len(one.code)]}") for one in reversed(way)]


def offered(reader: Reader, found: Complaint, inside: str, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """The units to which a keeper of ``inside`` may route it."""
    fit = [one for one in units.handlers(found.about_code, found.against_code) if one.place.startswith(inside)]
    return [(f"{one.kind}/{one.place}", unit(reader, one.kind, one.place, names)) for one in fit]


def chosen(text: str) -> Unit:
    """The unit that a form named."""
    kind, _slash, place = text.partition("/")
    return Unit(kind, place)


def counted(reader: Reader, rows: Iterable[Counted], how: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Counts with the label of what they are by."""
    levels = {
        Level.PROVINCE.value: _("Province"),
        Level.PREFECTURE.value: _("Prefecture"),
        Level.COUNTY.value: _("County"),
        Level.TOWNSHIP.value: _("Township"),
    }

    def label(name: str) -> str:
        if how == "category":
            return reader.label("hotline_category", name)
        return str(levels.get(name, name)) if how == "level" else names.get(name, name)

    return [
        {
            "label": label(one.name) if one.name else _("All"),
            "total": not one.name,
            "received": one.received,
            "finished": one.finished,
            "in_time": one.in_time,
            "true": one.true,
        }
        for one in rows
    ]

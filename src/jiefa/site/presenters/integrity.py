"""Self-inspection, violations and the case book in the reader's language. Texts of cases come opened from the action that logs it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.integrity.actions.cases import Read
from jiefa.integrity.models import Campaign, Case, CaseNote, GroupTownship, HandOver, Violation
from jiefa.integrity.queries.campaigns import Progress
from jiefa.integrity.queries.violations import Counted
from jiefa.policy import Code
from jiefa.site.charts import Bar, Chart, Frame, bars
from jiefa.site.presenters import log
from jiefa.site.reader import Reader

P = Permission
CASE_TONES = {"": "open", "approved": "refused", "refused": "good", "withdrawn": "plain"}


def parts(reader: Reader, part: str) -> list[dict[str, Any]]:
    """The pages of supervision that the reader may open, about the place of the page."""
    place = reader.place.code if reader.place else ""
    who = reader.actor
    sees, books, visits = who.may(P.INSPECTION_VIEW), who.may(P.CASE_BOOK), who.may(P.SPOT_CHECK)
    hears, keeps = who.may(P.HOTLINE_RECEIVE), who.may(P.HOTLINE_KEEP)
    entries = (
        ("inspections", _("Self-inspection"), "clipboard-check", "site:inspections", sees),
        ("violations", _("Violations"), "alert-triangle", "site:violations", sees),
        ("cases", _("Case book"), "folders", "site:supervision", books),
        ("groups", _("Supervision groups"), "users-group", "site:supervision-groups", books),
        ("handed", _("Handed over"), "arrow-right", "site:handed-over", books),
        ("hotline", _("Poverty-relief hotline"), "phone", "site:hotline", keeps or who.may(P.HOTLINE_HANDLE)),
        ("hotline-new", _("Take a complaint down"), "edit", "site:hotline-new", hears),
        ("hotline-statistics", _("Counts of the hotline"), "chart-bar", "site:hotline-statistics", keeps),
        ("unannounced", _("Unannounced visits"), "eye", "site:unannounced", sees or visits),
        ("interviews", _("Talks with officers"), "message", "site:interviews", sees or visits),
    )
    return [
        {"label": label, "icon": icon, "url": reader.at(reverse(name), place=place), "current": identity == part}
        for identity, label, icon, name, shown in entries
        if shown
    ]


def campaign(reader: Reader, one: Campaign, names: Mapping[str, str], today: dt.date) -> dict[str, Any]:
    """A campaign as a row."""
    late = one.due_on < today
    return {
        "pk": one.pk,
        "url": reverse("site:inspection", args=[one.pk]),
        "title": one.title,
        "place": names.get(one.area_code, one.area_code),
        "from_year": one.from_year,
        "to_year": one.to_year,
        "offices": one.get_offices_display(),
        "opened_on": one.opened_on,
        "due_on": one.due_on,
        "late": late,
        "document": one.document,
    }


def progress(reader: Reader, one: Campaign, rows: Sequence[Progress], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """How far each place is, with links to the place's own page and its overdue violations."""
    here, listed = reverse("site:inspection", args=[one.pk]), reverse("site:violations")
    return [
        {
            "name": names.get(row.place, row.place),
            "url": reader.at(here, place=row.place),
            "overdue_url": reader.at(listed, place=row.place, campaign=one.pk, state="overdue"),
            "violations_url": reader.at(listed, place=row.place, campaign=one.pk),
            "asked": row.asked,
            "answered": row.answered,
            "begun": row.begun,
            "share": row.answered / row.asked if row.asked else None,
            "violations": row.violations,
            "fen": row.amount_fen,
            "rectified_fen": row.rectified_fen,
            "settled": row.settled,
            "overdue": row.overdue,
        }
        for row in rows
    ]


def counted(reader: Reader, rows: Iterable[Counted], label: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Violations by type (``label``: the code list) or by place ('')."""
    here = reverse("site:violations")
    place = reader.place.code if reader.place else ""
    return [
        {
            "label": reader.label(label, row.name) if label else names.get(row.name, row.name),
            "url": reader.at(here, place=place, kind=row.name) if label else reader.at(here, place=row.name),
            "violations": row.violations,
            "fen": row.amount_fen,
            "rectified_fen": row.rectified_fen,
            "settled": row.settled,
            "overdue": row.overdue,
        }
        for row in rows
    ]


def chart(reader: Reader, rows: Sequence[Mapping[str, Any]], identity: str, title: str, today: dt.date) -> Chart:
    """Amounts of violations as lying bars, the largest first; the twin table says them to the fen."""
    ordered = sorted(rows, key=lambda row: -row["fen"])
    frame = Frame(id=identity, title=title, unit="fen", as_of=today, lang=reader.lang)
    return bars([Bar(row["label"], row["fen"], row["url"]) for row in ordered], frame=frame)


def violation(reader: Reader, one: Violation, names: Mapping[str, str], today: dt.date) -> dict[str, Any]:
    """A violation as a row and on its page."""
    if one.settled_on:
        state, tone = _("put right"), "good"
    elif one.due_on < today:
        state, tone = _("overdue"), "refused"
    else:
        state, tone = _("to be put right"), "open"
    return {
        "pk": one.pk,
        "url": reverse("site:violation", args=[one.pk]),
        "number": one.number,
        "kind": reader.label("violation_type", one.kind),
        "place": names.get(one.area_code, one.area_code),
        "campaign": one.campaign.title if one.campaign else "",
        "campaign_url": reverse("site:inspection", args=[one.campaign_id]) if one.campaign_id else "",
        "project": one.project,
        "fen": one.amount_fen,
        "rectified_fen": one.rectified_fen,
        "left_fen": one.amount_fen - one.rectified_fen,
        "found_on": one.found_on,
        "due_on": one.due_on,
        "settled_on": one.settled_on,
        "what": one.what,
        "responsible": one.responsible,
        "state": state,
        "tone": tone,
    }


def checklist(reader: Reader, items: Iterable[Code], form: Any) -> list[dict[str, Any]]:
    """The items with their two fields."""
    return [
        {
            "label": reader.words(one.zh, one.en),
            "answer": form[f"answer_{one.id}"],
            "note": form[f"note_{one.id}"],
        }
        for one in items
    ]


def case(reader: Reader, one: Case, names: Mapping[str, str], people: Mapping[str, str]) -> dict[str, Any]:
    """A case as a row: where it comes from and what kind of thing it is about, no word of its text."""
    outcome = one.dossier.outcome if one.dossier else ""
    states = {
        "": _("under inquiry"),
        "approved": _("founded"),
        "refused": _("unfounded"),
        "withdrawn": _("not pursued"),
    }
    return {
        "pk": one.pk,
        "url": reverse("site:supervision-case", args=[one.pk]),
        "place": names.get(one.area_code, one.area_code),
        "source": reader.label("case_source", one.source),
        "about": reader.label("case_subject", one.subject_kind),
        "group": one.group.name if one.group else "",
        "opened_on": one.opened_on,
        "by": log.who(one.by, people),
        "state": states[outcome],
        "tone": CASE_TONES[outcome],
        "dossier_url": reverse("site:dossier", args=[one.dossier_id]) if one.dossier_id else "",
        "open": not outcome,
        "founded": outcome == "approved",
    }


def notes(reader: Reader, rows: Sequence[CaseNote], opened: Read, people: Mapping[str, str]) -> list[dict[str, Any]]:
    """The lines of a case, opened."""
    return [
        {
            "kind": reader.label("case_note", row.kind),
            "on": row.on,
            "by": log.who(row.by, people),
            "text": text,
        }
        for row, text in zip(rows, opened.notes, strict=True)
    ]


def handed(reader: Reader, rows: Sequence[HandOver], reasons: Sequence[str]) -> list[dict[str, Any]]:
    """To whom something was handed over, and why."""
    return [
        {"to": reader.label("handed_to", row.to), "on": row.on, "reason": reason}
        for row, reason in zip(rows, reasons, strict=True)
    ]


def group(reader: Reader, one: GroupTownship, names: Mapping[str, str]) -> dict[str, Any]:
    """A township with the group that watches it."""
    return {
        "township": names.get(one.area_code, one.area_code),
        "county": names.get(one.area_code[:6], one.area_code[:6]),
        "name": one.group.name,
        "head": one.group.head,
        "deputy": one.group.deputy,
        "from_date": one.from_date,
    }

"""Notices in the reader's language: lists, one notice as the public reads it, what waits to be published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.areas.models import Division
from jiefa.disclosure.models import Notice, NoticeProject, NoticeRow, Objection, Posting
from jiefa.disclosure.queries import Waiting
from jiefa.disclosure.rules import Clock, PublicProject, PublicRow
from jiefa.kernel.money import format_yuan
from jiefa.site.reader import Reader

DIGEST_SHOWN = 16


def title(reader: Reader, notice: Notice) -> str:
    """What the notice is called: place, year, kind."""
    kind = reader.label("notice", notice.kind)
    return reader.words(f"{notice.place_name}{notice.year}年{kind}", f"{kind}: {notice.place_name}, {notice.year}")


def standing(notice: Notice, clock: Clock | None, today: dt.date) -> tuple[str, str]:
    """``(state, words)``: whether it runs, stands still, has ended, or hangs for good."""
    if clock is None:
        return "announced", _("Announcement")
    if clock.stopped:
        return "stopped", _("The clock stands still: an objection is being looked into")
    if today > clock.until:
        return "over", _("Ended")
    return "running", _("Open to objections")


def row(reader: Reader, notice: Notice, clock: Clock | None, today: dt.date) -> dict[str, Any]:
    """A notice in a list."""
    state, words = standing(notice, clock, today)
    return {
        "url": reverse("site:notice", args=[notice.pk]),
        "title": title(reader, notice),
        "posted_on": notice.posted_on,
        "until": clock.until if clock else None,
        "lines": notice.lines,
        "state": state,
        "state_label": words,
    }


def places(
    reader: Reader, found: Sequence[Division], way: Mapping[str, str], page: str = "site:notices", **more: object
) -> list[dict[str, str]]:
    """Places to choose from, each with the way down to it, as links to a public page."""
    return [
        {
            "name": place.name,
            "inside": " › ".join(way[code] for code in (place.code[:n] for n in (2, 4, 6, 9)) if code in way and code != place.code),
            "url": f"{reverse(page)}?{urlencode({'place': place.code, **more})}",
        }
        for place in found
    ]  # fmt: skip


def public_rows(reader: Reader, rows: Sequence[NoticeRow | PublicRow], first: int = 1) -> list[dict[str, Any]]:
    """Lines as the public reads them: these five things, of a project what is published of it, and nothing else."""
    return [
        {
            "position": position,
            "name": found.name,
            "place": found.place_name,
            "people": found.people,
            "decided": reader.label("notice_row", found.decided),
            "project": project(reader, getattr(found, "project", None)),
        }
        for position, found in enumerate(rows, start=first)
    ]


def project(reader: Reader, one: NoticeProject | PublicProject | None) -> list[dict[str, str]]:
    """What is published of a project, label by label; empty for another line."""
    if one is None:
        return []
    homes = _("{households} households").format(households=one.households)
    rows = (
        (_("Source of money"), reader.label("fund_source", one.source)),
        (_("Amount, yuan"), format_yuan(one.amount_fen)),
        (_("What is built or done"), one.content),
        (_("Goal"), one.goal),
        (_("Term"), f"{one.starts_on} – {one.ends_on}"),
        (_("Carried out by"), one.implementer),
        (_("Person responsible"), one.responsible),
        (_("Contractor"), one.contractor),
        (_("Households it is for"), f"{homes} {one.beneficiaries}".strip() if one.households else ""),
        (_("Result of the acceptance"), one.result),
    )
    return [{"label": label, "value": value} for label, value in rows if value]


def objection_state(objection: Objection) -> str:
    """How far an objection has come, in words."""
    outcome = objection.dossier.outcome
    names = {
        "": _("being looked into"),
        "approved": _("upheld"),
        "refused": _("not upheld"),
        "withdrawn": _("withdrawn"),
    }
    return names[outcome]


def objections(found: Sequence[Objection]) -> list[dict[str, Any]]:
    """Objections as the public may know of them: that there is one, since when, how it ended; never what it says."""
    return [
        {
            "number": one.number,
            "filed_on": one.filed_on,
            "answered_on": one.dossier.closed_on,
            "state": objection_state(one),
        }
        for one in found
    ]


def facts(
    reader: Reader, notice: Notice, clock: Clock | None, today: dt.date, way: Sequence[Division], codes: Sequence[str]
) -> dict[str, Any]:
    """What stands at the head of a notice, on the page and on paper. ``codes``: of the places that its lines are of."""
    state, words = standing(notice, clock, today)
    version = reader.pack.procedures[notice.procedure][-1]
    extended = clock is not None and notice.until is not None and clock.until > notice.until
    return {
        "pk": notice.pk,
        "title": title(reader, notice),
        "kind": reader.label("notice", notice.kind),
        "procedure": reader.words(version.zh, version.en),
        "way": "".join(place.name for place in way)
        if reader.lang == "zh"
        else ", ".join(p.name for p in reversed(way)),
        "posted_on": notice.posted_on,
        "until": clock.until if clock else None,
        "until_as_posted": notice.until if extended else None,
        "state": state,
        "state_label": words,
        "lines": notice.lines,
        "people": notice.people,
        "shows_people": notice.people > 0,
        # A list of one village says so in its title; a list of places names them already.
        "shows_place": version.subject in ("household", "project") and list(codes) != [notice.place_code],
        "digest": notice.digest[:DIGEST_SHOWN],
        "open": state in ("running", "stopped", "announced"),
        "phone": reader.pack.at(today).text("hotline.phone"),
    }


def waiting_key(one: Waiting) -> str:
    """By which a list that waits is known between two pages."""
    return f"{one.procedure.id}/{one.step.id}/{one.place}"


def waiting(reader: Reader, found: Sequence[Waiting], names: Mapping[str, str], shown: int) -> list[dict[str, Any]]:
    """The lists that an officer has to publish."""
    return [
        {
            "key": waiting_key(one),
            "title": reader.words(one.procedure.zh, one.procedure.en),
            "step": reader.words(one.step.zh, one.step.en),
            "kind": reader.label("notice", one.kind),
            "place": names.get(one.place, one.place),
            "announces": one.announces,
            "total": len(one.dossiers),
            "dossiers": [{"pk": d.pk, "title": d.title, "since": d.opened_on} for d in one.dossiers[:shown]],
            "more": max(0, len(one.dossiers) - shown),
        }
        for one in found
    ]


def postings(found: Sequence[Posting], names: Mapping[str, str], people: Mapping[str, str]) -> list[dict[str, Any]]:
    """Where the notice hung, for officers."""
    return [
        {
            "place": names.get(one.place_code, one.place_code),
            "hung_on": one.hung_on,
            "by": people.get(one.by, one.by),
            "url": reverse("site:notice-photo", args=[one.pk]),
        }
        for one in found
    ]


def objection_row(reader: Reader, one: Objection) -> dict[str, Any]:
    """An objection for those who deal with it."""
    return {
        "url": reverse("site:objection", args=[one.pk]),
        "number": one.number,
        "notice": title(reader, one.notice),
        "notice_url": reverse("site:notice", args=[one.notice_id]),
        "line": {"position": one.row.position, "name": one.row.name, "place": one.row.place_name} if one.row else None,
        "filed_on": one.filed_on,
        "channel": one.get_channel_display(),
        "anonymous": one.anonymous,
        "due_on": one.dossier.due_on,
        "state": objection_state(one),
        "dossier_url": reverse("site:dossier", args=[one.dossier_id]),
    }

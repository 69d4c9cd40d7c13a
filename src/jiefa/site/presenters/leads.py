"""Leads of comparisons in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse

from jiefa.access.rules import Permission
from jiefa.identification.models import Lead
from jiefa.site.presenters import log
from jiefa.site.reader import Reader

P = Permission
TONES = {"": "open", "true": "refused", "kept": "good", "wrong": "plain"}


def row(reader: Reader, lead: Lead, places: Mapping[str, str], people: Mapping[str, str]) -> dict[str, Any]:
    """A lead as a row of the list."""
    may = reader.actor.may(P.HOUSEHOLD_EDIT, lead.village_code)
    sees = reader.actor.may(P.DOSSIER_VIEW, lead.village_code)
    return {
        "pk": lead.pk,
        "url": reverse("site:lead", args=[lead.pk]),
        "kind": reader.label("lead_kind", lead.kind),
        "detail": lead.detail,
        "seen_on": lead.seen_on,
        "source": lead.of_list.title,
        "head": lead.household.head_name or lead.household.number,
        "number": lead.household.number,
        "household_url": reverse("site:household", args=[lead.household_id]),
        "status": lead.household.poverty_status,
        "status_label": reader.label("poverty_status", lead.household.poverty_status),
        "village": places.get(lead.village_code, lead.village_code),
        "above": places.get(lead.village_code[:9], ""),
        "settled": lead.settled,
        "state": lead.get_settled_display() if lead.settled else "",
        "tone": TONES[lead.settled],
        "reason": lead.reason,
        "settled_on": lead.settled_on,
        "by": log.who(lead.by, people) if lead.by else "",
        "may_settle": may and not lead.settled,
        "dossier_url": reverse("site:dossier", args=[lead.dossier]) if lead.dossier and sees else "",
    }


def of_household(reader: Reader, leads: Iterable[Lead]) -> list[dict[str, Any]]:
    """The leads about a household, for its page."""
    return [
        {
            "url": reverse("site:lead", args=[lead.pk]),
            "kind": reader.label("lead_kind", lead.kind),
            "detail": lead.detail,
            "state": lead.get_settled_display() if lead.settled else "",
            "tone": TONES[lead.settled],
        }
        for lead in leads
    ]


def worth(reader: Reader, counts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """By kind: how many leads, and how many of those settled turned out to be true."""
    return [
        {
            **count,
            "label": reader.label("lead_kind", count["kind"]),
            "share": count["true"] / settled if (settled := count["leads"] - count["open"]) else None,
        }
        for count in counts
    ]

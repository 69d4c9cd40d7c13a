"""Relocation in the reader's language: the four promises, settlement sites, hamlets with what speaks for and against each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.assistance.models import Course, Hamlet, ProgrammeRecord, SettlementSite
from jiefa.assistance.queries.hamlets import Listed, excess, missing
from jiefa.assistance.queries.promises import FOUR, RATES, Share, Standing
from jiefa.assistance.rules.moving import Item, Living, verdict
from jiefa.assistance.rules.programmes import day
from jiefa.site.presenters.training import urls
from jiefa.site.reader import Reader

NOBODY = Standing()


def names() -> dict[str, tuple[str, str]]:
    """Of each promise and rate what it is called, and how it is counted."""
    return {
        "moved_out": (_("Moved out"), _("Moved in at the new place, of all on the lists.")),
        "settled": (
            _("Settled"),
            _("Medical insurance moved, and school where a child learns, of those who moved."),
        ),
        "employed": (_("Employed"), _("One at least has work, of those who moved with a labourer on the card.")),
        "secured": (_("Secured"), _("Guarantee and pension moved, of those who moved.")),
        "occupied": (_("Rate of moving in"), _("Moved in, of those who have the keys.")),
        "demolished": (_("Rate of old houses down"), _("Old house taken down, of those who moved.")),
    }


def shares(reader: Reader, found: Standing, place: str | None, site: str | None = None) -> list[dict[str, Any]]:
    """The promises and rates of a place or site with numerator and denominator; each number opens its households."""
    said, more = names(), {} if site is None else {"site": site}
    return [
        {
            "id": name,
            "label": said[name][0],
            "note": said[name][1],
            "share": found.shares.get(name, Share()),
            "urls": urls(reader, name, place, **more),
        }
        for name in (*FOUR, *RATES)
    ]


def by_place(reader: Reader, found: Mapping[str, Standing], places: Mapping[str, str]) -> list[dict[str, Any]]:
    """The promises in each place below."""
    return [
        {
            "name": places.get(code, code),
            "url": reader.at(reverse("site:promises"), place=code),
            "shares": shares(reader, one, code),
            "standing": one,
        }
        for code, one in found.items()
    ]


def by_site(
    reader: Reader,
    found: Mapping[tuple[str, str], Standing],
    sites: Mapping[tuple[str, str], SettlementSite],
    place: str | None,
) -> list[dict[str, Any]]:
    """The promises at each site, those that no case names yet left out; a name that is not on file says so."""
    rows = []
    for key, one in found.items():
        site, (county, name) = sites.get(key), key
        inside = place if place and place.startswith(county) else county
        rows.append(
            {
                "name": name or _("no site named"),
                "url": reader.at(reverse("site:settlement-site", args=[site.pk])) if site else "",
                "unknown": bool(name) and site is None,
                "shares": shares(reader, one, inside, name),
                "standing": one,
            }
        )
    return rows


def site(reader: Reader, one: SettlementSite, places: Mapping[str, str]) -> dict[str, Any]:
    """What is on file of a site."""
    return {
        "url": reader.at(reverse("site:settlement-site", args=[one.pk])),
        "name": one.name,
        "county": places.get(one.county_code, one.county_code),
        "where": one.where,
        "kind": reader.label("resettlement", one.kind),
        "settled_in": reader.label("settled_in", one.settled_in),
        "site": one,
    }


def site_row(reader: Reader, one: SettlementSite, found: Standing, places: Mapping[str, str]) -> dict[str, Any]:
    """A site as a row of the list, with those who moved in from the whole county."""
    return site(reader, one, places) | {
        "moved": found.shares.get("moved_out", Share()),
        "people": found.moved_people,
        "too_many": excess(one, found),
    }


def hamlet(reader: Reader, one: Hamlet, places: Mapping[str, str]) -> dict[str, Any]:
    """What is on file of a hamlet."""
    state = _("Moved") if one.moved_on else _("Move decided") if one.decided_on else _("Move proposed")
    return {
        "url": reader.at(reverse("site:hamlet", args=[one.pk])),
        "name": one.name,
        "village": places.get(one.village_code, one.village_code),
        "above": places.get(one.village_code[:9], ""),
        "reason": reader.label("relocation_reason", one.reason),
        "state": state,
        "tone": "good" if one.moved_on else "open",
        "hamlet": one,
    }


def hamlet_row(
    reader: Reader, one: Hamlet, who: Living, items: Sequence[Item], found: Listed, places: Mapping[str, str]
) -> dict[str, Any]:
    """A hamlet with who lives there, what follows for it, and how far its list has come."""
    return hamlet(reader, one, places) | {
        "living": who,
        "eligible": verdict(list(items)),
        "items": [{"met": item.met, "text": reader.words(item.zh, item.en), "by": item.reference} for item in items],
        "listed": found,
        "missing": missing(who, found),
    }


def named(reader: Reader, found: Sequence[Course | SettlementSite | Hamlet]) -> list[dict[str, str]]:
    """What a case names and is on file, as links."""
    labels = {Course: _("Course"), SettlementSite: _("Settlement site"), Hamlet: _("Hamlet")}
    pages = {Course: "site:course", SettlementSite: "site:settlement-site", Hamlet: "site:hamlet"}
    return [
        {
            "label": labels[type(one)],
            "name": one.name or getattr(one, "number", ""),
            "url": reader.at(reverse(pages[type(one)], args=[one.pk])),
        }
        for one in found
    ]


def household(reader: Reader, record: ProgrammeRecord, places: Mapping[str, str]) -> dict[str, Any]:
    """A household that moves, as a row."""
    programme = reader.pack.programme(record.programme)
    stage = programme.stage(record.stage)
    return {
        "url": reverse("site:case", args=[record.pk]),
        "head": record.household.head_name or record.household.number,
        "number": record.household.number,
        "household_url": reader.at(reverse("site:household", args=[record.household_id])),
        "village": places.get(record.village_code, record.village_code),
        "above": places.get(record.village_code[:9], ""),
        "people": record.people,
        "stage": reader.words(stage.zh, stage.en) if stage else _("no stage reached yet"),
        "tone": "good" if record.traced_on else "open",
        "moved_on": record.traced_on,
        "demolished_on": day(record.own, "demolished_on"),
        "employed_on": day(record.own, "employed_on"),
        "whole": bool(record.own.get("whole_hamlet")),
    }

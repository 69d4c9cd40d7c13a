"""Pairings in the reader's language: by kind, their gaps, and the book of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse

from jiefa.responsibility.models import Arrival, Commitment, Pairing
from jiefa.responsibility.queries.pairings import Concentrated, Duty, Kind, Link, Money
from jiefa.site.reader import Reader

NAMED = 60
"""Places without a pairing that are named; the others are counted."""


def kinds(reader: Reader, rows: Iterable[Kind], chosen: str) -> list[dict[str, Any]]:
    """Every kind of pairing that there is, or has money."""
    place = reader.place.code if reader.place else ""
    return [
        {
            "label": reader.label("pairing_kind", one.kind),
            "url": reader.at(reverse("site:pairings"), place=place, kind=one.kind),
            "current": one.kind == chosen,
            "organisations": one.leaders or one.organisations,
            "places": one.places,
            "promised": one.money.promised or None,
            "arrived": one.money.arrived or None,
            "this_year": one.money.arrived_this_year or None,
        }
        for one in rows
        if one.places or one.money != Money()
    ]


def duties(reader: Reader, rows: Iterable[Duty], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """What ought to be paired: how many are, which are not."""
    return [
        {
            "label": reader.label("pairing_duty", one.kind),
            "wanted": one.wanted,
            "covered": one.covered,
            "missing": [names.get(code, code) for code in one.missing[:NAMED]],
            "more": max(0, len(one.missing) - NAMED),
        }
        for one in rows
        if one.wanted
    ]


def leaders(rows: Sequence[Link], counties: int, townships: int) -> dict[str, Any]:
    """How many leaders are linked, and who with fewer places than is laid down."""
    few = [one for one in rows if one.counties < counties or one.townships < townships]
    return {
        "count": len(rows),
        "counties": counties,
        "townships": townships,
        "few": [
            {
                "name": one.name,
                "url": reverse("site:cadre", args=[one.leader]),
                "counties": one.counties,
                "townships": one.townships,
            }
            for one in few[:NAMED]
        ],
    }


def together(found: Concentrated) -> dict[str, int]:
    """Where money was put together."""
    return {
        "townships": found.townships,
        "counties": found.counties,
        "fiscal": found.fiscal_fen,
        "department": found.department_fen,
    }


def row(reader: Reader, one: Pairing, names: Mapping[str, str], money: Money) -> dict[str, Any]:
    """A pairing as a row and as a heading; no money is None."""
    return {
        "pk": one.pk,
        "url": reverse("site:pairing", args=[one.pk]),
        "organisation": one.organisation.name,
        "leader": one.leader.name if one.leader else "",
        "leader_url": reverse("site:cadre", args=[one.leader_id]) if one.leader_id else "",
        "kind": reader.label("pairing_kind", one.kind),
        "place": names.get(one.area_code, one.area_code),
        "above": names.get(one.area_code[:6], "") if len(one.area_code) > 6 else "",
        "since": one.from_date,
        "ended": one.to_date,
        "promised": money.promised or None,
        "arrived": money.arrived or None,
        "still": max(0, money.promised - money.arrived),
    }


def lines(
    reader: Reader, book: str, rows: Iterable[Commitment | Arrival], names: Mapping[str, str], may: bool
) -> list[dict[str, Any]]:
    """The lines of a book; those that were corrected say so and are not corrected again."""
    made = []
    for one in rows:
        arrived = one if isinstance(one, Arrival) else None
        corrected = hasattr(one, "corrected")
        url = reverse("site:pairing-line", args=[one.pairing_id, book])
        made.append(
            {
                "on": one.on,
                "form": reader.label("aid_form", one.form),
                "what": one.what,
                "fen": one.amount_fen,
                "due": one.due if isinstance(one, Commitment) else None,
                "source": reader.label("aid_source", arrived.source) if arrived else "",
                "place": names.get(arrived.area_code, arrived.area_code) if arrived else "",
                "voucher": arrived.voucher if arrived else "",
                "reason": one.reason,
                "corrected": corrected,
                "by": one.by,
                "correct_url": f"{url}?corrects={one.pk}" if may and not corrected else "",
            }
        )
    return made

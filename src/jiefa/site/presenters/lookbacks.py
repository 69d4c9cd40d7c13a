"""Look-back campaigns in the reader's language: how far they are by place, the frozen list with what was found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.identification.models import Found, LookBack, LookBackHousehold
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.site.presenters import log
from jiefa.site.reader import Reader

P = Permission
TONES = {
    "": "open",
    "confirmed": "good",
    "changed": "review",
    "wrongly_in": "refused",
    "missed": "refused",
    "gone": "plain",
}


def dossier_due(row: LookBackHousehold) -> bool:
    """Whether a dossier has to follow: the household is wrongly in and still on the register, or was missed and is not on it."""
    poor = row.household.poverty_status in IN_POVERTY
    return (row.found == Found.WRONGLY_IN and poor) or (row.found == Found.MISSED and not poor)


def campaign(found: LookBack, names: Mapping[str, str], people: Mapping[str, str], today: dt.date) -> dict[str, Any]:
    """A campaign as a row and as a heading."""
    return {
        "pk": found.pk,
        "url": reverse("site:lookback", args=[found.pk]),
        "title": found.title,
        "area": names.get(found.division_id, found.division_id),
        "year": found.year,
        "begins": found.begins,
        "ends": found.ends,
        "households": found.households,
        "digest": found.digest,
        "by": log.who(found.by, people),
        "state": _("ended") if found.ends < today else _("not begun") if found.begins > today else _("under way"),
    }


def progress(
    reader: Reader, found: LookBack, rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """By place: listed, still to be visited, and what was found; a village opens its list, any other place itself."""
    url = reverse("site:lookback", args=[found.pk])
    return [
        {
            **row,
            "name": names.get(row["place"], row["place"]),
            "url": f"{url}?place={row['place']}",
            "share": 1 - row["waiting"] / row["listed"] if row["listed"] else None,
        }
        for row in rows
    ]


def totals(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """The sums over places."""
    names = ("listed", "waiting", *Found.values)
    return {name: sum(row[name] for row in rows) for name in names}


def visits(
    reader: Reader, found: Iterable[LookBackHousehold], places: Mapping[str, str], followed: Mapping[int, int]
) -> list[dict[str, Any]]:
    """Households of the list, each with what was found and the dossier that follows (by household in ``followed``)."""
    made = []
    for row in found:
        may = reader.actor.may(P.HOUSEHOLD_EDIT, row.village_code)
        sees = reader.actor.may(P.DOSSIER_VIEW, row.village_code)
        dossier = row.dossier or followed.get(row.household_id)
        made.append(
            {
                "head": row.household.head_name or row.household.number,
                "number": row.household.number,
                "household_url": reverse("site:household", args=[row.household_id]),
                "village": places.get(row.village_code, row.village_code),
                "status_then": row.status_then,
                "status_label": reader.label("poverty_status", row.status_then),
                "found": row.get_found_display() if row.found else _("not visited yet"),
                "tone": TONES[row.found],
                "on_list": row.on_list,
                "found_on": row.found_on,
                "note": row.note,
                "dossier_url": reverse("site:dossier", args=[dossier]) if dossier and sees else "",
                "dossier_due": dossier is None and dossier_due(row),
                "visit_url": reverse("site:lookback-visit", args=[row.campaign_id, row.household_id]) if may else "",
            }
        )
    return made

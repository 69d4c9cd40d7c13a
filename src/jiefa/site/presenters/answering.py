"""Who answers for whom in the reader's language: cadres, helpers, visits, teams, what is still missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.areas.models import Division
from jiefa.registry.models import Household
from jiefa.responsibility.models import Cadre, Helper, Round, TeamMember, Visit
from jiefa.responsibility.queries.answering import Standing
from jiefa.responsibility.queries.teams import Days
from jiefa.responsibility.queries.visits import Coverage
from jiefa.site.reader import Reader

P = Permission


def parts(reader: Reader, part: str) -> list[dict[str, Any]]:
    """The pages of responsibility that the reader may open, about the place of the page."""
    place = reader.place.code if reader.place else ""
    lists = reverse("site:responsibility-households")
    first_list = "helpers" if reader.actor.may(P.HELPER_ASSIGN) else "pairings"
    entries: tuple[tuple[str, str, str, str, dict[str, str], Permission], ...] = (
        ("overview", _("Overview"), "heart-handshake", reverse("site:responsibility"), {}, P.HOUSEHOLD_VIEW),
        ("without", _("Without a helper"), "user-question", lists, {"view": "without"}, P.HOUSEHOLD_VIEW),
        ("unvisited", _("Not visited in time"), "clock-question", lists, {"view": "unvisited"}, P.HOUSEHOLD_VIEW),
        ("cadres", _("Cadres"), "address-book", reverse("site:cadres"), {}, P.HOUSEHOLD_VIEW),
        ("rounds", _("Rounds"), "route", reverse("site:rounds"), {}, P.HOUSEHOLD_VIEW),
        ("pairings", _("Pairings"), "affiliate", reverse("site:pairings"), {}, P.STATISTICS_VIEW),
        (
            "proposal",
            _("Assignment proposed"),
            "sitemap",
            reverse("site:responsibility-proposal"),
            {},
            P.HELPER_ASSIGN,
        ),
        (
            "lists",
            _("Lists in Excel"),
            "file-spreadsheet",
            reverse("site:responsibility-load", args=[first_list]),
            {},
            P.HELPER_ASSIGN if first_list == "helpers" else P.PAIRING_RECORD,
        ),
        ("checks", _("To be asked about"), "zoom-question", reverse("site:responsibility-checks"), {}, P.HELPER_ASSIGN),
    )
    return [
        {
            "label": label,
            "icon": icon,
            "url": reader.at(url, place=place, **more),
            "current": identity == part,
        }
        for identity, label, icon, url, more, permission in entries
        if reader.actor.may(permission)
    ]


def cadre(reader: Reader, found: Cadre) -> dict[str, Any]:
    """A cadre by name, unit and rank."""
    return {
        "pk": found.pk,
        "number": found.number,
        "name": found.name,
        "organisation": found.organisation.name,
        "rank": reader.label("cadre_rank", found.rank),
        "url": reverse("site:cadre", args=[found.pk]),
        "since": found.from_date,
        "left": found.to_date,
        "username": found.username,
    }


def helper(reader: Reader, row: Helper) -> dict[str, Any]:
    """A period of the history of a household."""
    return {**cadre(reader, row.cadre), "begins": row.from_date, "ends": row.to_date}


def visit(reader: Reader, row: Visit) -> dict[str, Any]:
    """A visit as a line of a time line; one that was corrected or withdrawn says so and is not corrected again."""
    stands = not (getattr(row, "corrected", False) or row.void)
    may = stands and row.household_id is not None and reader.actor.may(P.VISIT_RECORD, row.village_code)
    own = reader.actor.name in (row.by, row.cadre.username) or reader.actor.may(P.HELPER_ASSIGN, row.village_code)
    return {
        "stands": stands,
        "void": row.void,
        "reason": row.reason,
        "correct_url": reverse("site:visit-correct", args=[row.pk]) if may and own else "",
        "on": row.on,
        "who": row.cadre.name,
        "who_url": reverse("site:cadre", args=[row.cadre_id]),
        "purpose": reader.label("visit_purpose", row.purpose),
        "found": row.found,
        "next_step": row.next_step,
        "place": row.place,
        "photo_url": reverse("site:visit-photo", args=[row.pk]) if row.photo else "",
        "entered": row.at,
    }


def of_household(
    reader: Reader, household: Household, history: Sequence[Helper], visits: Sequence[Visit], on: dt.date
) -> dict[str, Any]:
    """The card "who answers for it" of a household's page."""
    place, pk = household.village_code, household.pk
    present = next((row for row in history if row.from_date <= on and (row.to_date is None or row.to_date > on)), None)
    shown = [visit(reader, row) for row in visits]
    last = max((row["on"] for row in shown if row["stands"] and row["on"] <= on), default=None)
    return {
        "present": helper(reader, present) if present else None,
        "history": [helper(reader, row) for row in history if row is not present],
        "visits": shown,
        "late": household.poverty_status != "exited" and (last is None or last < reader.visited_since(on)),
        "visit_url": reverse("site:household-visit", args=[pk]) if reader.actor.may(P.VISIT_RECORD, place) else "",
        "helper_url": reverse("site:household-helper", args=[pk]) if reader.actor.may(P.HELPER_ASSIGN, place) else "",
    }


def households(
    reader: Reader,
    rows: Iterable[Household],
    helpers: Mapping[int, Helper],
    visits: Mapping[int, Visit],
    places: Mapping[str, str],
    since: dt.date,
) -> list[dict[str, Any]]:
    """Households with who answers and when they were last visited."""
    made = []
    for row in rows:
        own, last = helpers.get(row.pk), visits.get(row.pk)
        made.append(
            {
                "pk": row.pk,
                "head": row.head_name or row.number,
                "number": row.number,
                "url": reverse("site:household", args=[row.pk]),
                "size": row.size,
                "status": row.poverty_status,
                "status_label": reader.label("poverty_status", row.poverty_status),
                "village": places.get(row.village_code, row.village_code),
                "above": places.get(row.village_code[:9], ""),
                "group": row.group_name,
                "address": row.address,
                "helper": cadre(reader, own.cadre) if own else None,
                "last": last.on if last else None,
                "next_step": last.next_step if last else "",
                "late": last is None or last.on < since,
                "visit_url": reverse("site:household-visit", args=[row.pk])
                if reader.actor.may(P.VISIT_RECORD, row.village_code)
                else "",
                "helper_url": reverse("site:household-helper", args=[row.pk])
                if reader.actor.may(P.HELPER_ASSIGN, row.village_code)
                else "",
            }
        )
    return made


def places(
    reader: Reader,
    below: Sequence[Division],
    standing: Mapping[str, Standing],
    without_team: Sequence[str],
) -> list[dict[str, Any]]:
    """The places below with their households without a helper or a visit, and their poor villages without a team."""
    lists, digits = reverse("site:responsibility-households"), len(below[0].code) if below else 0
    missing: dict[str, int] = {}
    for village in without_team:
        missing[village[:digits]] = missing.get(village[:digits], 0) + 1
    return [
        {
            "name": place.name,
            "url": reader.at(reverse("site:responsibility"), place=place.code),
            "households": found.households,
            "without": found.without,
            "without_url": reader.at(lists, place=place.code, view="without"),
            "unvisited": found.unvisited,
            "unvisited_url": reader.at(lists, place=place.code, view="unvisited"),
            "villages": missing.get(place.code, 0),
        }
        for place in below
        if (found := standing.get(place.code, Standing())).households or place.code in missing
    ]


def team(reader: Reader, members: Iterable[TeamMember]) -> list[dict[str, Any]]:
    """The people of a team."""
    return [
        {
            **cadre(reader, one.cadre),
            "role": reader.label("team_role", one.role),
            "begins": one.from_date,
            "ends": one.to_date,
        }
        for one in members
    ]


def days(found: Days, villages: Mapping[str, str]) -> dict[str, Any]:
    """Somebody's days in a village against those asked for."""
    return {
        "name": found.member.cadre.name,
        "url": reverse("site:cadre", args=[found.member.cadre_id]),
        "village": villages.get(found.member.village_code, found.member.village_code),
        "team_url": reverse("site:team-attendance", args=[found.member.village_code]),
        "present": found.present,
        "leave": found.leave,
        "asked": found.asked,
    }


def found_round(found: Round, names: Mapping[str, str], on: dt.date) -> dict[str, Any]:
    """A round as a row and as a heading."""
    return {
        "url": reverse("site:round", args=[found.pk]),
        "title": found.title,
        "area": names.get(found.division_id, found.division_id),
        "begins": found.begins,
        "ends": found.ends,
        "state": _("ended") if found.ends < on else _("not begun") if found.begins > on else _("under way"),
    }


def coverage(found: Coverage) -> dict[str, Any]:
    """How far a round is, in numbers and shares."""
    return {
        "households": found.households,
        "households_visited": found.households_visited,
        "households_share": found.households_visited / found.households if found.households else None,
        "villages": found.villages,
        "villages_visited": found.villages_visited,
        "villages_share": found.villages_visited / found.villages if found.villages else None,
        "visitors": found.visitors,
    }

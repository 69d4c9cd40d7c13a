"""What waits for the reader, as entries that open the list behind each count."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.insight.queries.findings import COUNT_LIMIT
from jiefa.site.reader import Reader


@dataclass
class Waiting:
    """Counts of what waits, no further than ``COUNT_LIMIT``. ``late``: dossiers of a place, whoever's."""

    desk: int = 0
    desk_overdue: int = 0
    late: int = 0
    rosters: int = 0
    overdue: int = 0
    errors: int = 0
    warnings: int = 0
    waivers: int = 0
    without_helper: int = 0
    without_team: int = 0
    unvisited: int = 0
    leads: int = 0
    reviews: int = 0
    complaints: int = 0
    complaints_overdue: int = 0
    complaints_below: int = 0
    to_put_right: int = 0
    to_look_again: int = 0
    to_visit: int = 0
    idle_pots: int = 0
    violations: int = 0


def entries(reader: Reader, counts: Waiting, place: str | None = None) -> list[dict[str, object]]:
    """One entry for each count that is not zero, the urgent first."""
    url, dossiers = reverse("site:findings"), reverse("site:dossiers")
    helped, leads = reverse("site:responsibility-households"), reverse("site:leads")
    calls, spotted = reverse("site:hotline"), reverse("site:unannounced-findings")
    late_url = f"{dossiers}?{urlencode({'view': 'all', 'overdue': 'on', 'place': place or ''})}"
    rows: tuple[tuple[str, int, str, str, str], ...] = (
        (_("Overdue on my desk"), counts.desk_overdue, f"{dossiers}?view=desk&overdue=on", "clock", "alarm"),
        (_("Overdue dossiers"), counts.late, late_url, "clock", "alarm"),
        (
            _("Violations not put right in time"),
            counts.violations,
            reader.at(reverse("site:violations"), place=place, state="overdue"),
            "alert-triangle",
            "alarm",
        ),
        (_("Complaints overdue"), counts.complaints_overdue, f"{calls}?view=mine&state=overdue", "clock", "alarm"),
        (
            _("Complaints overdue one level below"),
            counts.complaints_below,
            f"{calls}?view=late",
            "clock",
            "alarm",
        ),
        (
            _("Findings of visits not put right in time"),
            counts.to_put_right,
            reader.at(spotted, place=place, state="overdue"),
            "alert-triangle",
            "alarm",
        ),
        (
            _("Findings of visits not looked at again in time"),
            counts.to_look_again,
            reader.at(spotted, place=place, state="overdue"),
            "eye",
            "alarm",
        ),
        (
            _("Unannounced visits whose day is past"),
            counts.to_visit,
            reader.at(reverse("site:unannounced"), place=place, state="planned"),
            "clock",
            "alarm",
        ),
        (_("On my desk"), counts.desk, f"{dossiers}?view=desk", "inbox", "attention"),
        (_("Complaints that wait for me"), counts.complaints, f"{calls}?view=mine", "inbox", "attention"),
        (
            _("Households without a helper"),
            counts.without_helper,
            reader.at(helped, place=place, view="without"),
            "user-question",
            "alarm",
        ),
        (
            _("Poor villages without a team"),
            counts.without_team,
            reader.at(reverse("site:responsibility"), place=place),
            "users-group",
            "alarm",
        ),
        (
            _("Households not visited in time"),
            counts.unvisited,
            reader.at(helped, place=place, view="unvisited"),
            "clock-question",
            "attention",
        ),
        (
            _("Leads of lists to look into"),
            counts.leads,
            reader.at(leads, place=place, state="visit"),
            "flag",
            "attention",
        ),
        (
            _("Findings of leads to review"),
            counts.reviews,
            reader.at(leads, place=place, state="review"),
            "flag",
            "attention",
        ),
        (
            _("Pots of idle money"),
            counts.idle_pots,
            reader.at(reverse("site:money-idle"), place=place),
            "coin",
            "attention",
        ),
        (_("Overdue findings"), counts.overdue, reader.at(url, place=place, overdue="on"), "clock", "alarm"),
        (_("Rosters to review"), counts.rosters, reverse("site:imports"), "file-import", "attention"),
        (
            _("Waivers to decide"),
            counts.waivers,
            reader.at(url, place=place, state="asked"),
            "shield-check",
            "attention",
        ),
        (
            _("Errors to mend"),
            counts.errors,
            reader.at(url, place=place, level="error"),
            "clipboard-check",
            "attention",
        ),
        (_("Warnings to look at"), counts.warnings, reader.at(url, place=place, level="warn"), "list-check", "plain"),
    )
    return [
        {
            "label": label,
            "count": count,
            "more": count >= COUNT_LIMIT,
            "url": link,
            "icon": icon,
            "tone": tone,
            "note": "",
        }
        for label, count, link, icon, tone in rows
        if count
    ]

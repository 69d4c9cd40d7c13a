"""What the pages of targets, letters and progress share: the year that they are about, and the way between them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.planning.models import Target
from jiefa.planning.rules import negotiating
from jiefa.site.reader import Reader

FIRST, LAST = 2011, 2100


def year_of(reader: Reader) -> int:
    """The year that was asked for, which may lie ahead of what is on file; else the year of the page."""
    typed = reader.request.GET.get("of_year", "")
    return int(typed) if typed.isdecimal() and len(typed) == 4 and FIRST <= int(typed) <= LAST else reader.year


def years(reader: Reader, chosen: int, place: str) -> list[int]:
    """The years to choose from: those with targets of the place, the one on file and the next, the chosen one."""
    said = Target.objects.filter(area_code=place).order_by().values_list("year", flat=True).distinct()
    return sorted({*said, reader.year, reader.year + 1, chosen})


def parts(reader: Reader, part: str, place: str, year: int) -> list[dict[str, Any]]:
    """The pages of planning, about the place and year."""
    entries = (
        ("plans", _("Plans"), "route", reverse("site:plans")),
        ("targets", _("Targets"), "target", reverse("site:plan-targets")),
        ("letters", _("Letters of responsibility"), "checklist", reverse("site:plan-letters")),
        ("progress", _("Progress"), "progress", reverse("site:plan-progress")),
    )
    return [
        {"label": label, "icon": icon, "url": reader.at(url, place=place, of_year=year), "current": identity == part}
        for identity, label, icon, url in entries
    ]


def metrics(reader: Reader) -> list[str]:
    """The metrics of the pack, in its order."""
    return list(reader.pack.codes("planning_metric").ids)


def sets_for(reader: Reader, place: str) -> bool:
    """Whether one of the reader's posts sets the targets of the places right below."""
    return len(place) < negotiating.VILLAGE and negotiating.holds(reader.actor.posts, Permission.TARGET_SET, (place,))

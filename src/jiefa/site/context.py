"""The frame of every page: navigation, place, year, to-do count, person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.middleware import actor
from jiefa.access.models import ROLE_LABELS
from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Role
from jiefa.areas import queries as areas
from jiefa.insight.queries import findings
from jiefa.site.reader import Reader
from jiefa.site.synthetic import is_synthetic

P = Permission


def _nav(reader: Reader, who: Actor) -> list[dict[str, Any]]:
    match = reader.request.resolver_match
    current = match.url_name if match else ""
    place = reader.place
    entries = [
        ("home", _("Home"), "home", reverse("site:home"), who.user is not None, ("home",)),
        ("area", _("Area"), "map-2", place and reverse("site:area", args=[place.code]), who.may(P.STATISTICS_VIEW), ("area",)),
        ("households", _("Households"), "users", reverse("site:households"), who.may(P.HOUSEHOLD_VIEW), ("household",)),
        ("imports", _("Import"), "file-import", reverse("site:imports"), who.may(P.ROSTER_UPLOAD) or who.may(P.ROSTER_ACCEPT), ("import",)),
        ("quality", _("Quality"), "clipboard-check", reverse("site:quality"), who.may(P.FINDING_VIEW), ("quality", "finding")),
        ("indicators", _("Indicators"), "chart-bar", reverse("site:indicators"), who.may(P.STATISTICS_VIEW), ("indicator",)),
        ("snapshots", _("Snapshots"), "camera", reverse("site:snapshots"), who.may(P.STATISTICS_VIEW), ("snapshot",)),
    ]
    return [
        {
            "id": identity,
            "label": label,
            "icon": icon,
            "url": reader.at(str(url)),
            "active": any((current or "").startswith(name) for name in names),
        }
        for identity, label, icon, url, shown, names in entries
        if shown and url
    ]


def _admin_nav(who: Actor) -> list[dict[str, str]]:
    entries = [
        (_("Users and posts"), "users", "site:users", who.may(P.USER_MANAGE)),
        (_("Log"), "history", "site:audit", who.may(P.AUDIT_VIEW)),
        (_("Policy"), "book", "site:policy", who.user is not None),
        (_("Help"), "help", "site:help", who.user is not None),
    ]
    return [{"label": label, "icon": icon, "url": reverse(name)} for label, icon, name, shown in entries if shown]


def frame(request: HttpRequest) -> dict[str, Any]:
    """The values that base.html needs on every page. A stranger gets the language and little else."""
    who = actor(request)
    reader: Reader = getattr(request, "reader", None) or Reader(request)
    basic = {"lang": reader.lang, "synthetic": is_synthetic()}
    if who.user is None:
        return basic
    match = request.resolver_match
    on_area = match is not None and match.url_name == "area"
    path = areas.way_up(reader.place.code) if reader.place else []
    post = who.user.posts.order_by("-from_date").first()
    open_findings = findings.count_open(who.scope(P.FINDING_VIEW), reader.year) if who.may(P.FINDING_VIEW) else 0
    return {
        **basic,
        "nav": _nav(reader, who),
        "admin_nav": _admin_nav(who),
        "places": [
            {"code": d.code, "name": d.name, "url": reader.at(reverse("site:area", args=[d.code]))} for d in path
        ],
        "year": reader.year,
        "years": [
            {"year": year, "url": _with_year(request, year), "current": year == reader.year} for year in reader.years
        ],
        "todo_count": open_findings,
        "todo_url": reverse("site:findings") if who.may(P.FINDING_VIEW) else reverse("site:home"),
        "person": {
            "name": who.user.name,
            "post": str(ROLE_LABELS[Role(post.role)]) if post else "",
            "area": post.area.name if post else "",
        },
        "on_area": on_area,
    }


def _with_year(request: HttpRequest, year: int) -> str:
    query = request.GET.copy()
    query["year"] = str(year)
    for transient in ("after", "before"):
        query.pop(transient, None)
    return f"{request.path}?{query.urlencode()}"

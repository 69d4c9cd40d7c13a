"""The frame of every page: navigation, place, year, to-do count, person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.middleware import actor
from jiefa.access.models import ROLE_LABELS
from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.insight.queries import findings
from jiefa.site.reader import Reader
from jiefa.site.synthetic import is_synthetic

P = Permission
BELL = 1_000


def _nav(reader: Reader, who: Actor) -> list[dict[str, Any]]:
    match = reader.request.resolver_match
    current = match.url_name or "" if match else ""
    place = reader.place
    area = reverse("site:area", args=[place.code]) if place else ""
    rosters = who.may(P.ROSTER_UPLOAD) or who.may(P.ROSTER_ACCEPT)
    entries: tuple[tuple[str, str, str, str, bool, tuple[str, ...]], ...] = (
        ("home", _("Home"), "home", reverse("site:home"), True, ("home",)),
        ("area", _("Area"), "map-2", area, bool(place) and who.may(P.STATISTICS_VIEW), ("area",)),
        ("households", _("Households"), "users", reverse("site:households"), who.may(P.HOUSEHOLD_VIEW), ("household",)),
        (
            "identification",
            _("Identification"),
            "checklist",
            reverse("site:quota", args=[place.code]) if place else "",
            bool(place) and who.may(P.STATISTICS_VIEW, place.code if place else None),
            ("quota", "ranking", "look", "lookback", "lead"),
        ),
        (
            "programmes",
            _("Assistance"),
            "heart-handshake",
            reverse("site:programmes"),
            who.may(P.HOUSEHOLD_VIEW),
            ("programme", "help", "case", "loan", "fund", "gap", "measure"),
        ),
        (
            "dossiers",
            _("Dossiers"),
            "folders",
            reverse("site:dossiers"),
            who.may(P.DOSSIER_VIEW),
            ("dossier", "procedure"),
        ),
        (
            "notices",
            _("Notices"),
            "speakerphone",
            reverse("site:notices-post"),
            who.may(P.DOSSIER_VIEW),
            ("notice", "objection"),
        ),
        ("imports", _("Rosters"), "file-import", reverse("site:imports"), rosters, ("import",)),
        (
            "quality",
            _("Quality"),
            "clipboard-check",
            reverse("site:quality"),
            who.may(P.FINDING_VIEW),
            ("quality", "finding"),
        ),
        (
            "indicators",
            _("Indicators"),
            "chart-bar",
            reverse("site:indicators"),
            who.may(P.STATISTICS_VIEW),
            ("indicator",),
        ),
        ("snapshots", _("Snapshots"), "camera", reverse("site:snapshots"), who.may(P.STATISTICS_VIEW), ("snapshot",)),
        ("audit", _("Log"), "history", reverse("site:audit"), who.may(P.AUDIT_VIEW), ("audit",)),
        ("users", _("Users"), "settings", reverse("site:users"), who.may(P.USER_MANAGE), ("user",)),
    )
    carried = {"place": place.code} if place and reader.request.GET.get("place") else {}
    return [
        {
            "id": identity,
            "label": label,
            "icon": icon,
            "url": reader.at(url, **(carried if identity in ("indicators", "quality", "programmes") else {})),
            "active": any(current == name or current.startswith((f"{name}-", f"{name}s")) for name in names),
        }
        for identity, label, icon, url, shown, names in entries
        if shown
    ]


def _identification(reader: Reader, who: Actor) -> list[dict[str, Any]]:
    """The parts of identification that the person may open, about the place of the page."""
    place = reader.place
    if place is None:
        return []
    entries = (
        ("quotas", _("Quotas"), "sum", reverse("site:quota", args=[place.code]), P.STATISTICS_VIEW),
        ("looks", _("Four looks"), "eye", f"{reverse('site:looks')}", P.HOUSEHOLD_VIEW),
        ("lookback", _("Look-back"), "history", reverse("site:lookbacks"), P.HOUSEHOLD_VIEW),
        ("leads", _("Leads"), "flag", reverse("site:leads"), P.DOSSIER_VIEW),
    )
    return [
        {"id": identity, "label": label, "icon": icon, "url": reader.at(url, place=place.code)}
        for identity, label, icon, url, permission in entries
        if who.may(permission)
    ]


def _assistance(reader: Reader, who: Actor) -> list[dict[str, Any]]:
    """The parts of help that the person may open, about the place of the page."""
    place = reader.place
    entries = (
        ("programmes", _("Programmes"), "heart-handshake", "site:programmes", who.may(P.HOUSEHOLD_VIEW)),
        ("measures", _("I answer for"), "user-check", "site:measures", who.may(P.HOUSEHOLD_VIEW)),
        ("gaps", _("To act on"), "alert-triangle", "site:gaps", who.may(P.HOUSEHOLD_VIEW)),
        ("industry", _("Industry"), "plant-2", "site:industry", who.may(P.HOUSEHOLD_VIEW)),
        ("village-plans", _("Village plans"), "map-pin", "site:village-plans", who.may(P.STATISTICS_VIEW)),
        ("loans", _("Microcredit"), "coin", "site:loans", who.may(P.HOUSEHOLD_VIEW)),
        ("funds", _("Risk funds"), "building-bank", "site:funds", who.may(P.STATISTICS_VIEW)),
        (
            "lists",
            _("Lists sent in"),
            "file-import",
            "site:help-lists",
            who.may(P.ROSTER_UPLOAD) or who.may(P.ROSTER_ACCEPT),
        ),
    )
    return [
        {
            "id": identity,
            "label": label,
            "icon": icon,
            "url": reader.at(reverse(name), place=place.code if place else None),
        }
        for identity, label, icon, name, may in entries
        if may
    ]


def _admin_nav() -> list[dict[str, str]]:
    entries = ((_("Policy in force"), "book", "site:policy"),)
    return [{"label": label, "icon": icon, "url": reverse(name)} for label, icon, name in entries]


def _places(reader: Reader, who: Actor) -> list[dict[str, str]]:
    """The way down to the place; places above one's own are named but do not open."""
    if reader.place is None:
        return []
    return [
        {
            "code": place.code,
            "name": place.name,
            "url": reader.at(reverse("site:area", args=[place.code])) if who.may(P.STATISTICS_VIEW, place.code) else "",
        }
        for place in areas.way_up(reader.place.code)
    ]


def frame(request: HttpRequest) -> dict[str, Any]:
    """The values that base.html needs on every page. A stranger gets the language and little else."""
    who = actor(request)
    reader: Reader = getattr(request, "reader", None) or Reader(request)
    basic = {"lang": reader.lang, "synthetic": is_synthetic()}
    if who.user is None or request.headers.get("HX-Request") == "true":
        return basic
    todo = reader.desk_count
    if who.may(P.FINDING_VIEW):
        todo += findings.count(findings.Filters(reader.year), who.scope(P.FINDING_VIEW), BELL)
    return {
        **basic,
        "nav": _nav(reader, who),
        "admin_nav": _admin_nav(),
        "identification": _identification(reader, who),
        "assistance": _assistance(reader, who),
        "places": _places(reader, who),
        "year": reader.year,
        "years": [
            {"year": year, "url": _with_year(request, year), "current": year == reader.year} for year in reader.years
        ],
        "todo_count": todo,
        "todo_url": _todo_url(reader, who),
        "person": {
            "name": who.user.name,
            **_post(reader, who),
        },
    }


def _post(reader: Reader, who: Actor) -> dict[str, str]:
    """The post of today under which the person is greeted, the broadest of several."""
    if not who.posts or reader.own_place is None:
        return {"post": _("no post"), "area": ""}
    role = min(role for role, area in who.posts if area == reader.own_place.code)
    return {"post": str(ROLE_LABELS[role]), "area": reader.own_place.name}


def _todo_url(reader: Reader, who: Actor) -> str:
    """Where the bell leads: to the list itself where there is one, home where there are dossiers besides findings."""
    if reader.desk_count:
        return reverse("site:home")
    return reader.at(reverse("site:findings")) if who.may(P.FINDING_VIEW) else ""


def _with_year(request: HttpRequest, year: int) -> str:
    query = request.GET.copy()
    query["year"] = str(year)
    for transient in ("after", "before"):
        query.pop(transient, None)
    return f"{request.path}?{query.urlencode()}"

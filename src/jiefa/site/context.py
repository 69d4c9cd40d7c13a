"""The frame of every page: navigation, place, year, to-do count, person."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jiefa.access.middleware import actor
from jiefa.access.models import ROLE_LABELS
from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.ledger.queries.ledger import PROVINCE
from jiefa.site.address import with_parameters
from jiefa.site.reader import Reader
from jiefa.site.synthetic import is_synthetic

P = Permission


@dataclass(frozen=True)
class _Frame:
    """All that decides about the navigation, so that it is put together once for whoever sees the same."""

    rights: frozenset[Permission]
    rights_here: frozenset[Permission]
    language: str
    place: str
    year: int
    view: str
    carries_place: bool

    @classmethod
    def of(cls, reader: Reader) -> _Frame:
        who, match, place = reader.actor, reader.request.resolver_match, reader.place
        return cls(
            rights=who.rights,
            rights_here=frozenset(right for right in _ABOUT_PLACE if place and who.may(right, place.code)),
            language=reader.lang,
            place=place.code if place else "",
            year=reader.year,
            view=(match.url_name or "") if match else "",
            carries_place=bool(reader.request.GET.get("place")),
        )

    def at(self, url: str, **more: str) -> str:
        """``url`` with the year, and more, carried along."""
        return with_parameters(url, year=self.year, **more)


_ABOUT_PLACE = (P.STATISTICS_VIEW,)


@lru_cache(maxsize=4_096)
def _nav(frame: _Frame) -> list[dict[str, Any]]:
    rights, place = frame.rights, frame.place
    rosters = bool(rights & {P.ROSTER_UPLOAD, P.ROSTER_ACCEPT})
    statistics = P.STATISTICS_VIEW in rights
    entries: tuple[tuple[str, str, str, str, bool, tuple[str, ...]], ...] = (
        ("home", _("Home"), "home", reverse("site:home"), True, ("home",)),
        (
            "area",
            _("Area"),
            "map-2",
            reverse("site:area", args=[place]) if place else "",
            bool(place) and statistics,
            ("area",),
        ),
        (
            "households",
            _("Households"),
            "users",
            reverse("site:households"),
            P.HOUSEHOLD_VIEW in rights,
            ("household",),
        ),
        (
            "identification",
            _("Identification"),
            "checklist",
            reverse("site:quota", args=[place]) if place else "",
            P.STATISTICS_VIEW in frame.rights_here,
            ("quota", "ranking", "look", "lookback", "lead", "compared"),
        ),
        (
            "mine",
            _("My households"),
            "home-heart",
            reverse("site:my-households"),
            P.VISIT_RECORD in rights and P.HELPER_ASSIGN not in rights,
            ("my", "household-visit"),
        ),
        (
            "responsibility",
            _("Who answers"),
            "heart-handshake",
            reverse("site:responsibility"),
            P.HOUSEHOLD_VIEW in rights,
            ("responsibility", "cadre", "team", "round", "pairing", "visit"),
        ),
        (
            "programmes",
            _("Assistance"),
            "gift",
            reverse("site:programmes"),
            P.HOUSEHOLD_VIEW in rights,
            (
                *(
                    "programme",
                    "help",
                    "case",
                    "loan",
                    "fund",
                    "gap",
                    "measure",
                    "industry",
                    "village-plan",
                    "action-plan",
                ),
                *("course", "coverage", "promise", "settlement", "hamlet", "share"),
            ),
        ),
        ("plans", _("Plans"), "calendar-stats", reverse("site:plans"), statistics, ("plan",)),
        (
            "after-exit",
            _("Exit and watch"),
            "user-search",
            reverse("site:watches"),
            P.HOUSEHOLD_VIEW in rights,
            ("watches", "watch", "kept", "early-warning", "model-card", "household-report"),
        ),
        (
            "money",
            _("Money"),
            "building-bank",
            reverse("site:money" if P.MONEY_VIEW in rights else "site:money-projects"),
            P.MONEY_VIEW in rights or P.DOSSIER_VIEW in rights,
            ("money",),
        ),
        (
            "supervision",
            _("Supervision"),
            "shield-check",
            reverse(_supervision(rights)),
            bool(rights & {P.INSPECTION_VIEW, P.CASE_BOOK, P.HOTLINE_RECEIVE, P.HOTLINE_KEEP}),
            ("inspection", "violation", "supervision", "handed-over", "hotline", "unannounced", "interview"),
        ),
        (
            "assessment",
            _("Assessment"),
            "certificate",
            reverse("site:assessment"),
            statistics,
            ("assessment",),
        ),
        (
            "evaluation",
            _("Evaluation"),
            "clipboard-check",
            reverse("site:evaluations"),
            bool(rights & {P.EVALUATION_ORDER, P.EVALUATION_CARRY, P.EVALUATION_VIEW}),
            ("evaluation",),
        ),
        (
            "dossiers",
            _("Dossiers"),
            "folders",
            reverse("site:dossiers"),
            P.DOSSIER_VIEW in rights,
            ("dossier", "procedure"),
        ),
        (
            "notices",
            _("Notices"),
            "speakerphone",
            reverse("site:notices-post"),
            P.DOSSIER_VIEW in rights,
            ("notice", "objection"),
        ),
        ("imports", _("Rosters"), "file-import", reverse("site:imports"), rosters, ("import",)),
        (
            "quality",
            _("Quality"),
            "clipboard-check",
            reverse("site:quality"),
            P.FINDING_VIEW in rights,
            ("quality", "finding"),
        ),
        ("truth", _("Truth checks"), "eye", reverse("site:truth"), statistics, ("truth",)),
        ("indicators", _("Indicators"), "chart-bar", reverse("site:indicators"), statistics, ("indicator",)),
        (
            "ledger",
            _("Ledger"),
            "list-check",
            reverse("site:ledger"),
            statistics and place == PROVINCE,
            ("ledger",),
        ),
        ("snapshots", _("Snapshots"), "camera", reverse("site:snapshots"), statistics, ("snapshot",)),
        ("audit", _("Log"), "history", reverse("site:audit"), P.AUDIT_VIEW in rights, ("audit",)),
        ("users", _("Users"), "settings", reverse("site:users"), P.USER_MANAGE in rights, ("user",)),
    )
    carried = {"place": place} if frame.carries_place and place else {}
    return [
        {
            "id": identity,
            "label": label,
            "icon": icon,
            "url": frame.at(
                url,
                **(
                    carried
                    if identity
                    in (
                        "indicators",
                        "quality",
                        "truth",
                        "responsibility",
                        "programmes",
                        "plans",
                        "after-exit",
                        "money",
                        "supervision",
                    )
                    else {}
                ),
            ),
            "active": any(frame.view == name or frame.view.startswith((f"{name}-", f"{name}s")) for name in names),
        }
        for identity, label, icon, url, shown, names in entries
        if shown
    ]


def _supervision(rights: frozenset[Permission]) -> str:
    """The page of supervision on which the person begins."""
    if P.INSPECTION_VIEW in rights:
        return "site:inspections"
    if P.CASE_BOOK in rights:
        return "site:supervision"
    return "site:hotline" if P.HOTLINE_KEEP in rights else "site:hotline-new"


@lru_cache(maxsize=4_096)
def _navigation(frame: _Frame) -> SafeString:
    """The navigation as mark-up."""
    return render_to_string("site/_nav.html", {"nav": _nav(frame)})


@lru_cache(maxsize=4_096)
def _identification(frame: _Frame) -> list[dict[str, Any]]:
    """The parts of identification that the person may open, about the place of the page."""
    if not frame.place:
        return []
    entries = (
        ("quotas", _("Quotas"), "sum", reverse("site:quota", args=[frame.place]), P.STATISTICS_VIEW),
        ("looks", _("Four looks"), "eye", f"{reverse('site:looks')}", P.HOUSEHOLD_VIEW),
        ("lookback", _("Look-back"), "history", reverse("site:lookbacks"), P.HOUSEHOLD_VIEW),
        ("leads", _("Leads"), "flag", reverse("site:leads"), P.DOSSIER_VIEW),
        ("compared", _("Departments' lists"), "file-import", reverse("site:compared"), P.DOSSIER_VIEW),
    )
    return [
        {"id": identity, "label": label, "icon": icon, "url": frame.at(url, place=frame.place)}
        for identity, label, icon, url, permission in entries
        if permission in frame.rights
    ]


@lru_cache(maxsize=4_096)
def _assistance(frame: _Frame) -> list[dict[str, Any]]:
    """The parts of help that the person may open, about the place of the page."""
    rights = frame.rights
    sees, sends = P.HOUSEHOLD_VIEW in rights, bool(rights & {P.ROSTER_UPLOAD, P.ROSTER_ACCEPT})
    entries = (
        ("programmes", _("Programmes"), "gift", "site:programmes", sees),
        ("measures", _("I answer for"), "user-check", "site:measures", sees),
        ("gaps", _("To act on"), "alert-triangle", "site:gaps", sees),
        ("industry", _("Industry"), "plant-2", "site:industry", sees),
        ("village-plans", _("Village plans"), "map-pin", "site:village-plans", P.STATISTICS_VIEW in rights),
        ("action-plan", _("Plan 33668"), "target-arrow", "site:action-plan", P.STATISTICS_VIEW in rights),
        ("courses", _("Training"), "school", "site:courses", sees),
        ("relocation", _("Relocation"), "home-move", "site:promises", sees),
        ("loans", _("Microcredit"), "coin", "site:loans", sees),
        ("funds", _("Risk funds"), "building-bank", "site:funds", P.STATISTICS_VIEW in rights),
        ("lists", _("Lists sent in"), "file-import", "site:help-lists", sends),
    )
    return [
        {"id": identity, "label": label, "icon": icon, "url": frame.at(reverse(name), place=frame.place)}
        for identity, label, icon, name, may in entries
        if may
    ]


def _admin_nav() -> list[dict[str, str]]:
    entries = ((_("Policy in force"), "book", "site:policy"),)
    return [{"label": label, "icon": icon, "url": reverse(name)} for label, icon, name in entries]


def _places(reader: Reader, who: Actor) -> list[dict[str, str]]:
    """The way down to the place; places above one's own are named but do not open."""
    return [
        {
            "code": place.code,
            "name": place.name,
            "url": reader.at(reverse("site:area", args=[place.code])) if who.may(P.STATISTICS_VIEW, place.code) else "",
        }
        for place in reader.way
    ]


def frame(request: HttpRequest) -> dict[str, Any]:
    """The values that base.html needs on every page. A stranger gets the language and little else."""
    who = actor(request)
    reader: Reader = getattr(request, "reader", None) or Reader(request)
    basic = {"lang": reader.lang, "synthetic": is_synthetic()}
    if who.user is None or request.headers.get("HX-Request") == "true":
        return basic
    around = _Frame.of(reader)
    return {
        **basic,
        "nav": _nav(around),
        "navigation": _navigation(around),
        "admin_nav": _admin_nav(),
        "identification": _identification(around),
        "assistance": _assistance(around),
        "places": _places(reader, who),
        "year": reader.year,
        "years": [
            {"year": year, "url": _with_year(request, year), "current": year == reader.year} for year in reader.years
        ],
        "todo_count": reader.waiting.all,
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
    """Where the bell leads: to the list itself where there is one, home where anything else waits besides findings."""
    if reader.waiting.besides_findings:
        return reverse("site:home")
    return reader.at(reverse("site:findings")) if who.may(P.FINDING_VIEW) else ""


def _with_year(request: HttpRequest, year: int) -> str:
    query = request.GET.copy()
    query["year"] = str(year)
    for transient in ("after", "before"):
        query.pop(transient, None)
    return f"{request.path}?{query.urlencode()}"

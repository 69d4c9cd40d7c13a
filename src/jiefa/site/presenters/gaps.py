"""Lists to act on in the reader's language: what each asks, whom it names, what is to be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.assistance.models import Course, Hamlet, IndustryBody, Loan, Measure, ProgrammeRecord, SettlementSite
from jiefa.assistance.queries import exports
from jiefa.assistance.queries.exports import home
from jiefa.assistance.queries.gaps import COUNT_LIMIT, GAPS, Gap
from jiefa.kernel.money import format_yuan
from jiefa.registry.models import HouseholdYear, PersonYear
from jiefa.site.presenters.assistance import measure_label, responsible
from jiefa.site.reader import Reader
from jiefa.site.templatetags.jiefa import day

ALARM = ("overdue", "unguaranteed", "moved-without-a-job")
PAGES: Mapping[type[Any], str] = {
    Course: "site:course",
    SettlementSite: "site:settlement-site",
    Hamlet: "site:hamlet",
    IndustryBody: "site:industry-body",
}
"""Of what is no household, the page."""


def titles() -> dict[str, tuple[str, str]]:
    """Of each list what it is, and what is to be done about it."""
    return {
        "unanswered": (_("A cause without a measure"), _("Agree on a measure with the household and have it signed.")),
        "untraced": (
            _("A measure without a trace"),
            _("See to it that it arrives, or enter the loan, the course, the payment that shows it."),
        ),
        "overdue": (_("An overdue loan"), _("Visit the household; after 90 days the county's fund pays the bank.")),
        "moved-without-a-job": (_("Moved, and nobody has work"), _("Find work for one of them near the new home.")),
        "moved-unsettled": (
            _("Moved, and school, insurance or guarantee left behind"),
            _("Have them moved to the new place, and enter the day."),
        ),
        "old-house-standing": (
            _("Moved, and the old house still stands"),
            _("One household, one house: have it taken down and the plot reclaimed."),
        ),
        "unguaranteed": (
            _("Two-without, and no guarantee"),
            _("Have civil affairs examine the household; without labour and trade only the guarantee helps."),
        ),
        "guaranteed-not-poor": (
            _("Guaranteed, and not on the register as poor"),
            _("Look into both: register the household, or tell civil affairs. Nothing changes by itself."),
        ),
        "guarantee-unlisted": (
            _("Guaranteed by the card alone"),
            _("The list of civil affairs wins: correct the class on the card."),
        ),
        "pupils-unpaid": (_("Entitled pupil, and nothing paid"), _("Have the grant granted and paid.")),
        "untrained": (
            _("A labourer, and nobody with a certificate"),
            _("Enrol one of the household: one household, one person, one skill."),
        ),
        "invested-unlinked": (
            _("Money invested, and no household linked"),
            _("Have the enterprise, park or cooperative agree with poor households, and load the links."),
        ),
        "hamlets-not-whole": (
            _("A hamlet that moves, and its list is not whole"),
            _("Bring the households that are missing on the list of relocation, as moving with the whole hamlet."),
        ),
        "sites-overfull": (
            _("More moved in than the site has room for"),
            _("Check the list against the flats: who really lives there, and how many were built."),
        ),
        "courses-overfull": (
            _("More take part than the course has places"),
            _("Check the list against the course: the same people twice, or a course with another number."),
        ),
    }


def entries(reader: Reader, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Every list with its length, as entries that open it."""
    place = reader.place.code if reader.place else None
    said = titles()
    return [
        {
            "label": said[name][0],
            "note": said[name][1],
            "count": counts[name],
            "more": counts[name] >= COUNT_LIMIT,
            "url": reader.at(reverse("site:gap", args=[name]), place=place),
            "icon": "alert-triangle" if name in ALARM else "list-check",
            "tone": "plain" if not counts[name] else "alarm" if name in ALARM else "attention",
        }
        for name in GAPS
    ]


def mine(count: int) -> list[dict[str, Any]]:
    """The measures that the reader is to confirm, as an entry that opens them; none where there is none."""
    url = reverse("site:measures")
    entry = {"label": _("Measures to confirm"), "note": "", "count": count, "more": count >= COUNT_LIMIT, "url": url}
    return [{**entry, "icon": "user-check", "tone": "attention"}] if count else []


def row(reader: Reader, gap: Gap, found: Any, places: Mapping[str, str]) -> dict[str, Any]:
    """A household (or an organisation) of a list."""
    code = getattr(found, gap.place)
    place = {"village": places.get(code, code), "above": places.get(code[:9], "") if code[:9] != code else ""}
    if not gap.home:
        return {**_organisation(reader, found), **place}
    household = home(found, gap)
    return {
        "url": reader.at(reverse("site:household", args=[household.pk])),
        "head": household.head_name or household.number,
        "number": household.number,
        **place,
        "detail": _detail(reader, found),
    }


def _organisation(reader: Reader, found: Any) -> dict[str, Any]:
    """A course, a settlement site, a hamlet or a body of industry, as an entry that opens it."""
    number, name = exports.named(found)
    detail = ""
    if isinstance(found, Course):
        detail = _("{places} places").format(places=found.places)
    elif isinstance(found, SettlementSite):
        flats = found.flats_built if found.flats_built is not None else found.flats_planned
        detail = _("{flats} flats").format(flats="—" if flats is None else flats)
    elif isinstance(found, IndustryBody):
        fen = format_yuan(found.invested_fen)  # type: ignore[attr-defined]  # annotated
        detail = f"{reader.label('industry_body', found.kind)} · ¥{fen}"
    elif isinstance(found, Hamlet) and found.decided_on:
        detail = _("decided {day}").format(day=day(found.decided_on))
    url = reader.at(reverse(PAGES[type(found)], args=[found.pk]))
    return {"url": url, "head": name or number, "number": number or "", "detail": detail}


def _detail(reader: Reader, found: Any) -> str:
    """What is known of the matter beside whom it is about."""
    if isinstance(found, Measure):
        said = [measure_label(reader, found.kind), found.what, responsible(found), day(found.planned_on)]
        return " · ".join(part for part in said if part)
    if isinstance(found, Loan):
        ended = _("ended {day}").format(day=day(found.to_on))
        return f"{found.borrower.name} · ¥{format_yuan(found.balance_fen)} · {ended}"
    if isinstance(found, ProgrammeRecord):
        return _("{people} people").format(people=found.people)
    if isinstance(found, PersonYear):
        return f"{found.person.name} · {reader.label('school_stage', found.school_stage)}"
    assert isinstance(found, HouseholdYear)
    causes = (found.main_cause, found.other_cause_1, found.other_cause_2)
    return "、".join(reader.label("cause", cause) for cause in causes if cause)

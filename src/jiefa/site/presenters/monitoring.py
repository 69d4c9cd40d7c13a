"""Households after exit in the reader's language: leads, watches with their measures, help that went on, a score's card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.kernel.money import format_yuan
from jiefa.monitoring.models import Event, EventState, ModelCard, Watch
from jiefa.monitoring.queries.kept import Kept, OfPlace, OfPolicy
from jiefa.monitoring.queries.model_cards import Visit
from jiefa.monitoring.queries.watches import Review
from jiefa.monitoring.rules import watching
from jiefa.monitoring.rules.tables import BEGUN, KEPT_ON, STOPPED
from jiefa.registry.models import Household
from jiefa.site.presenters import log
from jiefa.site.reader import Reader

P = Permission
EVENT_TONES = {EventState.OPEN: "open", EventState.FOLLOWED: "good", EventState.CLOSED: "plain"}
WATCH_TONES = {"": "open", "removed": "good", "relapsed": "refused", "closed": "plain"}
KEPT_TONES = {KEPT_ON: "good", STOPPED: "refused", BEGUN: "open"}


def parts(reader: Reader) -> list[dict[str, Any]]:
    """The parts of what follows on exit that the reader may open, about the place of the page."""
    rights, place = reader.actor.rights, reader.place.code if reader.place else None
    entries = (
        ("watches", _("Watched households"), "heart-handshake", "site:watches", P.HOUSEHOLD_VIEW),
        ("leads", _("Leads of risk"), "flag", "site:watch-leads", P.DOSSIER_VIEW),
        ("kept", _("Help that went on"), "gift", "site:kept", P.HOUSEHOLD_VIEW),
        ("order", _("Order of visits"), "list-check", "site:early-warning", P.HOUSEHOLD_VIEW),
        ("cards", _("Model cards"), "chart-bar", "site:model-cards", P.STATISTICS_VIEW),
    )
    return [
        {"id": identity, "label": label, "icon": icon, "url": reader.at(reverse(name), place=place)}
        for identity, label, icon, name, permission in entries
        if permission in rights
    ]


def home(reader: Reader, household: Household, places: Mapping[str, str], village: str = "") -> dict[str, Any]:
    """Whom a row is about. ``village``: where it happened, where that is not where the household lives now."""
    code = village or household.village_code
    return {
        "head": household.head_name or household.number,
        "number": household.number,
        "household_url": reader.at(reverse("site:household", args=[household.pk])),
        "status": household.poverty_status,
        "status_label": reader.label("poverty_status", household.poverty_status),
        "village": places.get(code, code),
        "above": places.get(code[:9], ""),
    }


def triggers(reader: Reader, codes: str) -> str:
    """The triggers of a watch, in words."""
    return reader.words("、", ", ").join(reader.label("watch_trigger", code) for code in codes.split(",") if code)


def measure(reader: Reader, sort: str, code: str) -> str:
    """What a household has: a programme, a measure of a plan, a benefit link."""
    if sort == "programme":
        named = reader.pack.programmes.get(code)
        return reader.words(named.zh, named.en) if named else code
    return reader.label("suggested_measure" if sort == "measure" else "benefit_way", code)


def watch_row(
    reader: Reader, found: Watch, measures: Sequence[tuple[str, str]], places: Mapping[str, str]
) -> dict[str, Any]:
    """A watch as a row of the list."""
    return {
        **home(reader, found.household, places),
        "url": reader.at(reverse("site:watch", args=[found.pk])),
        "group": reader.label("watched_group", found.group),
        "triggers": triggers(reader, found.triggers),
        "since": found.since,
        "measures": reader.words("、", ", ").join(measure(reader, *one) for one in measures),
        "ended": reader.label("watch_end", found.ended),
        "ended_on": found.ended_on,
        "tone": WATCH_TONES[found.ended],
    }


def place_rows(reader: Reader, counts: Iterable[Mapping[str, Any]], places: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row a place: watched by group, risks removed, relapses."""
    groups = reader.pack.codes("watched_group").ids
    found: dict[str, dict[str, Any]] = {}
    for one in counts:
        empty = {"by_group": dict.fromkeys(groups, 0), "watched": 0, "removed": 0, "relapsed": 0}
        row = found.setdefault(one["place"], empty)
        row["by_group"][one["group"]] = one["watched"]
        for name in ("watched", "removed", "relapsed"):
            row[name] += one[name]
    return [
        {
            "name": places.get(code, code),
            "url": reader.at(reverse("site:watches"), place=code),
            "watched": row["watched"],
            "removed": row["removed"],
            "relapsed": row["relapsed"],
            "groups": [
                {"label": reader.label("watched_group", name), "count": count}
                for name, count in row["by_group"].items()
            ],
        }
        for code, row in sorted(found.items())
    ]


def items(reader: Reader, review: Review | None) -> list[dict[str, Any]]:
    """What removal asks of a watch, as its card and the check answer."""
    return [
        {
            "label": reader.words(one.label.zh, one.label.en),
            "found": reader.words(one.found.zh, one.found.en),
            "met": one.met,
        }
        for one in (review.items if review is not None else ())
    ]


def flags(reader: Reader, review: Review | None, shortest: int) -> str:
    """What would be flagged if the risk were proposed as removed today."""
    return watching.said(review.flags, shortest).say(reader.lang) if review is not None and review.flags else ""


def lead_row(reader: Reader, found: Event, places: Mapping[str, str], people: Mapping[str, str]) -> dict[str, Any]:
    """A lead as a row of the list."""
    may_open = reader.actor.may(P.DOSSIER_VIEW, found.village_code)
    return {
        **home(reader, found.household, places, found.village_code),
        "pk": found.pk,
        "url": reader.at(reverse("site:watch-lead", args=[found.pk])),
        "trigger": reader.label("watch_trigger", found.trigger),
        "source": reader.label("lead_source", found.source),
        "department": reader.label("warning_department", found.department),
        "on": found.on,
        "says": says(found),
        "detail": found.detail,
        "state": found.get_state_display(),
        "tone": EVENT_TONES[EventState(found.state)],
        "open": found.state == EventState.OPEN,
        "reason": found.reason,
        "settled_on": found.settled_on,
        "by": log.who(found.settled_by, people) if found.settled_by else "",
        "dossier_url": reverse("site:dossier", args=[found.dossier]) if found.dossier and may_open else "",
    }


def says(found: Event) -> str:
    """What the lead says in numbers: an amount, or what stands on the card."""
    if found.amount_fen is not None:
        return _("{yuan} yuan").format(yuan=format_yuan(found.amount_fen))
    if found.found is None:
        return ""
    if found.trigger == "income":
        return _("{yuan} yuan a person").format(yuan=format_yuan(found.found))
    if found.trigger == "school":
        return _("{count} of school age not at school").format(count=found.found)
    if found.trigger == "work":
        return _("{count} months of work the year before, none now").format(count=found.found)
    return ""


def lead_counts(reader: Reader, counts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """By trigger: how many leads, and what came of them."""
    return [{**one, "label": reader.label("watch_trigger", one["trigger"])} for one in counts]


def kept_state(state: str) -> str:
    """What became of help, in words."""
    return {KEPT_ON: _("went on"), STOPPED: _("stopped"), BEGUN: _("began after exit")}[state]


def kept_row(reader: Reader, found: Kept, household: Household | None, places: Mapping[str, str]) -> dict[str, Any]:
    """Help of a household as a row of the list."""
    whom = home(reader, household, places, found.village_code) if household is not None else {}
    return {**whom, **kept_line(reader, found)}


def kept_line(reader: Reader, found: Kept) -> dict[str, Any]:
    """Help of a household that is known already."""
    return {
        "policy": measure(reader, found.sort, found.policy),
        "sort": reader.label("kept_sort", found.sort),
        "exited_year": found.exited_year,
        "state": kept_state(found.state),
        "stopped": found.state == STOPPED,
        "tone": KEPT_TONES[found.state],
        "first_year": found.first_year,
        "last_year": found.last_year,
        "last_on": found.last_on,
        "before_fen": found.before_fen,
        "year_fen": found.year_fen,
    }


def kept_places(reader: Reader, rows: Iterable[OfPlace], places: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row a place of who left: with help while poor, all of it kept, some of it stopped."""
    return [
        {
            "name": places.get(one.place, one.place),
            "url": reader.at(reverse("site:kept"), place=one.place),
            "left": one.left,
            "helped": one.helped,
            "all_kept": one.all_kept,
            "some_stopped": one.some_stopped,
            "share": one.all_kept / one.helped if one.helped else None,
            "year_fen": one.year_fen,
        }
        for one in rows
    ]


def kept_policies(reader: Reader, rows: Iterable[OfPolicy]) -> list[dict[str, Any]]:
    """One row for every kind of help."""
    return [
        {
            "code": one.policy,
            "label": measure(reader, one.sort, one.policy),
            "sort": reader.label("kept_sort", one.sort),
            "kept": one.kept,
            "stopped": one.stopped,
            "begun": one.begun,
        }
        for one in rows
    ]


def visit_row(reader: Reader, found: Visit, places: Mapping[str, str], watched: frozenset[int]) -> dict[str, Any]:
    """A household in the order of visits: its place, and no number that would speak of it elsewhere."""
    return {
        **home(reader, found.household, places),
        "place": found.place,
        "triggers": found.triggers,
        "watched": found.household.pk in watched,
    }


def reason(code: str) -> str:
    """Why a score is used, or is not."""
    return {
        "better": _("Used: on the year held out it orders better than the plain triggers, by more than chance."),
        "not_better": _("Dropped: on the year held out it does not order better than the plain triggers."),
        "too_few": _("Dropped: too few households fell back to train or to test a score."),
        "too_short": _("Dropped: three years of snapshots are needed, two to learn from and one to be tested on."),
    }[code]


def card_row(reader: Reader, found: ModelCard, people: Mapping[str, str]) -> dict[str, Any]:
    """A model card as a row of the list."""
    return {
        "pk": found.pk,
        "url": reader.at(reverse("site:model-card", args=[found.pk])),
        "year": found.year,
        "used": found.used,
        "reason": reason(found.reason),
        "auc": found.auc,
        "baseline_auc": found.baseline_auc,
        "at": found.at,
        "by": log.who(found.by, people),
    }


def group_label(name: str) -> str:
    """Whom a group of a model card consists of."""
    return {
        "minority": _("Head of a minority nationality"),
        "female_head": _("Head is a woman"),
        "old_head": _("Head is 60 or older"),
        "disabled_member": _("A member with a disability"),
    }[name]


def column_label(name: str) -> str:
    """What a column of the score is."""
    return {
        "income": _("income against the poverty line"),
        "growth": _("growth of income"),
        "growth_known": _("income of the year before is known"),
        "wage_share": _("share of wages"),
        "transfer_share": _("share of transfers and property"),
        "business_share": _("share of business"),
        "size": _("members"),
        "able_share": _("share of members able to work"),
        "children": _("share of children under 16"),
        "old": _("share of members of 60 or more"),
        "serious": _("members seriously ill"),
        "disabled": _("members with a disability"),
        "pupils": _("pupils"),
        "uninsured": _("members not insured"),
        "months": _("months of work"),
        "unsafe_house": _("house unsafe"),
        "unsafe_water": _("water unsafe"),
        "land": _("land a member"),
        "out": _("has left the register"),
        "years_out": _("years since it left"),
        "triggers": _("plain triggers"),
    }[name]


def card(reader: Reader, found: ModelCard, people: Mapping[str, str]) -> dict[str, Any]:
    """A model card with everything that was measured."""
    facts = found.facts
    weights = facts.get("weights") or {}
    ordered = sorted(weights.items(), key=lambda one: -abs(one[1]))
    return {
        **card_row(reader, found, people),
        "snapshots": found.snapshots,
        "policy_version": found.policy_version,
        "seconds": found.seconds,
        "train": facts.get("train"),
        "held_out": facts.get("held_out"),
        "years": facts.get("years") or [],
        "visit_percent": facts.get("visit_percent"),
        "least_cases": facts.get("least_cases"),
        "visits": facts.get("visits"),
        "difference": facts.get("difference"),
        "recall": facts.get("recall"),
        "baseline_recall": facts.get("baseline_recall"),
        "brier": facts.get("brier"),
        "calibration": facts.get("calibration") or [],
        "groups": [
            {"label": group_label(name), **{f"of_{side}": of for side, of in sides.items()}}
            for name, sides in (facts.get("groups") or {}).items()
        ],
        "weights": [{"label": column_label(name), "weight": weight} for name, weight in ordered],
    }


def of_household(
    reader: Reader, household: Household, found: Sequence[Watch], leads: Sequence[Event], help_: Sequence[Kept]
) -> dict[str, Any] | None:
    """The card "after exit" of a household's page; None where there is nothing to say and nothing to report."""
    may_report = reader.actor.may(P.VISIT_RECORD, household.village_code)
    watchable = household.poverty_status in watching.WATCHABLE
    if not (found or leads or help_ or (may_report and watchable)):
        return None
    sees = reader.actor.may(P.DOSSIER_VIEW, household.village_code)
    return {
        "watches": [
            {
                "url": reader.at(reverse("site:watch", args=[one.pk])),
                "group": reader.label("watched_group", one.group),
                "triggers": triggers(reader, one.triggers),
                "since": one.since,
                "ended": reader.label("watch_end", one.ended),
                "ended_on": one.ended_on,
                "tone": WATCH_TONES[one.ended],
            }
            for one in found
        ],
        "leads": [
            {
                "url": reader.at(reverse("site:watch-lead", args=[one.pk])) if sees else "",
                "trigger": reader.label("watch_trigger", one.trigger),
                "source": reader.label("lead_source", one.source),
                "on": one.on,
                "state": one.get_state_display(),
                "tone": EVENT_TONES[EventState(one.state)],
            }
            for one in leads
        ],
        "kept": [kept_line(reader, one) for one in help_],
        "report_url": reader.at(reverse("site:household-report", args=[household.pk]))
        if may_report and watchable
        else "",
    }

"""What a keeper decides: taken on, not taken on, passed on, merged; whom it is really against; which unit looks into it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.hotline.actions import stepping
from jiefa.hotline.actions.receiving import PARAPHRASE, PARAPHRASE_LENGTH, TEXT_LENGTH, household, record, vault
from jiefa.hotline.models import Complaint, State
from jiefa.hotline.queries import complaints
from jiefa.hotline.rules import refusals, terms, units
from jiefa.hotline.rules.units import Unit
from jiefa.kernel.errors import NotAllowed, Words
from jiefa.policy import Pack

P = Permission
REASON, AUTHORITY = Words("理由", "The reason"), Words("转送的机关和理由", "The authority, and why")
CATEGORY = Words("类别", "The category")


@transaction.atomic
def accept(
    *,
    receipt: str,
    paraphrase: str,
    on: dt.date,
    by: Actor,
    pack: Pack,
    category: str = "",
    household_number: str = "",
    project: str = "",
) -> Complaint:
    """The complaint taken on, with the paraphrase in which it goes further: the caller's own words go nowhere.

    ``category``: another than the one under which it came in; '' keeps it. The terms run from the day of receipt.
    """
    found = stepping.locked(receipt, "accept", on, by, P.HOTLINE_KEEP)
    if category and category not in pack.at(on).codes("hotline_category").ids:
        raise refusals.ChoiceUnknown(field=CATEGORY, value=category)
    found.paraphrase_sealed = vault().seal(stepping.text(PARAPHRASE, paraphrase, PARAPHRASE_LENGTH))
    found.category = category or found.category
    found.finish_by = terms.finish_by(found.received_on, found.category, pack)
    found.household = household(household_number, found.about_code) or found.household
    found.project = project.strip() or found.project
    due = terms.due(on, "hotline.route_days", pack)
    stepping.moved(found, "accept", on, due, "paraphrase_sealed", "category", "finish_by", "household", "project")
    record(found, "accept", on, by.name)
    return found


@transaction.atomic
def refuse(*, receipt: str, reason: str, text: str, on: dt.date, by: Actor, pack: Pack) -> Complaint:
    """The complaint, not taken on. ``reason``: a code; ``text``: what the caller reads when asking for the answer."""
    found = stepping.locked(receipt, "refuse", on, by, P.HOTLINE_KEEP)
    if reason not in pack.at(on).codes("hotline_refusal").ids:
        raise refusals.ChoiceUnknown(field=REASON, value=reason)
    said = stepping.text(REASON, text, TEXT_LENGTH)
    stepping.moved(found, "refuse", on, None)
    record(found, "refuse", on, by.name, reason, said)
    return found


@transaction.atomic
def pass_on(*, receipt: str, text: str, on: dt.date, by: Actor) -> Complaint:
    """The complaint, passed on to an authority outside this system, which ``text`` names; the caller reads it."""
    found = stepping.locked(receipt, "pass_on", on, by, P.HOTLINE_KEEP)
    said = stepping.text(AUTHORITY, text, TEXT_LENGTH)
    stepping.moved(found, "pass_on", on, None)
    record(found, "pass_on", on, by.name, "", said)
    return found


@transaction.atomic
def merge(*, receipt: str, into: str, on: dt.date, by: Actor) -> Complaint:
    """The complaint merged with an earlier one of the same county that the keeper keeps and that is against the same body or a broader
    one: its caller reads that one's answer, and so do those whose complaints were merged with it before.

    Raises ``MergeUnfit``, and as ``stepping.locked``.
    """
    found = stepping.locked(receipt, "merge", on, by, P.HOTLINE_KEEP)
    rows = complaints.earlier(found, by).select_for_update(of=("self",))
    other = rows.filter(receipt=into.strip().lower()).first()
    if other is None:
        raise refusals.MergeUnfit(receipt=receipt, other=into)
    Complaint.objects.filter(merged_into=found).update(merged_into=other)
    found.merged_into = other
    stepping.moved(found, "merge", on, None, "merged_into")
    record(found, "merge", on, by.name)
    return found


@transaction.atomic
def name(*, receipt: str, against: str, reason: str, on: dt.date, by: Actor, pack: Pack) -> Complaint:
    """The complaint with a broader body named as the one that is meant; it goes to whoever keeps such, to be routed anew.

    Who named it may not find it again: it is then kept above them. Nor is it named narrower than what was merged with it.
    """
    found = stepping.locked(receipt, "name", on, by, P.HOTLINE_KEEP)
    before = found.against_code
    narrower = before and not units.is_above(against, before)
    if narrower or not found.about_code.startswith(against) or not _holds(against, found):
        raise refusals.NotNarrower(receipt=receipt)
    kept = units.kept_at(found.about_code, against)
    if kept is None:
        raise refusals.NobodyAbove(phone=pack.at(on).text("hotline.phone"))
    said = stepping.text(REASON, reason, TEXT_LENGTH)
    found.against_code, found.kept_at, found.unit_kind, found.unit_code, found.verdict = against, kept, "", "", ""
    screened = found.paraphrase_sealed is not None and found.state != State.RECEIVED
    term = "hotline.route_days" if screened else "hotline.screen_days"
    to = "name" if screened else "receive"
    stepping.moved(
        found, to, on, terms.due(on, term, pack), "against_code", "kept_at", "unit_kind", "unit_code", "verdict"
    )
    record(found, "name", on, by.name, "", said)
    return found


def _holds(against: str, found: Complaint) -> bool:
    return all(units.may_join(body, against) for body in complaints.joined(found))


@transaction.atomic
def route(*, receipt: str, unit: Unit, on: dt.date, by: Actor, pack: Pack, tell_subject: bool = False) -> Complaint:
    """The complaint on the desk of the unit, which has until the day of the first answer, or as long again when it is opened again.

    ``tell_subject``: the unit is told which household and project were named. Raises ``UnitUnfit``, and as ``stepping.locked``.
    """
    found = stepping.locked(receipt, "route", on, by, P.HOTLINE_KEEP)
    fits = units.may_handle(unit, found.about_code, found.against_code) and by.may(P.HOTLINE_KEEP, unit.place)
    if not fits or not all(units.is_above(unit.place, body) for body in complaints.joined(found)):
        raise refusals.UnitUnfit(receipt=receipt)
    if found.paraphrase_sealed is None:
        raise NotAllowed(what=PARAPHRASE)
    found.unit_kind, found.unit_code, found.told_subject = unit.kind, unit.place, tell_subject
    due = found.finish_by if found.round == 1 else terms.finish_by(on, found.category, pack)
    stepping.moved(found, "route", on, max(due, on), "unit_kind", "unit_code", "told_subject")
    record(found, "route", on, by.name, f"{unit.kind}/{unit.place}")
    return found

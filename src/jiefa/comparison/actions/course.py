"""A lead of a comparison looked into on the spot, the household heard, and reviewed by a second officer before it is settled."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.audit import actions as audit
from jiefa.comparison.models import Course, SiteFinding
from jiefa.identification.actions.leads import LeadReasonMissing, LeadSettled
from jiefa.identification.models import Settled
from jiefa.kernel.errors import JiefaError
from jiefa.responsibility.models import Visit

LENGTH = 400


class NotVisited(JiefaError):
    code = "comparison.not_visited"
    zh = "“{title}”在 {on} 没有走访记录。请先登记走访，再填核实结果。"
    en = "No visit of {title!r} on {on} is on file. Record the visit first, then what was found."


class NotHeard(JiefaError):
    code = "comparison.not_heard"
    zh = "“{title}”：请写明农户本人怎么说。没有听农户说，不能下结论。"
    en = "{title!r}: say what the household itself says. Nothing is concluded unheard."


class FindingWaits(JiefaError):
    code = "comparison.finding_waits"
    zh = "“{title}”的核实结果已由 {by} 填报，正等复核。"
    en = "What was found of {title!r} was entered by {by} and waits for its review."


class NothingToReview(JiefaError):
    code = "comparison.nothing_to_review"
    zh = "“{title}”还没有核实结果可以复核。请先入户核实。"
    en = "Nothing was found of {title!r} yet that could be reviewed. Look into it on the spot first."


class OwnFinding(JiefaError):
    code = "comparison.own_finding"
    zh = "“{title}”的核实结果是您自己填的，请由另一名干部复核。"
    en = "You entered what was found of {title!r} yourself; another officer reviews it."


class ReviewReason(JiefaError):
    code = "comparison.review_reason"
    zh = "“{title}”：退回时请写明理由。"
    en = "{title!r}: say why it is sent back."


@transaction.atomic
def find(*, course_id: int, visited_on: dt.date, heard: str, found: Settled, reason: str, by: Actor) -> SiteFinding:
    """What a visit of that day found, with the household's own words; it settles nothing before the review.

    Raises ``NotAllowed``, ``LeadSettled``, ``FindingWaits``, ``NotVisited``, ``NotHeard``, ``LeadReasonMissing``.
    """
    course = _locked(course_id)
    lead = course.lead
    by.demand(Permission.HOUSEHOLD_EDIT, lead.village_code)
    title = lead.household.head_name or lead.household.number
    if lead.settled:
        raise LeadSettled(title=title, by=lead.by, on=lead.settled_on)
    waiting = course.findings.filter(agreed__isnull=True).first()
    if waiting is not None:
        raise FindingWaits(title=title, by=waiting.by)
    visit = Visit.objects.filter(household=lead.household, on=visited_on, void=False, corrections__isnull=True)
    on_file = visit.order_by("-pk").values_list("pk", flat=True).first()
    if on_file is None:
        raise NotVisited(title=title, on=visited_on)
    if not heard.strip():
        raise NotHeard(title=title)
    if not reason.strip():
        raise LeadReasonMissing(title=title)
    made = SiteFinding.objects.create(
        course=course,
        visit=on_file,
        visited_on=visited_on,
        heard=heard.strip()[:LENGTH],
        found=found,
        reason=reason.strip()[:LENGTH],
        by=by.name,
        at=timezone.now(),
    )
    _log(course, by, "lead.looked_into", {"lead": lead.pk, "found": found.value, "visit": on_file})
    return made


@transaction.atomic
def review(*, course_id: int, agree: bool, reason: str, by: Actor) -> SiteFinding:
    """The finding with the second officer's word: agreed, or sent back so that the household is visited again.

    What agreement sets in motion is the caller's. Raises ``NotAllowed``, ``NothingToReview``, ``OwnFinding``, ``ReviewReason``.
    """
    course = _locked(course_id)
    lead = course.lead
    by.demand(Permission.LEAD_LOAD, lead.village_code)
    by.demand(Permission.HOUSEHOLD_EDIT, lead.village_code)
    title = lead.household.head_name or lead.household.number
    waiting = course.findings.select_for_update().filter(agreed__isnull=True).first()
    if waiting is None:
        raise NothingToReview(title=title)
    if waiting.by == by.name:
        raise OwnFinding(title=title)
    if not agree and not reason.strip():
        raise ReviewReason(title=title)
    waiting.agreed, waiting.review_reason = agree, reason.strip()[:LENGTH]
    waiting.reviewed_by, waiting.reviewed_at = by.name, timezone.now()
    waiting.save(force_update=True)
    _log(course, by, "lead.reviewed", {"lead": lead.pk, "agreed": agree, "found": waiting.found})
    return waiting


def _locked(course_id: int) -> Course:
    rows = Course.objects.select_for_update(of=("self",)).select_related("lead__household")
    return rows.get(pk=course_id)


def _log(course: Course, by: Actor, action: str, diff: dict[str, object]) -> None:
    audit.record(
        chain=course.lead.village_code,
        by=by.name,
        action=action,
        object_type="household",
        object_id=course.lead.household_id,
        diff=diff,
    )

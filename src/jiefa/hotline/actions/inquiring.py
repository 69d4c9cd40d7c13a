"""What the unit does that looks into a complaint: lines written, files laid in, concluded; what follows where it was true."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.hotline.actions import stepping
from jiefa.hotline.actions.receiving import CHAIN, TEXT_LENGTH, record, vault
from jiefa.hotline.models import Caller, Complaint, ComplaintFile, ComplaintStep, Followed
from jiefa.hotline.queries import complaints
from jiefa.hotline.rules import refusals, terms, units
from jiefa.integrity.actions import cases, violations
from jiefa.integrity.actions.cases import NewCase
from jiefa.integrity.actions.violations import NewViolation
from jiefa.integrity.models import Violation
from jiefa.kernel.errors import NotAllowed, Words
from jiefa.policy import Pack
from jiefa.procedures import evidence

P = Permission
LINE, FINDING, VERDICT = (
    Words("核查记录", "The line"),
    Words("核查结论", "What was found"),
    Words("结论", "The conclusion"),
)


@transaction.atomic
def note(*, receipt: str, text: str, on: dt.date, by: Actor) -> ComplaintStep:
    """The new line: what was looked at, who was talked to, what was said."""
    found = stepping.locked(receipt, "note", on, by, P.HOTLINE_HANDLE)
    said = stepping.text(LINE, text, TEXT_LENGTH)
    return record(found, "note", on, by.name, "", said)


@transaction.atomic
def lay_in(*, receipt: str, name: str, content: bytes, by: Actor) -> ComplaintFile:
    """The file beside the lines; the same content once. Raises as ``evidence.keep``."""
    found = stepping.locked(receipt, "note", timezone.localdate(), by, P.HOTLINE_HANDLE)
    kept = evidence.keep(Path(settings.JIEFA_HOME), name, content)
    made, is_new = ComplaintFile.objects.get_or_create(
        complaint=found,
        sha256=kept.sha256,
        defaults={
            "name_sealed": vault().seal(Path(name).name[:200]),
            "media_type": kept.media_type,
            "size": kept.size,
            "by": by.name,
            "at": timezone.now(),
        },
    )
    if is_new:
        audit.record(
            chain=CHAIN,
            by=by.name,
            action="complaint.file_laid_in",
            object_type="complaint",
            object_id=found.receipt,
            diff={"size": kept.size},
        )
    return made


@transaction.atomic
def conclude(*, receipt: str, verdict: str, text: str, on: dt.date, by: Actor, pack: Pack) -> Complaint:
    """The complaint concluded; the keeper answers. A caller who gave a name is answered no later than the term for first answers.

    Raises ``NothingFound`` where no line was written in this round.
    """
    found = stepping.locked(receipt, "conclude", on, by, P.HOTLINE_HANDLE)
    if verdict not in pack.at(on).codes("hotline_verdict").ids:
        raise refusals.ChoiceUnknown(field=VERDICT, value=verdict)
    if not ComplaintStep.objects.filter(complaint=found, step="note", round=found.round).exists():
        raise refusals.NothingFound(receipt=receipt)
    said = stepping.text(FINDING, text, TEXT_LENGTH)
    found.verdict = verdict
    due = terms.due(on, "hotline.answer_days", pack)
    first = terms.due(found.received_on, "hotline.feedback_days", pack)
    if on <= first < due and Caller.objects.filter(complaint=found).exists():
        due = first
    stepping.moved(found, "conclude", on, due, "verdict")
    record(found, "conclude", on, by.name, verdict, said)
    return found


def _true(receipt: str, on: dt.date, by: Actor) -> Complaint:
    found = stepping.locked(receipt, "follow", on, by, P.HOTLINE_HANDLE)
    if found.verdict not in ("true", "partly"):
        raise refusals.NotFound(receipt=receipt)
    if complaints.followed(found) is not None:
        raise refusals.FollowedBefore(receipt=receipt)
    return found


@transaction.atomic
def open_case(*, receipt: str, text: str, on: dt.date, by: Actor, pack: Pack) -> Followed:
    """A case of supervision made of what was found true, by the discipline inspection that found it.

    It is filed in the place of that inspection, strictly above whoever was complained of: a case book is read by area, and who supervises
    inside the body must not learn that somebody called, nor who supervises here and holds a post there. Whom it is about is sealed with
    the rest. Raises ``NotAllowed`` where an office
    looked into it, and as ``cases.open_case``.
    """
    found = _true(receipt, on, by)
    if found.unit_kind != units.SUPERVISION:
        raise NotAllowed(what=P.CASE_BOOK.value)
    said = stepping.text(FINDING, text, TEXT_LENGTH)
    body = found.against_code or found.about_code
    subject = f"{areas.named([body]).get(body, '')}（{body}）：{said}"[: cases.SUBJECT_LONGEST]
    wish = NewCase(found.unit_code, "hotline", "office", subject, said, on, against=found.against_code)
    made = cases.open_case(wish=wish, by=by, pack=pack)
    followed = Followed.objects.create(complaint=found, case=made, on=on, by=by.name)
    record(found, "follow", on, by.name, "case")
    return followed


@transaction.atomic
def record_violation(*, receipt: str, wish: NewViolation, on: dt.date, by: Actor, pack: Pack) -> Followed:
    """A violation to be put right, of what was found true, in the place of the office that found it, or in one below it on the way to
    where it happened: then the body itself reads it and puts it right. Nowhere does it say that there was a complaint.

    Raises ``ViolationUnfit``, and as ``violations.record_many``.
    """
    found = _true(receipt, on, by)
    if not (found.about_code.startswith(wish.area_code) and wish.area_code.startswith(found.unit_code)):
        raise refusals.ViolationUnfit(receipt=receipt)
    violations.record_many(violations=[wish], by=by, pack=pack)
    made = Violation.objects.get(area_code=wish.area_code, number=wish.number)
    followed = Followed.objects.create(complaint=found, violation=made, on=on, by=by.name)
    record(found, "follow", on, by.name, "violation")
    return followed

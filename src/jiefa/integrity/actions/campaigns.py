"""A self-inspection begun, and what offices answer of themselves: one at a counter, or a thousand by a list."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.audit.actions import Said
from jiefa.integrity.models import DOCUMENT_LENGTH, PROJECT_LENGTH, WHAT_LENGTH, Answer, Campaign, Offices
from jiefa.integrity.queries import campaigns as queries
from jiefa.integrity.rules import refusals
from jiefa.kernel.errors import Words
from jiefa.policy import Pack

P = Permission
WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """What is asked of the offices inside a place."""

    area_code: str
    title: str
    from_year: int
    to_year: int
    offices: Offices
    opened_on: dt.date
    due_on: dt.date
    document: str


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """What an office says to one item; ``project``: '' for the office as a whole."""

    area_code: str
    project: str
    item: str
    answer: str
    note: str = ""


@transaction.atomic
def begin(*, wish: NewCampaign, by: Actor) -> Campaign:
    """The campaign. Raises ``NotAllowed``, ``CampaignWrong``, ``CampaignKnown``."""
    by.demand(P.INSPECTION_MANAGE, wish.area_code)
    title, document = wish.title.strip(), wish.document.strip()
    sound = wish.from_year <= wish.to_year and wish.opened_on <= wish.due_on and wish.offices in Offices.values
    if not title or not document or len(document) > DOCUMENT_LENGTH or not sound:
        raise refusals.CampaignWrong(title=title)
    if Campaign.objects.filter(area_code=wish.area_code, title=title).exists():
        raise refusals.CampaignKnown(title=title)
    made = Campaign.objects.create(
        area_code=wish.area_code,
        title=title,
        from_year=wish.from_year,
        to_year=wish.to_year,
        offices=wish.offices,
        opened_on=wish.opened_on,
        due_on=wish.due_on,
        document=document,
        by=by.name,
        at=timezone.now(),
    )
    diff = {"title": title, "years": [wish.from_year, wish.to_year], "due_on": wish.due_on, "document": document}
    audit.record(
        chain=wish.area_code,
        by=by.name,
        action="inspection.begun",
        object_type="inspection",
        object_id=made.pk,
        diff=diff,
    )
    return made


@transaction.atomic
def answer_many(*, campaign_id: int, answers: Sequence[NewAnswer], on: dt.date, by: Actor, pack: Pack) -> int:
    """How many answers are new or say something else than before, all or none; one entry per county.

    Raises ``NotAllowed``, ``CampaignUnknown``, ``NotAsked``, ``AnswerWrong``, ``NoteMissing``.
    """
    found = Campaign.objects.filter(pk=campaign_id).first()
    codes = sorted({one.area_code for one in answers})
    names = areas.named(codes)
    for code in codes:
        by.demand(P.INSPECTION_ANSWER, code)
        if found is None:
            raise refusals.CampaignUnknown(number=campaign_id, place=names.get(code, code))
    if found is None or not answers:
        return 0
    for one in answers:
        judge(found, one, names, pack)
    standing = {
        (row.area_code, row.project, row.item): (row.answer, row.note)
        for row in Answer.objects.filter(campaign=found, area_code__in=codes)
    }
    rows = {(one.area_code, one.project, one.item): one for one in answers}
    changed = [one for key, one in rows.items() if standing.get(key) != (one.answer, one.note)]
    now = timezone.now()
    Answer.objects.bulk_create(
        [
            Answer(
                campaign=found,
                area_code=one.area_code,
                project=one.project,
                item=one.item,
                answer=one.answer,
                note=one.note,
                on=on,
                by=by.name,
                at=now,
            )
            for one in changed
        ],
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=["campaign", "area_code", "project", "item"],
        update_fields=["answer", "note", "on", "by", "at"],
    )
    counts: dict[str, int] = defaultdict(int)
    for one in changed:
        counts[one.area_code[:6]] += 1
    audit.record_many(
        [
            Said(county, by.name, "inspection.answered", "inspection", found.pk, {"answers": count})
            for county, count in sorted(counts.items())
        ]
    )
    return len(changed)


def judge(found: Campaign, one: NewAnswer, names: dict[str, str], pack: Pack) -> None:
    """Nothing where the answer may be put on file. Raises ``NotAsked``, ``AnswerWrong``, ``NoteMissing``."""
    place = names.get(one.area_code, one.area_code)
    if not queries.asks(found, one.area_code):
        raise refusals.NotAsked(title=found.title, place=place)
    item = pack.codes("inspection_check").get(one.item)
    if item is None or one.answer not in pack.codes("inspection_answer").ids:
        raise refusals.AnswerWrong(place=place, value=one.item if item is None else one.answer)
    if len(one.project) > PROJECT_LENGTH or len(one.note) > WHAT_LENGTH:
        raise refusals.AnswerWrong(place=place, value=(one.project or one.note)[:40])
    if one.answer == WRONG and not one.note.strip():
        raise refusals.NoteMissing(place=place, item=Words.of(item))

"""The results of a sample handed over: estimates frozen as they stand, and nothing more from the field."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.audit import actions as audit
from jiefa.evaluation.models import NOTE_LENGTH, FieldAnswer, HandOver, Sample
from jiefa.evaluation.queries import outcome, results, samples
from jiefa.evaluation.rules import refusals
from jiefa.policy import Pack


def hand_over(*, number: int, note: str, by: Actor, on: dt.date, pack: Pack) -> HandOver:
    """The hand-over of one's own sample. From then on the place's offices know of it, so its entry is in the log of the county.

    Raises ``SampleUnknown``, ``HandedOver``, ``NothingAnswered``.
    """
    of = samples.carried(number, by)
    with transaction.atomic():
        Sample.objects.select_for_update().get(pk=of.pk)
        outcome.demand_open(of)
        answered = FieldAnswer.objects.filter(household__sample=of).values("household").distinct().count()
        if not answered:
            raise refusals.NothingAnswered(number=number)
        made = HandOver.objects.create(
            sample=of,
            on=on,
            estimates=[asdict(one) for one in results.estimates(of, pack)],
            policy_version=pack.version,
            note=note.strip()[:NOTE_LENGTH],
            by=by.name,
            at=timezone.now(),
        )
        audit.record(
            chain=of.area_code,
            by=by.name,
            action="sample.handed_over",
            object_type="sample",
            object_id=of.pk,
            diff={"on": on, "answered": answered},
        )
    return made

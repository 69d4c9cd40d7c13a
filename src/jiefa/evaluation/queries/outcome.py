"""Who may read what came of a sample: estimates, and the households of which field and register differ.

Whoever evaluates a sample is blind: he reads estimates after he has handed them over, and never what the register says of a household.
The office that ordered it reads everything at any time. Others read of a sample after its hand-over, and of households those of
their own area.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.evaluation.models import HandOver, Rebuttal, Sample
from jiefa.evaluation.queries import results, samples
from jiefa.evaluation.queries.results import Discrepancy, Estimated
from jiefa.evaluation.rules import rebuttals, refusals
from jiefa.evaluation.rules.judging import Measure, Verdict
from jiefa.kernel.errors import NotAllowed
from jiefa.policy import Pack
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household

P = Permission


@dataclass(frozen=True)
class Contested:
    """A discrepancy with the household on file, whether it was struck, and the newest dossier in which the county is heard about it."""

    found: Discrepancy
    household: Household | None
    struck: bool
    dossier: Dossier | None


def handed_over(of: Sample) -> HandOver | None:
    """The hand-over of the sample, if there was one."""
    return HandOver.objects.filter(sample=of).first()


def demand_open(of: Sample) -> None:
    """Raises ``HandedOver`` where nothing more is taken in. Call with the sample locked."""
    done = handed_over(of)
    if done is not None:
        raise refusals.HandedOver(number=of.pk, on=done.on)


def is_own(of: Sample, by: Actor) -> bool:
    """Whether it is the sample of this evaluator. The operator of the machine is nobody's evaluator."""
    return by.user is not None and of.evaluator == by.name


def may_conclude(of: Sample, by: Actor) -> bool:
    """Whether somebody who sees the sample may read its estimates: an evaluator who saw them move with each sheet would know from
    what the sheet counts in what the register says."""
    return handed_over(of) is not None or (by.may(P.EVALUATION_ORDER, of.area_code) and not is_own(of, by))


def concluded(number: int, by: Actor) -> Sample:
    """A sample whose estimates one may read. Raises ``SampleUnknown``, ``NotHandedOver``."""
    of = samples.sample(number, by)
    if not may_conclude(of, by):
        raise refusals.NotHandedOver(number=number)
    return of


def contested_within(of: Sample, by: Actor) -> Scope:
    """Where one may read which households differ; empty for nowhere."""
    if is_own(of, by):
        return Scope(())
    if by.may(P.EVALUATION_ORDER, of.area_code):
        return Scope((of.area_code,))
    return by.scope(P.EVALUATION_VIEW) if handed_over(of) is not None else Scope(())


def contested(number: int, by: Actor) -> tuple[Sample, Scope]:
    """The sample, and where one may read which of its households differ. Raises ``SampleUnknown``, ``Blind``, ``NotAllowed``."""
    of = samples.sample(number, by)
    if is_own(of, by):
        raise refusals.Blind(number=number)
    within = contested_within(of, by)
    if not within:
        raise NotAllowed(what=P.EVALUATION_VIEW.value)
    return of, within


def discrepancies(of: Sample, within: Scope, pack: Pack) -> list[Discrepancy]:
    """Those of ``results.discrepancies`` inside the scope."""
    return [one for one in results.discrepancies(of, pack) if within.covers(one.village_code)]


def with_dossiers(of: Sample, found: Sequence[Discrepancy]) -> list[Contested]:
    """The discrepancies with households and rebuttals. Three queries."""
    keys = [one.household for one in found if one.household is not None]
    homes = Household.objects.in_bulk(keys)
    upheld = struck(of)
    subjects = [rebuttals.subject(of.pk, one.sheet) for one in found]
    dossiers = Dossier.objects.filter(procedure=rebuttals.PROCEDURE, subject__in=subjects).order_by("pk")
    newest = {one.subject: one for one in dossiers}
    return [
        Contested(one, homes.get(one.household or 0), one.drawn in upheld, newest.get(subject))
        for one, subject in zip(found, subjects, strict=True)
    ]


def struck(of: Sample) -> frozenset[int]:
    """The drawn households (by key) of which a rebuttal was upheld."""
    return frozenset(Rebuttal.objects.filter(household__sample=of).values_list("household_id", flat=True))


def as_handed_over(done: HandOver) -> list[Estimated]:
    """The estimates as they were handed over."""
    return [_estimated(one) for one in done.estimates]


def _estimated(said: Mapping[str, Any]) -> Estimated:
    verdict = None if said["verdict"] is None else Verdict(said["verdict"])
    return Estimated(**{**said, "measure": Measure(said["measure"]), "verdict": verdict})


def after_rebuttals(of: Sample, pack: Pack) -> list[Estimated]:
    """The estimates with what was struck counted as not found."""
    return results.estimates_without(of, struck(of), pack)


def term(done: HandOver, pack: Pack) -> tuple[dt.date, int]:
    """The last day on which a rebuttal is taken, and how many days after the hand-over that is."""
    days = int(pack.at(done.on).number("evaluation.rebuttal_days"))
    return rebuttals.last_day(done.on, days), days

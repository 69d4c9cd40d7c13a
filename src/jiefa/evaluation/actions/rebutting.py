"""The county is heard: a rebuttal of one discrepancy of a sample that was handed over, decided by whoever orders evaluations.

What was found is frozen into the dossier. Upheld, the discrepancy is struck and counts as not found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.audit.actions import Said
from jiefa.evaluation.models import HandOver, Rebuttal, Sample
from jiefa.evaluation.queries import outcome
from jiefa.evaluation.queries.results import Discrepancy
from jiefa.evaluation.rules import rebuttals, refusals
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.procedures import actions
from jiefa.procedures.actions import Decided, Opening
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.models import Household

PROCEDURE = rebuttals.PROCEDURE
WHY_LENGTH = 1_000


def propose(*, number: int, sheet: int, why: str, by: Actor, on: dt.date, pack: Pack) -> Dossier:
    """The dossier of a rebuttal, on the county's desk: evidence is laid in there before it is submitted.

    Raises ``SampleUnknown``, ``NotAllowed``, ``NotHandedOver``, ``NoDiscrepancy``, ``AlreadyStruck``, ``TermOver``, ``WhyMissing``,
    and as ``open_dossier``.
    """
    of, found = rebuttable(number, sheet, by, pack)
    by.demand(Permission.EVALUATION_ANSWER, found.village_code)
    if not 0 < len(why.strip()) <= WHY_LENGTH:
        raise refusals.WhyMissing(number=number, sheet=sheet, limit=WHY_LENGTH)
    place = areas.named([found.village_code]).get(found.village_code, found.village_code)
    title = f"{place}第{sheet}号评估核查表申诉"
    _within_term(of, title, on, pack)
    if found.drawn in outcome.struck(of):
        raise refusals.AlreadyStruck(number=number, sheet=sheet)
    opening = Opening(
        subject=rebuttals.subject(of.pk, sheet),
        place=found.village_code,
        title=title,
        year=of.year,
        proposal=_proposal(of, found, why.strip()),
    )
    return actions.open_dossier(procedure=PROCEDURE, opening=opening, by=by, on=on, pack=pack)


def rebuttable(number: int, sheet: int, by: Actor, pack: Pack) -> tuple[Sample, Discrepancy]:
    """The sample and the discrepancy of a sheet about which the county may be heard. Raises as ``propose``."""
    of, within = outcome.contested(number, by)
    if outcome.handed_over(of) is None:
        raise refusals.NotHandedOver(number=number)
    found = next((one for one in outcome.discrepancies(of, within, pack) if one.sheet == sheet), None)
    if found is None:
        raise refusals.NoDiscrepancy(number=number, sheet=sheet)
    return of, found


def _within_term(of: Sample, title: str, on: dt.date, pack: Pack) -> None:
    done = outcome.handed_over(of)
    assert done is not None, of
    until, days = outcome.term(done, pack)
    if on > until:
        raise refusals.TermOver(title=title, until=until, days=days)


def _proposal(of: Sample, found: Discrepancy, why: str) -> dict[str, object]:
    home = None if found.household is None else Household.objects.filter(pk=found.household).first()
    return {
        "rebutted_sample": of.pk,
        "rebutted_drawn": found.drawn,
        "sheet": found.sheet,
        "household_number": "" if home is None else home.number,
        "position": found.position,
        "measure": found.measure.value,
        "people": found.people,
        "income_fen": found.income_fen,
        "lacking": list(found.lacking),
        "why": why,
    }


def check(dossiers: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """Against submitting a rebuttal for the first time after its term. One that was returned may be completed later."""
    if decision.kind != "approve":
        return {}
    first = [one for one in dossiers if not one.submitted_digest]
    numbers = {int(one.proposal["rebutted_sample"]) for one in first}
    handed = {done.sample_id: done for done in HandOver.objects.filter(sample__in=numbers)}
    against: dict[int, JiefaError] = {}
    for one in first:
        until, days = outcome.term(handed[int(one.proposal["rebutted_sample"])], pack)
        if decision.on > until:
            against[one.pk] = refusals.TermOver(title=one.title, until=until, days=days)
    return against


def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """What was upheld, struck, each with its entry in the log of the county."""
    now = timezone.now()
    upheld = [dossier for dossier, done in moved if done.outcome == "approved"]
    made = [Rebuttal(household_id=int(one.proposal["rebutted_drawn"]), dossier=one, by=by, at=now) for one in upheld]
    Rebuttal.objects.bulk_create(made)
    audit.record_many(
        [
            Said(
                dossier.place_code,
                by,
                "rebuttal.upheld",
                "sample",
                int(dossier.proposal["rebutted_sample"]),
                {"dossier": dossier.pk, "sheet": dossier.proposal["sheet"], "measure": dossier.proposal["measure"]},
            )
            for dossier in upheld
        ]
    )

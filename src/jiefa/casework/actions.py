"""Decisions with all that follows from them. Pages, commands and the demonstration decide through here and nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction

from jiefa.access.queries import Actor
from jiefa.casework.cases import CASES, HOUSEHOLD_PROCEDURES, Case
from jiefa.changes import queries as changes
from jiefa.changes.actions import proposing
from jiefa.changes.rules.proposal import Proposal
from jiefa.exits.actions import households as leaving
from jiefa.identification.actions import households as entering
from jiefa.policy import Pack, Procedure
from jiefa.procedures import actions, queries
from jiefa.procedures.actions import Decided, Refused
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.models import Household


def decide(*, dossier: Dossier, version: int | None, decision: Decision, by: Actor, key: str, pack: Pack) -> Decided:
    """The dossier after the decision and its effect. ``version``: the one that the person saw. Raises what refuses it."""
    case = CASES.get(dossier.procedure, Case())
    return actions.decide(
        dossier_id=dossier.pk,
        version=version,
        decision=decision,
        by=by,
        key=key,
        pack=pack,
        check=case.check,
        effect=case.effect,
    )


def decide_many(
    *,
    procedure: str,
    dossier_ids: Sequence[int],
    decision: Decision,
    by: Actor,
    key: str,
    pack: Pack,
    versions: Mapping[int, int] | None = None,
) -> tuple[list[Decided], list[Refused]]:
    """``(decided, refused)`` of dossiers that are all of one procedure; those of another are left alone and said."""
    case = CASES.get(procedure, Case())
    own = set(Dossier.objects.filter(pk__in=dossier_ids, procedure=procedure).values_list("pk", flat=True))
    decided, refused = actions.decide_many(
        dossier_ids=sorted(own),
        decision=decision,
        by=by,
        key=key,
        pack=pack,
        versions=versions,
        check=case.check,
        effect=case.effect,
    )
    unknown = [Refused(other, actions.DossierUnknown(number=other)) for other in sorted(set(dossier_ids) - own)]
    return decided, refused + unknown


def propose_households(
    *, procedure: str, household_ids: Sequence[int], year: int, by: Actor, on: dt.date, pack: Pack, campaign: str = ""
) -> list[int]:
    """The keys of a dossier for each household, in order of the households' keys; all or none. Raises what speaks against it."""
    if procedure == entering.PROCEDURE:
        return entering.propose(household_ids=household_ids, year=year, by=by, on=on, pack=pack, campaign=campaign)
    return leaving.propose(
        procedure=procedure, household_ids=household_ids, year=year, by=by, on=on, pack=pack, campaign=campaign
    )


@transaction.atomic
def submit_change(*, household: Household, one: Proposal, by: Actor, on: dt.date, key: str, pack: Pack) -> Decided:
    """The change drawn up as a dossier and its first step taken by whoever drew it up: recorded where one officer is enough,
    else on the desk of the next. All or nothing, and once for one ``key``. Raises what refuses it.
    """
    dossier = changes.carried_out(household, key) or proposing.open_change(
        household=household, one=one, by=by, on=on, pack=pack
    )
    decision = Decision("approve", by.name, by.posts, on, one.remark)
    return decide(dossier=dossier, version=dossier.version, decision=decision, by=by, key=key, pack=pack)


def begins_here(*, actor: Actor, status: str, village: str, on: dt.date, pack: Pack) -> list[Procedure]:
    """The procedures that the actor may begin about a household of this status in this village, that day."""
    fitting = []
    for procedure in queries.openable(actor, pack, on, "household"):
        applies = procedure.id in HOUSEHOLD_PROCEDURES and status in HOUSEHOLD_PROCEDURES[procedure.id]
        if applies and queries.may_take(actor, procedure.first, village):
            fitting.append(procedure)
    return fitting

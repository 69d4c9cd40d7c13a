"""A change drawn up as a dossier by whoever may begin it. What follows when it is decided stands in ``applying``."""

from __future__ import annotations

import datetime as dt

from jiefa.access.queries import Actor
from jiefa.changes import queries
from jiefa.changes.rules import kinds
from jiefa.changes.rules.proposal import Proposal
from jiefa.policy import Pack, Procedure
from jiefa.procedures import actions, subjects
from jiefa.procedures import queries as dossiers
from jiefa.procedures.actions import Opening
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household


def begun_by(*, actor: Actor, village: str, on: dt.date, pack: Pack) -> list[str]:
    """The procedures of changes that a post of the actor begins about households of this village."""
    return [n for n in kinds.PROCEDURES if dossiers.may_take(actor, pack.procedure(n, on).first, village)]


def procedure_of(one: Proposal, actor: Actor, village: str, on: dt.date, pack: Pack) -> Procedure:
    """The procedure by which the change goes, by the actor's post; the first that fits it where no post does."""
    fitting = [pack.procedure(name, on) for name in kinds.procedures_for([kinds.Ground(g) for g in one.grounds])]
    return next((p for p in fitting if dossiers.may_take(actor, p.first, village)), fitting[0])


def open_change(*, household: Household, one: Proposal, by: Actor, on: dt.date, pack: Pack) -> Dossier:
    """The dossier of a change that was drawn up just now. Raises as ``procedures.actions.open_dossier``."""
    procedure = procedure_of(one, by, household.village_code, on, pack)
    title = queries.standing(household).title
    opening = Opening(subjects.household(household.pk), household.village_code, title, one.on.year, dict(one.as_json()))
    return actions.open_dossier(procedure=procedure.id, opening=opening, by=by, on=on, pack=pack)

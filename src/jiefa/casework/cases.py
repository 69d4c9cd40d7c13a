"""What each procedure sets in motion: a guard before every decision, an effect when dossiers have moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from jiefa.assessment.actions import appeals
from jiefa.assistance.actions import credit, records
from jiefa.changes.actions import applying as changes
from jiefa.changes.rules.kinds import PROCEDURES as CHANGES
from jiefa.contracts.actions import settling, signing
from jiefa.disclosure import actions as disclosure
from jiefa.disclosure.rules import OBJECTIONS
from jiefa.evaluation.actions import rebutting
from jiefa.exits.actions import households as leaving
from jiefa.exits.actions import places
from jiefa.funds.actions import changing, claiming
from jiefa.funds.actions import projects as building
from jiefa.funds.rules import projects as of_projects
from jiefa.identification.actions import households as entering
from jiefa.integrity.actions import cases as supervision
from jiefa.integrity.actions import violations
from jiefa.integrity.rules import places as places_of_cases
from jiefa.kernel.errors import JiefaError
from jiefa.monitoring.actions import watches as watching
from jiefa.planning.actions import letters
from jiefa.policy import Pack
from jiefa.procedures.actions import Decided, Opening
from jiefa.procedures.actions.deciding import Check, Effect, nothing
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.actions.statuses import IN_POVERTY

Redraw = Callable[[Dossier, Pack], Opening]


@dataclass(frozen=True, slots=True)
class Case:
    """What a capability adds to a procedure."""

    check: Check | None = None
    effect: Effect = nothing
    redraw: Redraw | None = None
    """What a returned dossier would propose if it were drawn up now; None where that is typed, or cannot change."""


HOUSEHOLD_PROCEDURES: Mapping[str, frozenset[str]] = {
    entering.PROCEDURE: frozenset(("applicant", "removed")),
    leaving.EXIT: IN_POVERTY,
    leaving.RETURN: frozenset(("exited",)),
    leaving.REMOVAL: IN_POVERTY,
}
"""What may be proposed about a household, by the statuses in which it may be."""


def _published_and(own: Check) -> Check:
    """The guard ``own``, and that nothing is agreed to against which an objection was upheld."""

    def check(dossiers: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
        return {**own(dossiers, decision, pack), **disclosure.check_published(dossiers, decision, pack)}

    return check


def _and(*effects: Effect) -> Effect:
    """These effects, one after another, in the transaction of the decision."""

    def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
        for one in effects:
            one(moved, by, pack)

    return effect


_OF_HOUSEHOLDS = Case(_published_and(leaving.check), leaving.effect, leaving.redrawn)

CASES: Mapping[str, Case] = {
    entering.PROCEDURE: Case(
        _published_and(entering.check), _and(entering.effect, watching.relapsed), entering.redrawn
    ),
    leaving.EXIT: _OF_HOUSEHOLDS,
    leaving.RETURN: Case(_published_and(leaving.check), _and(leaving.effect, watching.relapsed), leaving.redrawn),
    leaving.REMOVAL: _OF_HOUSEHOLDS,
    **dict.fromkeys(places.DESIGNATIONS, Case(_published_and(places.check), places.effect, places.redrawn)),
    credit.PROCEDURE: Case(credit.check, credit.effect),
    **dict.fromkeys(CHANGES, Case(changes.check, _and(changes.effect, watching.emptied))),
    watching.WATCH: Case(_published_and(watching.check), watching.effect),
    watching.REMOVAL: Case(_published_and(watching.check), watching.effect, watching.redrawn),
    signing.PROCEDURE: Case(signing.check, signing.effect),
    settling.PROCEDURE: Case(settling.check, settling.effect, settling.redrawn),
    **dict.fromkeys(letters.PROCEDURES.values(), Case(letters.check, letters.effect, letters.redrawn)),
    appeals.PROCEDURE: Case(appeals.check, appeals.effect, appeals.redrawn),
    rebutting.PROCEDURE: Case(rebutting.check, rebutting.effect),
    **dict.fromkeys(violations.PROCEDURES, Case(violations.check, violations.effect)),
    **dict.fromkeys(places_of_cases.CASES, Case(supervision.check)),
    **dict.fromkeys(of_projects.PROCEDURES, Case(_published_and(building.check), building.effect)),
    **dict.fromkeys(of_projects.CHANGES, Case(changing.check, changing.effect)),
    **dict.fromkeys(of_projects.CLAIMS, Case(claiming.check, claiming.effect)),
    **dict.fromkeys(OBJECTIONS, Case(disclosure.check, disclosure.effect)),
}
"""By procedure. One that is not listed here only leads to its end."""

_OF_PROGRAMMES = Case(records.check, records.effect)


def case_of(procedure: str) -> Case:
    """What a capability adds to the procedure; those of the pack's programmes are known by the beginning of their name."""
    return _OF_PROGRAMMES if procedure.startswith(records.PREFIX) else CASES.get(procedure, Case())

"""What speaks against a decision before it is taken, by the same guards as the decision itself; what followed a look-back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from jiefa.access.queries import Actor
from jiefa.casework.cases import case_of
from jiefa.changes.rules.kinds import PROCEDURES as CHANGES
from jiefa.exits.actions import households as leaving
from jiefa.identification.actions import households as entering
from jiefa.identification.models import Found, LookBackHousehold
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.procedures import queries, rules, subjects
from jiefa.procedures.actions import Opening
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision


def against(*, procedure: str, dossiers: Sequence[Dossier], decision: Decision, pack: Pack) -> dict[int, JiefaError]:
    """By key, what would refuse ``decision`` in those of ``dossiers``, all of one procedure; empty where nothing would.

    The same few queries however many dossiers. Files that are still to be laid in count as missing. What a capability
    itself says is asked only where the step states no facts: it may hang on facts that nobody has stated yet.
    """
    keys = [dossier.pk for dossier in dossiers]
    past, files = queries.pasts(keys), queries.kinds_in_file(keys)
    check = case_of(procedure).check
    silent = [dossier for dossier in dossiers if not _asks(dossier, pack)]
    found = dict(check(silent, decision, pack)) if check and silent else {}
    for dossier in dossiers:
        now = queries.standing(dossier, past.get(dossier.pk, ()), files.get(dossier.pk, ()))
        try:
            rules.decide(queries.procedure_of(dossier, pack), now, decision, pack)
        except JiefaError as reason:
            found[dossier.pk] = reason
    return found


def put_right(dossier: Dossier, actor: Actor, pack: Pack) -> str:
    """How the actor may put right what a returned dossier proposes: ``form`` of the change, ``redraw``, or '' where not."""
    procedure = queries.procedure_of(dossier, pack)
    if dossier.outcome or dossier.step != procedure.first.id or not dossier.submitted_digest:
        return ""
    if not queries.may_take(actor, procedure.first, dossier.place_code):
        return ""
    if dossier.procedure in CHANGES:
        return "form"
    return "redraw" if case_of(dossier.procedure).redraw else ""


def redrawn(dossier: Dossier, pack: Pack) -> Opening:
    """What the dossier would propose if it were drawn up now. Raises what would speak against drawing it up."""
    case = case_of(dossier.procedure)
    assert case.redraw is not None, dossier.procedure
    return case.redraw(dossier, pack)


def followed(rows: Sequence[LookBackHousehold], since: dt.date) -> dict[int, int]:
    """By household, the newest dossier that may follow from what a campaign found, drawn up since it began. One query."""
    found = [row.household_id for row in rows if row.found in (Found.WRONGLY_IN, Found.MISSED)]
    subjects_of = [subjects.household(key) for key in found]
    dossiers = Dossier.objects.filter(
        subject__in=subjects_of,
        procedure__in=(leaving.REMOVAL, leaving.RETURN, entering.PROCEDURE),
        opened_on__gte=since,
    ).order_by("pk")
    keys = {subjects.household_key(subject): pk for subject, pk in dossiers.values_list("subject", "pk")}
    return {key: pk for key, pk in keys.items() if key is not None}


def _asks(dossier: Dossier, pack: Pack) -> bool:
    """Whether the step at which the dossier stands has facts to be stated."""
    step = queries.procedure_of(dossier, pack).by_id.get(dossier.step)
    return step is not None and bool(step.asks)

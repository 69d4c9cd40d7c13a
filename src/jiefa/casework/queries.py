"""What speaks against a decision before it is taken: asked on review pages, by the same guards as the decision itself."""

from __future__ import annotations

from collections.abc import Sequence

from jiefa.casework.cases import CASES, Case
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.procedures import queries, rules
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision


def against(*, procedure: str, dossiers: Sequence[Dossier], decision: Decision, pack: Pack) -> dict[int, JiefaError]:
    """By key, what would refuse ``decision`` in those of ``dossiers``, all of one procedure; empty where nothing would.

    The same few queries however many dossiers. Files that are still to be laid in count as missing. What a capability
    itself says is asked only where the step states no facts: it may hang on facts that nobody has stated yet.
    """
    keys = [dossier.pk for dossier in dossiers]
    past, files = queries.pasts(keys), queries.kinds_in_file(keys)
    check = CASES.get(procedure, Case()).check
    silent = [dossier for dossier in dossiers if not _asks(dossier, pack)]
    found = dict(check(silent, decision, pack)) if check and silent else {}
    for dossier in dossiers:
        now = queries.standing(dossier, past.get(dossier.pk, ()), files.get(dossier.pk, ()))
        try:
            rules.decide(queries.procedure_of(dossier, pack), now, decision, pack)
        except JiefaError as reason:
            found[dossier.pk] = reason
    return found


def _asks(dossier: Dossier, pack: Pack) -> bool:
    """Whether the step at which the dossier stands has facts to be stated."""
    step = queries.procedure_of(dossier, pack).by_id.get(dossier.step)
    return step is not None and bool(step.asks)

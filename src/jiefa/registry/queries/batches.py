"""Rosters on their way in, as far as somebody may see them: wholly inside the scope or not at all."""

from __future__ import annotations

from django.db.models import QuerySet

from jiefa.access.rules import Scope
from jiefa.registry.models import Batch, BatchState

PROVINCE_DIGITS = 2


def _visible(batch: Batch, within: Scope, by: str | None) -> bool:
    counties = [county for county in batch.counties.split(",") if county]
    if by is not None and batch.staged_by == by:
        return True
    if not counties:
        # None of its villages was found: only who answers for a whole province can tell whose it is.
        return any(len(area) == PROVINCE_DIGITS for area in within.areas)
    return all(within.covers(county) for county in counties)


def batch(batch_id: int, within: Scope, by: str | None = None) -> Batch | None:
    """The batch, if all its counties lie inside the scope or ``by`` loaded it; else None."""
    found = Batch.objects.filter(pk=batch_id).first()
    return found if found is not None and _visible(found, within, by) else None


def batches(within: Scope, by: str | None, before: int | None, count: int) -> list[Batch]:
    """The newest batches that may be seen, ``before`` a given one, at most ``count``."""
    rows: QuerySet[Batch] = Batch.objects.order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    seen: list[Batch] = []
    for found in rows.iterator(chunk_size=200):
        if _visible(found, within, by):
            seen.append(found)
            if len(seen) == count:
                break
    return seen


def waiting_for(within: Scope, by: str) -> int:
    """How many batches inside the scope wait for a decision that ``by``, who did not load them, may take."""
    staged = Batch.objects.filter(state=BatchState.STAGED).exclude(staged_by=by)
    return sum(_visible(found, within, None) for found in staged.iterator(chunk_size=200))

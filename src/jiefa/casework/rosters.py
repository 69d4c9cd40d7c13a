"""Rosters taken in, with what follows for households that came from elsewhere: their measures to come, and who answers for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from jiefa.access.rules import Scope
from jiefa.assistance.actions import handing
from jiefa.insight.actions import intake
from jiefa.insight.actions.intake import Checked
from jiefa.policy import Pack
from jiefa.registry.actions import batches
from jiefa.registry.models import Batch
from jiefa.responsibility.actions import appointing

Progress = Callable[[str], None]


@transaction.atomic
def accept(*, batch: Batch, by: str, second_officer: bool = True, on_step: Progress = lambda step: None) -> Batch:
    """The batch in the register, and what follows from it (``_follow``). Raises as ``batches.accept_batch``."""
    batch = batches.accept_batch(batch=batch, by=by, second_officer=second_officer, on_step=on_step)
    _follow(batch, by)
    return batch


@transaction.atomic
def load(
    *,
    path: Path | Sequence[Path],
    pack: Pack,
    within: Scope,
    by: str,
    take_over: bool = False,
    on_step: Progress = lambda step: None,
) -> Checked:
    """The roster taken in at once, and what follows from it (``_follow``). Raises as ``intake.load_roster``."""
    taken = intake.load_roster(path=path, pack=pack, within=within, by=by, take_over=take_over, on_step=on_step)
    _follow(taken.batch, by)
    return taken


def _follow(batch: Batch, by: str) -> None:
    """Of households that a roster moved into a county: whoever answers for them where they came from and cannot here ends, so
    that they stand on the list of those without a helper; measures to come lie where their household lies."""
    for county in filter(None, batch.counties.split(",")):
        appointing.end_out_of_reach(county=county, on=timezone.localdate(), by=by)
        handing.follow(county=county, by=by)

"""The early-warning score: trained and tested on snapshots of past years, kept with its card, used to order visits or dropped.

Nothing of it is written on a household: the order of visits is a file derived from a snapshot.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.audit import actions as audit
from jiefa.monitoring.models import ModelCard
from jiefa.monitoring.queries import cards, history, model_cards
from jiefa.monitoring.queries.cards import NoSnapshot
from jiefa.monitoring.queries.history import Sample
from jiefa.monitoring.rules import worth
from jiefa.monitoring.rules.measuring import Real
from jiefa.monitoring.rules.worth import Known
from jiefa.policy import Pack
from jiefa.snapshots import Snapshot

OLDEST = 2013
"""No cards are older."""


def score(*, year: int, by: Actor, pack: Pack) -> ModelCard:
    """The new card of a score for the households of ``year``: fitted on pairs of years before the last one, measured on the last.

    Beside it the order of visits by which the pages go. Raises ``NotAllowed``, ``NoSnapshot``, ``NotInForce``.
    """
    by.demand(Permission.SNAPSHOT_MAKE)
    began = time.perf_counter()
    newest = cards.newest(year)
    if newest is None:
        raise NoSnapshot(year=year)
    chain = _chain(newest)
    pairs = [history.sample(now, later, pack) for now, later in pairwise(chain)]
    policy = pack.for_year(year)
    verdict = worth.judge(
        _together(pairs[:-1]),
        _together(pairs[-1:]),
        history.COLUMNS,
        int(policy.number("monitoring.visit_percent")),
        int(policy.number("monitoring.least_cases")),
    )
    today = history.sample(newest, None, pack)
    chance = verdict.fitted.chance(today.columns) if verdict.fitted is not None and verdict.used else None
    with transaction.atomic():
        made = ModelCard.objects.create(
            year=year,
            order_of=newest.id,
            snapshots=[one.id for one in chain],
            policy_version=pack.version,
            used=verdict.used,
            reason=verdict.reason,
            auc=verdict.auc,
            baseline_auc=verdict.baseline_auc,
            facts={**verdict.facts, "years": [one.year for one in pairs], "ordered": len(today.keys)},
            seconds=round(time.perf_counter() - began, 2),
            by=by.name,
            at=timezone.now(),
        )
        audit.record(
            chain="system",
            by=by.name,
            action="score.trained",
            object_type="model_card",
            object_id=made.pk,
            diff={"year": year, "snapshots": made.snapshots, "used": made.used, "reason": made.reason},
        )
        _keep(made, newest, today, chance)
    return made


def _chain(newest: Snapshot) -> list[Snapshot]:
    """The newest snapshots of the years up to this one without a gap, oldest first."""
    chain = [newest]
    while chain[0].year > OLDEST and (before := cards.newest(chain[0].year - 1)) is not None:
        chain.insert(0, before)
    return chain


def _together(samples: Sequence[Sample]) -> Known | None:
    """The households of several years as one; None for no year."""
    if not samples:
        return None
    return Known(
        np.concatenate([one.keys for one in samples]),
        np.concatenate([one.columns for one in samples]),
        np.concatenate([one.plain for one in samples]),
        np.concatenate([one.fell for one in samples]),
        {name: np.concatenate([one.groups[name] for one in samples]) for name in history.GROUPS},
    )


def _keep(card: ModelCard, snapshot: Snapshot, today: Sample, chance: Real | None) -> None:
    """The order of visits: by the score where it is used, by the plain triggers where it was dropped."""
    order = np.argsort(-(chance if chance is not None else today.plain), kind="stable")
    table = pa.table(
        {
            "place": pa.array(np.arange(1, len(order) + 1), pa.int64()),
            "village_code": pa.array([today.villages[at] for at in order], pa.string()),
            "household_id": pa.array(today.keys[order], pa.int64()),
            "triggers": pa.array(today.triggers[order], pa.int32()),
        }
    )
    target = model_cards.order_file(card, snapshot)
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, target, compression="zstd")

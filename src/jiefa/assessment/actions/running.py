"""A run: figures gathered, scored, kept with every point in one transaction; a run never changes, another day makes another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiefa import snapshots
from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.assessment.models import Point, Run, Score
from jiefa.assessment.queries import gathering
from jiefa.assessment.queries.gathering import Asked, Gathered
from jiefa.assessment.rules import explaining, scoring
from jiefa.assessment.rules.figures import Found
from jiefa.assessment.rules.scoring import PlaceScore
from jiefa.audit import actions as audit
from jiefa.policy import Pack
from jiefa.policy.schemes import Scheme

BATCH = 1_000


def run(*, scheme: str, year: int, by: Actor, pack: Pack) -> Run:
    """A new run of the scheme that held at the end of the year, from the newest snapshots. Raises ``UnknownPolicy``, ``NotInForce``,
    ``NobodyAssessed``, ``PlacesUnfit``, ``SnapshotUnknown``, ``FiguresMissing``, and ``NotAllowed`` for whoever does not answer for
    all places that are assessed."""
    by.demand(Permission.ASSESSMENT_MAKE)
    chosen = pack.scheme(scheme, year)
    groups = gathering.assessed(chosen, year)
    by.demand(Permission.ASSESSMENT_MAKE, gathering.above(groups))
    now, before = gathering.speaking_for(year)
    return _kept(Asked(chosen, year, tuple(groups), now, before, pack), groups, by.name, None)


def again(*, corrected: Run, by: str, pack: Pack) -> Run:
    """The run once more, from the same snapshots by the same version of its scheme, with what was corrected since; called by the
    decision on an appeal, which checks rights."""
    home = Path(settings.JIEFA_HOME)
    chosen = pack.scheme(corrected.scheme, corrected.year)
    groups = gathering.assessed(chosen, corrected.year)
    before = snapshots.find(home, corrected.snapshot_before) if corrected.snapshot_before else None
    asked = Asked(chosen, corrected.year, tuple(groups), snapshots.find(home, corrected.snapshot), before, pack)
    return _kept(asked, groups, by, corrected)


@transaction.atomic
def _kept(asked: Asked, groups: Mapping[str, str], by: str, corrects: Run | None) -> Run:
    gathered = gathering.gather(asked)
    figures: dict[str, dict[str, Decimal | None]] = {}
    for (item, place), found in gathered.items():
        figures.setdefault(item, {})[place] = found.value
    scored = scoring.scored(asked.scheme, groups, figures)
    made = Run.objects.create(
        scheme=asked.scheme.id,
        scheme_from=asked.scheme.from_date,
        year=asked.year,
        snapshot=asked.snapshot.id,
        snapshot_before=asked.before.id if asked.before else "",
        policy_version=asked.pack.version,
        digest=digest(asked, groups, gathered),
        corrects=corrects,
        by=by,
        at=timezone.now(),
    )
    _points(made, asked.scheme, scored, gathered)
    audit.record(
        chain=gathering.above(groups) or "system",
        by=by,
        action="assessment.run",
        object_type="assessment",
        object_id=made.pk,
        diff={
            "scheme": made.scheme,
            "year": made.year,
            "snapshot": made.snapshot,
            "digest": made.digest,
            "places": len(groups),
            "corrects": corrects.pk if corrects else None,
        },
    )
    return made


def _points(made: Run, scheme: Scheme, scored: Sequence[PlaceScore], gathered: Gathered) -> None:
    vetoes = [one.id for one in scheme.vetoes]
    kept = Score.objects.bulk_create(
        (
            Score(
                run=made,
                area_code=one.place,
                group=one.group,
                hundredths=one.hundredths,
                grade=one.grade,
                rank=one.rank,
                ranked=one.ranked,
                vetoes=[_veto(name, name in one.vetoes, gathered[name, one.place]) for name in vetoes],
            )
            for one in scored
        ),
        batch_size=BATCH,
    )
    indicators = {one.id: one for one in scheme.indicators}
    Point.objects.bulk_create(
        (
            Point(
                score=score,
                order=order,
                item=point.item,
                figure=point.figure,
                hundredths=point.hundredths,
                of_hundredths=point.of,
                source=gathered[point.item, one.place].source,
                workings=explaining.plain(indicators[point.item], point.worked),
            )
            for score, one in zip(kept, scored, strict=True)
            for order, point in enumerate(one.items)
        ),
        batch_size=BATCH,
    )


def _veto(name: str, holds: bool, found: Found) -> dict[str, object]:
    figure = None if found.value is None else str(found.value)
    return {"veto": name, "figure": figure, "holds": holds, "source": found.source}


def digest(asked: Asked, groups: Mapping[str, str], gathered: Gathered) -> str:
    """SHA-256 of all that decides about scores and grades: the scheme word for word, who is in which group, the figures of
    items and vetoes."""
    figures = sorted((item, place, str(found.value)) for (item, place), found in gathered.items())
    text = json.dumps([repr(asked.scheme), asked.year, sorted(groups.items()), figures], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()

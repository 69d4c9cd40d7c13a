"""A sample of the province drawn from a snapshot and estimated: seconds of both, and of reading the same rows alone."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings
from django.utils import timezone

from jiefa import policy, snapshots
from jiefa.access.queries import holder
from jiefa.access.rules import Role
from jiefa.evaluation.actions import drawing
from jiefa.evaluation.models import DrawnHousehold, FieldAnswer, Sample
from jiefa.evaluation.queries import results
from jiefa.evaluation.rules.drawing import Part, Wanted
from jiefa.evaluation.rules.judging import Measure

PROVINCE, EVALUATOR, SEED = "52", "bench", 20_151_231
WANTED = Wanted({"poor": 500, "other": 500}, {Part.EXITED: 10, Part.POOR: 5, Part.OUTSIDE: 5}, reserve=5, by_size=True)
POOR_OF_EXITED = 40
"""Every so many of those who left poverty are found poor."""


def sample(repeats: int) -> dict[str, Any]:
    """Medians of drawing and estimating, of the plain reading of each, and whether both are right."""
    return {"draw": _draw(repeats), "estimate": _estimate(repeats)}


def _draw(repeats: int) -> dict[str, Any]:
    pack, by = policy.load(), holder(EVALUATOR, [(Role.EVALUATOR, PROVINCE)])
    snapshot = snapshots.latest(Path(settings.JIEFA_HOME))
    order = drawing.Order(PROVINCE, WANTED, EVALUATOR, SEED)
    took, drawn = [], set()
    made = None
    for _ in range(repeats):
        started = time.perf_counter()
        made = drawing.draw(order=order, snapshot=snapshot, pack=pack, by=by)
        took.append(time.perf_counter() - started)
        own = made.households.order_by("sheet").values_list("village__village_code", "household_id", "position")
        drawn.add(tuple(own))
    assert made is not None
    return {
        "seconds": statistics.median(took),
        "raw_seconds": statistics.median(_read(snapshot) for _ in range(repeats)),
        "villages": made.villages.count(),
        "of": sum(made.frame["villages"].values()),
        "households": made.households.filter(reserve=False).count(),
        "frame": made.frame["exited"] + made.frame["poor"],
        "same": len(drawn) == 1,
    }


def _read(snapshot: snapshots.Snapshot) -> float:
    files = [str(file) for file in snapshot.files("households")]
    sql = "SELECT village_code, household_id, poverty_status FROM read_parquet(?) ORDER BY 1, 2"
    started = time.perf_counter()
    with duckdb.connect() as db:
        db.execute(sql, [files]).to_arrow_table()
    return time.perf_counter() - started


def _estimate(repeats: int) -> dict[str, Any]:
    pack, of = policy.load(), Sample.objects.latest("pk")
    field = list(of.households.filter(reserve=False).order_by("sheet"))
    exited = 0
    answers = []
    for one in field:
        exited += one.part == Part.EXITED
        poor = one.part != Part.EXITED or exited % POOR_OF_EXITED == 0
        answers.append(_answer(one, poor))
    FieldAnswer.objects.bulk_create(answers, batch_size=1_000)
    took, raw, found = [], [], []
    for _ in range(repeats):
        started = time.perf_counter()
        found = results.estimates(of, pack)
        took.append(time.perf_counter() - started)
        started = time.perf_counter()
        rows = FieldAnswer.objects.filter(household__sample=of).select_related("household__village")
        assert len(list(rows)) == len(answers)
        raw.append(time.perf_counter() - started)
    (wrong,) = [one for one in found if one.measure is Measure.WRONGLY_EXITED]
    assert wrong.ci_low is not None
    assert wrong.ci_high is not None
    return {
        "seconds": statistics.median(took),
        "raw_seconds": statistics.median(raw),
        "answers": len(answers),
        "near": wrong.ci_low <= 1 / POOR_OF_EXITED <= wrong.ci_high,
    }


def _answer(one: DrawnHousehold, poor: bool) -> FieldAnswer:
    guarantees = dict.fromkeys(("food", "clothing", "education", "medical", "housing", "water"), not poor)
    return FieldAnswer(
        household=one,
        visited_on=timezone.localdate(),
        people=4,
        income_fen=100_000 if poor else 900_000,
        **guarantees,
        satisfied=True,
        by=EVALUATOR,
        at=timezone.now(),
    )

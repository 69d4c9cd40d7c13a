"""Drawing a sample: the frame from a frozen snapshot, the draw from a seed, all of it kept with its chances in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from jiefa.access.models import User
from jiefa.access.queries import Actor, actor_of
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.evaluation import models
from jiefa.evaluation.queries.frame import OTHER, POOR, frame, homes
from jiefa.evaluation.rules import drawing
from jiefa.evaluation.rules.drawing import DrawnHousehold, DrawnVillage, Part, Wanted
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.snapshots import Snapshot
from jiefa.stores import bulk

SEED_BITS = 32

DRAWN_HOUSEHOLDS = pa.schema(
    [
        ("sample_id", pa.int64()),
        ("village_id", pa.int64()),
        ("sheet", pa.int32()),
        ("part", pa.string()),
        ("household_id", pa.int64()),
        ("position", pa.int32()),
        ("order", pa.int32()),
        ("reserve", pa.bool_()),
        ("probability", pa.float64()),
    ]
)


class NothingToDraw(JiefaError):
    code = "evaluation.nothing_to_draw"
    zh = "“{code}”在快照 {snapshot} 里没有可抽的户。请核对地区和年度。"
    en = "{code} has no household to draw in snapshot {snapshot}. Check place and year."


class NoEvaluator(JiefaError):
    code = "evaluation.no_evaluator"
    zh = "用户“{name}”在“{code}”没有评估员的岗位。请先给他设岗。"
    en = "{name!r} holds no post of an evaluator in {code}. Give the post first."


@dataclass(frozen=True)
class Order:
    """What is asked for. ``seed``: none for one drawn by chance, which is kept."""

    code: str
    wanted: Wanted
    evaluator: str
    seed: int | None = None


def usual(pack: Pack, year: int, more: Mapping[str, int | None], by_size: bool = False) -> Wanted:
    """What evaluations ask for in the year, with what was said otherwise in its place (``more``, by the last part of the parameter)."""
    policy = pack.for_year(year)

    def number(name: str) -> int:
        said = more.get(name)
        return int(policy.number(f"evaluation.{name}")) if said is None else said

    return Wanted(
        {POOR: number("poor_villages"), OTHER: number("other_villages")},
        {
            Part.EXITED: number("exited_households"),
            Part.POOR: number("poor_households"),
            Part.OUTSIDE: number("outside_households"),
        },
        number("reserve_households"),
        by_size,
    )


def draw(*, order: Order, snapshot: Snapshot, pack: Pack, by: Actor) -> models.Sample:
    """The new sample. An evaluator draws his own; who orders evaluations draws for one. Raises ``NothingToDraw``, ``NoEvaluator``."""
    own = order.evaluator == by.name
    by.demand(Permission.EVALUATION_CARRY if own else Permission.EVALUATION_ORDER, order.code)
    areas.division(order.code)
    if not own:
        _check_evaluator(order)
    there = frame(snapshot, order.code)
    seed = secrets.randbits(SEED_BITS) if order.seed is None else order.seed
    villages = drawing.draw_villages(there.villages, order.wanted, seed)
    on_file = homes(snapshot, [one.village.code for one in villages])
    found = {
        one: list(drawing.draw_households(one.village, on_file[one.village.code], order.wanted, seed))
        for one in villages
    }
    if not any(found.values()):
        raise NothingToDraw(code=order.code, snapshot=snapshot.id)
    with transaction.atomic():
        made = models.Sample.objects.create(
            area_code=order.code,
            year=snapshot.year,
            snapshot=snapshot.id,
            seed=seed,
            evaluator=order.evaluator,
            asked=_plain(order.wanted),
            frame=there.plain(),
            policy_version=pack.version,
            by=by.name,
            at=timezone.now(),
        )
        _keep(made, found)
        # Which households were drawn is in no log that a county reads.
        told = {"snapshot": snapshot.id, "evaluator": order.evaluator, "villages": len(found)}
        audit.record(
            chain="system", by=by.name, action="sample.drawn", object_type="sample", object_id=made.pk, diff=told
        )
    return made


def _check_evaluator(order: Order) -> None:
    user = User.objects.filter(username=order.evaluator).first()
    if user is None or not actor_of(user, timezone.localdate()).may(Permission.EVALUATION_CARRY, order.code):
        raise NoEvaluator(name=order.evaluator, code=order.code)


def _plain(wanted: Wanted) -> dict[str, object]:
    return {
        "villages": dict(wanted.villages),
        "households": {part.value: most for part, most in wanted.households.items()},
        "reserve": wanted.reserve,
        "by_size": wanted.by_size,
    }


def _keep(made: models.Sample, found: Mapping[DrawnVillage, Sequence[DrawnHousehold]]) -> None:
    """Villages and households; sheets are numbered by village, parts mixed, the reserve behind all."""
    kept = models.DrawnVillage.objects.bulk_create(
        models.DrawnVillage(
            sample=made,
            village_code=one.village.code,
            stratum=one.stratum,
            of=one.of,
            drawn=one.drawn,
            probability=one.probability,
        )
        for one in found
    )
    pairs = [(village, one) for village, drawn in zip(kept, found.values(), strict=True) for one in drawn]

    def place(pair: tuple[models.DrawnVillage, DrawnHousehold]) -> tuple[bool, str, float]:
        village, one = pair
        key = (one.part.value, one.household or one.position)
        return one.reserve, village.village_code, drawing.number(made.seed, drawing.ORDER, village.village_code, *key)

    rows = [
        {
            "sample_id": made.pk,
            "village_id": village.pk,
            "sheet": sheet,
            "part": one.part.value,
            "household_id": one.household,
            "position": one.position,
            "order": one.order,
            "reserve": one.reserve,
            "probability": one.probability,
        }
        for sheet, (village, one) in enumerate(sorted(pairs, key=place), start=1)
    ]
    table = models.DrawnHousehold._meta.db_table
    bulk.insert(table, pa.Table.from_pylist(rows, DRAWN_HOUSEHOLDS))

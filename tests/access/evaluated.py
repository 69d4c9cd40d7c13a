"""Two samples of a household's county, one in the field and one handed over with the household found poor, planted for the walk."""

from __future__ import annotations

from dataclasses import asdict

from django.utils import timezone

from jiefa import policy
from jiefa.evaluation.models import DrawnHousehold, DrawnVillage, FieldAnswer, HandOver, Sample
from jiefa.evaluation.queries import results
from jiefa.registry.models import Household

EVALUATOR = "evaluator"


def sample(household: Household, year: int, snapshot: str, part: str) -> tuple[Sample, DrawnHousehold]:
    """A sample of the county with the household alone, on sheet 1."""
    made = Sample.objects.create(
        area_code=household.village_code[:6],
        year=year,
        snapshot=snapshot,
        seed=1,
        evaluator=EVALUATOR,
        asked={"villages": {"poor": 1, "other": 0}, "households": {part: 1}, "reserve": 0, "by_size": False},
        frame={
            **{"villages": {"poor": 1, "other": 0}, "exited": 1, "poor": 1, "outside": 0},
            **{"outside_unknown": 0, "outside_short": 0, "distance_unknown": 0},
        },
        policy_version="x",
        by="x",
        at=timezone.now(),
    )
    village = DrawnVillage.objects.create(
        sample=made, village_code=household.village_code, stratum="poor", of=1, drawn=1, probability=1.0
    )
    drawn = DrawnHousehold.objects.create(
        sample=made,
        village=village,
        sheet=1,
        part=part,
        household_id=household.pk,
        order=1,
        reserve=False,
        probability=1.0,
    )
    return made, drawn


def plant(household: Household, year: int, snapshot: str) -> dict[str, object]:
    """What pages of evaluations are about, by the names of the walk."""
    field, _drawn = sample(household, year, snapshot, "exited")
    handed, drawn = sample(household, year, snapshot, "exited")
    FieldAnswer.objects.create(
        household=drawn,
        visited_on=timezone.localdate(),
        people=2,
        income_fen=100_00,
        **dict.fromkeys(("food", "clothing", "education", "medical", "housing", "water"), True),
        satisfied=True,
        by=EVALUATOR,
        at=timezone.now(),
    )
    HandOver.objects.create(
        sample=handed,
        on=timezone.localdate(),
        estimates=[asdict(one) for one in results.estimates(handed, policy.load())],
        policy_version="x",
        by=EVALUATOR,
        at=timezone.now(),
    )
    return {"field_sample": field.pk, "handed_sample": handed.pk, "found_sheet": (handed.pk, 1)}

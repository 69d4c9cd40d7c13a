"""Figures of the independent evaluation: the newest sample of each place that was handed over, read for all places at once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone
from tests.assessment.test_assessment_runs import COUNTY, OTHER, YEAR, assessed, made, point

from jiefa import policy
from jiefa.evaluation.models import DrawnHousehold, DrawnVillage, FieldAnswer, HandOver, Sample
from jiefa.evaluation.queries import results, samples

__all__ = ["assessed"]

pytestmark = pytest.mark.usefixtures("small_county")

ASKED = {"households": {}, "reserve": 0, "by_size": False}
FRAME = {"villages": {"poor": 4}, "exited": 9, "poor": 9, "outside": 9, "outside_unknown": 0, "outside_short": 0}


def sample(code: str, satisfied: tuple[bool, ...], *, poor: bool = False, handed_over: bool = True) -> Sample:
    """A sample of two villages in which so many households that left were asked."""
    made_one = Sample.objects.create(
        area_code=code, year=YEAR, snapshot="x", seed=1, evaluator="ping", asked=ASKED, frame=FRAME, policy_version="x", by="x",
        at=timezone.now(),
    )  # fmt: skip
    villages = [
        DrawnVillage.objects.create(
            sample=made_one, village_code=f"{code}10320{n}", stratum="poor", of=4, drawn=2, probability=0.5
        )
        for n in (0, 1)
    ]
    for number, content in enumerate(satisfied):
        household = DrawnHousehold.objects.create(
            sample=made_one, village=villages[number % 2], sheet=number + 1, part="exited", household_id=number + 1,
            order=number, reserve=False, probability=0.5,
        )  # fmt: skip
        FieldAnswer.objects.create(
            household=household, visited_on=dt.date(YEAR + 1, 1, 5), people=4, income_fen=100_000 if poor else 900_000, food=True,
            clothing=True, education=True, medical=True, housing=True, water=True, satisfied=content, by="ping", at=timezone.now(),
        )  # fmt: skip
    if handed_over:
        HandOver.objects.create(
            sample=made_one, on=dt.date(YEAR + 1, 2, 1), estimates=[], policy_version="x", by="ping", at=timezone.now()
        )
    return made_one


def test_estimates_become_figures_of_their_places(assessed: None) -> None:
    sample(COUNTY, (False, False, False, False))
    newest = sample(COUNTY, (True, True, True, False))
    other = sample(OTHER, (True, True), poor=True)
    sample(COUNTY, (False, False), handed_over=False)

    of = made()

    figure, points, full = point(of, "approval")
    assert figure == 75
    assert points == round(full * Decimal("0.5"))  # half-way from 60 to 90
    assert point(of, "exited_right")[0] == 100
    assert point(of, "exited_right", OTHER)[0] == 0
    assert point(of, "approval", "520424")[1:] == (0, 0)
    told = of.scores.get(area_code=COUNTY).points.get(item="approval").source
    assert (told["sample"], told["people"]) == (newest.pk, 16)
    assert set(samples.concluded_in([COUNTY, OTHER], YEAR)) == {COUNTY, OTHER}
    several = results.estimates_of([newest, other], policy.load())
    assert several == {one.pk: results.estimates(one, policy.load()) for one in (newest, other)}

"""An assessment of a household's county, with one item, planted for the walk."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from jiefa.assessment.models import Point, Run, Score
from jiefa.registry.models import Household


def plant(household: Household, year: int, snapshot: str) -> dict[str, object]:
    """What pages of the assessment are about, by the names of the walk."""
    run = Run.objects.create(
        scheme="key_counties",
        scheme_from=dt.date(2015, 1, 1),
        year=year,
        snapshot=snapshot,
        policy_version="x",
        digest="x",
        by="x",
        at=timezone.now(),
    )
    code = household.village_code[:6]
    score = Score.objects.create(
        run=run, area_code=code, group="others", hundredths=300, grade="failed", rank=1, ranked=1
    )
    Point.objects.create(
        score=score,
        order=0,
        item="gdp",
        figure=None,
        hundredths=0,
        of_hundredths=300,
        source={"kind": "typed", "figure": "gdp_growth"},
        workings={"kind": "linear", "better": "higher", "unit": "percent", "none_at": "5", "full_at": "14"},
    )
    return {
        "assessed": (run.pk, code),
        "appealed": (run.pk, code, "gdp"),
        "assessed_run": run.pk,
        "assessment_scheme": run.scheme,
    }

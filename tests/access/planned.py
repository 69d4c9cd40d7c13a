"""A plan of a household's county that knows the household, a target and a letter of its village, planted for the walk."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from jiefa.planning.models import Assignment, Letter, Plan, Target
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household


def plant(household: Household, year: int, snapshot: str) -> dict[str, object]:
    """What pages of plans are about, by the names of the walk."""
    plan = Plan.objects.create(
        area_code=household.village_code[:6],
        base_year=year,
        first_year=year + 1,
        last_year=year + 4,
        snapshot=snapshot,
        policy_version="x",
        line_fen=296_800,
        households=1,
        people=household.size or 1,
        objective_yuan=1.0,
        bound_yuan=1.0,
        asked={"targets": {str(year + 1): 1}, "guarantee": None, "line_fen": 296_800, "capacity_times": {}},
        prices={},
        note="x",
        seconds=0,
        by="x",
        at=timezone.now(),
    )
    Assignment.objects.create(
        plan=plan,
        village_code=household.village_code,
        household_id=household.pk,
        size=household.size or 1,
        year=year + 1,
        pathway="industry",
        poorest=False,
        gap_yuan=0,
    )
    village = household.village_code
    said = {
        "year": year,
        "metric": "people",
        "value": 4,
        "state": "fixed",
        "document": "x",
        "by": "x",
        "at": timezone.now(),
    }
    Target.objects.create(area_code=village, **said)
    dossier = Dossier.objects.create(
        procedure="letter_village",
        in_force_from=dt.date(2014, 1, 1),
        subject=f"letter:{village}:{year}",
        place_code=village,
        title="x",
        year=year,
        step="signed",
        outcome="approved",
        opened_at=timezone.now(),
        opened_by="x",
        opened_on=dt.date(year, 1, 1),
        closed_on=dt.date(year, 1, 5),
    )
    letter = Letter.objects.create(
        upper_code=village[:9],
        area_code=village,
        year=year,
        document="x",
        lines=[{"metric": "people", "value": 4}],
        digest="x",
        dossier=dossier,
        signed_on=dt.date(year, 1, 5),
        by="x",
        at=timezone.now(),
    )
    return {
        "area_plan": plan.pk,
        "planned_household": (plan.pk, household.pk),
        "target": (village, year, "people"),
        "signed_letter": letter.pk,
        "signed_line": (letter.pk, "people"),
    }

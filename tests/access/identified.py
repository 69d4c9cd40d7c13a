"""What identification says of a household, in any village: a score that disagrees, a campaign with a visit, a lead."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from jiefa.access.queries import holder
from jiefa.access.rules import Role
from jiefa.identification.actions import lookback
from jiefa.identification.models import Lead, LeadList, Score
from jiefa.registry.models import Household


def plant(household: Household, year: int) -> dict[str, object]:
    """The subjects of the pages about identification: ``village``, ``campaign``, ``visit`` (two keys), ``lead``; ``village_year``."""
    village, now = household.village_code, timezone.now()
    Score.objects.create(
        household=household, village_code=village, year=year, scorecard="four_looks", in_force_from=dt.date(2014, 1, 1),
        lowest=90, highest=95, disagreement="false_in", by="walk", at=now,
    )  # fmt: skip
    county = holder("walk", [(Role.COUNTY_OFFICER, village[:6])])
    household.cards.filter(year=year).update(poverty_status="poor")
    campaign = lookback.begin(
        title="walk", area=village[:6], year=year, begins=dt.date(year, 9, 1), ends=dt.date(year, 12, 31), by=county
    )
    made = LeadList.objects.create(title="walk", digest=village, rows=1, found=1, by="walk", at=now)
    lead = Lead.objects.create(of_list=made, household=household, village_code=village, kind="vehicle")
    places = {"village": village, "village_year": (village, year)}
    return {**places, "campaign": campaign.pk, "visit": (campaign.pk, household.pk), "lead": lead.pk}

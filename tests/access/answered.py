"""Who answers for a household, in any village: a cadre, a visit with a photograph, a round, a unit paired with the village."""

from __future__ import annotations

import datetime as dt

from jiefa import policy
from jiefa.access.queries import holder
from jiefa.access.rules import Role
from jiefa.casework import appointing
from jiefa.registry.models import Household
from jiefa.responsibility.actions import pairings, people, visiting
from jiefa.responsibility.actions.pairings import NewPairing
from jiefa.responsibility.actions.people import NewCadre
from jiefa.responsibility.actions.visiting import NewVisit
from jiefa.responsibility.models import Pairing

PICTURE = b"\x89PNG\r\n\x1a\n of a house"


def appoint(household: Household, year: int) -> dict[str, object]:
    """The subjects of the pages about responsibility: ``cadre``, ``visit_photo``, ``round``, ``pairing``, ``pairing_line``."""
    village = household.village_code
    county = holder("walk", [(Role.COUNTY_OFFICER, village[:6])])
    new = NewCadre(f"walk{village}", "测干部", "staff", village[:9], "walk", "county", village[:6], dt.date(year, 1, 1))
    cadre = people.enter(cadre=new, by=county)
    # Later than what the demonstration did.
    appointing.appoint(
        household_id=household.pk, cadre_id=cadre.pk, on=dt.date(year, 12, 30), by=county, pack=policy.load()
    )
    visit = NewVisit(dt.date(year, 12, 30), cadre.pk, "regular", household.head_name, household.pk)
    made = visiting.record(visit=visit, by=county, photo=("a.png", PICTURE))
    begun = visiting.begin_round(
        title=household.head_name, area=village[:6], begins=dt.date(year, 12, 1), ends=dt.date(year, 12, 31), by=county
    )
    unit = NewPairing(household.head_name, "county", village[:6], "unit", village, dt.date(year, 1, 1))
    pairings.pair_many(pairings=[unit], by=county, pack=policy.load())
    paired = Pairing.objects.get(area_code=village, kind="unit")
    return {
        "cadre": cadre.pk,
        "visit_photo": made.pk,
        "round": begun.pk,
        "pairing": paired.pk,
        "pairing_line": (paired.pk, "arrivals"),
    }

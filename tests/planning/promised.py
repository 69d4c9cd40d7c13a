"""Targets, capacities and a plan of the small county, as offices would have said them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.utils import timezone
from tests.site import county

from jiefa import policy, snapshots
from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role
from jiefa.assistance.models import VillageWork
from jiefa.casework import actions as casework
from jiefa.planning.actions import letters, making
from jiefa.planning.models import Capacity, Letter, Plan, Target
from jiefa.planning.queries import stating
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.models import Movement

PACK = policy.load()
YEAR = county.YEARS[-1]
TARGETS = {2016: 4, 2017: 2, 2018: 2, 2019: 2}
"""People of the county who are poor at the end of 2015: households of 4, 2, 2 and 2."""
WANG: Actor = holder("wang", [(Role.COUNTY_OFFICER, county.COUNTY)])
ZHAO: Actor = holder("zhao", [(Role.PROVINCE_OFFICER, "52")])


def target(year: int, value: int, code: str = county.COUNTY, metric: str = "people", **more: str) -> Target:
    """A word on what a place is to reach; the newest holds."""
    said = {"state": "fixed", "document": "文", "by": "wang", **more}
    return Target.objects.create(area_code=code, year=year, metric=metric, value=value, at=timezone.now(), **said)


def capacity(year: int, resource: str, amount: int, code: str = county.COUNTY) -> Capacity:
    """How much of a resource a county has in a year."""
    return Capacity.objects.create(
        area_code=code, year=year, resource=resource, amount=amount, document="文", by="wang", at=timezone.now()
    )


def targets(code: str = county.COUNTY, of: dict[int, int] | None = None) -> None:
    """The targets of a place in every year of the plan."""
    for year, people in (of or TARGETS).items():
        target(year, people, code)


def made(code: str = county.COUNTY, by: Actor = WANG, targets: Mapping[int, int] | None = None) -> Plan:
    """A plan of a place from the newest snapshot."""
    what = stating.asked_for(code, YEAR, PACK, targets=targets)
    return making.make(what=what, snapshot=snapshots.latest(settings.JIEFA_HOME, YEAR), pack=PACK, by=by)


def officer(name: str, role: Role, area: str) -> Actor:
    """Whoever holds this post."""
    return holder(name, [(role, area)])


LU = officer("lu", Role.PROVINCE_OFFICER, "52")
QIAN = officer("qian", Role.PREFECTURE_OFFICER, "5203")
ZHOU = officer("zhou", Role.COUNTY_OFFICER, county.COUNTY)
SUN = officer("sunx", Role.TOWNSHIP_OFFICER, county.VILLAGE[:9])
TANG = officer("tang", Role.TOWNSHIP_OFFICER, county.VILLAGE[:9])
LI = officer("li", Role.VILLAGE_OFFICER, county.VILLAGE)
HELPER = officer("helper", Role.HELPER, county.VILLAGE)
TOWNSHIP = county.VILLAGE[:9]


def left(number: str, on: dt.date, year: int | None = None, people: int | None = None) -> Movement:
    """A household that left the register that day, in the year of the day or in another."""
    home = county.household(number)
    return Movement.objects.create(
        household=home,
        village_code=home.village_code,
        year=year or on.year,
        kind="exited",
        on=on,
        people=-(people or home.size),
    )


def signed(
    code: str, upper: str, first: Actor, second: Actor, third: Actor, year: int = 2016, document: str = "文"
) -> Letter:
    """The letter of a place, drawn up and signed by three people."""
    dossier = letters.draw_up(
        upper_code=upper, area_code=code, year=year, document=document, by=first, on=dt.date(2016, 1, 5), pack=PACK
    )
    for number, by in enumerate((first, second, third)):
        step(dossier, by, key=f"{number}")
    return Letter.objects.get(dossier=dossier)


def step(dossier: Dossier, by: Actor, kind: str = "approve", opinion: str = "", key: str = "") -> Dossier:
    """The dossier after one more decision."""
    dossier.refresh_from_db()
    decision = Decision(kind, by.name, by.posts, dt.date(2016, 1, 6), opinion)
    casework.decide(
        dossier=dossier, version=dossier.version, decision=decision, by=by, key=key or f"{dossier.version}", pack=PACK
    )
    dossier.refresh_from_db()
    return dossier


def works(village: str, *accepted: dt.date | None, year: int = 2016) -> None:
    """The year's plan of a village: for each day a work that was accepted then, for each None one under way."""
    for number, on in enumerate(accepted):
        VillageWork.objects.create(
            village_code=village,
            year=year,
            work=f"work_{number}",
            planned_fen=1_000,
            percent=0 if on is None else 100,
            accepted_on=on,
            by="zhou",
            at=timezone.now(),
        )

"""Cadres and teams for the records' villages, then proposals: one of full size without records, and every county's."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from django.core.management import call_command
from django.db.models import Count
from django.db.models.functions import Substr

from jiefa import policy
from jiefa.access.queries import Actor
from jiefa.areas import queries as areas
from jiefa.areas.models import Division
from jiefa.casework import appointing
from jiefa.demo.history import Offices
from jiefa.kernel.division_codes import Level
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import Household
from jiefa.responsibility.actions import assigning, people, teams
from jiefa.responsibility.actions.appointing import Appointment
from jiefa.responsibility.actions.people import NewCadre
from jiefa.responsibility.actions.teams import NewTeam
from jiefa.responsibility.models import Cadre
from jiefa.responsibility.rules import assigning as rules
from jiefa.responsibility.rules.assigning import Carrier, Home

ON = dt.date(2015, 3, 1)
FIVE = 5
MOST = 80
"""Households of one cadre at most: 2 million households and 56,000 cadres are 36 each on the average, and counties differ."""
LARGEST_HOUSEHOLDS, LARGEST_CADRES, VILLAGES_OF_IT = 60_000, 1_300, 480
"""A county of full size: what the largest of the generated province has (Weining), rounded up."""


def counties(cadres: int) -> dict[str, Any]:
    """Seconds of the proposal alone, of the largest county, of all with their confirmation, of the largest once more."""
    call_command("migrate", verbosity=0)
    pack = policy.load()
    codes = list(Division.objects.filter(level="county").order_by("code").values_list("code", flat=True))
    by = Offices(codes).first(Level.COUNTY)
    _station(codes, cadres, by)
    homes = dict(
        Household.objects.filter(poverty_status__in=IN_POVERTY)
        .annotate(county=Substr("village_code", 1, 6))
        .values_list("county")
        .annotate(n=Count("pk"))
        .order_by("-n")
    )
    largest = next(iter(homes))
    answer: dict[str, Any] = {"alone": _alone(), "largest": _proposed(largest, by, pack)[0]}
    began, appointed, slowest = time.perf_counter(), 0, 0.0
    for county in homes:
        mark = time.perf_counter()
        _told, changes = _proposed(county, by, pack)
        appointed += appointing.appoint_many(appointments=changes, on=ON, by=by, pack=pack).appointed
        slowest = max(slowest, time.perf_counter() - mark)
        print(county, homes[county], round(time.perf_counter() - mark, 2), flush=True)
    seconds = time.perf_counter() - began
    answer["every"] = {"counties": len(homes), "appointed": appointed, "seconds": seconds, "slowest": slowest}
    answer["again"] = _proposed(largest, by, pack)[0]
    assert answer["again"]["changes"] == 0
    return answer


def _proposed(county: str, by: Actor, pack: policy.Pack) -> tuple[dict[str, Any], list[Appointment]]:
    mark = time.perf_counter()
    proposal = assigning.propose(place=county, on=ON, by=by, pack=pack, most=MOST)
    told = {
        "seconds": time.perf_counter() - mark,
        "households": len(proposal.rows),
        "cadres": Cadre.objects.filter(area_code__startswith=county).count(),
        "changes": len(proposal.changes),
    }
    return told, [Appointment(row.household, row.cadre) for row in proposal.changes if row.cadre is not None]


def _station(counties: list[str], cadres: int, by: Actor) -> None:
    """Teams of five in as many villages as there are cadres for, by county."""
    villages = {county: areas.codes_under(county, Level.VILLAGE) for county in counties}
    every = sum(map(len, villages.values()))
    for county, own in villages.items():
        count = min(len(own), round(cadres / FIVE * len(own) / every))
        chosen = [own[place * len(own) // count] for place in range(count)] if count else []
        made = [
            NewCadre(
                number=f"{village}{place}",
                name="测试干部",
                rank="staff",
                area_code=village[:9],
                organisation="县级机关",
                organisation_kind="county",
                seat=county,
                from_date=ON,
            )
            for village in chosen
            for place in range(FIVE)
        ]
        if not made:
            continue
        people.enter_many(cadres=made, by=by)
        keys = dict(Cadre.objects.filter(area_code__startswith=county).values_list("number", "pk"))
        formed = [
            NewTeam(village, tuple((keys[f"{village}{place}"], "member") for place in range(FIVE)))
            for village in chosen
        ]
        teams.form_teams(teams=formed, on=ON, by=by)


def _alone() -> dict[str, Any]:
    villages = [f"520526{100 + place // 20:03}{200 + place % 20:03}" for place in range(VILLAGES_OF_IT)]
    homes = [Home(key, villages[key % VILLAGES_OF_IT], None) for key in range(LARGEST_HOUSEHOLDS)]
    carriers = [
        Carrier(key, villages[key % VILLAGES_OF_IT][:9], 2, villages[key % VILLAGES_OF_IT] if key % 2 else "")
        for key in range(LARGEST_CADRES)
    ]
    mark = time.perf_counter()
    rows = rules.propose("—", homes, carriers, 10, MOST)
    seconds = time.perf_counter() - mark
    assert all(row.cadre is not None for row in rows)
    return {"seconds": seconds, "households": len(homes), "cadres": len(carriers)}

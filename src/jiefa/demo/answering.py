"""Who answered in the demonstration in 2015: village teams, a helper for every poor household, the round, visits of the last quarter.

Places do not shrink with the scale, so teams and villages are the published numbers at any scale; people who visit do. All
of it through the product's own bulk paths; none of it changes a household.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from faker.providers.person.zh_CN import Provider

from jiefa.access.actions import give_post
from jiefa.access.models import User
from jiefa.access.queries import Actor
from jiefa.access.rules import Role
from jiefa.areas import queries as areas
from jiefa.areas.models import Designation, DesignationKind
from jiefa.casework import appointing
from jiefa.demo import history, pending, reference
from jiefa.demo.targets import scaled
from jiefa.kernel.allocation import largest_remainder
from jiefa.kernel.division_codes import Level
from jiefa.policy import Pack
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import Household
from jiefa.responsibility.actions import people, teams, visiting
from jiefa.responsibility.actions.appointing import Appointment
from jiefa.responsibility.actions.people import NewCadre
from jiefa.responsibility.actions.teams import Month, NewTeam
from jiefa.responsibility.actions.visiting import NewVisit
from jiefa.responsibility.models import Cadre, Helper

YEAR = 2015
VILLAGES, POOR_VILLAGES = 11_590, 9_000
STATIONED = 56_000
VISITORS = 86_300
"""Ledger T01-T05 and V01: villages with a team, poor ones among them, cadres in them, leaders who visited."""
TEAMS_FROM, SERVING_SINCE = dt.date(2015, 3, 1), dt.date(2014, 3, 1)
ROUND = (dt.date(2015, 5, 1), dt.date(2015, 8, 31))
ANSWERS_FROM = dt.date(2015, 9, 1)
LAST_QUARTER = dt.date(2015, 10, 8)
WITHOUT, UNVISITED = 97, 31
"""Every so many households nobody answers, or nobody came in the last quarter: what a to-do list is for."""
SELDOM = 40
"""One cadre of so many is seldom in the village."""
HELPER, GIVEN_BY = "helper", "demo"
OF_THE_HELPER = 6
"""Households of the township for which the demonstration's helper answers, whatever the scale."""
"""The demonstration's user who is a helper."""
RANKS = ("hall", "division", "section", "unit", "staff")
LEADERS_RANKS = (1, 9, 40, 30, 20)
"""Out of a hundred leaders; made up."""
FOUND = (
    "家中安好，按计划种植",
    "饮水不便，盼通自来水",
    "老人患病，正在就医",
    "孩子在读，学费有着落",
    "住房漏雨，申请危改",
    "外出务工，月底返乡",
)
NEXT = ("下月送种苗", "与水利站对接", "协助办理慢病证", "核对助学金是否到账", "随危改计划申报", "")


@dataclass
class _Place:
    """What of one county there is to be looked after."""

    villages: list[str] = field(default_factory=list)
    poor: list[str] = field(default_factory=list)
    homes: list[tuple[int, str]] = field(default_factory=list)


def answer(until: int, scale: float, pack: Pack) -> None:
    """Cadres, teams, the round, helpers and the last quarter's visits of 2015; nothing before that year."""
    if until < YEAR:
        return
    codes = tuple(county.code for county in reference.counties())
    county_officers = history.offices_of(codes).first(Level.COUNTY)
    places = _places(codes)
    with_team = _with_team(places)
    sizes = dict(zip(with_team, largest_remainder(STATIONED, [1] * len(with_team)), strict=True))
    leaders = _leaders(places, scaled(VISITORS, scale))
    people.enter_many(cadres=[*_stationed(sizes), *_listed(leaders)], by=county_officers)
    keys = dict(Cadre.objects.values_list("number", "pk"))
    members = {village: [keys[_number(village, place)] for place in range(size)] for village, size in sizes.items()}
    teams.form_teams(
        teams=[
            NewTeam(village, tuple((key, "member" if place else "first_sec") for place, key in enumerate(own)))
            for village, own in members.items()
        ],
        on=TEAMS_FROM,
        by=county_officers,
    )
    visiting.begin_round(
        title="2015年遍访贫困村贫困户",
        area="52",
        begins=ROUND[0],
        ends=ROUND[1],
        by=history.offices_of(codes).first(Level.PROVINCE),
    )
    before = 0
    for county, place in places.items():
        own = [keys[number] for number in leaders.get(county, ())]
        _round(place, own, county_officers)
        _answers(place, before, own, members, county_officers, pack)
        before += len(place.homes)
    _let_the_helper_see()
    _attend(members, county_officers)
    _hasty(places[pending.VILLAGE[:6]], members, county_officers)


def _places(codes: Sequence[str]) -> dict[str, _Place]:
    places = {code: _Place() for code in codes}
    poor = Designation.objects.filter(
        kind=DesignationKind.POOR_VILLAGE, from_year__lte=YEAR, division__level=Level.VILLAGE
    )
    for village in poor.order_by("division").values_list("division_id", flat=True).distinct():
        places[village[:6]].poor.append(village)
    for code, place in places.items():
        place.villages = areas.codes_under(code, Level.VILLAGE)
    homes = Household.objects.filter(poverty_status__in=IN_POVERTY).order_by("village_code", "pk")
    for key, village in homes.values_list("pk", "village_code"):
        places[village[:6]].homes.append((key, village))
    return places


def _with_team(places: Mapping[str, _Place]) -> list[str]:
    """All poor villages and, by county in proportion to the rest, as many others as there were."""
    poor = [village for place in places.values() for village in place.poor]
    others = [sorted(set(place.villages) - set(place.poor)) for place in places.values()]
    share = largest_remainder(VILLAGES - POOR_VILLAGES, [len(own) for own in others])
    chosen = [
        village
        for own, count in zip(others, share, strict=True)
        for village in own[:: max(1, len(own) // max(1, count))][:count]
    ]
    return sorted({*poor, *chosen})


def _leaders(places: Mapping[str, _Place], total: int) -> dict[str, list[str]]:
    """Numbers of the leaders who go to each county: all stops of the province in a row, to each leader a stretch of them.

    A stretch may reach into the next county; its leader is posted where it begins.
    """
    stops = {code: len(place.homes) + len(place.poor) for code, place in places.items()}
    every = sum(stops.values())
    leaders, at = min(total, every), 0
    posted: dict[int, str] = {}
    found: dict[str, list[str]] = {}
    for code, count in stops.items():
        own = range(at * leaders // every, (at + count - 1) * leaders // every + 1) if count else range(0)
        found[code] = [f"LD{posted.setdefault(turn, code)}{turn:05d}" for turn in own]
        at += count
    return found


def _number(village: str, place: int) -> str:
    return f"ZC{village}{place + 1}"


def name_of(seed: str) -> str:
    """A name that the same number always has."""
    surnames, given = tuple(Provider.last_names), tuple(Provider.first_names)
    mixed = int(seed) * 2_654_435_761 % 4_294_967_296
    return surnames[mixed % 97 % len(surnames)] + given[mixed // 97 % len(given)]


def _stationed(sizes: Mapping[str, int]) -> Iterator[NewCadre]:
    for village, size in sizes.items():
        for place in range(size):
            number = _number(village, place)
            is_helper = village == pending.VILLAGE and place == 1
            yield NewCadre(
                number=number,
                name="何帮扶" if is_helper else name_of(number[2:]),
                rank="section" if place == 0 else "staff",
                area_code=village[:9],
                organisation="驻村工作派出单位",
                organisation_kind="county",
                seat=village[:6],
                from_date=SERVING_SINCE,
                username=HELPER if is_helper else "",
            )


def _listed(leaders: Mapping[str, Sequence[str]]) -> Iterator[NewCadre]:
    for place, number in enumerate(dict.fromkeys(number for own in leaders.values() for number in own)):
        share, rank, county = place * 37 % 100, 0, number[2:8]
        while share >= LEADERS_RANKS[rank]:
            share -= LEADERS_RANKS[rank]
            rank += 1
        yield NewCadre(
            number=number,
            name=name_of(number[2:]),
            rank=RANKS[rank],
            area_code=county,
            organisation="县级机关",
            organisation_kind="county",
            seat=county,
            from_date=SERVING_SINCE,
        )


def _round(place: _Place, leaders: Sequence[int], by: Actor) -> None:
    """Every poor household and every poor village of the county, each leader a part of them."""
    stops: list[tuple[int | None, str]] = [*place.homes, *((None, village) for village in place.poor)]
    if not (leaders and stops):
        return
    days = (ROUND[1] - ROUND[0]).days
    visits = []
    for at, (home, village) in enumerate(stops):
        turn = at * len(leaders) // len(stops)
        visits.append(
            NewVisit(
                on=ROUND[0] + dt.timedelta(days=at * 7 % days),
                cadre_id=leaders[turn],
                purpose="round",
                found=FOUND[at % len(FOUND)] if home else "看了村委会、学校和水源",
                household_id=home,
                village_code=village,
                next_step=NEXT[at % len(NEXT)],
            )
        )
    visiting.record_many(visits=visits, by=by, of_list=f"round-{stops[0][1][:6]}")


def _answers(
    place: _Place,
    before: int,
    leaders: Sequence[int],
    members: Mapping[str, Sequence[int]],
    by: Actor,
    pack: Pack,
) -> None:
    """A helper for every household but a few: of the village's team and, in turn with it, of the county's leaders.

    ``before``: households of the counties before this one.
    """
    appointments, visits = [], []
    at, his = before, [key for key in members.get(pending.VILLAGE, ())[1:2] for _place in range(OF_THE_HELPER)]
    for village, homes in groupby(place.homes, key=lambda home: home[1]):
        own = members.get(village, ())
        for turn, (home, _village) in enumerate(homes):
            at += 1
            of_team = bool(own) and (turn % 2 == 0 or not leaders or village == pending.VILLAGE)
            if at % WITHOUT == WITHOUT - 1 or not (own or leaders):
                continue
            # From the second member on: whoever leads a team answers for fewer.
            helper = (
                own[(turn // 2 + 1) % len(own)]
                if of_team
                else leaders[(at - before) * len(leaders) // (len(place.homes) + 1)]
            )
            if his and village.startswith(pending.VILLAGE[:9]):
                helper = his.pop()
            appointments.append(Appointment(home, helper))
            if at % UNVISITED:
                on = LAST_QUARTER + dt.timedelta(days=at * 11 % 80)
                visits.append(
                    NewVisit(on, helper, "regular", FOUND[at % len(FOUND)], home, village, NEXT[at % len(NEXT)])
                )
    if appointments:
        appointing.appoint_many(appointments=appointments, on=ANSWERS_FROM, by=by, pack=pack)
        visiting.record_many(visits=visits, by=by, of_list=f"quarter-{place.homes[0][1][:6]}")


def _let_the_helper_see() -> None:
    """A post in each village of the households for which the demonstration's helper answers."""
    user = User.objects.filter(username=HELPER).first()
    if user is None:
        return
    villages = Helper.objects.filter(cadre__username=HELPER).exclude(village_code=pending.VILLAGE)
    for village in sorted(set(villages.values_list("village_code", flat=True))):
        give_post(user=user, role=Role.HELPER, area=village, by=GIVEN_BY, on=ANSWERS_FROM)


def _attend(members: Mapping[str, Sequence[int]], by: Actor) -> None:
    """The days of the teams of one county since they came: but for a few enough."""
    county = [key for village, own in members.items() if village.startswith(pending.VILLAGE[:6]) for key in own]
    months = [
        Month(
            key,
            YEAR,
            month,
            12 if at % SELDOM == SELDOM - 1 else (22, 21, 23, 20, 22, 20)[(at + month) % 6],
            {"sick": 2} if (at + month) % 6 == 5 else {},
        )
        for at, key in enumerate(county)
        for month in range(TEAMS_FROM.month, 13)
    ]
    teams.record_attendance(months=months, by=by)


def _hasty(place: _Place, members: Mapping[str, Sequence[int]], by: Actor) -> None:
    """One cadre who entered more visits in a minute than can be: to be asked about."""
    team = members.get(pending.VILLAGE)
    if team is None:
        return
    homes = [home for home, village in place.homes if village.startswith(pending.VILLAGE[:9])][:6]
    rush = [NewVisit(dt.date(YEAR, 12, 28), team[-1], "regular", "情况正常", home) for home in homes]
    visiting.record_many(visits=rush, by=by)

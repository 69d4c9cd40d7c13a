"""Village teams: formed, rotated, ended; attendance in days; poor villages without a team."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from tests.procedures.people import COUNTY, VILLAGE, People
from tests.responsibility.conftest import NEXT_VILLAGE, entry

from jiefa.access.rules import Scope
from jiefa.areas.models import Designation
from jiefa.casework import appointing
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.policy import Pack
from jiefa.registry.models import Household
from jiefa.responsibility.actions import people as entering
from jiefa.responsibility.actions import teams
from jiefa.responsibility.actions.appointing import Appointment
from jiefa.responsibility.actions.teams import Month
from jiefa.responsibility.models import Attendance, Cadre, Team, TeamMember
from jiefa.responsibility.queries import teams as queries
from jiefa.responsibility.rules import refusals
from jiefa.responsibility.rules.attendance import TooManyDays, whole_months

Cadres = dict[str, Cadre]
HERE = Scope((COUNTY,))
FIRST, LATER = dt.date(2015, 3, 1), dt.date(2015, 9, 1)


def formed(cadres: Cadres, people: People, village: str = VILLAGE, numbers: str = "123") -> Team:
    members = [(cadres[n].pk, "first_sec" if n == numbers[0] else "member") for n in numbers]
    return teams.form_team(village_code=village, members=members, on=FIRST, by=people.sun)


def test_team_is_formed_and_its_first_secretary_comes_first(cadres: Cadres, people: People, pack: Pack) -> None:
    team = formed(cadres, people)

    assert [one.cadre.number for one in queries.members(team.pk, FIRST)] == ["1", "2", "3"]
    size = int(pack.at(FIRST).number("responsibility.team_size"))
    assert queries.small(HERE, FIRST, size) == [(VILLAGE, 3)]
    assert queries.small(HERE, FIRST, 3) == []


def test_rotation_ends_who_goes_and_says_what_is_handed_over(
    homes: dict[str, Household], cadres: Cadres, people: People, pack: Pack
) -> None:
    team = formed(cadres, people)
    wanted = [Appointment(homes["A"].pk, cadres["2"].pk), Appointment(homes["B"].pk, cadres["1"].pk)]
    appointing.appoint_many(appointments=wanted, on=FIRST, by=people.sun, pack=pack)

    new = [(cadres["1"].pk, "first_sec"), (cadres["4"].pk, "member"), (cadres["3"].pk, "member")]
    rotated = teams.rotate(team_id=team.pk, members=new, on=LATER, by=people.sun)

    assert (rotated.left, rotated.came, rotated.stayed) == (1, 1, 2)
    assert rotated.to_hand_over == [homes["A"].pk]
    assert [row.household_id for row in queries.handed_over([cadres["2"].pk], HERE)] == [homes["A"].pk]
    assert {one.cadre.number for one in queries.members(team.pk, LATER)} == {"1", "3", "4"}
    assert {one.cadre.number for one in queries.members(team.pk, FIRST)} == {"1", "2", "3"}


def test_new_first_secretary_of_the_same_people(cadres: Cadres, people: People) -> None:
    team = formed(cadres, people)

    new = [(cadres["2"].pk, "first_sec"), (cadres["1"].pk, "member"), (cadres["3"].pk, "member")]
    teams.rotate(team_id=team.pk, members=new, on=LATER, by=people.sun)

    assert queries.members(team.pk, LATER)[0].cadre.number == "2"


def test_poor_village_without_team_is_listed(cadres: Cadres, people: People) -> None:
    for village in (VILLAGE, NEXT_VILLAGE):
        Designation.objects.create(division_id=village, kind="poor_village", from_year=2014, source="test")
    assert queries.without_team(HERE, FIRST) == [VILLAGE, NEXT_VILLAGE]

    team = formed(cadres, people)

    assert queries.without_team(HERE, FIRST) == [NEXT_VILLAGE]
    serving = queries.serving(HERE, FIRST)
    assert (serving.villages, serving.poor_villages, serving.people) == (1, 1, 3)
    teams.end_team(team_id=team.pk, on=LATER, by=people.sun)
    assert queries.without_team(HERE, LATER) == [VILLAGE, NEXT_VILLAGE]
    assert queries.serving(HERE, LATER).people == 0


@pytest.mark.parametrize(
    ("members", "refusal"),
    [
        ((), refusals.TeamEmpty),
        ((("1", "first_sec"), ("4", "first_sec")), refusals.TwoFirstSecretaries),
        ((("2", "member"),), refusals.ServesElsewhere),
        ((("4", "member"), ("4", "first_sec")), refusals.ServesElsewhere),
        ((("elsewhere", "member"),), refusals.CadreUnknown),
    ],
)
def test_team_that_cannot_be(
    members: tuple[tuple[str, str], ...], refusal: type[JiefaError], cadres: Cadres, people: People
) -> None:
    formed(cadres, people, numbers="23")

    wanted = [(cadres[number].pk, role) for number, role in members]
    with pytest.raises(refusal):
        teams.form_team(village_code=NEXT_VILLAGE, members=wanted, on=LATER, by=people.sun)

    assert Team.objects.count() == 1


def test_one_team_a_village(cadres: Cadres, people: People) -> None:
    team = formed(cadres, people)
    with pytest.raises(refusals.TeamStands, match="2015-03-01"):
        formed(cadres, people, numbers="45")
    with pytest.raises(DatabaseError), transaction.atomic():
        Team.objects.create(village_code=VILLAGE, from_date=LATER, by="x")
    teams.end_team(team_id=team.pk, on=LATER, by=people.sun)
    with pytest.raises(refusals.TeamEnded):
        teams.end_team(team_id=team.pk, on=LATER, by=people.sun)


def test_who_forms_teams(cadres: Cadres, people: People) -> None:
    for who in (people.li, people.auditor, people.wu):
        with pytest.raises(NotAllowed):
            teams.form_team(village_code=VILLAGE, members=[(cadres["1"].pk, "member")], on=FIRST, by=who)


def test_days_below_the_threshold_and_the_newest_word(cadres: Cadres, people: People, pack: Pack) -> None:
    formed(cadres, people)
    least = int(pack.at(FIRST).number("responsibility.attendance_month"))
    one, two = cadres["1"].pk, cadres["2"].pk
    teams.record_attendance(months=[Month(one, 2015, 4, 12), Month(two, 2015, 4, 15, {"sick": 6})], by=people.sun)
    teams.record_attendance(months=[Month(one, 2015, 4, 22)], by=people.sun)

    few = {days.member.cadre.number: (days.present, days.leave) for days in queries.few_days(HERE, 2015, 4, least)}

    assert few == {"2": (15, 6), "3": (None, 0)}
    assert queries.attendance([one], 2015)[one][4].present == 22
    assert queries.few_days(HERE, 2015, 2, least) == []


@pytest.mark.parametrize(
    ("month", "refusal"),
    [
        (("1", 2015, 4, 25, {"sick": 6}), TooManyDays),
        (("1", 2015, 4, -1, {}), TooManyDays),
        (("4", 2015, 4, 20, {}), refusals.NotInTeam),
        (("1", 2015, 2, 20, {}), refusals.NotInTeam),
        (("1", 2099, 1, 20, {}), refusals.DayToCome),
    ],
)
def test_month_that_cannot_be(
    month: tuple[str, int, int, int, dict[str, int]], refusal: type[JiefaError], cadres: Cadres, people: People
) -> None:
    formed(cadres, people)
    number, *rest = month

    with pytest.raises(refusal):
        teams.record_attendance(months=[Month(cadres[number].pk, *rest)], by=people.sun)

    assert not Attendance.objects.exists()


def test_attendance_is_never_rewritten(cadres: Cadres, people: People) -> None:
    formed(cadres, people)
    teams.record_attendance(months=[Month(cadres["1"].pk, 2015, 4, 20)], by=people.sun)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Attendance.objects.update(present=31)
    with pytest.raises(DatabaseError, match="history"), transaction.atomic():
        TeamMember.objects.all().delete()


def test_cadre_is_entered_once(cadres: Cadres, people: People) -> None:
    with pytest.raises(refusals.CadreKnown, match="干部1"):
        entering.enter(cadre=entry("1"), by=people.sun)
    with pytest.raises(refusals.UsernameTaken):
        entering.enter(cadre=entry("9", username="he"), by=people.sun)
    with pytest.raises(NotAllowed):
        entering.enter(cadre=entry("9", COUNTY), by=people.sun)


def test_days_of_a_year_are_asked_for_by_months_served(cadres: Cadres, people: People, pack: Pack) -> None:
    formed(cadres, people, numbers="123")
    months = [Month(cadres["1"].pk, 2015, month, 20) for month in (3, 4, 5)]
    teams.record_attendance(months=[*months, Month(cadres["2"].pk, 2015, 3, 20, {"sick": 3})], by=people.sun)
    teams.record_attendance(months=[Month(cadres["2"].pk, 2015, 3, 18, {"sick": 3})], by=people.sun)
    least = int(pack.at(FIRST).number("responsibility.attendance_year"))

    found = queries.few_days_of_year(HERE, dt.date(2015, 5, 31), least)

    # Three whole months from 1 March on: 200 days * 3 / 12; the newest word of March holds.
    assert [(days.member.cadre.number, days.present, days.leave, days.asked) for days in found] == [
        ("2", 18, 3, 50),
        ("3", None, 0, 50),
    ]
    assert queries.few_days_of_year(Scope(("520326",)), dt.date(2015, 5, 31), least) == []


@pytest.mark.parametrize(
    ("since", "on", "months"),
    [
        (dt.date(2014, 3, 1), dt.date(2015, 12, 31), 12),
        (dt.date(2015, 3, 1), dt.date(2015, 3, 31), 1),
        (dt.date(2015, 3, 2), dt.date(2015, 4, 30), 1),
        (dt.date(2015, 3, 1), dt.date(2015, 5, 30), 2),
        (dt.date(2016, 1, 1), dt.date(2015, 12, 31), 0),
    ],
)
def test_whole_months_served(since: dt.date, on: dt.date, months: int) -> None:
    assert whole_months(since, on) == months

"""The one helper of a household: appointed, replaced, ended, handed on; what the database refuses whoever asks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from tests.procedures.people import COUNTY, VILLAGE, People

from jiefa.access.rules import Scope
from jiefa.audit import queries as audit
from jiefa.audit.models import Entry
from jiefa.casework import appointing
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.policy import Pack
from jiefa.registry.models import Household
from jiefa.responsibility.actions.appointing import Appointed, Appointment, end_many
from jiefa.responsibility.models import Cadre, Helper
from jiefa.responsibility.queries import answering
from jiefa.responsibility.queries import people as people_queries
from jiefa.responsibility.rules import refusals

Homes = dict[str, Household]
Cadres = dict[str, Cadre]
FIRST, LATER, LAST = dt.date(2015, 3, 1), dt.date(2015, 6, 1), dt.date(2015, 9, 1)
HERE = Scope((COUNTY,))


def appoint(homes: Homes, cadres: Cadres, people: People, pack: Pack, on: dt.date, **pairs: str) -> Appointed:
    wanted = [Appointment(homes[number].pk, cadres[cadre].pk) for number, cadre in pairs.items()]
    return appointing.appoint_many(appointments=wanted, on=on, by=people.sun, pack=pack)


def answers(homes: Homes, number: str, on: dt.date) -> str | None:
    found = answering.helper_on(homes[number].pk, on)
    return found.cadre.number if found else None


def test_exactly_one_on_every_day_and_history_stays(homes: Homes, cadres: Cadres, people: People, pack: Pack) -> None:
    first = appoint(homes, cadres, people, pack, FIRST, A="1", B="1", C="2")
    again = appoint(homes, cadres, people, pack, LATER, A="3", B="1")

    assert (first.appointed, first.replaced, first.unchanged) == (3, 0, 0)
    assert (again.appointed, again.replaced, again.unchanged) == (1, 1, 1)
    assert answers(homes, "A", FIRST - dt.timedelta(days=1)) is None
    assert answers(homes, "A", LATER - dt.timedelta(days=1)) == "1"
    assert answers(homes, "A", LATER) == "3"
    assert [row.cadre.number for row in answering.history(homes["A"].pk)] == ["3", "1"]
    assert Entry.objects.filter(action="helper.appointed").count() == 2
    assert not audit.verify().faults


def test_replaced_on_the_day_of_the_appointment(homes: Homes, cadres: Cadres, people: People, pack: Pack) -> None:
    appoint(homes, cadres, people, pack, FIRST, A="1")
    appoint(homes, cadres, people, pack, FIRST, A="2")

    assert answers(homes, "A", FIRST) == "2"
    assert Helper.objects.filter(household=homes["A"]).count() == 2


def test_who_has_nobody_is_listed_until_somebody_is_appointed(
    homes: Homes, cadres: Cadres, people: People, pack: Pack
) -> None:
    def without() -> list[str]:
        return [home.number for home in answering.without_helper(HERE, LAST)]

    assert without() == ["A", "B", "C"]
    appoint(homes, cadres, people, pack, FIRST, A="1", B="1", C="1")
    assert without() == []

    end_many(household_ids=[homes["B"].pk], on=LATER, by=people.sun)

    assert without() == ["B"]
    standing = answering.standing(HERE, 9, FIRST, LAST)
    assert {place: (one.households, one.without, one.unvisited) for place, one in standing.items()} == {
        VILLAGE[:9]: (3, 1, 3)
    }


def test_cadre_who_leaves_hands_all_on(homes: Homes, cadres: Cadres, people: People, pack: Pack) -> None:
    appoint(homes, cadres, people, pack, FIRST, A="1", B="1", C="2")

    handed = appointing.leave(cadre_id=cadres["1"].pk, to=cadres["2"].pk, on=LATER, by=people.sun, pack=pack)

    assert (handed.households, handed.measures) == (2, 0)
    assert {number: answers(homes, number, LATER) for number in "ABC"} == dict.fromkeys("ABC", "2")
    with pytest.raises(refusals.CadreNotServing):
        appoint(homes, cadres, people, pack, LAST, A="1")
    assert appointing.leave(cadre_id=cadres["2"].pk, to=None, on=LAST, by=people.sun, pack=pack).households == 3
    assert answering.without_helper(HERE, LAST).count() == 3


def test_more_than_is_pointed_out(homes: Homes, cadres: Cadres, people: People, pack: Pack) -> None:
    limit = int(pack.at(FIRST).number("responsibility.households_warn"))
    assert appoint(homes, cadres, people, pack, FIRST, A="1").overloaded == {}
    extra = Household.objects.bulk_create(
        Household(number=f"N{n}", village_code=VILLAGE, poverty_status="poor", household_class="general")
        for n in range(limit)
    )

    made = appointing.appoint_many(
        appointments=[Appointment(home.pk, cadres["1"].pk) for home in extra], on=FIRST, by=people.sun, pack=pack
    )

    assert made.overloaded == {cadres["1"].pk: limit + 1}
    ((full, count),) = people_queries.overloaded(HERE, limit)
    assert (full.number, count) == ("1", limit + 1)


@pytest.mark.parametrize(
    ("pairs", "on", "refusal"),
    [
        ({"F": "1"}, FIRST, refusals.HouseholdUnknown),
        ({"A": "elsewhere"}, FIRST, refusals.CadreUnknown),
        ({"A": "1"}, dt.date(2013, 12, 31), refusals.CadreNotServing),
        ({"A": "1"}, timezone.localdate() + dt.timedelta(days=9), refusals.DayToCome),
    ],
)
def test_what_is_refused_changes_nothing(
    pairs: dict[str, str],
    on: dt.date,
    refusal: type[JiefaError],
    homes: Homes,
    cadres: Cadres,
    people: People,
    pack: Pack,
) -> None:
    with pytest.raises(refusal):
        appoint(homes, cadres, people, pack, on, B="2", **pairs)

    assert not Helper.objects.exists()


def test_cadre_of_a_higher_level_may_answer_here(homes: Homes, cadres: Cadres, people: People, pack: Pack) -> None:
    assert appoint(homes, cadres, people, pack, FIRST, A="province").appointed == 1


def test_history_is_not_written_under(homes: Homes, cadres: Cadres, people: People, pack: Pack) -> None:
    appoint(homes, cadres, people, pack, LATER, A="1")

    with pytest.raises(refusals.LaterHistory, match="2015-06-01"):
        appoint(homes, cadres, people, pack, FIRST, A="2")


def test_household_twice_in_a_list_or_closed(homes: Homes, cadres: Cadres, people: People, pack: Pack) -> None:
    twice = [Appointment(homes["A"].pk, cadres["1"].pk), Appointment(homes["A"].pk, cadres["2"].pk)]
    with pytest.raises(refusals.TwiceInList):
        appointing.appoint_many(appointments=twice, on=FIRST, by=people.sun, pack=pack)
    Household.objects.filter(pk=homes["A"].pk).update(poverty_status="closed")
    with pytest.raises(refusals.HouseholdClosed):
        appoint(homes, cadres, people, pack, FIRST, A="1")


def test_who_appoints(homes: Homes, cadres: Cadres, people: People, pack: Pack) -> None:
    for who in (people.li, people.auditor, people.zhao):
        with pytest.raises(NotAllowed):
            appointing.appoint(household_id=homes["A"].pk, cadre_id=cadres["1"].pk, on=FIRST, by=who, pack=pack)
    with pytest.raises(refusals.HouseholdUnknown):
        appointing.appoint(
            household_id=homes["A"].pk, cadre_id=cadres["elsewhere"].pk, on=FIRST, by=people.wu, pack=pack
        )


def test_database_knows_one_open_helper(homes: Homes, cadres: Cadres, people: People, pack: Pack) -> None:
    appoint(homes, cadres, people, pack, FIRST, A="1")

    with pytest.raises(DatabaseError), transaction.atomic():
        Helper.objects.create(household=homes["A"], cadre=cadres["2"], village_code=VILLAGE, from_date=LATER, by="x")


def test_database_refuses_overlap_in_the_past(homes: Homes, cadres: Cadres, people: People, pack: Pack) -> None:
    appoint(homes, cadres, people, pack, FIRST, A="1")
    end_many(household_ids=[homes["A"].pk], on=LAST, by=people.sun)

    with pytest.raises(IntegrityError, match="overlap"), transaction.atomic():
        Helper.objects.create(
            household=homes["A"], cadre=cadres["2"], village_code=VILLAGE, from_date=LATER, to_date=LAST, by="x"
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE responsibility_helper SET cadre_id = (SELECT id FROM responsibility_cadre WHERE number = '2')",
        "UPDATE responsibility_helper SET from_date = '2014-02-01'",
        "DELETE FROM responsibility_helper",
    ],
)
def test_database_keeps_history(statement: str, homes: Homes, cadres: Cadres, people: People, pack: Pack) -> None:
    appoint(homes, cadres, people, pack, FIRST, A="1")

    with pytest.raises(DatabaseError, match="history"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_ended_is_not_ended_again(homes: Homes, cadres: Cadres, people: People, pack: Pack) -> None:
    appoint(homes, cadres, people, pack, FIRST, A="1")
    end_many(household_ids=[homes["A"].pk], on=LATER, by=people.sun)

    with pytest.raises(DatabaseError, match="history"), transaction.atomic():
        Helper.objects.update(to_date=LAST)

"""What others left poverty with: each household once, by the cause on the card of that year, only what had arrived."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from tests.assistance.conftest import wish
from tests.procedures.people import COUNTY, VILLAGE, People

from jiefa.access.rules import Scope
from jiefa.assistance.actions import credit
from jiefa.assistance.models import ProgrammeRecord
from jiefa.assistance.queries.experience import Left, left_with
from jiefa.policy import Pack
from jiefa.registry.models import Household, HouseholdYear

Village = dict[str, Household]
CAUSES = ("skill", "funds", "illness")


def left(*homes: Household, cause: str) -> None:
    for home in homes:
        Household.objects.filter(pk=home.pk).update(exited_year=2015, poverty_status="exited")
        HouseholdYear.objects.filter(household=home, year=2015).update(main_cause=cause)


def helped(home: Household, programme: str, identity: str, *, traced: bool = True, off_list: bool = False) -> None:
    ProgrammeRecord.objects.create(
        programme=programme,
        household=home,
        village_code=home.village_code,
        year=2015,
        identity=identity,
        own={},
        traced_on=dt.date(2015, 6, 1) if traced else None,
        off_list=off_list,
        by="tests",
        at=timezone.now(),
    )


def test_who_left_is_counted_with_what_had_arrived(village: Village, people: People, pack: Pack) -> None:
    left(village["A"], village["B"], cause="skill")
    left(village["C"], cause="funds")
    for home, name, more in (
        ("A", "training", {}),
        ("A", "relocation", {}),
        ("B", "training", {}),
        ("B", "school_aid", {"traced": False}),
        ("C", "guarantee", {"off_list": True}),
    ):
        helped(village[home], name, f"{home}-{name}", **more)
    helped(village["A"], "training", "A-training-2")

    found = left_with(Scope((COUNTY,)), CAUSES)

    assert found == {
        "skill": Left(2, (("training", 2), ("relocation", 1))),
        "funds": Left(1, ()),
    }
    assert left_with(Scope(("520326",)), CAUSES) == {}


def test_a_loan_counts_and_who_is_still_poor_does_not(village: Village, people: People, pack: Pack) -> None:
    credit.lend(household_id=village["A"].pk, wish=wish(village["A"], 10_000), by=people.wang, pack=pack)
    helped(village["B"], "training", "B")
    assert left_with(Scope((VILLAGE,)), CAUSES) == {}

    left(village["A"], cause="funds")

    assert left_with(Scope((VILLAGE,)), CAUSES) == {"funds": Left(1, (("credit", 1),))}


def test_three_questions_however_many_households(village: Village, django_assert_num_queries: Any) -> None:
    left(*village.values(), cause="skill")
    with django_assert_num_queries(3):
        left_with(Scope((COUNTY,)), CAUSES)

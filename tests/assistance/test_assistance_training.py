"""Courses with those who take part: counted where one may see them, told apart by county, attendance by the days of the course."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.assistance import moving
from tests.assistance.test_assistance_moving_lists import County
from tests.procedures.people import COUNTY, ELSEWHERE, VILLAGE, People

from jiefa.access.rules import Scope
from jiefa.assistance.actions import records
from jiefa.assistance.models import Course, ProgrammeRecord
from jiefa.assistance.queries import naming, training
from jiefa.assistance.queries.training import Taking
from jiefa.policy import Pack
from jiefa.registry.models import Household

Village = dict[str, Household]
HERE, ALL = Scope((VILLAGE,)), Scope(("52",))


@pytest.fixture
def county(village: Village, tmp_path: Path, people: People, pack: Pack) -> County:
    county = County(tmp_path, people, pack)
    names = {number: village[number].people.order_by("pk")[0].name for number in "AB"}
    county.takes("courses", moving.course(), moving.course("T2"))
    county.takes(
        "training",
        moving.trained("A", names["A"], work="就业", work_on="2015-05-01"),
        moving.trained("B", names["B"], certified="", present=""),
    )
    return county


def test_those_who_take_part_are_counted_by_course(county: County) -> None:
    courses = list(Course.objects.order_by("number"))

    found = training.taking(ALL, courses)

    assert found == {(COUNTY, "T1"): Taking(2, 2, 1, 1, 1, 19, 160_000)}
    assert found[COUNTY, "T1"].attendance(20) == 0.95
    assert Taking().attendance(20) is None
    assert training.taking(Scope((ELSEWHERE,)), courses) == {}
    assert training.taking(ALL, []) == {}
    assert training.sums(HERE, 2015) == training.Sums(2, 100, 2, 1, 1)


def test_participants_are_those_of_the_scope_who_name_the_course_in_its_county(county: County) -> None:
    first, second = Course.objects.order_by("number")
    homes = [one.household.number for one in training.participants(ALL, first)]

    assert homes == ["A", "B"]
    assert not training.participants(ALL, second).exists()
    assert not training.participants(Scope((VILLAGE[:9] + "999",)), first).exists()
    ProgrammeRecord.objects.filter(household__number="B").update(off_list=True)
    assert training.participants(ALL, first).count() == 1
    other = Course.objects.get(number="T1")
    other.pk, other.county_code = None, ELSEWHERE
    other.save()
    assert not training.participants(ALL, other).exists()


def test_case_carried_on_must_agree_with_its_course(county: County, people: People, pack: Pack) -> None:
    record = ProgrammeRecord.objects.get(household__number="A")
    on = record.at.date()

    with pytest.raises(records.CaseWrong) as refused:
        records.carry_on(record_id=record.pk, own={**record.own, "present": 21}, by=people.li, on=on, pack=pack)

    assert "Present on more days" in refused.value.message("en")
    carried = records.carry_on(record_id=record.pk, own={**record.own, "present": 12}, by=people.li, on=on, pack=pack)
    (said,) = naming.remarks("training", [(record.village_code, 2015, carried.own)], pack)
    assert [(one.level, one.rule) for one in said] == [("warn", "HP65")]
    assert [str(one) for one in naming.named("training", VILLAGE, carried.own)] == [f"{COUNTY} T1"]
    assert naming.named("house_repair", VILLAGE, {"course": "T1"}) == []

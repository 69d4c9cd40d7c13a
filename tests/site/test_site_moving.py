"""Pages of training and relocation: courses with their people, coverage, promises, sites, hamlets; the households behind a number."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from tests.assistance import help_lists as given
from tests.assistance import moving
from tests.assistance.test_assistance_moving_lists import HEADERS
from tests.procedures.people import People
from tests.site import county, pages

from jiefa import policy
from jiefa.assistance.models import Course, Hamlet, ProgrammeRecord, SettlementSite
from jiefa.registry.models import PersonYear

pytestmark = pytest.mark.usefixtures("small_county")
PEOPLE = People(county.VILLAGE, county.VILLAGE[:9], county.COUNTY)
YEAR = county.YEARS[-1]


@pytest.fixture(autouse=True)
def on_file(small_county: None, tmp_path: Path) -> None:
    PersonYear.objects.filter(year=YEAR).update(labour="ordinary", school_stage="not_pupil")
    names = {number: county.household(number).people.order_by("pk")[0].name for number in "AE"}
    for kind, rows in (
        ("courses", [moving.course(places=1), moving.course("T2", trade="厨师")]),
        ("sites", [moving.site(built=1), moving.site("空安置点")]),
        ("hamlets", [moving.hamlet(decided="2015-01-10"), moving.hamlet("大寨", households=90, decided="")]),
        ("training", [moving.trained("A", names["A"], present=12), moving.trained("E", names["E"])]),
        ("relocation", [moving.moving("A", people=1, medical="2015-08-01"), moving.moving("E", people=1)]),
    ):
        file = given.written(tmp_path, HEADERS[kind], *rows, name=f"{kind}.csv")
        given.taken(file, kind, PEOPLE, policy.load())


def rows_of(answer: Any) -> list[tuple[object, ...]]:
    body = b"".join(answer.streaming_content)
    return list(openpyxl.load_workbook(io.BytesIO(body), read_only=True).worksheets[0].iter_rows(values_only=True))


def at(name: str, *arguments: object) -> str:
    return reverse(f"site:{name}", args=arguments)


def test_courses_are_the_countys_and_people_those_of_ones_area() -> None:
    wang, li = county.signed_in("wang"), county.signed_in("li")

    every = wang.get(at("courses"), {"year": YEAR}).context["rows"]

    assert {row["number"]: row["taking"].people for row in every} == {"T1": 2, "T2": 0}
    assert {row["number"]: row["too_many"] for row in every} == {"T1": 1, "T2": 0}
    mine = li.get(at("courses"), {"year": YEAR}).context["rows"]
    assert {row["number"]: row["taking"].people for row in mine} == {"T1": 1, "T2": 0}
    assert [row["number"] for row in wang.get(at("courses"), {"year": YEAR, "trade": "cooking"}).context["rows"]] == [
        "T2"
    ]
    assert "这里没有培训班" in pages.text(wang.get(at("courses"), {"year": county.YEARS[0]}))
    assert len(rows_of(wang.get(at("courses-export"), {"year": YEAR}))) == 3


def test_page_of_a_course_shows_attendance_and_the_people_of_ones_area() -> None:
    one = Course.objects.get(number="T1")

    whole = county.signed_in("wang").get(at("course", one.pk), {"year": YEAR})

    assert [(row["number"], row["present"], row["hardly"]) for row in whole.context["rows"]] == [
        ("A", 12, True),
        ("E", 19, False),
    ]
    assert "参训人数比计划 1 人多 1 人" in pages.text(whole)
    mine = county.signed_in("li").get(at("course", one.pk), {"year": YEAR}).context
    assert ([row["number"] for row in mine["rows"]], mine["whole"]["taking"].people) == (["A"], 2)
    assert len(rows_of(county.signed_in("wang").get(at("course-export", one.pk), {"year": YEAR}))) == 3
    Course.objects.filter(pk=one.pk).update(county_code=county.NEXT_COUNTY[:6])
    assert county.signed_in("wang").get(at("course", one.pk)).status_code == 404


def test_every_number_of_coverage_opens_its_households() -> None:
    wang = county.signed_in("wang")

    found = wang.get(at("coverage"), {"year": YEAR, "place": county.COUNTY}).context["skill"]

    assert (found["all"].households, found["all"].covered, found["all"].missed) == (4, 2, 2)
    for part, numbers in (("of", 4), ("kept", 2), ("open", 2)):
        assert len(wang.get(found["urls"][part]).context["rows"]) == numbers
    below = {row["name"]: row for row in found["places"]}
    assert len(below) == 2
    one = next(row for row in found["places"] if row["coverage"].households == 1)
    assert [row["number"] for row in wang.get(one["urls"]["kept"]).context["rows"]] == ["E"]
    assert county.signed_in("li").get(at("coverage"), {"year": YEAR}).context["skill"]["all"].households == 3
    assert len(rows_of(wang.get(at("share-export", "skill", "of"), {"year": YEAR}))) == 5


def test_promises_here_below_and_at_each_site() -> None:
    wang = county.signed_in("wang")

    page = wang.get(at("promises"), {"year": YEAR, "place": county.COUNTY})

    found = {one["id"]: one for one in page.context["shares"]}
    assert {name: (one["share"].of, one["share"].kept) for name, one in found.items()} == {
        "moved_out": (2, 2),
        "settled": (2, 1),
        "employed": (2, 0),
        "secured": (2, 0),
        "occupied": (2, 2),
        "demolished": (2, 0),
    }
    assert [row["number"] for row in wang.get(found["settled"]["urls"]["kept"]).context["rows"]] == ["A"]
    assert [row["number"] for row in wang.get(found["settled"]["urls"]["open"]).context["rows"]] == ["E"]
    assert len(page.context["by_place"]) == 2
    (site,) = page.context["by_site"]
    assert (site["name"], site["unknown"]) == ("县城安置区", False)
    behind = wang.get(site["shares"][0]["urls"]["of"])
    assert len(behind.context["rows"]) == 2
    assert "县城安置区" in pages.text(behind)
    assert wang.get(at("share", "moved_out", "nobody")).status_code == 404
    SettlementSite.objects.filter(name="县城安置区").delete()
    (site,) = wang.get(at("promises"), {"year": YEAR, "place": county.COUNTY}).context["by_site"]
    assert (site["url"], site["unknown"]) == ("", True)
    assert "这里没有搬迁户" in pages.text(wang.get(at("promises"), {"year": county.YEARS[0]}))


def test_site_says_that_it_is_too_full_and_shows_the_households_of_ones_area() -> None:
    wang, li = county.signed_in("wang"), county.signed_in("li")
    one = SettlementSite.objects.get(name="县城安置区")

    rows = {row["name"]: row for row in li.get(at("settlement-sites"), {"year": YEAR}).context["rows"]}

    assert (rows["县城安置区"]["moved"].kept, rows["县城安置区"]["too_many"]) == (2, 1)
    assert rows["空安置点"]["moved"].kept == 0
    mine = li.get(at("settlement-site", one.pk), {"year": YEAR})
    assert [row["number"] for row in mine.context["rows"]] == ["A"]
    assert "入住超过安置点容量 1" in pages.text(mine)
    assert len(wang.get(at("settlement-site", one.pk), {"year": YEAR}).context["rows"]) == 2
    assert wang.get(at("settlement-sites"), {"year": YEAR, "kind": "park"}).context["rows"] == []
    assert len(rows_of(wang.get(at("settlement-sites-export"), {"year": YEAR}))) == 3


def test_hamlet_says_item_by_item_whether_it_may_move_and_who_is_missing() -> None:
    wang = county.signed_in("wang")

    rows = {row["name"]: row for row in wang.get(at("hamlets"), {"year": YEAR}).context["rows"]}

    assert (rows["上寨"]["eligible"], rows["上寨"]["missing"]) == (True, 1)
    assert rows["大寨"]["eligible"] is False
    large = wang.get(at("hamlet", Hamlet.objects.get(name="大寨").pk), {"year": YEAR})
    assert "全寨 90 户，上限 50 户" in pages.text(large)
    assert "县城安置区" in pages.text(large)
    one = wang.get(at("hamlet", Hamlet.objects.get(name="上寨").pk), {"year": YEAR})
    assert [row["number"] for row in one.context["rows"]] == ["A"]
    assert "有 1 户贫困户不在整寨搬迁名单上" in pages.text(one)
    assert [row["name"] for row in wang.get(at("hamlets"), {"state": "proposed"}).context["rows"]] == ["大寨"]
    assert len(rows_of(wang.get(at("hamlets-export"), {"year": YEAR}))) == 3


def test_case_leads_to_what_it_names_and_says_what_is_odd() -> None:
    li = county.signed_in("li")
    trained = ProgrammeRecord.objects.get(programme="training", household__number="A")
    moved = ProgrammeRecord.objects.get(programme="relocation", household__number="A")

    page = li.get(at("case", trained.pk))

    assert [one["name"] for one in page.context["names"]] == ["T1"]
    assert "实到天数不足应到天数的 80%" in pages.text(page)
    assert [one["name"] for one in li.get(at("case", moved.pk)).context["names"]] == ["县城安置区", "上寨"]
    SettlementSite.objects.all().delete()
    assert "没有登记" in pages.text(li.get(at("case", moved.pk)))


def test_what_does_not_fit_its_list_is_on_the_lists_to_act_on() -> None:
    wang = county.signed_in("wang")

    for name, head in (("courses-overfull", "T1"), ("sites-overfull", "县城安置区"), ("hamlets-not-whole", "上寨")):
        page = wang.get(at("gap", name), {"year": YEAR})
        assert [row["head"] for row in page.context["rows"]] == [head]
        assert page.context["organisations"] is True
        assert wang.get(page.context["rows"][0]["url"]).status_code == 200
        assert len(rows_of(wang.get(at("gap-export", name), {"year": YEAR}))) == 2

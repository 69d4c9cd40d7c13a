"""Pages of industry: the register with its sums, one body with its households, the household's page, what leaves as Excel."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse
from tests.assistance import help_lists as given
from tests.procedures.people import People
from tests.site import county, pages

from jiefa import policy
from jiefa.assistance.models import IndustryBody

pytestmark = pytest.mark.usefixtures("small_county")
PEOPLE = People(county.VILLAGE, county.VILLAGE[:9], county.COUNTY)
YEAR = county.YEARS[-1]


@pytest.fixture(autouse=True)
def register(small_county: None, tmp_path: Path) -> None:
    pack = policy.load()
    header = ("主体编号", "主体名称", "主体类型", "所在村代码", "年度", "主导产业", "产值", "扶贫资金投入", "社员人数")
    rows = (
        ("P1", "茶叶园区", "园区", county.VILLAGE, YEAR, "茶叶", "1000", "", ""),
        ("C1", "核桃合作社", "合作社", county.VILLAGE, YEAR, "核桃", "", "100", "50"),
        ("C2", "水果合作社", "合作社", county.NEXT_TOWNSHIP, YEAR, "水果", "", "200", "5"),
    )
    given.taken(given.written(tmp_path, header, *rows, name="bodies.csv"), "industry", PEOPLE, pack)
    header = ("户编号", "主体编号", "联结方式", "协议起始日期", "兑现日期", "兑现金额")
    paid = (
        ("A", "C1", "分红", "2014-01-01", "2015-12-20", "300.50"),
        ("E", "C1", "分红", "2014-01-01", "2015-12-20", "7"),
    )
    given.taken(given.written(tmp_path, header, *paid, name="paid.csv"), "benefits", PEOPLE, pack)


def rows_of(answer: object) -> list[tuple[object, ...]]:
    body = b"".join(answer.streaming_content)
    return list(openpyxl.load_workbook(io.BytesIO(body), read_only=True).worksheets[0].iter_rows(values_only=True))


def test_register_narrows_and_leaves_as_excel() -> None:
    wang, url = county.signed_in("wang"), reverse("site:industry")

    every = wang.get(url, {"year": YEAR}).context

    assert {row["number"] for row in every["rows"]} == {"P1", "C1", "C2"}
    assert {row["number"] for row in wang.get(url, {"year": YEAR, "kind": "park"}).context["rows"]} == {"P1"}
    assert {row["number"] for row in wang.get(url, {"year": YEAR, "q": "水果"}).context["rows"]} == {"C2"}
    assert {row["number"] for row in county.signed_in("li").get(url, {"year": YEAR}).context["rows"]} == {"P1", "C1"}
    left = rows_of(wang.get(reverse("site:industry-export"), {"year": YEAR, "kind": "cooperative"}))
    assert len(left) == 3
    assert {"C1", "核桃合作社", "50"} <= {str(value) for value in left[1]}


def test_page_of_a_cooperative_shows_the_households_of_ones_area() -> None:
    one = IndustryBody.objects.get(number="C1")
    url = reverse("site:industry-body", args=[one.pk])

    whole = county.signed_in("wang").get(url, {"year": YEAR})

    assert {row["number"]: row["fen"] for row in whole.context["rows"]} == {"A": 30_050, "E": 700}
    assert "307.50" in pages.text(whole)
    mine = county.signed_in("li").get(url, {"year": YEAR}).context
    assert [row["number"] for row in mine["rows"]] == ["A"]
    assert mine["benefits"][0]["benefit"].fen == 30_050
    elsewhere = IndustryBody.objects.get(number="C2")
    assert county.signed_in("li").get(reverse("site:industry-body", args=[elsewhere.pk])).status_code == 404
    assert (
        len(rows_of(county.signed_in("wang").get(reverse("site:industry-links-export", args=[one.pk]), {"year": YEAR})))
        == 3
    )


def test_household_page_says_what_it_has_of_industry() -> None:
    household = county.household("A")

    shown = pages.text(county.signed_in("li").get(reverse("site:household", args=[household.pk]), {"year": YEAR}))

    assert "核桃合作社" in shown
    assert "300.50" in shown


def test_village_plan_shows_its_works_to_who_sees_the_village(tmp_path: Path) -> None:
    header = ("行政村代码", "年度", "工程", "计划投资", "完成投资", "形象进度", "开工日期", "验收日期")
    row = (county.VILLAGE, YEAR, "小康路", "1000", "900.50", 100, "2015-03-01", "2015-11-01")
    other = (county.NEXT_TOWNSHIP, YEAR, "小康水", "1000", "", "", "", "")
    file = given.written(tmp_path, header, row, other, name="works.csv")
    given.taken(file, "village_works", PEOPLE, policy.load())
    wang, url = county.signed_in("wang"), reverse("site:village-plans")

    every = wang.get(url, {"year": YEAR}).context

    assert (every["sums"].villages, every["sums"].accepted, len(every["rows"])) == (2, 1, 2)
    plan = reverse("site:village-plan", args=[county.VILLAGE])
    assert "900.50" in pages.text(county.signed_in("li").get(plan, {"year": YEAR}))
    elsewhere = reverse("site:village-plan", args=[county.NEXT_TOWNSHIP])
    assert county.signed_in("li").get(elsewhere, {"year": YEAR}).status_code == 404
    assert len(rows_of(wang.get(reverse("site:village-plans-export"), {"year": YEAR}))) == 3


def test_money_without_a_household_is_on_the_list_to_act_on() -> None:
    wang = county.signed_in("wang")

    answer = wang.get(reverse("site:gap", args=["invested-unlinked"]), {"year": YEAR})

    assert [row["number"] for row in answer.context["rows"]] == ["C2"]
    left = rows_of(wang.get(reverse("site:gap-export", args=["invested-unlinked"]), {"year": YEAR}))
    assert len(left) == 2
    assert wang.get(reverse("site:gap", args=["unanswered"]), {"year": YEAR}).context["organisations"] is False

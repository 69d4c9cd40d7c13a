"""Lists as Excel: complete, in scope, as the list on the page says, without a number of anybody; that they left is logged."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from tests.registry import rosters
from tests.site import county, pages

from jiefa import policy
from jiefa.access import actions
from jiefa.access.models import User
from jiefa.access.rules import Role
from jiefa.areas import queries as areas
from jiefa.audit.models import Entry
from jiefa.insight.models import Finding
from jiefa.registry.models import Household

pytestmark = pytest.mark.usefixtures("small_county")

MORE = 2_100
"""More rows than any list takes out of the records at once."""


NEEDS_YEAR_BEFORE = "flow_gap_people"
"""The indicator that a county with a single snapshot cannot have."""


def rows_of(answer: Any) -> list[dict[str, Any]]:
    """The lines of a workbook by header; everything that openpyxl finds on its only sheet."""
    assert answer.status_code == 200
    assert answer.streaming
    assert ".xlsx" in answer["Content-Disposition"]
    (sheet,) = openpyxl.load_workbook(io.BytesIO(answer.getvalue()), read_only=True).worksheets
    headers, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, headers), line, strict=True)) for line in lines]


def exported(username: str, name: str, *arguments: str, **query: str) -> list[dict[str, Any]]:
    return rows_of(county.signed_in(username).get(reverse(f"site:{name}", args=arguments), query))


class TestHouseholds:
    def test_workbook_is_the_list_of_the_page(self) -> None:
        wang = county.signed_in("wang")
        page = wang.get(reverse("site:households"), {"place": county.COUNTY, "status": "poor"})

        lines = exported("wang", "households-export", place=county.COUNTY, status="poor")

        assert [line["户编号"] for line in lines] == [row["number"] for row in page.context["rows"]] == list("EABC")
        assert lines[1] == {
            "户编号": "A",
            "行政村代码": county.VILLAGE,
            "行政村": "光明村村民委员会",
            "户主": rosters.member("A", 10)["name"],
            "家庭人口数": 4,
            "脱贫属性": "未脱贫",
            "户属性": "一般贫困户",
            "主要致贫原因": "缺资金",
            "四类户": page.context["rows"][0]["kind_label"],
            "纳入年度": 2013,
            "脱贫年度": None,
            "人均纯收入": 1500,
            "年度": 2015,
        }

    @pytest.mark.parametrize(
        ("username", "numbers"), [("wang", "EABCD"), ("sunx", "ABCD"), ("auditor", "EABCDF"), ("qian", "EABCDF")]
    )
    def test_workbook_holds_the_area_of_who_asks_and_the_log_says_so(self, username: str, numbers: str) -> None:
        lines = exported(username, "households-export")

        assert [line["户编号"] for line in lines] == list(numbers)
        entry = Entry.objects.get(action="list.exported")
        assert (entry.by, entry.object_id) == (username, "household_list")

    def test_long_list_is_complete_and_in_order(self) -> None:
        Household.objects.bulk_create(
            Household(number=f"X{n:05d}", village_code=county.VILLAGE, poverty_status="poor", household_class="general")
            for n in range(MORE)
        )

        lines = exported("wang", "households-export", place=county.VILLAGE)

        assert [line["户编号"] for line in lines] == [*"ABCD", *(f"X{n:05d}" for n in range(MORE))]

    @pytest.mark.parametrize("name", ["households-export", "findings-export"])
    def test_no_number_leaves_even_for_who_may_see_them(self, name: str) -> None:
        members = [rosters.member(number, serial) for number, serial in zip("AB", (10, 20), strict=True)]
        secrets = [str(member["id_number"]) for member in members] + ["13800000001", "622200000000000001"]

        cells = {str(value) for line in exported("wang", name) for value in line.values()}

        assert [cell for cell in cells if any(secret[-8:] in cell for secret in secrets)] == []

    @pytest.mark.parametrize("username", ["li", "helper", "evaluator", "admin"])
    def test_posts_without_export_are_refused_and_not_offered_it(self, username: str) -> None:
        client = county.signed_in(username)

        for name in ("households", "findings"):
            assert client.get(reverse(f"site:{name}-export")).status_code == 403
            page = client.get(reverse(f"site:{name}"), {"place": county.VILLAGE})
            assert reverse(f"site:{name}-export") not in page.content.decode()


class TestFindings:
    def test_workbook_is_the_list_of_the_page(self) -> None:
        page = county.signed_in("wang").get(reverse("site:findings"), {"place": county.COUNTY})

        lines = exported("wang", "findings-export", place=county.COUNTY)

        on_page = [(row["rule"], row["household"]["number"], row["message"]) for row in page.context["rows"]]
        assert [(line["规则"], line["户编号"], line["问题"]) for line in lines] == on_page
        assert ("CA01", "B", "主要致贫原因是因病，但全家人都健康。") in on_page
        assert {line["状态"] for line in lines} == {"待改正"}

    def test_long_list_is_complete(self) -> None:
        day = dt.date(2016, 1, 31)
        village = {"year": 2015, "village_code": county.VILLAGE, "owner_code": county.VILLAGE}
        Finding.objects.bulk_create(
            Finding(rule="HH03", level="error", opened_on=day, deadline=day, **village) for _ in range(MORE)
        )

        lines = exported("wang", "findings-export", rule="HH03")

        assert len(lines) == MORE
        assert {line["期限"] for line in lines} == {dt.datetime(2016, 1, 31)}  # noqa: DTZ001 (Excel knows no zones)

    def test_second_post_without_export_adds_nothing_to_the_workbook(self) -> None:
        user, since = User.objects.get(username="li"), dt.date(2013, 1, 1)
        actions.give_post(user=user, role=Role.TOWNSHIP_OFFICER, area=county.NEXT_TOWNSHIP[:9], by="admin", on=since)

        seen = county.signed_in("li").get(reverse("site:findings")).context["rows"]
        lines = exported("li", "findings-export")

        assert {row["household"]["number"] for row in seen} >= {"B", "E"}
        assert {line["户编号"] for line in lines} == {"E"}


class TestIndicators:
    def test_workbook_has_every_indicator_of_the_place_and_of_what_lies_directly_below(self) -> None:
        lines = exported("wang", "indicators-export", place=county.COUNTY)

        places = [county.COUNTY, *(child.code for child in areas.children(county.COUNTY))]
        known = {indicator.id for indicator in policy.load().indicators()} - {NEEDS_YEAR_BEFORE}
        wanted = {(place, indicator) for place in places for indicator in known}
        assert len(lines) == len(wanted)
        assert {(line["区划代码"], line["指标代码"]) for line in lines} == wanted

    def test_workbook_says_what_the_page_says_and_the_parts_add_up(self) -> None:
        page = county.signed_in("wang").get(reverse("site:indicators"), {"place": county.COUNTY})

        lines = exported("wang", "indicators-export", place=county.COUNTY, indicator="poor_people")

        poor = {line["区划代码"]: line["数值"] for line in lines}
        assert poor[county.COUNTY] == 10  # A, B, C and E; D has exited
        assert sum(value or 0 for place, value in poor.items() if place != county.COUNTY) == 10
        (shown,) = [
            figure for group in page.context["groups"] for figure in group["items"] if figure.id == "poor_people"
        ]
        assert shown.value == 10
        assert {line["快照"] for line in lines} == {page.context["snapshot"]["id"]}

    def test_households_behind_a_figure_are_those_of_the_page(self) -> None:
        page = county.signed_in("wang").get(
            reverse("site:indicator-households", args=["poor_people"]), {"place": county.COUNTY}
        )

        lines = exported("wang", "indicator-households-export", "poor_people", place=county.COUNTY)

        assert [line["户编号"] for line in lines] == [row["number"] for row in page.context["rows"]] == list("ABCE")
        assert "共 4 户" in pages.text(page)

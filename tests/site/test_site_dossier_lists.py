"""Lists of dossiers: the desk with the overdue first, the area with its filters, pages that follow one another, Excel."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.site import cases, county, pages

from jiefa.audit.models import Entry
from jiefa.procedures.models import Dossier

pytestmark = pytest.mark.usefixtures("small_county")

URL = "/dossiers/"


def titles(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return [row["title"] for row in answer.context["rows"]]


def listed(username: str, **query: str) -> list[str]:
    return titles(county.signed_in(username).get(URL, query))


def late(dossier: Dossier, days: int) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(due_on=timezone.localdate() - dt.timedelta(days=days))


def test_desk_holds_what_the_posts_take_by_step_the_overdue_first() -> None:
    first, second, third = cases.opened(3)
    for dossier in (first, second):
        cases.take(dossier, "li")
    late(second, 4)

    answer = county.signed_in("li").get(URL)

    assert answer.context["view"] == "desk"
    assert titles(answer) == [second.title, first.title, third.title]
    entries = [(entry["label"], entry["count"], entry["late"]) for entry in answer.context["desk"]]
    assert entries == [("民主评议", 2, "1件超期"), ("农户申请", 1, "")]
    assert "超期4天" in pages.text(answer)
    assert listed("sunx") == []
    assert "您这里没有待办事项" in pages.text(county.signed_in("sunx").get(URL))


def test_who_takes_no_step_begins_with_the_whole_area() -> None:
    (dossier,) = cases.opened()

    answer = county.signed_in("auditor").get(URL)

    assert answer.context["view"] == "all"
    assert titles(answer) == [dossier.title]
    assert "我的待办" not in pages.text(answer)


def test_list_holds_the_area_of_who_reads_alone() -> None:
    (inside,) = cases.opened()
    (outside,) = cases.opened(1, first=1)
    Dossier.objects.filter(pk=outside.pk).update(place_code=county.NEXT_COUNTY)

    assert listed("wang", view="all") == [inside.title]
    assert set(listed("auditor", view="all")) == {inside.title, outside.title}
    for username in ("helper", "evaluator", "admin"):
        assert county.signed_in(username).get(URL).status_code == 403
    assert "/sign-in/" in Client().get(URL)["Location"]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"state": "open"}, {"申请户0", "申请户1"}),
        ({"state": "closed"}, {"申请户2"}),
        ({"state": "withdrawn"}, {"申请户2"}),
        ({"state": "approved"}, set()),
        ({"step": "identification"}, {"申请户0", "申请户1", "申请户2"}),
        ({"step": "identification.appraisal"}, {"申请户0"}),
        ({"overdue": "on"}, {"申请户0"}),
        ({"of": "2017"}, {"申请户0", "申请户1", "申请户2"}),
        ({"of": "2016"}, set()),
        ({"q": "户1"}, {"申请户1"}),
        ({"place": county.VILLAGE[:9]}, {"申请户0", "申请户1", "申请户2"}),
        ({"place": county.NEXT_TOWNSHIP[:9]}, set()),
    ],
)
def test_filters_narrow_the_list_and_stand_as_chips(query: dict[str, str], wanted: set[str]) -> None:
    first, _second, third = cases.opened(3)
    cases.take(first, "li")
    late(first, 1)
    cases.take(third, "li", "withdraw", opinion="农户撤回")

    answer = county.signed_in("wang").get(URL, {"view": "all", **query})

    assert set(titles(answer)) == wanted
    assert len(answer.context["chips"]) == 1
    if not wanted:
        assert "没有找到事项" in pages.text(answer)


@pytest.mark.parametrize(
    "query", [{"state": "all"}, {"step": "nothing"}, {"of": "x"}, {"place": "520326"}, {"place": "52"}]
)
def test_unknown_value_lists_nothing(query: dict[str, str]) -> None:
    cases.opened()

    answer = county.signed_in("wang").get(URL, {"view": "all", **query})

    assert titles(answer) == []
    assert "export_url" in answer.context
    workbook = county.signed_in("wang").get(reverse("site:dossiers-export"), {"view": "all", **query})
    assert len(lines(workbook)) == 0


def test_household_number_finds_its_dossiers() -> None:
    cases.opened(3)
    home = county.household("D")
    about = cases.about_household("D")
    type(home).objects.filter(pk=home.pk).update(number="52032400077")

    assert listed("wang", view="all", q="52032400077") == [about.title]
    assert listed("wang", view="all", q="520324000") == [about.title]


@pytest.mark.parametrize("view", ["desk", "all"])
def test_pages_follow_one_another_without_gap(view: str) -> None:
    many = cases.opened(120)
    late(many[70], 3)
    client = county.signed_in("li")
    seen: list[str] = []
    url = f"{URL}?view={view}"

    while url:
        answer = client.get(url)
        seen += titles(answer)
        url = answer.context["next_url"]

    assert len(seen) == 120
    assert set(seen) == {dossier.title for dossier in many}
    if view == "desk":
        assert seen[0] == many[70].title


def lines(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200
    (sheet,) = openpyxl.load_workbook(io.BytesIO(answer.getvalue()), read_only=True).worksheets
    headers, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, headers), row, strict=True)) for row in rows]


def test_workbook_is_the_list_complete_and_its_leaving_is_logged() -> None:
    many = cases.opened(60)
    cases.take(many[0], "li", "withdraw", opinion="农户撤回")
    sunx = county.signed_in("sunx")

    page = sunx.get(URL, {"view": "all", "state": "withdrawn"})
    few, whole = lines(sunx.get(page.context["export_url"])), lines(sunx.get(reverse("site:dossiers-export")))

    assert len(whole) == 60
    assert few == [
        {
            "编号": many[0].pk,
            "程序": "贫困户识别",
            "事项": many[0].title,
            "区划代码": county.VILLAGE,
            "地方": "光明村村民委员会",
            "年度": 2017,
            "环节": "已撤回",
            "结果": "已撤回",
            "提出日期": few[0]["提出日期"],
            "期限": None,
            "办结日期": few[0]["办结日期"],
        }
    ]
    assert set(Entry.objects.filter(action="list.exported").values_list("object_id", flat=True)) == {"dossiers"}
    assert county.signed_in("li").get(reverse("site:dossiers-export")).status_code == 403
    assert reverse("site:dossiers-export") not in county.signed_in("li").get(URL).content.decode()


def test_number_of_questions_does_not_grow_with_the_list() -> None:
    def asked(url: str) -> int:
        client = county.signed_in("li")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    urls = [f"{URL}?view=desk", f"{URL}?view=all", f"{URL}?view=desk&step=identification.application"]
    cases.opened(2)
    few = [asked(url) for url in urls]
    cases.opened(190, first=2)

    many = [asked(url) for url in urls]

    assert many == few
    assert max(many) <= 16


def test_first_page_and_bell_name_what_lies_on_the_desk() -> None:
    one, _two = cases.opened(2)
    cases.take(one, "li")
    late(one, 1)

    answer = county.signed_in("li").get(reverse("site:home"))

    waiting = {entry["label"]: (entry["count"], entry["url"]) for entry in answer.context["todo"]}
    assert waiting["我的待办已超期"] == (1, f"{URL}?view=desk&overdue=on")
    assert waiting["我的待办"] == (2, f"{URL}?view=desk")
    assert answer.context["todo_count"] >= 2
    assert answer.context["todo_url"] == reverse("site:home")
    village = county.signed_in("wang").get(reverse("site:area", args=[county.VILLAGE]))
    assert "超期的事项" in pages.text(village)

"""The page of a household says what was promised, what arrived, what came of it, and what nothing answers."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from tests.procedures.people import People
from tests.site import county, pages

from jiefa import policy
from jiefa.assistance.actions import credit, plans
from jiefa.assistance.rules.credit import Wish
from jiefa.assistance.rules.plans import Promise

pytestmark = pytest.mark.usefixtures("small_county")
PEOPLE = People(county.VILLAGE, county.VILLAGE[:9], county.COUNTY)
ON = dt.date(2016, 3, 1)


def read() -> str:
    page = county.signed_in("li").get(reverse("site:household", args=[county.household("B").pk]))
    assert page.status_code == 200
    return pages.text(page)


def test_household_without_a_plan_has_its_causes_named() -> None:
    text = read()

    assert "还没有 2015 年的帮扶计划" in text
    assert "没有对应措施： 因病" in text


def test_promise_arrival_result_and_loan_stand_beside_each_other() -> None:
    household, pack = county.household("B"), policy.load()
    promised = Promise("medical_aid", "王芳", dt.date(2015, 10, 1), cause="illness", what="慢病签约", fen=120_000)
    plans.draw_up(household_id=household.pk, year=2015, promises=[promised], by=PEOPLE.li, pack=pack)
    plan = plans.sign(household_id=household.pk, year=2015, signed_by="户主", on=ON, by=PEOPLE.li)
    assert "未落实，已逾期" in read()
    plans.deliver(measure_id=plan.measures.get().pk, on=ON, fen=110_000, result="已报销", by=PEOPLE.li)
    asked = Wish(household.people.order_by("pk")[0].pk, "rural_credit", "breeding", 3_000_000, 12, "4.35", ON)
    credit.lend(household_id=household.pk, wish=asked, by=PEOPLE.wang, pack=pack)

    text = read()

    for said in (
        "医疗救助 · 慢病签约",
        "¥1,200.00",
        "¥1,100.00",
        "已报销",
        "已签字",
        "养殖",
        "尚欠 ¥30,000.00",
        "应代偿",
    ):
        assert said in text, said
    assert "没有对应措施" not in text

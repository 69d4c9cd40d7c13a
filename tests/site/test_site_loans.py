"""Pages of microcredit: loans with their stage, what is paid back, the fund of a county, a household's application."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from tests.procedures.people import People
from tests.site import county, pages

from jiefa import policy
from jiefa.assistance.actions import credit
from jiefa.assistance.models import FundEntry, Loan
from jiefa.assistance.rules.credit import Wish
from jiefa.procedures.models import Dossier

pytestmark = pytest.mark.usefixtures("small_county")
TODAY = timezone.localdate()
PEOPLE = People(county.VILLAGE, county.VILLAGE[:9], county.COUNTY)


def lent(number: str = "A", yuan: int = 30_000, begins: dt.date = dt.date(2015, 3, 1), months: int = 12) -> Loan:
    household = county.household(number)
    head = household.people.order_by("pk")[0]
    wish = Wish(head.pk, "rural_credit", "breeding", yuan * 100, months, "4.35", begins)
    return credit.lend(household_id=household.pk, wish=wish, by=PEOPLE.wang, pack=policy.load())


def test_list_narrows_to_a_stage_and_leaves_as_excel() -> None:
    lent("E", begins=TODAY - dt.timedelta(days=30))
    lent()
    wang = county.signed_in("wang")

    every = wang.get(reverse("site:loans")).context
    late = wang.get(reverse("site:loans"), {"stage": "to_compensate"}).context["rows"]

    assert every["standing"].lent_fen == 6_000_000
    assert {row["number"] for row in every["rows"]} == {"A", "E"}
    assert {row["number"] for row in late} == {"A"}
    assert {row["number"] for row in county.signed_in("li").get(reverse("site:loans")).context["rows"]} == {"A"}
    answer = wang.get(reverse("site:loans-export"))
    body = b"".join(answer.streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(body), read_only=True).worksheets[0]
    assert sum(1 for _row in sheet.iter_rows()) == 3


def test_repayment_is_entered_by_who_keeps_the_fund() -> None:
    loan = lent()
    url = reverse("site:loan", args=[loan.pk])
    paid = {"on": "2015-09-01", "principal": "10000", "interest": "650"}
    assert county.signed_in("li").post(url, paid).status_code == 403
    assert county.signed_in("wang").post(url, {**paid, "principal": "30000.01"}).status_code != 302

    assert county.signed_in("wang").post(url, paid).status_code == 302

    loan.refresh_from_db()
    assert loan.balance_fen == 2_000_000
    assert "650.00" in pages.text(county.signed_in("li").get(url))
    assert county.signed_in("li").get(url).context["form"] is None


def test_fund_is_paid_into_pays_the_bank_and_lending_stops() -> None:
    loan = lent()
    wang, fund = county.signed_in("wang"), reverse("site:fund", args=[county.COUNTY])
    url = reverse("site:loan", args=[loan.pk])
    short = wang.post(url, {"compensate": "1"})
    assert "不够支付" in pages.text(short)
    assert wang.post(fund, {"on": "2015-01-01", "amount": "100000", "source": "财政扶贫资金"}).status_code == 302

    assert wang.post(url, {"compensate": "1"}).status_code == 302

    text = pages.text(wang.get(fund))
    assert [entry.kind for entry in FundEntry.objects.order_by("pk")] == ["contribution", "compensation"]
    for said in ("停止放贷", "79,000.00", "银行 9,000.00，县 10,500.00，乡镇 6,300.00，村 4,200.00"):
        assert said in text, said
    (row,) = county.signed_in("zhao").get(reverse("site:funds")).context["rows"]
    assert row["stopped"]
    assert row["credit"].leverage == 0.3
    assert county.signed_in("zhao").post(fund, {"amount": "1"}).status_code == 403
    assert county.signed_in("wang").get(reverse("site:fund", args=["520326"])).status_code == 403


def test_interest_is_paid_back_on_the_page_of_the_fund() -> None:
    loan = lent()
    wang, fund = county.signed_in("wang"), reverse("site:fund", args=[county.COUNTY])
    wang.post(reverse("site:loan", args=[loan.pk]), {"on": "2015-06-01", "principal": "0", "interest": "300"})
    wang.post(fund, {"on": "2015-01-01", "amount": "1000", "source": "财政"})

    assert wang.post(fund, {"first": "2015-04-01", "last": "2015-06-30"}).status_code == 302

    assert FundEntry.objects.get(kind="subsidy").amount_fen == -30_000


def test_household_asks_for_a_loan_within_what_it_may_still_owe() -> None:
    lent("E", yuan=40_000, begins=TODAY)
    lent(yuan=20_000, begins=TODAY)
    household = county.household("A")
    head = household.people.order_by("pk")[0]
    li, url = county.signed_in("li"), reverse("site:apply-loan", args=[household.pk])
    assert "30,000.00" in pages.text(li.get(url))
    asked = {
        **{"borrower": head.pk, "amount": "30000.01", "months": "36", "use": "breeding"},
        **{"platform": "rural_credit", "rate_percent": "4.75"},
    }
    refused = li.post(url, asked)
    assert "上限" in pages.text(refused)

    answer = li.post(url, {**asked, "amount": "30000"})

    assert answer["Location"] == reverse("site:dossier", args=[Dossier.objects.get().pk])
    assert county.signed_in("wang").get(url).status_code == 404


def test_roles_of_microcredit_are_filled_by_who_keeps_the_fund() -> None:
    wang, url = county.signed_in("wang"), reverse("site:fund-parties", args=[county.COUNTY])
    page = wang.get(url)
    assert [role["now"] for role in page.context["roles"]] == [None] * 5
    named = {"role": "association", "name": "信用协会", "on": "2015-01-20"}

    assert wang.post(url, named).status_code == 302

    assert "信用协会" in pages.text(wang.get(reverse("site:fund", args=[county.COUNTY])))
    again = wang.post(url, {**named, "name": "另一协会"})
    assert again.status_code == 422
    assert "自 2015-01-20 起" in pages.text(again)
    assert wang.get(reverse("site:help-list-new", args=["credit_parties"])).status_code == 200
    left = wang.get(reverse("site:fund-parties-export", args=[county.COUNTY]))
    assert left["Content-Disposition"].endswith(f'"credit-parties-{county.COUNTY}.xlsx"')
    assert county.signed_in("li").get(reverse("site:fund-parties-export", args=[county.COUNTY])).status_code == 403
    assert county.signed_in("zhao").get(url).context["form"] is None
    assert county.signed_in("zhao").post(url, named).status_code == 403
    assert wang.get(reverse("site:fund-parties", args=["520326"])).status_code == 403

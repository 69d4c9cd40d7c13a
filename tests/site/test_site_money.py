"""Pages of money: what a place holds, transfers from both sides, a proposal and its confirmation by another, a reversal, an allocation."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.funds.moves import FUNDS, HELD_OTHER, PACK, fill, move, posted, proposer
from tests.funds.test_funds_orders import TRANSFERS
from tests.site import county, pages

from jiefa.access import actions as access
from jiefa.access.rules import Role
from jiefa.disclosure.rules import masked
from jiefa.funds.actions.allocating import Reported, report
from jiefa.funds.models import Account, Allocation, Order, Transfer
from jiefa.funds.rules.rows import HOLDER, PAYEE, Party
from jiefa.kernel.money import format_yuan

pytestmark = pytest.mark.usefixtures("small_county")
COUNTY = Party(HOLDER, county.COUNTY)
TOWNSHIP = Party(HOLDER, county.VILLAGE[:9])


def finance(name: str = "chen") -> Client:
    """A finance officer of the demonstration: ``chen`` of the county, ``feng`` of the province."""
    return county.signed_in(name)


def stranger() -> Client:
    """A finance officer of another county."""
    user = access.create_user(
        username="far", name="far", password="Correct-horse-9", by="x", must_change_password=False
    )
    access.give_post(user=user, role=Role.FINANCE_OFFICER, area="520326", by="x", on=dt.date(2013, 1, 1))
    return county.signed_in("far")


@pytest.fixture
def money(small_county: None) -> Transfer:
    """1,000 yuan of the province, 600 with the county, 50 with a household of the village."""
    fill(1_000_00)
    down = posted(move(FUNDS, COUNTY, 600_00))
    posted(move(FUNDS, HELD_OTHER, 100_00))
    home = county.household("A")
    posted(move(COUNTY, Party(PAYEE, home.village_code, "", home.pk), 50_00))
    return down


def _wish(**changes: object) -> dict[str, Any]:
    pot = Account.objects.get(kind=HOLDER, area_code=county.COUNTY)
    return {
        "account": pot.pk, "to_kind": "payee", "to_code": county.COUNTY, "to_owner": "茶叶合作社", "amount": "120.50",
        "purpose": "training", "on": "2015-07-01", "document": "正扶〔2015〕8号", "key": "typed-once", **changes,
    }  # fmt: skip


def test_place_shows_its_pots_and_those_below(money: Transfer) -> None:
    context = county.signed_in("wang").get(reverse("site:money")).context

    assert (context["standing"].held_fen, context["standing"].payee_fen, context["standing"].payees) == (
        550_00,
        50_00,
        1,
    )
    assert [(row["kind_id"], row["balance_fen"]) for row in context["pots"]] == [("holder", 550_00)]
    assert [row["standing"].payee_fen for row in context["below"]] == [50_00]
    sums = {row["label"]: (row["sums"].came_fen, row["sums"].paid_fen) for row in context["purposes"]}
    assert sums == {"培训": (600_00, 50_00)}


def test_transfers_are_seen_from_both_sides_and_leave_as_excel(money: Transfer) -> None:
    wang = county.signed_in("wang")

    rows = wang.get(reverse("site:money-transfers")).context["rows"]
    none = wang.get(reverse("site:money-transfers"), {"purpose": "relocation"}).context["rows"]

    assert [row["fen"] for row in rows] == [50_00, 600_00]
    assert none == []
    answer = wang.get(reverse("site:money-transfers-export"))
    body = b"".join(answer.streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(body), read_only=True).worksheets[0]
    assert sum(1 for _row in sheet.iter_rows()) == 3
    other = Transfer.objects.get(to_code="520326")
    assert wang.get(reverse("site:money-transfer", args=[other.pk])).status_code == 404


def test_households_are_masked_and_open_for_who_may_see_them(money: Transfer) -> None:
    home = county.household("A")
    pot = Account.objects.get(household=home)
    url = reverse("site:money-account", args=[pot.pk])

    seen, hidden = county.signed_in("wang").get(url), finance().get(url)

    for answer in (seen, hidden):
        text = pages.text(answer)
        assert masked(home.head_name or "") in text
        assert home.head_name not in text.replace(home.number, "")
    assert reverse("site:household", args=[home.pk]) in seen.content.decode()
    assert reverse("site:household", args=[home.pk]) not in hidden.content.decode()
    assert [one["fen"] for one in seen.context["way"]] == [50_00, 600_00, 1_000_00]


def test_transfer_is_proposed_by_one_and_confirmed_by_another(money: Transfer) -> None:
    wang, chen = county.signed_in("wang"), finance()
    url = reverse("site:money-transfer-new")
    assert chen.get(url).status_code == 403
    short = wang.post(url, _wish(amount="550.01"))
    nobody = wang.post(url, _wish(to_owner="", household_number="NOBODY"))
    assert (short.status_code, nobody.status_code, Order.objects.count()) == (422, 422, 0)

    first = wang.post(url, _wish())
    second = wang.post(url, _wish())

    order = Order.objects.get()
    page = reverse("site:money-order", args=[order.pk])
    assert (first.status_code, first["Location"]) == (302, page)
    assert second.status_code == 422
    assert wang.get(page).context["may_decide"] is False
    assert wang.post(page, {"decision": "confirm"}).status_code == 403
    assert stranger().get(page).status_code == 404
    assert chen.get(page).context["may_decide"] is True
    assert chen.post(page, {"decision": "refuse", "reason": ""}).status_code == 422
    assert chen.post(page, {"decision": "confirm"}).status_code == 302
    assert Transfer.objects.get(of_order=order).amount_fen == 120_50
    assert chen.post(page, {"decision": "confirm"}).status_code == 422
    assert [row["posted"] for row in wang.get(reverse("site:money-orders")).context["rows"]] == [1]


def test_reversal_is_proposed_by_who_paid(money: Transfer) -> None:
    wrong = posted(move(COUNTY, TOWNSHIP, 10_00))
    url = reverse("site:money-transfer", args=[wrong.pk])
    typed = {"reason": "拨错", "on": "2015-08-01", "document": "更正1号"}
    assert county.signed_in("zhou").get(reverse("site:money-transfer", args=[money.pk])).context["form"] is None

    assert county.signed_in("wang").post(url, {**typed, "reason": ""}).status_code == 422
    assert county.signed_in("wang").post(url, typed).status_code == 302
    order = Order.objects.get(kind="reversal")
    finance().post(reverse("site:money-order", args=[order.pk]), {"decision": "confirm"})

    back = Transfer.objects.get(reverses=wrong)
    assert county.signed_in("wang").get(url).context["form"] is None
    assert reverse("site:money-transfer", args=[back.pk]) in county.signed_in("wang").get(url).content.decode()


def test_list_is_sent_in_and_comes_back_with_its_remarks(money: Transfer) -> None:
    head = ("2015-06-01", "中央财政", "发展资金", "2015", "", "52", "资金持有单位", county.COUNTY, "", "收款人")
    rows = [
        ("1", *head, county.COUNTY, "养牛合作社", "", "20", "培训", "正扶1号"),
        ("2", *head, county.COUNTY, "养牛合作社", "", "2000", "培训", "正扶1号"),
    ]
    stream = io.StringIO()
    csv.writer(stream).writerows([TRANSFERS, *rows])
    file = SimpleUploadedFile("list.csv", stream.getvalue().encode())
    wang, chen = county.signed_in("wang"), finance()

    answer = wang.post(reverse("site:money-load", args=["transfers"]), {"file": file})

    order = Order.objects.get()
    assert answer["Location"] == reverse("site:money-order", args=[order.pk])
    page = wang.get(answer["Location"]).context
    assert (page["order"]["held"], [one["rule"] for one in page["remarks"]["error"]]) == (1, ["funds.short"])
    assert [line["fen"] for line in page["lines"]] == [20_00]
    report_url = reverse("site:money-order-report", args=[order.pk])
    assert b"".join(wang.get(report_url).streaming_content)[:2] == b"PK"
    assert county.signed_in("zhou").get(report_url).status_code == 403
    chen.post(answer["Location"], {"decision": "confirm"})
    assert Transfer.objects.get(of_order=order).amount_fen == 20_00
    assert wang.get(reverse("site:money-load", args=["nothing"])).status_code == 404
    assert chen.get(reverse("site:money-load", args=["transfers"])).status_code == 403


def test_year_is_closed_and_opened_by_who_confirms(money: Transfer) -> None:
    url = reverse("site:money-years")
    chen = finance()

    assert county.signed_in("wang").post(url, {"closing": "2015"}).status_code == 403
    chen.post(url, {"closing": "2015", "close": "1"})
    assert [one["year"] for one in chen.get(reverse("site:money")).context["closed"]] == [2015]
    assert county.signed_in("wang").post(reverse("site:money-transfer-new"), _wish()).status_code == 422
    chen.post(url, {"closing": "2015", "open": "1"})
    assert chen.get(reverse("site:money")).context["closed"] == []


def test_allocation_shows_its_arithmetic_and_the_county_gets_its_letter(money: Transfer) -> None:
    zhao, feng = county.signed_in("zhao"), finance("feng")
    report(values=[Reported(county.COUNTY, 2015, "fiscal", Decimal(900), "x")], by=proposer("52", "zhao"))
    pot = Account.objects.get(kind=HOLDER, area_code="52")
    typed = {
        "account": pot.pk, "amount": "100.01", "purpose": "industry", "on": timezone.localdate().isoformat(),
        "document": "黔财农9号", "task_people": "77", "goal": "脱贫", "rights": "县级审批",
    }  # fmt: skip
    url = reverse("site:money-allocation-new")

    sums = zhao.post(url, {**typed, "reckon": "1"})
    assert sums.context["workings"]["fen"] == 100_01
    assert sum(row["fen"] for row in sums.context["workings"]["rows"]) == 100_01
    assert not Allocation.objects.exists()
    assert zhao.post(url, {**typed, "propose": "1"}).status_code == 302

    made = Allocation.objects.get()
    share = made.shares.get(area_code=county.COUNTY)
    letter = reverse("site:money-letter", args=[share.pk])
    feng.post(reverse("site:money-order", args=[made.order_id]), {"decision": "confirm"})
    assert Transfer.objects.filter(of_order=made.order).count() == made.shares.count()
    text = pages.text(county.signed_in("wang").get(letter))
    for said in ("脱贫", f" {share.task_people} ", format_yuan(share.amount_fen), "县级审批"):
        assert said in text
    assert zhao.get(reverse("site:money-allocation", args=[made.pk])).context["workings"]["fen"] == 100_01
    assert county.signed_in("wang").get(reverse("site:money-allocation", args=[made.pk])).status_code == 404
    assert [
        row["fen"] for row in county.signed_in("wang").get(reverse("site:money-allocations")).context["letters"]
    ] == [share.amount_fen]
    assert county.signed_in("wang").get(url).context["has_pots"] is False
    assert PACK.version == made.policy_version

"""Pages of payments: a file made of a confirmed order, downloaded by finance alone, the bank's answers sent in and taken in."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.funds.moves import FUNDS, PACK, fill, move, payer, posted, proposer
from tests.funds.test_funds_payments import ACCOUNT, RESULTS
from tests.site import county, pages

from jiefa.audit.models import Entry
from jiefa.funds.actions import orders
from jiefa.funds.models import Order, OrderKind, Payment, PaymentFile
from jiefa.funds.rules import rows as flat
from jiefa.funds.rules.rows import HOLDER, PAYEE, Party
from jiefa.kernel.vault import Vault
from jiefa.lists.models import ReceivedList
from jiefa.registry.models import Household

pytestmark = pytest.mark.usefixtures("small_county")
COUNTY = Party(HOLDER, county.COUNTY)


@pytest.fixture
def order(small_county: None, settings: object) -> Order:
    """A confirmed order that pays a household and a unit without an account."""
    vault = Vault(settings.JIEFA_VAULT_KEY)
    Household.objects.update(account_sealed=vault.seal(ACCOUNT), bank_name="信用社", account_holder="户主")
    fill(1_000_00)
    posted(move(FUNDS, COUNTY, 500_00))
    home = county.household("A")
    rows = [
        move(COUNTY, Party(PAYEE, home.village_code, "", home.pk), 50_00),
        move(COUNTY, Party(PAYEE, county.COUNTY, "茶叶合作社"), 20_00),
    ]
    made = orders.propose(
        kind=OrderKind.TRANSFERS, title="x", rows=flat.table(rows), by=proposer(county.COUNTY), pack=PACK
    )
    return orders.confirm(order_id=made.pk, by=payer(county.COUNTY), pack=PACK)


def test_file_is_made_downloaded_and_answered(order: Order) -> None:
    wang, chen = county.signed_in("wang"), county.signed_in("chen")
    page, make = reverse("site:money-order", args=[order.pk]), reverse("site:money-payments-make", args=[order.pk])
    assert [one["count"] for one in chen.get(page).context["payments"]] == [1, 1]
    assert wang.get(page).context["payments"] == []
    assert wang.post(make, {"channel": "card"}).status_code == 403
    assert chen.post(make, {"channel": "cash"})["Location"] == page
    assert chen.post(make, {"channel": "bank"})["Location"] == page

    made = chen.post(make, {"channel": "card"})

    file = PaymentFile.objects.get()
    assert made["Location"] == reverse("site:money-payment-file", args=[file.pk])
    assert [row["answered"].sent for row in wang.get(reverse("site:money-payments")).context["rows"]] == [1]
    shown = wang.get(made["Location"])
    assert ACCOUNT not in shown.content.decode()
    assert county.household("A").head_name not in pages.text(shown)
    written = reverse("site:money-payment-file-written", args=[file.pk])
    assert chen.get(written).status_code == 405
    assert wang.post(written, {"form": "csv"}).status_code == 403
    text = chen.post(written, {"form": "csv"}).content.decode("utf-8-sig")
    assert ACCOUNT in text
    assert list(csv.reader(io.StringIO(text)))[-1][-1] == file.digest
    assert b"".join(chen.post(written, {"form": "xlsx"}).streaming_content)[:2] == b"PK"
    assert Entry.objects.filter(action="payments.file_left").count() == 2

    load = reverse("site:money-load", args=["payment_results"])
    assert wang.get(load).status_code == 403
    (payment,) = Payment.objects.all()
    stream = io.StringIO()
    row = (payment.transfer_id, "50.00", "退回", "2015-07-02", "销户", file.digest)
    csv.writer(stream).writerows([RESULTS, row])
    upload = SimpleUploadedFile("结果.csv", stream.getvalue().encode())
    sent = chen.post(load, {"file": upload})
    received = ReceivedList.objects.get(kind="payment_results")
    assert sent["Location"] == reverse("site:help-list", args=[received.pk])
    assert chen.get(sent["Location"]).context["may_decide"] is False
    assert [one["pk"] for one in wang.get(reverse("site:help-lists")).context["rows"]] == [received.pk]
    assert wang.post(sent["Location"], {"decision": "accept"}).status_code == 302
    payment.refresh_from_db()
    assert (payment.result, payment.reason) == ("returned", "销户")
    back = Order.objects.get(kind="reversal")
    assert chen.post(reverse("site:money-order", args=[back.pk]), {"decision": "confirm"}).status_code == 302
    assert "已冲销" in pages.text(chen.get(made["Location"]))
    assert chen.get(reverse("site:template-money", args=["unit_accounts"])).status_code == 200

"""What pages of money ask of the records: a fixed number of questions, whether there are a few rows or more than two pages."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from tests.site import county
from tests.site.test_site_query_counts import FEW, MANY, asked

from jiefa.funds.models import Account, Order, Origin, Payment, PaymentFile, Transfer
from jiefa.funds.rules import rows as rules
from jiefa.registry.intake import folder
from jiefa.registry.models import Household

pytestmark = pytest.mark.usefixtures("small_county")

PAGES = {
    "money": (lambda: reverse("site:money"), 24),
    "flow": (lambda: reverse("site:money-flow"), 18),
    "idle": (lambda: reverse("site:money-idle"), 18),
    "payment files": (lambda: reverse("site:money-payments"), 20),
    "payment file": (lambda: reverse("site:money-payment-file", args=[PaymentFile.objects.order_by("pk")[0].pk]), 20),
    "transfers": (lambda: reverse("site:money-transfers"), 18),
    "transfer": (lambda: reverse("site:money-transfer", args=[Transfer.objects.order_by("pk")[0].pk]), 18),
    "account": (lambda: reverse("site:money-account", args=[Account.objects.filter(kind="payee")[0].pk]), 26),
    "orders": (lambda: reverse("site:money-orders"), 18),
    "order": (lambda: reverse("site:money-order", args=[Order.objects.order_by("pk")[0].pk]), 19),
    "allocations": (lambda: reverse("site:money-allocations"), 18),
    "new transfer": (lambda: reverse("site:money-transfer-new"), 18),
}


def put_in(numbers: range) -> None:
    """So many more households that were paid once, each from a pot of an origin of its own; and as many orders."""
    now, day, office = timezone.now(), dt.date(2015, 6, 1), county.COUNTY
    homes = Household.objects.bulk_create(
        Household(
            number=f"M{n:05d}", head_name=f"张{n}", size=1, poverty_status="poor", household_class="general",
            village_code=county.VILLAGE,
        )
        for n in numbers
    )  # fmt: skip
    origins = Origin.objects.bulk_create(
        Origin(source="donation", type="assistance", year=2015, area_code=office, giver=f"捐赠人{n}") for n in numbers
    )
    said = {"on": day, "purpose": "training", "document": "x", "by": "zhou", "at": now}
    for origin, home, n in zip(origins, homes, numbers, strict=True):
        pot = Account.objects.create(kind="holder", area_code=office, origin=origin, balance_fen=60)
        paid = Account.objects.create(
            kind="payee", area_code=county.VILLAGE, household=home, origin=origin, balance_fen=40
        )
        Transfer.objects.create(
            origin=origin, from_account=pot, to_account=paid, from_code=office, to_code=county.VILLAGE,
            amount_fen=40, key=f"Q{n}", **said,
        )  # fmt: skip
    empty = rules.COLUMNS.empty_table()
    kept = folder.keep(
        settings.JIEFA_HOME,
        empty.append_column("line", pa.array([], pa.int64())).append_column("held", pa.array([], pa.bool_())),
        pa.table({}),
        folder.REMARK_COLUMNS.empty_table(),
        None,
        {},
    )
    orders = Order.objects.bulk_create(
        Order(
            kind="typed", title="x", digest=f"{n}", rows_digest="x", state="staged", areas=office, rows=1, posted=1,
            unchanged=0, held_back=0, warnings=0, amount_fen=1, folder=kept.path.name, staged_at=now, staged_by="zhou",
        )
        for n in numbers
    )  # fmt: skip
    PaymentFile.objects.bulk_create(
        PaymentFile(
            order=order,
            channel="card",
            areas=office,
            digest="x",
            rows=1,
            amount_fen=40,
            content=b"x",
            by="zhou",
            at=now,
        )
        for order in orders
    )
    first = PaymentFile.objects.order_by("pk")[0]
    paid = Transfer.objects.filter(key__in=[f"Q{n}" for n in numbers])
    Payment.objects.bulk_create(Payment(file=first, transfer=one, amount_fen=40) for one in paid)


def test_no_page_asks_more_when_there_is_more_to_show() -> None:
    put_in(range(FEW))
    few = {name: asked(address()) for name, (address, _bound) in PAGES.items()}
    put_in(range(FEW, MANY))
    many = {name: asked(address()) for name, (address, _bound) in PAGES.items()}

    assert {name: (few[name], many[name]) for name in PAGES if many[name] > few[name]} == {}
    assert {name: count for name, count in many.items() if count > PAGES[name][1]} == {}

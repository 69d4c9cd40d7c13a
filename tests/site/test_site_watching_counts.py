"""What pages of supervision ask of the records: a fixed number of questions, whether there are a few rows or more than two pages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.site import county
from tests.site.test_site_query_counts import FEW, MANY

from jiefa.integrity.models import Campaign, Case, Violation
from jiefa.kernel.vault import Vault

pytestmark = pytest.mark.usefixtures("small_county")

PAGES = {
    "inspections": ("wang", lambda: reverse("site:inspections"), 18),
    "inspection": ("wang", lambda: reverse("site:inspection", args=[Campaign.objects.order_by("pk")[0].pk]), 24),
    "violations": ("wang", lambda: reverse("site:violations"), 18),
    "violation": ("wang", lambda: reverse("site:violation", args=[Violation.objects.order_by("pk")[0].pk]), 22),
    "supervision": ("ji", lambda: reverse("site:supervision"), 18),
}


def put_in(numbers: range) -> None:
    """So many more campaigns, violations and cases of a township and its village."""
    now, day, vault = timezone.now(), dt.date(2015, 6, 1), Vault(settings.JIEFA_VAULT_KEY)
    who = {"by": "zhou", "at": now}
    Campaign.objects.bulk_create(
        Campaign(
            area_code=county.COUNTY, title=f"{n}", from_year=2013, to_year=2014, offices="both", opened_on=day,
            due_on=day, document="x", **who,
        )
        for n in numbers
    )  # fmt: skip
    first = Campaign.objects.order_by("pk")[0]
    Violation.objects.bulk_create(
        Violation(
            area_code=county.VILLAGE if n % 2 else county.VILLAGE[:9], number=f"{n}", campaign=first, kind="fraud",
            amount_fen=n, found_on=day, what="x", responsible="x", due_on=day, **who,
        )
        for n in numbers
    )  # fmt: skip
    Case.objects.bulk_create(
        Case(
            area_code=county.VILLAGE, source="round", subject_kind="village", subject_sealed=vault.seal("x"),
            text_sealed=vault.seal("x"), opened_on=day, **who,
        )
        for n in numbers
    )  # fmt: skip


def asked(username: str, address: str) -> int:
    """How many questions the page asks of the records for this user."""
    client = county.signed_in(username)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(captured)


def test_pages_ask_the_same_of_few_rows_and_of_many() -> None:
    put_in(range(FEW))
    few = {name: asked(who, url()) for name, (who, url, _most) in PAGES.items()}
    put_in(range(FEW, MANY))
    many = {name: asked(who, url()) for name, (who, url, _most) in PAGES.items()}

    assert few == many
    assert {name: count for name, count in many.items() if count > PAGES[name][2]} == {}

"""The demonstration's money comes to the published sums, counted from transfers, and agrees with help and pairings to the fen."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.db.models import QuerySet, Sum
from tests.journeys.office import SCALE, SHARES_PROVINCE

from jiefa import policy, snapshots
from jiefa.access.rules import Scope
from jiefa.assistance.models import ProgrammeRecord
from jiefa.audit import queries as audit
from jiefa.demo.help_lists import YEAR
from jiefa.demo.targets import scaled
from jiefa.funds.models import Account, Allocation, AllocationShare, Order, Payment, ProjectBeneficiary, Transfer
from jiefa.funds.queries import accounts, flows
from jiefa.funds.queries.books import books
from jiefa.insight.queries import figures
from jiefa.registry.models import Household

PROVINCE = Scope(("52",))
YUAN = {
    "F01": 216_000_000,
    "F03": 150_000_000,
    "F05": 3_800_000_000,
    "I01": 1_140_000_000,
    "A03": 333_000_000,
    "A06": 1_000_000_000,
    "A12": 1_270_000_000,
    "A13": 5_000_000_000,
}

INDICATORS = {
    "F01": "money_for_microcredit",
    "F03": "money_for_training",
    "F05": "money_for_relocation",
    "I01": "money_farming_central",
    "A03": "money_in_city",
    "A06": "money_in_enterprise",
    "A12": "money_together_fiscal",
    "A13": "money_together_departments",
}
"""The same rows as figures of the snapshot."""


def _by_household(rows: QuerySet[Any], column: str) -> Counter[int]:
    """What the rows hold for each household."""
    return Counter(dict(rows.values("household").annotate(fen=Sum(column)).values_list("household", "fen")))


@pytest.mark.both
@SHARES_PROVINCE
def test_money_of_the_ledger_is_counted_from_transfers(demonstration: None, home: Path) -> None:
    bands = flows.bands(PROVINCE, YEAR)
    by = flows.totals
    concentrated = [one for one in bands if one.purpose == "concentrated"]
    into_townships = Transfer.objects.filter(
        purpose="concentrated", origin__source="central", to_account__kind="holder"
    )
    townships = {code for code in into_townships.values_list("to_code", flat=True) if len(code) == 9}
    found = {
        "F01": by(bands, purpose="microcredit").drawn_fen,
        "F03": by(bands, purpose="training").drawn_fen,
        "F05": by(bands, purpose="relocation").drawn_fen,
        "I01": by(bands, purpose="mountain_farming", source="central").drawn_fen,
        "A03": by(bands, source="city").drawn_fen,
        "A06": by(bands, source="enterprise").appropriated_fen,
        "A12": by(concentrated, source="central").drawn_fen,
        "A13": by(concentrated, source="department").drawn_fen,
    }
    assert found == {name: scaled(yuan * 100, SCALE) for name, yuan in YUAN.items()}
    assert (len(townships), len({code[:6] for code in townships})) == (127, 16)  # A10, A11

    snapshot = snapshots.latest(home, YEAR)
    published = figures.read(snapshot, policy.load(), ["52"], list(INDICATORS.values()))
    of_snapshot = {name: int(published["52", indicator].numerator) for name, indicator in INDICATORS.items()}
    assert of_snapshot == found
    picture = flows.picture(snapshot, "52", YEAR)
    of_projects = _by_household(ProjectBeneficiary.objects.filter(reached_fen__gt=0), "reached_fen")
    assert of_projects
    assert picture.ended("household") == found["F05"] + of_projects.total()
    assert picture.came_fen == sum(picture.ended(kind) for kind in ("household", "unit", "lies"))
    assert {one.result for one in Payment.objects.all()} >= {"paid", "returned"}
    assert Order.objects.filter(kind="reversal", state="staged").count() == 1

    assert books().add_up
    assert not audit.verify().faults
    assert by(bands, purpose="relocation").paid_fen == found["F05"]
    moved = _by_household(ProgrammeRecord.objects.filter(programme="relocation", amount_fen__gt=0), "amount_fen")
    assert _by_household(Account.objects.filter(household__isnull=False), "balance_fen") == moved + of_projects
    home_of = Household.objects.get(pk=min(set(moved) - set(of_projects)))
    steps = accounts.way_back([one.pk for one in accounts.of_household(home_of.pk)])
    assert [len(one.account.area_code) for one in steps] == [6, 2, 2]
    assert steps[-1].fen == found["F05"]

    (allocation,) = Allocation.objects.all()
    shares = AllocationShare.objects.filter(allocation=allocation)
    assert shares.aggregate(fen=Sum("amount_fen"))["fen"] == found["I01"] == allocation.workings["fen"]
    assert shares.aggregate(n=Sum("task_people"))["n"] == scaled(1_300_000, SCALE)
    given = Transfer.objects.filter(of_order=allocation.order)
    assert dict(given.values_list("to_code", "amount_fen")) == dict(shares.values_list("area_code", "amount_fen"))
    assert {one["factor"]: one["missing"] for one in allocation.workings["parts"]}["fiscal"] == 0
    assert set(Order.objects.values_list("state", flat=True)) == {"accepted", "staged"}
    assert not Order.objects.filter(held_back__gt=0).exists()

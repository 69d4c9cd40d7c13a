"""What the pages ask of the books: balances of places, transfers in scope, the way back from a household, bands of what flowed."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import ibis
import openpyxl
import pytest
from tests.assistance.conftest import found as village_found
from tests.funds.moves import (
    CENTRAL,
    COUNTY,
    FIRM,
    FUNDS,
    HELD,
    HELD_BELOW,
    HELD_OTHER,
    ON,
    PACK,
    RELIEF,
    TOWNSHIP,
    fill,
    move,
    payer,
    posted,
)

from jiefa.access.rules import Scope
from jiefa.funds.actions import posting
from jiefa.funds.models import Account
from jiefa.funds.queries import accounts, exports, flows
from jiefa.funds.queries.accounts import Sifted, Standing
from jiefa.funds.rules import flows as flow_rules
from jiefa.funds.rules.rows import PAYEE, Party
from jiefa.registry.models import Household

pytestmark = pytest.mark.django_db
ALL, HERE = Scope(("52",)), Scope((COUNTY,))


@pytest.fixture
def home(home: Path, tmp_path: Path, db: None) -> Household:
    """Central money of two types on its way to a household of one village, some of it taken back."""
    household = village_found(tmp_path)["A"]
    fill(1_000)
    fill(500, RELIEF)
    posted(move(FUNDS, HELD, 600))
    posted(move(FUNDS, HELD, 200, origin=RELIEF, purpose="relocation"))
    posted(move(FUNDS, HELD_OTHER, 100))
    posted(move(HELD, HELD_BELOW, 300))
    paid = Party(PAYEE, household.village_code, "", household.pk)
    posted(move(HELD_BELOW, paid, 120))
    posted(move(HELD, paid, 50, origin=RELIEF, purpose="relocation"))
    posted(move(HELD, FIRM, 40))
    wrong = posted(move(HELD, FIRM, 7))
    posting.reverse(transfer_id=wrong.pk, on=ON, reason="重复", document="x", by=payer(), pack=PACK)
    return household


def test_standing_of_a_place_and_of_those_below(home: Household) -> None:
    assert accounts.standing(ALL) == Standing(0, 300 + 300 + 100 + 260 + 150 + 180, 0, 210, 3)
    assert accounts.standing(HERE, 2015) == Standing(0, 260 + 150 + 180, 0, 210, 3)
    assert accounts.standing(HERE, 2014) == Standing()
    assert accounts.standing(Scope(())) == Standing()
    assert accounts.below("5203", ALL) == {COUNTY: Standing(0, 590, 0, 210, 3), "520326": Standing(0, 100, 0, 0, 0)}
    assert set(accounts.below(COUNTY, HERE)) == {TOWNSHIP}
    assert accounts.below(home.village_code, ALL) == {}
    assert [(one.origin.type, one.balance_fen) for one in accounts.of_place(COUNTY, HERE)] == [
        ("development", 260),
        ("work_relief", 150),
    ]


def test_transfers_are_seen_from_both_sides_and_no_further(home: Household) -> None:
    outside = Scope(("520326",))

    assert accounts.transfers(HERE, Sifted()).count() == 8
    assert accounts.transfers(outside, Sifted()).count() == 1
    assert accounts.transfers(Scope(()), Sifted()).count() == 0
    assert accounts.transfers(ALL, Sifted(purpose="relocation")).count() == 2
    assert accounts.transfers(ALL, Sifted(type="work_relief", year=2015)).count() == 4
    (only,) = accounts.transfers(outside, Sifted())
    assert accounts.transfer(only.pk, HERE) is None
    assert accounts.transfer(only.pk, outside) == only
    world = Account.objects.filter(kind="outside").first()
    assert world is not None
    assert accounts.account(world.pk, ALL) is None


def test_from_a_household_back_to_the_sources_to_the_fen(home: Household) -> None:
    pots = accounts.of_household(home.pk)

    assert {one.origin.type: one.balance_fen for one in pots} == {"development": 120, "work_relief": 50}
    steps = accounts.way_back([one.pk for one in pots])
    assert {
        (one.level, one.account.kind, one.account.area_code, one.account.origin.type, one.fen) for one in steps
    } == {
        (0, "holder", TOWNSHIP, "development", 120),
        (0, "holder", COUNTY, "work_relief", 50),
        (1, "holder", COUNTY, "development", 300),
        (1, "holder", "52", "work_relief", 200),
        (2, "holder", "52", "development", 600),
        (2, "source", "52", "work_relief", 500),
        (3, "source", "52", "development", 1_000),
    }


def test_bands_add_up_and_a_reversal_is_taken_off(home: Household) -> None:
    found = flows.bands(ALL, 2015)

    everything = flows.totals(found)
    assert (everything.appropriated_fen, everything.drawn_fen, everything.paid_fen) == (1_500, 1_500, 210)
    assert flows.totals(found, purpose="relocation").paid_fen == 50
    to_payees = [one for one in found if one.to_kind == "payee"]
    assert sum(one.fen for one in to_payees) == 210
    assert all(one.transfers for one in to_payees)
    assert {one.fen for one in found if (one.from_level, one.to_level, one.purpose) == (2, 6, "training")} == {700}
    for within in (ALL, HERE, Scope((COUNTY, "520326"))):
        twin = flow_rules.bands(ibis.memtable(flows.flat(within, 2015))).to_pyarrow().to_pylist()
        assert {tuple(row.values()) for row in twin} == {astuple(one) for one in flows.bands(within, 2015)}
    assert flows.bands(ALL, 2014) == []
    assert flows.bands(Scope(()), 2015) == []
    inside = flows.totals(flows.bands(HERE, 2015), digits=6)
    assert (inside.appropriated_fen, inside.passed_fen, inside.came_fen, inside.paid_fen) == (0, 800, 800, 210)


def test_list_leaves_in_the_columns_in_which_it_comes(home: Household) -> None:
    for homes in (True, False):
        rows = list(
            openpyxl.load_workbook(
                exports.transfers(accounts.transfers(HERE, Sifted()), PACK, "zh", homes=homes)
            ).active.values
        )
        assert len(rows) == 1 + 8
        assert rows[0][:4] == ("编号", "日期", "资金来源", "资金类型")
        text = str(rows)
        assert (home.number in [row[13] for row in rows]) is homes
        assert home.head_name not in text
        assert CENTRAL.source not in text
        assert "中央财政" in text

"""Money in snapshots: where it came from, went and lies, the same at both sides of every stop and as the records hold it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from django.db.models import Sum
from tests.assistance.conftest import found as village_found
from tests.funds.building import done
from tests.funds.moves import (
    CENTRAL,
    COUNTY,
    DALIAN,
    FIRM,
    FUNDS,
    HELD,
    HELD_BELOW,
    HELD_OTHER,
    PACK,
    RELIEF,
    TREASURY,
    fill,
    move,
    payer,
    posted,
)

from jiefa.access.rules import Scope
from jiefa.casework import actions as casework
from jiefa.funds.actions import posting
from jiefa.funds.models import Account, Transfer
from jiefa.funds.queries import accounts, flows
from jiefa.funds.queries.accounts import Sifted
from jiefa.funds.rules import sankey
from jiefa.funds.rules.rows import HOLDER, PAYEE, PROJECT, SOURCE, WORLD, OriginKey, Party
from jiefa.insight.queries import behind, figures
from jiefa.registry.models import Household
from jiefa.snapshots import Snapshot

OLD = OriginKey("province", "development", 2013, "52")
ROAD = Party(PROJECT, COUNTY, "通村路")
LATER = dt.date(2016, 2, 1)


@pytest.fixture
def money(transactional_db: None, tmp_path: Path) -> tuple[Household, Snapshot]:
    """Money of three origins on its way, some of it back, some taken back, some after the year; and the year's snapshot."""
    home = village_found(tmp_path)["A"]
    paid = Party(PAYEE, home.village_code, "", home.pk)
    fill(1_000)
    fill(500, RELIEF)
    fill(90, OLD)
    posted(move(WORLD, Party(SOURCE, "5202"), 70, origin=DALIAN, purpose="assistance"))
    posted(move(WORLD, TREASURY, 11))
    posted(move(FUNDS, HELD, 600))
    posted(move(FUNDS, HELD, 200, origin=RELIEF, purpose="relocation"))
    posted(move(FUNDS, HELD, 40, origin=OLD))
    posted(move(FUNDS, HELD_OTHER, 100))
    posted(move(HELD, HELD_BELOW, 300))
    posted(move(HELD_BELOW, HELD, 30))
    posted(move(HELD_BELOW, paid, 120))
    posted(move(paid, HELD_BELOW, 20))
    posted(move(HELD, paid, 50, origin=RELIEF, purpose="relocation"))
    done(ROAD, FIRM, 100)
    posted(move(HELD, ROAD, 60))
    posted(move(ROAD, FIRM, 25))
    posted(move(HELD, FIRM, 40))
    wrong = posted(move(HELD, FIRM, 7))
    posting.reverse(transfer_id=wrong.pk, on=wrong.on, reason="重复", document="x", by=payer(), pack=PACK)
    posted(move(HELD, FIRM, 5, on=LATER))
    return home, casework.freeze(year=2015, now=False, pack=PACK, by="tests")


def _balances(within: str, year: int, kind: str) -> int:
    """Live balances of a kind of pot, without what was paid after the snapshot's day."""
    found = Account.objects.filter(kind=kind, area_code__startswith=within, origin__year=year)
    after = Transfer.objects.filter(on__gt=dt.date(2015, 12, 31), origin__year=year)
    back = after.filter(from_account__kind=kind, from_code__startswith=within).aggregate(fen=Sum("amount_fen"))["fen"]
    more = after.filter(to_account__kind=kind, to_code__startswith=within).aggregate(fen=Sum("amount_fen"))["fen"]
    return sum(found.values_list("balance_fen", flat=True)) + (back or 0) - (more or 0)


def test_bands_add_up_on_both_sides_and_say_what_the_records_say(money: tuple[Household, Snapshot]) -> None:
    home, snapshot = money
    village = home.village_code
    seen = 0
    for code in ("52", "5202", "5203", COUNTY, "520326", village[:9], village):
        for year in (2013, 2015):
            picture = flows.picture(snapshot, code, year)
            gave: Counter[sankey.Node] = Counter()
            got: Counter[sankey.Node] = Counter(picture.came)
            for band in picture.bands:
                gave[band.payer] += band.fen
                got[band.receiver] += band.fen
            stops = {node for node in (*gave, *got) if node.kind in (SOURCE, HOLDER, PROJECT)}
            assert {node: gave[node] for node in stops} == {node: got[node] for node in stops}
            ends = sum(picture.ended(kind) for kind in ("unit", "household", "lies"))
            assert picture.came_fen == ends
            lies = sum(_balances(code, year, kind) for kind in (SOURCE, HOLDER, PROJECT))
            assert (picture.ended("lies"), picture.came_fen - lies) == (lies, _balances(code, year, PAYEE))
            seen += bool(picture.bands)
    assert seen == 10

    here = flows.picture(snapshot, COUNTY, 2015)
    said = {
        (band.payer.kind, band.payer.level, band.receiver.kind, band.receiver.code): band.fen for band in here.bands
    }
    assert said == {
        ("source", 0, "holder", ""): 800,
        ("holder", 6, "holder", ""): 270,
        ("holder", 6, "project", ""): 60,
        ("holder", 6, "unit", ""): 40,
        ("holder", 6, "household", ""): 50,
        ("holder", 6, "lies", "holder"): 380,
        ("holder", 9, "household", ""): 100,
        ("holder", 9, "lies", "holder"): 170,
        ("project", 0, "unit", ""): 25,
        ("project", 0, "lies", "project"): 35,
    }
    (old,) = (band for band in flows.picture(snapshot, COUNTY, 2013).bands if band.receiver.kind == "lies")
    assert old.fen == 40
    assert {band.fen for band in flows.picture(snapshot, "5202", 2015).bands} == {70}

    for code in ("52", COUNTY):
        within = Scope((code,))
        for band in flows.picture(snapshot, code, 2015).bands:
            if band.receiver.kind == "lies":
                continue
            kinds = [PAYEE if node.kind in ("unit", "household") else node.kind for node in (band.payer, band.receiver)]
            sifted = Sifted(
                year=2015,
                source=band.payer.code,
                from_kind="in" if band.payer.kind == SOURCE else kinds[0],
                to_kind=kinds[1],
                from_level=band.payer.level or None,
                to_level=band.receiver.level or None,
                home={"household": True, "unit": False}.get(band.receiver.kind),
            )
            later = 5 if (band.payer.level, band.receiver.kind) == (6, "unit") else 0
            assert accounts.band_fen(within, sifted) == band.fen + later, (code, band)
            assert accounts.transfers(within, sifted).count() >= band.transfers

    _figures_are_of_the_day(home, snapshot)
    _way_of_a_household(home)


def _figures_are_of_the_day(home: Household, snapshot: Snapshot) -> None:
    def of(place: str, indicator: str) -> int | None:
        found = figures.read(snapshot, PACK, [place], [indicator]).get((place, indicator))
        return None if found is None else int(found.numerator)

    for place in ("52", "5203", COUNTY, home.village_code[:9], home.village_code):
        ways = list(flows.ways(snapshot, place))
        crossed = sum(int(str(way["fen"])) * (bool(way["to_inside"]) - bool(way["from_inside"])) for way in ways)
        assert of(place, "money_in") == crossed, place
        to_homes = sum(int(str(way["fen"])) for way in ways if way["to_home"] and way["to_inside"])
        to_homes -= sum(int(str(way["fen"])) for way in ways if way["from_home"] and way["from_inside"])
        assert of(place, "money_to_households") == to_homes
    assert of("52", "money_in") == 1_000 + 500 + 90 + 70 + 11
    assert (of("52", "money_in_city"), of("5202", "money_in_city"), of("5203", "money_in_city")) == (70, 70, 0)
    assert (of("52", "money_to_counties"), of(COUNTY, "money_to_counties")) == (940, 840)
    assert of(COUNTY, "money_for_relocation") == 200
    assert (of(COUNTY, "money_to_projects"), of(COUNTY, "money_to_payees")) == (60, 40 + 25 + 100 + 50)
    assert (of(COUNTY, "money_idle"), of("52", "money_idle"), of(COUNTY, "money_idle_two_years")) == (40, 90, 40)
    unspent = figures.read(snapshot, PACK, [COUNTY], ["money_unspent_share"])[COUNTY, "money_unspent_share"]
    assert (unspent.numerator, unspent.denominator) == (800 - 215, 800)
    definition = figures.definition(PACK, "money_to_households")
    homes = behind.households_behind(snapshot, definition, PACK, Scope((COUNTY,)))
    assert homes is not None
    assert homes.page(None, 10) == [home.pk]
    assert behind.households_behind(snapshot, figures.definition(PACK, "money_in"), PACK, Scope(("52",))) is None


def _way_of_a_household(home: Household) -> None:
    pots = {one.pk: one for one in Account.objects.select_related("origin")}
    edges = sankey.back(*accounts.way_edges([one.pk for one in accounts.of_household(home.pk)]))
    named = {
        (tuple((pots[one].kind, pots[one].area_code) for one in sorted(payer)), pots[min(receiver)].kind, fen)
        for payer, receiver, fen in edges
        if pots[min(receiver)].origin.type == CENTRAL.type
    }
    assert named == {
        ((("holder", "520324103"),), "payee", 100),
        ((("holder", COUNTY),), "holder", 100),
        ((("holder", "52"),), "holder", 100),
        ((("source", "52"),), "holder", 100),
    }
    assert sum(fen for payer, _to, fen in edges if all(pots[one].kind == SOURCE for one in payer)) == 150


def test_several_feeders_are_one_stop_and_no_way_goes_round() -> None:
    feeders = {2: {3, 4}, 3: {5}, 4: {5, 2}, 5: {6, 3}}

    edges = sankey.back([(2, 1, 10), (3, 1, 5)], feeders)

    stop = frozenset
    assert {(payer, receiver): fen for payer, receiver, fen in edges} == {
        (stop({2}), stop({1})): 10,
        (stop({3, 4}), stop({2})): 10,
        (stop({5}), stop({3, 4})): 10,
        (stop({6}), stop({5})): 15,
        (stop({3}), stop({1})): 5,
        (stop({5}), stop({3})): 5,
    }
    assert sankey.back([], {}) == []


def test_balance_is_read_in_one_indexed_row(transactional_db: None) -> None:
    found = Account.objects.filter(pk=1).values_list("balance_fen", flat=True)

    plan = found.explain()

    one = "Index Scan using funds_account_" in plan and "rows=1" in plan
    assert one or "USING INTEGER PRIMARY KEY (rowid=?)" in plan, plan

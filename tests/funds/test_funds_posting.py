"""Transfers one by one: what they move, what refuses them, how one is put right."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from tests.funds.moves import (
    CENTRAL,
    COUNTY,
    DALIAN,
    FIRM,
    FUNDS,
    HELD,
    HELD_BELOW,
    HELD_OTHER,
    ON,
    PACK,
    RELIEF,
    TREASURY,
    balance,
    fill,
    move,
    payer,
    posted,
    proposer,
)

from jiefa.audit.models import Entry
from jiefa.funds.actions import closing, posting
from jiefa.funds.models import Account, Origin, Transfer
from jiefa.funds.queries.books import books
from jiefa.funds.rules import refusals
from jiefa.funds.rules import rows as rules
from jiefa.funds.rules.rows import HOLDER, PAYEE, PROJECT, SOURCE, WORLD, Party
from jiefa.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db


def test_money_goes_down_to_a_payee_and_every_fen_is_known() -> None:
    fill(100_00)
    posted(move(FUNDS, HELD, 60_01))
    posted(move(HELD, HELD_BELOW, 20_00))
    posted(move(HELD_BELOW, FIRM_BELOW := Party(PAYEE, HELD_BELOW.area_code, "养牛合作社"), 19_99))

    held = {party: balance(party) for party in (WORLD, TREASURY, FUNDS, HELD, HELD_BELOW, FIRM_BELOW)}
    assert held == {WORLD: -100_00, TREASURY: 0, FUNDS: 39_99, HELD: 40_01, HELD_BELOW: 1, FIRM_BELOW: 19_99}
    assert books().add_up
    assert books().transfers == 5


def test_money_of_two_origins_stays_apart() -> None:
    fill(100)
    fill(50, RELIEF)
    posted(move(FUNDS, HELD, 100))

    with pytest.raises(refusals.BalanceShort):
        posted(move(FUNDS, HELD, 51, origin=RELIEF))
    posted(move(FUNDS, HELD, 50, origin=RELIEF))

    assert (balance(HELD), balance(HELD, RELIEF)) == (100, 50)


def test_database_joins_no_pots_of_two_origins() -> None:
    fill(100)
    fill(100, RELIEF)
    central, relief = (Account.objects.get(kind=HOLDER, origin__type=kind) for kind in ("development", "work_relief"))

    with pytest.raises(DatabaseError), transaction.atomic():
        Transfer.objects.create(
            from_account=central, to_account=relief, origin=central.origin, from_code="52", to_code="52",
            amount_fen=1, on=ON, purpose="training", document="x", key="across", by="x", at=timezone.now(),
        )  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE funds_transfer SET amount_fen = amount_fen + 1",
        "DELETE FROM funds_transfer",
        "UPDATE funds_account SET kind = 'payee', owner = 'x' WHERE kind = 'holder'",
        "UPDATE funds_account SET area_code = '520326' WHERE kind = 'holder'",
        "DELETE FROM funds_account",
        "UPDATE funds_origin SET year = year + 1",
        "DELETE FROM funds_origin",
        "UPDATE funds_account SET balance_fen = -1 WHERE kind = 'holder'",
    ],
)
def test_database_refuses_to_change_what_was_posted(statement: str) -> None:
    fill()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_database_takes_one_whole_reversal_alone() -> None:
    fill()
    wrong = posted(move(FUNDS, HELD, 30))
    row = {
        "origin": wrong.origin, "from_code": "", "to_code": "", "on": ON, "purpose": "training", "document": "x",
        "by": "x", "at": timezone.now(), "reverses": wrong,
    }  # fmt: skip
    there, back = {"from_account": wrong.from_account, "to_account": wrong.to_account}, {
        "from_account": wrong.to_account, "to_account": wrong.from_account,
    }  # fmt: skip

    for bad in ({**back, "amount_fen": 29}, {**there, "amount_fen": 30}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Transfer.objects.create(**row, **bad, key="bad")
    first = Transfer.objects.create(**row, **back, amount_fen=30, key="good")
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.create(**row, **back, amount_fen=30, key="twice")
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.create(**{**row, "reverses": first}, **there, amount_fen=30, key="back again")


def test_same_key_returns_the_first_and_other_content_is_refused() -> None:
    fill()
    first = posted(move(FUNDS, HELD, 30, "K"))

    assert posted(move(FUNDS, HELD, 30, "K")).pk == first.pk
    with pytest.raises(refusals.KeyContradicts):
        posted(move(FUNDS, HELD, 31, "K"))
    with pytest.raises(refusals.KeyContradicts):
        posted(move(FUNDS, HELD_OTHER, 30, "K"))

    assert balance(HELD) == 30
    assert books().add_up


def test_reversal_brings_everything_back_once() -> None:
    fill()
    before = balance(FUNDS)
    wrong = posted(move(FUNDS, HELD, 30))

    back = posting.reverse(transfer_id=wrong.pk, on=ON, reason="拨错县", document="更正1号", by=payer(), pack=PACK)
    again = posting.reverse(transfer_id=wrong.pk, on=ON, reason="拨错县", document="更正1号", by=payer(), pack=PACK)

    assert again.pk == back.pk
    assert (balance(FUNDS), balance(HELD)) == (before, 0)
    with pytest.raises(refusals.NotToReverse):
        posting.reverse(transfer_id=back.pk, on=ON, reason="x", document="x", by=payer(), pack=PACK)
    with pytest.raises(refusals.KeyContradicts):
        posting.reverse(transfer_id=wrong.pk, on=ON, reason="x", document="other", by=payer(), pack=PACK)


def test_reversal_of_money_that_went_on_is_refused() -> None:
    fill()
    wrong = posted(move(FUNDS, HELD, 30))
    posted(move(HELD, FIRM, 1))

    with pytest.raises(refusals.BalanceShort):
        posting.reverse(transfer_id=wrong.pk, on=ON, reason="x", document="x", by=payer(), pack=PACK)


REFUSED = {
    "nothing": (move(FUNDS, HELD, 0), refusals.AmountWrong),
    "less": (move(FUNDS, HELD, -1), refusals.AmountWrong),
    "a slip of the pen": (move(FUNDS, HELD, 10**15 + 1), refusals.AmountWrong),
    "no document": (move(FUNDS, HELD, 1, document="  "), refusals.TextMissing),
    "long key": (move(FUNDS, HELD, 1, key="x" * 81), refusals.TextMissing),
    "tomorrow": (move(FUNDS, HELD, 1, on=dt.date(2999, 1, 1)), refusals.DayWrong),
    "before its year": (move(FUNDS, HELD, 1, on=dt.date(2014, 12, 31)), refusals.DayWrong),
    "purpose": (move(FUNDS, HELD, 1, purpose="fun"), refusals.CodeUnknown),
    "source": (move(FUNDS, HELD, 1, origin=replace(CENTRAL, source="moon")), refusals.CodeUnknown),
    "more than there is": (move(FUNDS, HELD, 1_000_01), refusals.BalanceShort),
    "undecided purpose to a payee": (move(HELD, FIRM, 1, purpose="general"), refusals.PurposeMissing),
    "across": (move(HELD, HELD_OTHER, 1), refusals.WayWrong),
    "to itself": (move(HELD, HELD, 1), refusals.WayWrong),
    "world to holder": (move(WORLD, HELD, 1), refusals.WayWrong),
    "source elsewhere": (move(WORLD, Party(SOURCE, COUNTY), 1), refusals.WayWrong),
    "payee of another county": (move(HELD, Party(PAYEE, "520326", "x"), 1), refusals.WayWrong),
    "payee without a name": (move(HELD, Party(PAYEE, COUNTY), 1), refusals.OwnerWrong),
    "holder with a name": (move(FUNDS, Party(HOLDER, COUNTY, "x"), 1), refusals.OwnerWrong),
    "project of a household": (move(HELD, Party(PROJECT, COUNTY, "p", 1), 1), refusals.OwnerWrong),
    "no such household": (move(HELD, Party(PAYEE, COUNTY, "", 987_654_321), 1), refusals.HouseholdUnknown),
    "no such place": (move(FUNDS, Party(HOLDER, "529999"), 1), refusals.PlaceUnknown),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    fill()
    transfer, error = REFUSED[case]

    with pytest.raises(error) as refused:
        posted(transfer)

    assert Transfer.objects.count() == 2
    assert not Account.objects.filter(area_code="529999").exists()
    assert transfer.key in refused.value.message("en")
    assert transfer.key in refused.value.message("zh")


def test_negative_list_holds_from_its_day() -> None:
    fill()
    before, after = dt.date(2017, 3, 30), dt.date(2017, 3, 31)
    cars = move(FUNDS, HELD, 1, purpose="vehicles")

    posted(replace(cars, on=before, key="before"))
    with pytest.raises(refusals.PurposeForbidden) as refused:
        posted(replace(cars, on=after, key="after"))

    assert "2017" in refused.value.message("zh")
    labels = {code.id for code in PACK.codes("fund_purpose").values}
    assert len(PACK.at(after).texts("funds.negative_list")) == 9
    assert set(PACK.at(after).texts("funds.negative_list")) <= labels


def test_wrong_reversal_may_be_dated_after_the_negative_list() -> None:
    fill()
    cars = posted(move(FUNDS, HELD, 1, purpose="vehicles"))

    back = posting.reverse(
        transfer_id=cars.pk, on=dt.date(2018, 1, 1), reason="不该支出", document="审计1号", by=payer(), pack=PACK
    )

    assert back.reverses_id == cars.pk


def test_only_who_confirms_there_may_post() -> None:
    fill()
    transfer = move(FUNDS, HELD, 1)

    for stranger in (proposer("52"), payer(COUNTY), proposer(COUNTY)):
        with pytest.raises(NotAllowed):
            posting.post(transfer=transfer, by=stranger, pack=PACK)
    posted(transfer)
    posting.post(transfer=move(HELD, FIRM, 1), by=payer(COUNTY), pack=PACK)
    with pytest.raises(NotAllowed):
        posting.post(transfer=move(WORLD, TREASURY, 1), by=payer(COUNTY), pack=PACK)


def test_closed_year_takes_nothing_more() -> None:
    fill()
    closing.close_year(area=COUNTY, year=2015, by=payer())

    with pytest.raises(refusals.YearClosed):
        posted(move(FUNDS, HELD, 1))
    with pytest.raises(refusals.YearClosed):
        posted(move(FUNDS, HELD_BELOW, 1))
    posted(move(FUNDS, HELD_OTHER, 1))
    posted(move(FUNDS, HELD, 1, on=dt.date(2016, 1, 5)))
    with pytest.raises(refusals.YearStands):
        closing.close_year(area=COUNTY, year=2015, by=payer())
    with pytest.raises(NotAllowed):
        closing.open_year(area=COUNTY, year=2015, by=proposer())
    closing.open_year(area=COUNTY, year=2015, by=payer(COUNTY))
    posted(move(FUNDS, HELD, 1))

    assert [entry.action for entry in Entry.objects.filter(chain=COUNTY).order_by("seq")] == [
        "money.year_closed",
        "money.year_opened",
    ]


def test_one_entry_for_a_list_with_its_digest() -> None:
    fill(100)
    rows = rules.table([move(FUNDS, HELD, 10), move(FUNDS, HELD_OTHER, 20)])
    before = Entry.objects.count()

    done = posting.post_many(rows=rows, by=payer(), pack=PACK)

    (entry,) = Entry.objects.order_by("pk")[before:]
    assert (done.new, done.fen) == (2, 30)
    assert rules.digest(rows) in entry.diff
    again = posting.post_many(rows=rows, by=payer(), pack=PACK)
    assert (again.new, again.unchanged) == (0, 2)
    assert Entry.objects.count() == before + 1


def test_list_is_posted_whole_or_not_at_all_and_in_its_order() -> None:
    fill(100)
    down, on = move(FUNDS, HELD, 100), move(HELD, HELD_BELOW, 100)

    with pytest.raises(refusals.BalanceShort) as refused:
        posting.post_many(rows=rules.table([on, down]), by=payer(), pack=PACK)
    assert on.key in refused.value.message("en")
    assert Transfer.objects.count() == 2
    with pytest.raises(refusals.KeyTwice):
        posting.post_many(rows=rules.table([down, down]), by=payer(), pack=PACK)

    posting.post_many(rows=rules.table([down, on]), by=payer(), pack=PACK)
    assert (balance(FUNDS), balance(HELD), balance(HELD_BELOW)) == (0, 0, 100)


def test_a_giver_is_an_origin_of_its_own() -> None:
    source, held = Party(SOURCE, "5202"), Party(HOLDER, "5202")
    posted(move(WORLD, source, 7, origin=DALIAN, purpose="assistance"))
    posted(move(source, held, 7, origin=DALIAN, purpose="assistance"))

    assert Origin.objects.get().giver == "大连市"
    with pytest.raises(refusals.BalanceShort):
        posted(move(source, held, 1, origin=replace(DALIAN, giver="上海市"), purpose="assistance"))

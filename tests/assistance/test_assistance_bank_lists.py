"""A bank's lists: loans inside the limit of each household, repayments of loans that are there; interest paid back once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from tests.assistance import help_lists as given
from tests.procedures.people import COUNTY, People

from jiefa.access.rules import Scope
from jiefa.assistance.actions import repaying
from jiefa.assistance.models import FundEntry, Loan, Repayment
from jiefa.assistance.queries import credit as queries
from jiefa.assistance.rules import credit as rules
from jiefa.audit import queries as audit
from jiefa.casework import lists
from jiefa.kernel.errors import NotAllowed
from jiefa.lists.actions import tally
from jiefa.lists.models import ReceivedList
from jiefa.policy import Pack
from jiefa.registry.models import Household

Village = dict[str, Household]
LOANS = ("户编号", "借款人", "放贷机构", "贷款用途", "放款金额", "期限", "年利率", "放款日期")
REPAYMENTS = ("户编号", "借款人", "放款日期", "还款日期", "还本金额", "付息金额", "凭证号")
DAY = "2016-03-01"


def borrower(household: Household, place: int = 0) -> tuple[str, str]:
    return household.number, household.people.order_by("pk")[place].name


def loans(
    folder: Path, people: People, pack: Pack, *rows: Sequence[str], name: str = "loans.csv", rate: str = "4.75"
) -> ReceivedList:
    whole = [(*row[:2], "农信社", "养殖", row[2], row[3], rate, DAY) for row in rows]
    return given.taken(given.written(folder, LOANS, *whole, name=name), "loans", people, pack)


def repayments(folder: Path, people: People, pack: Pack, *rows: Sequence[str]) -> ReceivedList:
    done = given.taken(given.written(folder, REPAYMENTS, *rows), "repayments", people, pack)
    assert done.accepted + done.unchanged + done.held_back + done.strangers == done.rows == len(rows)
    return done


def test_rows_of_one_household_hold_each_other_inside_the_limit(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    done = loans(
        tmp_path,
        people,
        pack,
        (*borrower(village["A"]), "30000", "12"),
        (*borrower(village["A"], 1), "20001", "12"),  # the household would owe more than 50,000
        (*borrower(village["B"]), "50000", "36"),
        (*borrower(village["C"]), "10000", "12"),  # no longer poor
    )

    assert (done.accepted, done.held_back) == (2, 2)
    assert {(loan.household.number, loan.balance_fen) for loan in Loan.objects.all()} == {
        ("A", 3_000_000),
        ("B", 5_000_000),
    }
    assert not audit.verify().faults


def test_loan_on_file_is_not_lent_again_by_a_longer_list(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    first = (*borrower(village["A"]), "30000", "12")
    loans(tmp_path, people, pack, first)

    again = loans(tmp_path, people, pack, first, (*borrower(village["B"]), "10000", "12"), name="more.csv")

    assert (again.accepted, again.unchanged, again.held_back) == (1, 1, 0)
    assert Loan.objects.count() == 2


def test_repayments_find_their_loan_and_never_pass_what_is_owed(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    loans(tmp_path, people, pack, (*borrower(village["A"]), "30000", "12"))
    who = borrower(village["A"])

    done = repayments(
        tmp_path,
        people,
        pack,
        (*who, DAY, "2016-06-01", "20000", "350.50", ""),
        (*who, DAY, "2016-09-01", "10000.01", "0", ""),
        (*who, "2016-03-02", "2016-06-01", "1", "0", ""),
    )

    assert (done.accepted, done.held_back) == (1, 2)
    assert Loan.objects.get().balance_fen == 1_000_000
    assert Repayment.objects.get().interest_fen == 35_050


def said(done: ReceivedList) -> list[tuple[str, int]]:
    return [(rule, rows) for _level, rule, _zh, _en, rows in tally(done)]


def test_repayment_of_an_overlapping_list_is_on_file_already(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    loans(tmp_path, people, pack, (*borrower(village["A"]), "30000", "12"))
    june = (*borrower(village["A"]), DAY, "2016-06-01", "1000", "50", "R1")
    repayments(tmp_path, people, pack, june)

    done = repayments(
        tmp_path,
        people,
        pack,
        june,
        (*borrower(village["A"]), DAY, "2016-07-01", "1000", "50", "R2"),
        (*borrower(village["A"]), DAY, "2016-06-01", "1000", "50", "R3"),  # the same day and amounts, another voucher
        (*borrower(village["A"]), DAY, "2016-08-01", "1000", "50", "R3"),  # the voucher of the row above
    )

    assert (done.accepted, done.unchanged, done.held_back) == (2, 1, 1)
    assert sorted(Repayment.objects.values_list("voucher", "time")) == [("R1", 1), ("R2", 1), ("R3", 2)]
    assert Loan.objects.get().balance_fen == 2_700_000


def test_voucher_on_file_with_another_amount_holds_its_row(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    loans(tmp_path, people, pack, (*borrower(village["A"]), "30000", "12"))
    who = borrower(village["A"])
    repayments(tmp_path, people, pack, (*who, DAY, "2016-06-01", "1000", "50", "R1"))

    done = repayments(
        tmp_path,
        people,
        pack,
        (*who, DAY, "2016-06-01", "2000", "50", "R1"),
        (*who, DAY, "2016-07-01", "1000", "50", "R2"),
    )

    assert (done.accepted, done.unchanged, done.held_back) == (1, 0, 1)
    assert said(done) == [("HP23", 1)]


def test_without_vouchers_day_and_amounts_count_as_often_as_they_stand_there(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    loans(tmp_path, people, pack, (*borrower(village["A"]), "30000", "12"))
    twice = (*borrower(village["A"]), DAY, "2016-06-01", "1000", "50", "")
    first = repayments(tmp_path, people, pack, twice, twice)

    later = repayments(
        tmp_path,
        people,
        pack,
        twice,
        twice,
        twice,
        (*twice[:-1], "R9"),  # one of the two on file, now with its voucher
    )

    assert (first.accepted, said(first)) == (2, [("HP24", 1), ("HP26", 1)])
    assert (later.accepted, later.unchanged, later.held_back) == (2, 2, 0)
    assert sorted(Repayment.objects.values_list("voucher", "time")) == [("", 1), ("", 2), ("", 3), ("", 4)]


def test_repayment_typed_twice_is_refused_unless_it_has_a_voucher_of_its_own(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    loans(tmp_path, people, pack, (*borrower(village["A"]), "30000", "12"))
    typed = {
        "loan_id": Loan.objects.get().pk,
        "principal_fen": 100_000,
        "interest_fen": 0,
        "on": dt.date(2016, 6, 1),
        "by": people.wang,
    }
    repaying.repay(**typed)

    with pytest.raises(repaying.RepaidAlready):
        repaying.repay(**typed)
    repaying.repay(**typed, voucher="R1")
    with pytest.raises(repaying.RepaidAlready):
        repaying.repay(**typed, voucher="R1")
    with pytest.raises(repaying.VoucherContradicts):
        repaying.repay(**{**typed, "interest_fen": 1}, voucher="R1")

    assert Loan.objects.get().balance_fen == 2_800_000


@pytest.mark.parametrize("again", [{"voucher": "R1", "time": 2}, {"voucher": "R2", "time": 1}])
def test_database_keeps_a_repayment_once(
    village: Village, people: People, pack: Pack, tmp_path: Path, again: dict[str, object]
) -> None:
    loans(tmp_path, people, pack, (*borrower(village["A"]), "30000", "12"))
    repayments(tmp_path, people, pack, (*borrower(village["A"]), DAY, "2016-06-01", "1000", "50", "R1"))
    one = Repayment.objects.get()

    one.pk, one.voucher, one.time = None, again["voucher"], again["time"]

    with pytest.raises(IntegrityError, match=r"UNIQUE|unique"), transaction.atomic():
        one.save(force_insert=True)


def test_what_was_lent_between_check_and_acceptance_forbids_the_list(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    row = (*borrower(village["A"]), "农信社", "养殖", "30000", "12", "4.75", DAY)
    waiting = given.staged(given.written(tmp_path, LOANS, row), "loans", people, pack)
    loans(tmp_path, people, pack, (*borrower(village["A"], 1), "25000", "12"), name="other.csv")

    with pytest.raises(Exception, match="上限"):
        lists.accept(list_id=waiting.pk, by=people.zhou, pack=pack)

    assert Loan.objects.count() == 1
    assert ReceivedList.objects.get(pk=waiting.pk).state == "staged"


def test_interest_is_paid_back_once_up_to_the_base_rate_out_of_the_fund(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    loans(tmp_path, people, pack, (*borrower(village["A"]), "30000", "12"), rate="9.5")
    repayments(tmp_path, people, pack, (*borrower(village["A"]), DAY, "2016-06-01", "0", "700", ""))
    span = {"first": dt.date(2016, 4, 1), "last": dt.date(2016, 6, 30), "by": people.wang, "pack": pack}
    with pytest.raises(repaying.FundShort):
        repaying.subsidise(county=COUNTY, **span)
    repaying.pay_in(county=COUNTY, fen=1_000_000, on=dt.date(2016, 1, 1), source="财政", by=people.wang)
    with pytest.raises(NotAllowed):
        repaying.subsidise(county=COUNTY, **{**span, "by": people.sun})

    made = repaying.subsidise(county=COUNTY, **span)

    assert [entry.amount_fen for entry in made] == [-35_000]  # 4.75 of 9.5 per cent
    assert repaying.subsidise(county=COUNTY, **span) == []
    assert queries.fund_fen(COUNTY) == 965_000
    held = rules.limits(pack.at(dt.date(2016, 7, 1)))
    one = queries.by_county(Scope(("52",)), dt.date(2016, 7, 1), held)[COUNTY]
    assert (one.loans, one.lent_fen, one.paid_in_fen, one.subsidy_fen) == (1, 3_000_000, 1_000_000, -35_000)
    assert one.leverage == 3.0
    assert FundEntry.objects.count() == 2

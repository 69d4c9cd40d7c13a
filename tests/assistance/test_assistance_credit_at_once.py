"""At the same moment, with real connections: two loans never pass the limit, two lists book a repayment once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.db import connection
from tests.assistance import help_lists as given
from tests.assistance.conftest import found, wish
from tests.procedures.people import People

from jiefa.assistance.actions import credit, repaying
from jiefa.assistance.models import Loan
from jiefa.casework import lists
from jiefa.kernel.errors import JiefaError
from jiefa.lists.models import ReceivedList
from jiefa.policy import Pack

ROUNDS = 6


@pytest.mark.django_db(transaction=True)
def test_two_loans_at_once_do_not_pass_the_limit(tmp_path: Path, people: People, pack: Pack) -> None:
    household = found(tmp_path)["A"]
    asked = wish(household, 30_000)
    for number in range(ROUNDS):
        gate, refused = threading.Barrier(2), []

        def ask(gate: threading.Barrier = gate, refused: list[type[JiefaError]] = refused) -> None:
            try:
                gate.wait()
                credit.lend(household_id=household.pk, wish=asked, by=people.wang, pack=pack)
            except JiefaError as reason:
                refused.append(type(reason))
            finally:
                connection.close()

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert refused == [credit.LoanTooLarge], number
        (loan,) = Loan.objects.filter(balance_fen__gt=0)
        repaying.repay(loan_id=loan.pk, principal_fen=loan.balance_fen, interest_fen=0, on=loan.from_on, by=people.wang)


@pytest.mark.django_db(transaction=True)
def test_two_lists_at_once_book_a_repayment_once(tmp_path: Path, people: People, pack: Pack) -> None:
    household = found(tmp_path)["A"]
    loan = credit.lend(household_id=household.pk, wish=wish(household, 30_000), by=people.wang, pack=pack)
    header = ("户编号", "借款人", "放款日期", "还款日期", "还本金额", "付息金额", "凭证号")
    for number in range(ROUNDS):
        day = (household.number, loan.borrower.name, loan.from_on, f"2016-05-{number + 1:02d}", "100", "5")
        shared, bare = (*day, f"R{number}"), (*day[:4], "200", "5", "")
        files = [
            given.written(tmp_path, header, shared, bare, (*day[:4], own, "5", f"{own}-{number}"), name=f"{own}.csv")
            for own in ("300", "400")
        ]
        keys = [given.staged(file, "repayments", people, pack).pk for file in files]
        gate, failed = threading.Barrier(2), []

        def accept(key: int, gate: threading.Barrier = gate, failed: list[Exception] = failed) -> None:
            try:
                gate.wait()
                lists.accept(list_id=key, by=people.zhou, pack=pack)
            except Exception as reason:
                failed.append(reason)
            finally:
                connection.close()

        threads = [threading.Thread(target=accept, args=(key,)) for key in keys]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert not failed, number
        counts = ReceivedList.objects.filter(pk__in=keys).values_list("accepted", "unchanged")
        assert sorted(counts) == [(1, 2), (3, 0)], number
        loan.refresh_from_db()
        assert loan.amount_fen - loan.balance_fen == (number + 1) * 100_000

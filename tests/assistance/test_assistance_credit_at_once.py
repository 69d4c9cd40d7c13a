"""Two loans to a household at the same moment, with real connections: together they never pass the limit."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.db import connection
from tests.assistance.conftest import found, wish
from tests.procedures.people import People

from jiefa.assistance.actions import credit, repaying
from jiefa.assistance.models import Loan
from jiefa.kernel.errors import JiefaError
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

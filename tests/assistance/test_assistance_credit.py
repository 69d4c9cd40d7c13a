"""Loans from application to recovery: by dossier, inside the limits, the fund to the fen."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.assistance.conftest import ON, wish
from tests.casework import going
from tests.procedures.people import COUNTY, VILLAGE, People

from jiefa.access.rules import Scope
from jiefa.assistance.actions import credit, repaying
from jiefa.assistance.models import FundEntry, Loan
from jiefa.assistance.queries import credit as queries
from jiefa.assistance.rules import credit as rules
from jiefa.audit import queries as audit
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.policy import Pack
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household

Village = dict[str, Household]
LATE = dt.date(2019, 6, 1)
"""A loan of 36 months from ``ON`` ended 92 days before."""


def test_household_applies_and_the_county_s_decision_writes_the_loan(
    village: Village, people: People, pack: Pack
) -> None:
    asked = wish(village["A"], 30_000, months=12)
    key = credit.propose(household_id=village["A"].pk, wish=asked, by=people.li, on=ON, pack=pack)

    done = going.to_the_end(Dossier.objects.get(pk=key), people, pack, ON)

    loan = Loan.objects.get()
    assert done.outcome == "approved"
    assert (loan.household, loan.amount_fen, loan.balance_fen) == (village["A"], 3_000_000, 3_000_000)
    assert (loan.from_on, loan.to_on, loan.dossier) == (ON, dt.date(2017, 3, 1), key)
    assert audit.history("household", village["A"].pk)[0].action == "loan.lent"
    assert not audit.verify().faults


def test_what_was_lent_meanwhile_counts_when_the_county_decides(village: Village, people: People, pack: Pack) -> None:
    asked = wish(village["A"], 30_000)
    key = credit.propose(household_id=village["A"].pk, wish=asked, by=people.li, on=ON, pack=pack)
    dossier = Dossier.objects.get(pk=key)
    going.step(dossier, people, pack, ON)
    going.step(dossier, people, pack, ON)
    credit.lend(household_id=village["A"].pk, wish=wish(village["A"], 20_001), by=people.wang, pack=pack)

    with pytest.raises(credit.LoanTooLarge):
        going.step(dossier, people, pack, ON)

    assert Loan.objects.count() == 1


@pytest.mark.parametrize(
    ("number", "changes", "refusal"),
    [
        ("A", {"fen": 5_000_001}, credit.LoanTooLarge),
        ("A", {"fen": 0}, credit.LoanTooLarge),
        ("A", {"months": 37}, credit.LoanTooLong),
        ("A", {"use": "wedding"}, credit.LoanCodeUnknown),
        ("A", {"platform": "lender"}, credit.LoanCodeUnknown),
        ("C", {}, credit.NoLoanForStatus),
    ],
)
def test_what_the_programme_does_not_allow_is_refused_when_it_is_asked_for(
    village: Village,
    people: People,
    pack: Pack,
    number: str,
    changes: dict[str, object],
    refusal: type[JiefaError],
) -> None:
    asked = wish(village[number], **changes)

    with pytest.raises(refusal):
        credit.propose(household_id=village[number].pk, wish=asked, by=people.li, on=ON, pack=pack)

    assert not Dossier.objects.exists()


def test_borrower_is_a_member_of_the_right_age(village: Village, people: People, pack: Pack) -> None:
    other = wish(village["B"]).borrower
    young = village["A"].people.order_by("pk")[1]
    young.birth_date = dt.date(ON.year - 18, ON.month, ON.day + 1)
    young.save()

    for borrower in (other, young.pk):
        with pytest.raises(credit.BorrowerUnfit):
            credit.lend(
                household_id=village["A"].pk, wish=wish(village["A"], borrower=borrower), by=people.wang, pack=pack
            )

    young.birth_date = dt.date(ON.year - 18, ON.month, ON.day)
    young.save()
    assert credit.lend(
        household_id=village["A"].pk, wish=wish(village["A"], borrower=young.pk), by=people.wang, pack=pack
    ).pk


def test_repaid_money_may_be_borrowed_again(village: Village, people: People, pack: Pack) -> None:
    loan = credit.lend(household_id=village["A"].pk, wish=wish(village["A"]), by=people.wang, pack=pack)
    with pytest.raises(credit.LoanTooLarge):
        credit.lend(household_id=village["A"].pk, wish=wish(village["A"], 1), by=people.wang, pack=pack)
    with pytest.raises(repaying.RepaidTooMuch):
        repaying.repay(loan_id=loan.pk, principal_fen=5_000_001, interest_fen=0, on=ON, by=people.wang)

    repaying.repay(loan_id=loan.pk, principal_fen=100, interest_fen=7, on=ON, by=people.wang)

    assert credit.lend(household_id=village["A"].pk, wish=wish(village["A"], 1), by=people.wang, pack=pack).pk


def test_fund_pays_once_after_the_days_and_has_its_part_of_what_comes_back(
    village: Village, people: People, pack: Pack
) -> None:
    loan = credit.lend(household_id=village["A"].pk, wish=wish(village["A"]), by=people.wang, pack=pack)
    with pytest.raises(repaying.NotYetCompensated):
        repaying.compensate(loan_id=loan.pk, on=LATE - dt.timedelta(days=2), by=people.wang, pack=pack)
    with pytest.raises(repaying.FundShort):
        repaying.compensate(loan_id=loan.pk, on=LATE, by=people.wang, pack=pack)
    repaying.pay_in(county=COUNTY, fen=4_000_000, on=ON, source="省级财政", by=people.wang)

    repaying.compensate(loan_id=loan.pk, on=LATE, by=people.wang, pack=pack)

    with pytest.raises(repaying.NotYetCompensated):
        repaying.compensate(loan_id=loan.pk, on=LATE, by=people.wang, pack=pack)
    assert queries.fund_fen(COUNTY) == 500_000
    repaying.repay(loan_id=loan.pk, principal_fen=1_000_000, interest_fen=0, on=LATE, by=people.wang)
    assert queries.fund_fen(COUNTY) == 500_000 + 700_000
    entry = FundEntry.objects.get(kind="compensation")
    assert entry.county_fen + entry.township_fen + entry.village_fen == -entry.amount_fen == 3_500_000


def test_county_lends_no_more_while_too_much_is_overdue(village: Village, people: People, pack: Pack) -> None:
    loan = credit.lend(household_id=village["A"].pk, wish=wish(village["A"]), by=people.wang, pack=pack)
    again = wish(village["B"], begins=LATE)

    with pytest.raises(credit.LendingStopped):
        credit.lend(household_id=village["B"].pk, wish=again, by=people.wang, pack=pack)

    repaying.repay(loan_id=loan.pk, principal_fen=loan.amount_fen, interest_fen=0, on=LATE, by=people.wang)
    assert credit.lend(household_id=village["B"].pk, wish=again, by=people.wang, pack=pack).pk


def test_only_who_keeps_the_county_s_fund_moves_money(village: Village, people: People, pack: Pack) -> None:
    for actor in (people.li, people.sun, people.wu, people.auditor):
        with pytest.raises(NotAllowed):
            credit.lend(household_id=village["A"].pk, wish=wish(village["A"]), by=actor, pack=pack)
        with pytest.raises(NotAllowed):
            repaying.pay_in(county=COUNTY, fen=1, on=ON, source="", by=actor)

    assert not Loan.objects.exists()
    assert not FundEntry.objects.exists()


def test_list_of_every_stage_is_what_the_rule_says(village: Village, people: People, pack: Pack) -> None:
    held, within = rules.limits(pack.at(ON)), Scope((VILLAGE,))
    loan = credit.lend(household_id=village["A"].pk, wish=wish(village["A"]), by=people.wang, pack=pack)

    for days in (-61, -60, 0, 1, 30, 31, 90, 91):
        on = loan.to_on + dt.timedelta(days=days)
        said = rules.stage(to_on=loan.to_on, balance_fen=1, compensated=False, on=on, held=held)
        stages = [code.id for code in pack.codes("loan_stage").values]
        assert [one for one in stages if queries.loans(within, one, on, held).exists()] == [said], days


def test_standing_counts_loans_of_the_area_alone(village: Village, people: People, pack: Pack) -> None:
    held = rules.limits(pack.at(ON))
    credit.lend(household_id=village["A"].pk, wish=wish(village["A"], 40_000), by=people.wang, pack=pack)
    repaying.pay_in(county=COUNTY, fen=1_000_000, on=ON, source="省级财政", by=people.wang)

    inside, outside = (queries.standing(Scope((code,)), ON, held) for code in (COUNTY, "520326"))

    assert (inside.loans, inside.households, inside.balance_fen, inside.leverage) == (1, 1, 4_000_000, 4.0)
    assert (outside.loans, outside.balance_fen, outside.leverage) == (0, 0, None)

"""What the rules of money find in the books, each once planted and once clean."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.funds import building
from tests.funds.moves import FUNDS, HELD, PACK, fill, move, posted

from jiefa.access.rules import Scope
from jiefa.assistance.models import Loan, Repayment
from jiefa.funds.models import Account, Project, ProjectInspection, Transfer
from jiefa.funds.queries import project_findings as queries
from jiefa.funds.queries.project_findings import BY_ID, CHECKS
from jiefa.registry.models import Household, Person, PersonYear

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = Scope(("520324",)), Scope(("520102",))
TODAY = dt.date(2018, 3, 1)


def _found(name: str, on: dt.date = TODAY, within: Scope = HERE) -> list[int]:
    return [one.id for one in queries.rows(BY_ID[name], within, on, PACK)]


def test_every_question_belongs_to_a_rule_of_the_pack_and_is_asked_on_every_day() -> None:
    texts = {text.id for text in PACK.quality_rules() if text.scope == "money"}
    assert {check.rule for check in CHECKS} == texts
    assert len(BY_ID) == len(CHECKS)
    for on in (dt.date(2012, 1, 1), TODAY):
        assert [count for _check, count in queries.counts(HERE, on, PACK)] == [0] * len(CHECKS)


def test_clean_books_are_silent_and_taken_over_ones_speak() -> None:
    home = building.home()
    project = building.proposed({home.pk: 1_000})
    building.taken_to("", project)
    building.fund(project)
    paid = building.to_firm(project, 1_000_00)
    assert isinstance(paid, Transfer)
    clean = (
        "over_approved",
        "before_approval",
        "stranger",
        "gone",
        "item_twice",
        "negative_list",
        "unpublished",
        "own_inspector",
    )
    assert {name: _found(name) for name in clean} == {name: [] for name in clean}

    # As a register that was taken over might stand: the facts come later than the payments.
    late = dt.date(2016, 1, 1)
    Project.objects.filter(pk=project.pk).update(
        approved_on=late, noticed_on=late, contractor="另一家", contractor_number="N"
    )
    Account.objects.filter(pk=paid.to_account_id)
    assert [_found(name) for name in ("before_approval", "unpublished", "stranger")] == [[paid.pk]] * 3
    assert _found("before_approval", within=ELSEWHERE) == []
    Project.objects.filter(pk=project.pk).update(approved_fen=1, received_fen=0, paid_fen=0)
    assert _found("over_approved") == [project.pk]
    ProjectInspection.objects.create(
        project=project,
        kind="first",
        on=late,
        found="x",
        passed=True,
        by="li",
        at=dt.datetime(2016, 1, 1, tzinfo=dt.UTC),
    )
    assert _found("own_inspector") == [project.pk]
    assert any("FU06" in said for said in queries.of_project(Project.objects.get(pk=project.pk), TODAY, PACK, "zh"))


def test_households_that_are_gone_or_paid_twice() -> None:
    home = building.home()
    said = {"kind": "industry", "tender": "none", "contractor": "", "contractor_number": ""}
    one, other = (building.proposed({home.pk: 100}, **said) for _project in range(2))
    building.taken_to("carrying_out", one)
    building.fund(one)
    to = building.Party(building.PAYEE, building.VILLAGE, "", home.pk)
    posted(move(building.pot(one), to, 100, on=dt.date(2015, 8, 1), purpose="industry"))
    assert (_found("gone"), _found("item_twice")) == ([], [])
    other.beneficiaries.update(reached_fen=100)
    Household.objects.filter(pk=home.pk).update(poverty_status="closed")
    assert (len(_found("gone")), _found("item_twice")) == (1, [home.pk])


def test_idle_money_slow_work_one_contractor_and_split_work() -> None:
    fill(100)
    posted(move(FUNDS, HELD, 50))
    held = Account.objects.get(kind="holder", area_code="520324").pk
    assert _found("idle", dt.date(2016, 12, 31)) == []
    assert (_found("idle", dt.date(2017, 1, 1)), _found("recall", dt.date(2017, 1, 1))) == ([held], [])
    assert _found("recall", dt.date(2018, 1, 1)) == [held]

    project = building.proposed()
    building.taken_to("carrying_out", project)
    assert _found("slow", dt.date(2015, 3, 20)) == []
    assert _found("slow", dt.date(2015, 7, 1)) == [project.pk]
    assert _found("one_contractor") == []  # one project is no share
    other = building.proposed(asked_fen=199_000_000)
    building.proposed(asked_fen=1_000_000, contractor="别家", contractor_number="N")
    Project.objects.filter(pk=other.pk).update(approved_fen=1, approved_on=dt.date(2015, 3, 1))
    (row,) = queries.rows(BY_ID["one_contractor"], HERE, TODAY, PACK)
    assert (row.name, row.more) == (building.FIRM, "2015")
    (split,) = queries.rows(BY_ID["split"], HERE, TODAY, PACK)
    assert (split.name, split.fen) == (building.FIRM, 199_000_000 + 100_000_00)


def test_purposes_on_the_negative_list() -> None:
    fill(100)
    made = posted(move(FUNDS, HELD, 1, purpose="vehicles", on=dt.date(2017, 3, 1)))
    Transfer.objects.filter(pk=made.pk)
    assert _found("negative_list") == []  # the list holds since 31 March 2017


def test_loans_beyond_their_limits() -> None:
    home = building.home(entered_year=2014)
    person = Person.objects.create(
        household=home, village_code=home.village_code, name="骆明贵", name_tokens="", birth_date=dt.date(1940, 1, 1),
        id_form="none", id_length=0, id_placeholder=False,
    )  # fmt: skip
    said = {
        "household": home, "borrower": person, "village_code": home.village_code, "platform": "x", "use": "x", "rate_percent": 1,
        "from_on": dt.date(2015, 5, 1), "to_on": dt.date(2017, 5, 1), "by": "x", "at": dt.datetime(2015, 5, 1, tzinfo=dt.UTC),
    }  # fmt: skip
    for months, fen in ((24, 30_000_00), (48, 30_000_00)):
        Loan.objects.create(**said, amount_fen=fen, balance_fen=fen, months=months)
    first, long = Loan.objects.order_by("pk").values_list("pk", flat=True)
    assert _found("loan_limit") == [home.pk]
    assert _found("loan_term") == [long]
    assert _found("loan_age") == [first, long]
    assert _found("loan_overdue") == [first, long]
    assert _found("loan_status") == []
    Household.objects.filter(pk=home.pk).update(entered_year=2016)
    assert _found("loan_status") == [first, long]


def test_loans_to_households_that_cannot_work_and_subsidies_after_the_term() -> None:
    able, unable, unknown = (building.home(number, entered_year=2014) for number in ("H1", "H2", "H3"))
    for home, members in ((able, ["none", "ordinary"]), (unable, ["none", "lost"]), (unknown, ["none", None])):
        for labour in members:
            person = Person.objects.create(
                household=home, village_code=home.village_code, name="骆明贵", name_tokens="", birth_date=dt.date(1980, 1, 1),
                id_form="none", id_length=0, id_placeholder=False,
            )  # fmt: skip
            PersonYear.objects.create(
                person=person, household=home, year=2015, village_code=home.village_code, labour=labour
            )
        Loan.objects.create(
            household=home, borrower=person, village_code=home.village_code, platform="x", use="x", rate_percent=1,
            from_on=dt.date(2015, 5, 1), to_on=dt.date(2016, 5, 1), by="x", at=dt.datetime(2015, 5, 1, tzinfo=dt.UTC),
            amount_fen=1_000, balance_fen=1_000, months=12,
        )  # fmt: skip
    loans = {one.household_id: one for one in Loan.objects.all()}
    assert _found("loan_no_labour") == [loans[unable.pk].pk]
    assert _found("loan_no_labour", within=ELSEWHERE) == []

    paid = {"principal_fen": 0, "by": "x", "at": dt.datetime(2016, 6, 1, tzinfo=dt.UTC)}
    late, right = loans[able.pk], loans[unable.pk]
    Repayment.objects.create(loan=right, on=dt.date(2016, 5, 1), interest_fen=7, subsidised_on=late.to_on, **paid)
    Repayment.objects.create(loan=late, on=dt.date(2016, 5, 2), interest_fen=9, **paid)
    assert _found("loan_subsidy") == []
    Repayment.objects.filter(loan=late).update(subsidised_on=dt.date(2016, 6, 1))
    (row,) = queries.rows(BY_ID["loan_subsidy"], HERE, TODAY, PACK)
    assert (row.id, row.fen, row.more) == (late.pk, 9, "2016-05-01")
    Loan.objects.filter(pk=late.pk).update(to_on=dt.date(2019, 5, 1))
    assert _found("loan_subsidy") == []
    Repayment.objects.filter(loan=late).update(on=dt.date(2019, 1, 2))
    assert _found("loan_subsidy") == [late.pk]

"""What was written wrongly is put right: the difference frozen, by one officer or two, refused where the record moved on."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.changes import asking
from tests.procedures.people import People
from tests.registry.rosters import id_number

from jiefa.audit.models import Entry
from jiefa.changes.rules import refusals
from jiefa.insight.actions import edit as insight
from jiefa.insight.actions.edit import CardRefused
from jiefa.insight.models import Finding
from jiefa.policy import Pack
from jiefa.procedures.actions.opening import AlreadyOpen
from jiefa.procedures.models import Dossier
from jiefa.registry.actions import households as registry
from jiefa.registry.actions.households import Edit
from jiefa.registry.models import Household, HouseholdYear, Person, PersonYear
from jiefa.registry.queries import households

Village = dict[str, Household]
PHONE, ACCOUNT = "13800000009", "622200000000000009"


def edited(home: Household, pack: Pack, **columns: object) -> None:
    """Somebody saves the card in between."""
    home.refresh_from_db()
    registry.save_card(
        household_id=home.pk, year=2015, version=home.version, edit=Edit(columns), policy=pack.for_year(2015), by="x"
    )


def test_telephone_and_address_take_one_officer(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]

    done = asking.submit(home, "correction", people.li, pack, household={"phone": PHONE, "address": "大土三组"})

    home.refresh_from_db()
    assert (done.procedure, done.outcome) == ("household_change_small", "approved")
    assert (home.address, households.shown_phone(home, full=True)) == ("大土三组", PHONE)
    lines = Dossier.objects.get(pk=done.dossier).proposal["lines"]
    assert [(line["field"], line["before"]) for line in lines] == [("phone", None), ("address", None)]
    kept = [
        str(lines),
        str(Dossier.objects.get(pk=done.dossier).proposal),
        *Entry.objects.values_list("diff", flat=True),
    ]
    assert not [text for text in kept if PHONE in text]


@pytest.mark.parametrize(
    ("household", "column", "after"),
    [
        ({"bank_account": ACCOUNT}, "account", ACCOUNT),
        ({"property_income_fen": 120_000}, "property_income_fen", 120_000),
        ({"standard": "province"}, "standard", "province"),
    ],
)
def test_money_and_class_take_two(
    household: dict[str, object], column: str, after: object, village: Village, people: People, pack: Pack
) -> None:
    home = village["B"]
    done = asking.submit(home, "correction", people.li, pack, household=household)
    assert (done.procedure, done.target) == ("household_change", "township_check")

    asking.agree(done, people.sun, pack)

    home.refresh_from_db()
    if column == "account":
        assert households.shown_account(home, full=True) == after
    else:
        assert getattr(HouseholdYear.objects.get(household=home, year=2015), column) == after
    asking.consistent()


def test_correction_that_brings_a_new_error_is_refused_until_it_is_whole(
    village: Village, people: People, pack: Pack
) -> None:
    home = village["B"]
    other = asking.keys(home)[1]
    money = {"dibao_income_fen": 120_000}
    half = asking.submit(home, "correction", people.li, pack, household=money)
    with pytest.raises(CardRefused):
        asking.agree(half, people.sun, pack)
    asking.agree(half, people.sun, pack, "refuse", "漏了户属性")

    whole = {"household": {**money, "household_class": "dibao_poor"}, "members": {other: {"dibao": True}}}
    assert asking.agree(asking.submit(home, "correction", people.li, pack, **whole), people.sun, pack).outcome

    home.refresh_from_db()
    assert home.household_class == "dibao_poor"


def test_finding_closes_with_the_correction_and_follows_a_birth(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]
    other = asking.keys(home)[1]
    PersonYear.objects.filter(person=other).update(health=None)
    insight.judge_again(household_id=home.pk, year=2015, pack=pack)
    finding = Finding.objects.get(household_id=home.pk, rule="NU02")
    assert finding.state == "open"

    asking.submit(home, "correction", people.li, pack, members={other: {"health": "healthy"}})
    finding.refresh_from_db()
    assert finding.state == "mended"

    asking.submit(home, "birth", people.li, pack, facts=asking.CHILD)
    assert Finding.objects.filter(household_id=home.pk, rule="NU02", state="open").count() == 1


def test_income_is_summed_up_again(village: Village, people: People, pack: Pack) -> None:
    done = asking.submit(village["B"], "correction", people.li, pack, household={"wage_income_fen": 400_000})
    asking.agree(done, people.sun, pack)

    card = HouseholdYear.objects.get(household=village["B"], year=2015)
    assert (card.net_income_fen, card.net_income_per_person_fen) == (400_000, 200_000)


def test_fields_of_a_member_are_put_right(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]
    other = asking.keys(home)[1]

    asking.submit(home, "correction", people.li, pack, members={other: {"health": "chronic", "ethnic_group": "06"}})

    assert PersonYear.objects.get(person=other).health == "chronic"
    assert Person.objects.get(pk=other).ethnic_group == "06"


def test_certificate_number_takes_two_and_must_fit(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]
    other = asking.keys(home)[1]
    person = Person.objects.get(pk=other)
    assert person.birth_date is not None
    right = id_number(person.birth_date, 400, male=False)
    wrong = {"id_number": id_number(person.birth_date, 400, male=True)}
    taken = households.shown_number(Person.objects.get(pk=asking.keys(village["C"])[1]), full=True)
    with pytest.raises(refusals.NumberUnfit) as unfit:
        asking.drawn(home, "correction", pack, members={other: wrong})
    assert unfit.value.at == f"m{other}-id_number"
    born = Person.objects.get(pk=asking.keys(village["C"])[1]).birth_date
    with pytest.raises(refusals.NumberOnFile):
        asking.drawn(home, "correction", pack, members={other: {"id_number": taken, "birth_date": born}})

    done = asking.submit(home, "correction", people.li, pack, members={other: {"id_number": right}})
    assert done.procedure == "household_change"
    asking.agree(done, people.sun, pack)

    assert households.shown_number(Person.objects.get(pk=other), full=True) == right
    assert right not in str(Dossier.objects.get(pk=done.dossier).proposal)


def test_record_that_changed_since_is_refused_by_its_field(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]
    done = asking.submit(home, "correction", people.li, pack, household={"wage_income_fen": 1, "bank_name": "农信社"})
    edited(home, pack, wage_income_fen=7)

    with pytest.raises(refusals.RecordChanged, match="工资性收入"):
        asking.agree(done, people.sun, pack)

    assert HouseholdYear.objects.get(household=home, year=2015).wage_income_fen == 7
    home.refresh_from_db()
    assert home.bank_name == ""


def test_change_of_another_field_in_between_is_no_obstacle(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]
    done = asking.submit(home, "correction", people.li, pack, household={"wage_income_fen": 400_000})
    edited(home, pack, address="新寨")

    assert asking.agree(done, people.sun, pack).outcome == "approved"

    home.refresh_from_db()
    assert home.address == "新寨"


def test_account_that_changed_since_is_refused_too(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]
    done = asking.submit(home, "correction", people.li, pack, household={"bank_account": ACCOUNT})
    edited(home, pack, bank_account="622200000000000001")

    with pytest.raises(refusals.RecordChanged, match="银行账号"):
        asking.agree(done, people.sun, pack)


def test_second_of_the_kind_waits_for_the_first(village: Village, people: People, pack: Pack) -> None:
    asking.submit(village["B"], "correction", people.li, pack, household={"wage_income_fen": 1})

    with pytest.raises(AlreadyOpen):
        asking.submit(village["B"], "correction", people.li, pack, household={"bank_name": "农信社"})


def test_refused_change_leaves_everything(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]
    done = asking.submit(home, "correction", people.li, pack, household={"wage_income_fen": 1})

    assert asking.agree(done, people.sun, pack, "refuse", "没有依据").outcome == "refused"

    assert HouseholdYear.objects.get(household=home, year=2015).wage_income_fen == 2_000_000


def test_what_no_correction_changes(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]
    head, other = asking.keys(home)
    with pytest.raises(refusals.NothingChanged):
        asking.drawn(home, "correction", pack, household={"address": "", "wage_income_fen": 2_000_000})
    with pytest.raises(refusals.NotCorrectable, match="脱贫属性"):
        asking.drawn(home, "correction", pack, household={"poverty_status": "exited"})
    with pytest.raises(refusals.HeadChangesApart):
        asking.drawn(home, "correction", pack, members={other: {"relation": "head"}})
    with pytest.raises(refusals.HeadChangesApart):
        asking.drawn(home, "correction", pack, members={head: {"relation": "son"}})
    with pytest.raises(refusals.NotMember):
        asking.drawn(home, "correction", pack, members={asking.keys(village["C"])[0]: {"health": "chronic"}})
    with pytest.raises(refusals.BeforeBirth):
        asking.drawn(home, "correction", pack, members={other: {"birth_date": dt.date(2030, 1, 1)}})

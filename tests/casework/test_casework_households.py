"""What a decision about a household sets in motion: status, card, flow; and what stands in its way."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.casework import going
from tests.procedures.people import People

from jiefa.audit import queries as audit
from jiefa.casework import actions as casework
from jiefa.exits.actions import households as leaving
from jiefa.exits.actions.households import EnteredThisYear, InPoverty, NotInPoverty, StandardUnmet
from jiefa.identification.actions import households as entering
from jiefa.identification.rules.appraisal import VotesDoNotCarry
from jiefa.policy import Pack
from jiefa.procedures.models import Dossier
from jiefa.registry.actions.statuses import StatusUnfit
from jiefa.registry.models import Household, HouseholdYear, Movement, PersonYear

ON = dt.date(2015, 11, 2)
Village = dict[str, Household]


def exiting(household: Household, people: People, pack: Pack, procedure: str = leaving.EXIT) -> Dossier:
    (key,) = leaving.propose(
        procedure=procedure, household_ids=[household.pk], year=2015, by=people.li, on=ON, pack=pack
    )
    return Dossier.objects.get(pk=key)


def flow(household: Household) -> list[tuple[str, int]]:
    return list(Movement.objects.filter(household=household, year=2015).order_by("pk").values_list("kind", "people"))


def test_applicant_is_poor_from_the_announcement(village: Village, people: People, pack: Pack) -> None:
    applicant = village["A"]
    assert flow(applicant) == []
    (key,) = entering.propose(household_ids=[applicant.pk], year=2015, by=people.li, on=ON, pack=pack)

    going.to_the_end(Dossier.objects.get(pk=key), people, pack, ON)

    applicant.refresh_from_db()
    card = HouseholdYear.objects.get(household=applicant, year=2015)
    assert (applicant.poverty_status, applicant.entered_year) == ("poor", 2015)
    assert (card.poverty_status, card.entered_year, card.exited_year) == ("poor", 2015, None)
    assert flow(applicant) == [("new", 2)]
    assert not audit.verify().faults


def test_household_that_is_poor_already_is_not_identified_again(village: Village, people: People, pack: Pack) -> None:
    with pytest.raises(entering.NotApplying):
        entering.propose(household_ids=[village["B"].pk], year=2015, by=people.li, on=ON, pack=pack)


def test_votes_that_do_not_carry_stop_the_appraisal(village: Village, people: People, pack: Pack) -> None:
    (key,) = entering.propose(household_ids=[village["A"].pk], year=2015, by=people.li, on=ON, pack=pack)
    dossier = Dossier.objects.get(pk=key)
    going.step(dossier, people, pack, ON)

    with pytest.raises(VotesDoNotCarry):
        going.step(dossier, people, pack, ON, votes_for=2, votes_against=28)
    with pytest.raises(VotesDoNotCarry):
        going.step(dossier, people, pack, ON, votes_for=40)


def test_household_above_the_line_with_its_guarantees_leaves(village: Village, people: People, pack: Pack) -> None:
    dossier = exiting(village["B"], people, pack)

    going.to_the_end(dossier, people, pack, ON)

    card = HouseholdYear.objects.get(household=village["B"], year=2015)
    assert (card.poverty_status, card.exited_year, card.entered_year) == ("exited", 2015, 2013)
    assert ("exited", -2) in flow(village["B"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"net_income_fen": 2 * 296_800}, "人均纯收入"),  # exactly the line is not above it
        ({"net_income_fen": None}, "没有收入"),
        ({"house_danger": "C"}, "C 级"),
        ({"house_danger": None}, "危房等级"),
    ],
)
def test_unmet_item_is_named(
    change: dict[str, object], said: str, village: Village, people: People, pack: Pack
) -> None:
    HouseholdYear.objects.filter(household=village["B"], year=2015).update(**change)
    dossier = exiting(village["B"], people, pack)
    going.step(dossier, people, pack, ON)

    with pytest.raises(StandardUnmet) as unmet:
        going.step(dossier, people, pack, ON)

    assert said in unmet.value.message("zh")


def test_relocated_household_has_a_safe_house(village: Village, people: People, pack: Pack) -> None:
    HouseholdYear.objects.filter(household=village["B"], year=2015).update(house_danger="D", relocated_year=2015)

    going.to_the_end(exiting(village["B"], people, pack), people, pack, ON)


def test_member_without_insurance_or_child_out_of_school_stops_it(village: Village, people: People, pack: Pack) -> None:
    card = PersonYear.objects.filter(household=village["B"], year=2015).first()
    assert card is not None
    PersonYear.objects.filter(pk=card.pk).update(resident_medical=False)
    dossier = exiting(village["B"], people, pack)
    going.step(dossier, people, pack, ON)

    with pytest.raises(StandardUnmet, match="未参保 1 人"):
        going.step(dossier, people, pack, ON)

    PersonYear.objects.filter(pk=card.pk).update(resident_medical=True)
    type(card.person).objects.filter(pk=card.person_id).update(birth_date=dt.date(2005, 5, 5))
    with pytest.raises(StandardUnmet, match="失学 1 人"):
        going.step(dossier, people, pack, ON)
    PersonYear.objects.filter(pk=card.pk).update(dropout_reason="illness")
    going.step(dossier, people, pack, ON)


def test_food_and_clothing_are_stated_on_the_spot(village: Village, people: People, pack: Pack) -> None:
    dossier = exiting(village["B"], people, pack)
    going.step(dossier, people, pack, ON)

    with pytest.raises(StandardUnmet, match="不愁吃"):
        going.step(dossier, people, pack, ON, food=False)


def test_household_does_not_leave_in_the_year_of_its_entry(village: Village, people: People, pack: Pack) -> None:
    HouseholdYear.objects.filter(household=village["B"], year=2015).update(entered_year=2015)

    with pytest.raises(EnteredThisYear):
        exiting(village["B"], people, pack)


def test_who_left_does_not_leave_again_and_who_is_poor_does_not_return(
    village: Village, people: People, pack: Pack
) -> None:
    with pytest.raises(NotInPoverty):
        exiting(village["D"], people, pack)
    with pytest.raises(InPoverty):
        exiting(village["B"], people, pack, leaving.RETURN)


def test_household_that_left_returns(village: Village, people: People, pack: Pack) -> None:
    going.to_the_end(exiting(village["D"], people, pack, leaving.RETURN), people, pack, ON)

    card = HouseholdYear.objects.get(household=village["D"], year=2015)
    assert (card.poverty_status, card.entered_year, card.exited_year) == ("returned", 2015, None)
    assert flow(village["D"])[-1] == ("returned", 2)


def test_wrongly_identified_household_is_removed_as_a_correction(village: Village, people: People, pack: Pack) -> None:
    going.to_the_end(exiting(village["C"], people, pack, leaving.REMOVAL), people, pack, ON)

    card = HouseholdYear.objects.get(household=village["C"], year=2015)
    assert card.poverty_status == "removed"
    assert flow(village["C"])[-1] == ("correction_out", -2)


def test_status_that_changed_meanwhile_undoes_the_last_decision(village: Village, people: People, pack: Pack) -> None:
    removal = exiting(village["B"], people, pack, leaving.REMOVAL)
    leaves = exiting(village["B"], people, pack)
    for _ in range(6):
        going.step(leaves, people, pack, ON)
    going.to_the_end(removal, people, pack, ON)

    with pytest.raises(StatusUnfit):
        going.step(leaves, people, pack, ON)

    leaves.refresh_from_db()
    assert leaves.step == "announcement"


def test_what_may_be_begun_follows_from_status_and_post(village: Village, people: People, pack: Pack) -> None:
    def offered(number: str, who: str) -> list[str]:
        household = village[number]
        found = casework.begins_here(
            actor=getattr(people, who),
            status=household.poverty_status,
            village=household.village_code,
            on=ON,
            pack=pack,
        )
        return [procedure.id for procedure in found]

    assert offered("A", "li") == ["identification"]
    assert offered("B", "li") == ["household_exit", "household_removal"]
    assert offered("D", "li") == ["household_return"]
    assert offered("A", "wang") == offered("A", "wu") == offered("A", "auditor") == []


def test_list_of_households_is_proposed_at_once(village: Village, people: People, pack: Pack) -> None:
    keys = casework.propose_households(
        procedure="household_removal",
        household_ids=[village["B"].pk, village["C"].pk],
        year=2015,
        by=people.li,
        on=ON,
        pack=pack,
        campaign="2015",
    )

    assert [d.title for d in Dossier.objects.filter(pk__in=keys)] == [village["B"].head_name, village["C"].head_name]

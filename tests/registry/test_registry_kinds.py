"""The kind of a household: derived by the rule, set against it by an officer, kept through edits and rosters."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE, People
from tests.registry import rosters

from jiefa import policy
from jiefa.kernel.errors import NotAllowed
from jiefa.registry.actions import households, kinds
from jiefa.registry.models import Household, HouseholdYear, KindChoice
from jiefa.registry.queries import kinds as queries

PACK = policy.load()
PEOPLE = People(VILLAGE, TOWNSHIP, COUNTY)
YEAR = 2015


def load(folder: Path, **card: object) -> Household:
    home, members = rosters.family("A", VILLAGE, 10, YEAR, **card)
    assert rosters.load_unjudged(rosters.write(folder, [home], members)).held_back == 0
    return Household.objects.get()


@pytest.fixture
def home(db: None, tmp_path: Path) -> Household:
    """Of the kind ``two_lack``: able to work, poor for want of funds."""
    return load(tmp_path / "first")


def kind_of(home: Household) -> str | None:
    return HouseholdYear.objects.get(household=home, year=YEAR).kind


def choose(home: Household, kind: str, reason: str = "入户核实") -> KindChoice:
    return kinds.choose(household_id=home.pk, year=YEAR, kind=kind, reason=reason, by=PEOPLE.li, pack=PACK)


def test_derived_kind_is_that_of_the_card(home: Household) -> None:
    card = HouseholdYear.objects.get(household=home, year=YEAR)

    assert queries.derived(card, PACK.for_year(YEAR)) == card.kind == "two_lack"


def test_choice_holds_until_it_is_given_back(home: Household) -> None:
    choose(home, "two_none")
    assert kind_of(home) == "two_none"

    choose(home, "", "规则正确")

    assert kind_of(home) == "two_lack"
    assert [(c.before, c.kind) for c in queries.choices(home.pk, YEAR)] == [("two_none", ""), ("two_lack", "two_none")]


def test_edit_of_the_card_keeps_the_choice(home: Household) -> None:
    choose(home, "two_none")

    edit = households.Edit({"main_cause": "illness"})
    households.save_card(
        household_id=home.pk, year=YEAR, version=home.version, edit=edit, policy=PACK.for_year(YEAR), by="li"
    )

    assert kind_of(home) == "two_none"


def test_roster_of_the_year_loaded_again_keeps_the_choice(home: Household, tmp_path: Path) -> None:
    choose(home, "two_none")

    load(tmp_path / "again", main_cause="illness")

    assert HouseholdYear.objects.get(household=home, year=YEAR).main_cause == "illness"
    assert kind_of(home) == "two_none"


def test_refusals(home: Household) -> None:
    with pytest.raises(kinds.KindReasonMissing):
        choose(home, "two_none", " ")
    with pytest.raises(kinds.KindUnknown):
        choose(home, "two_all")
    with pytest.raises(kinds.KindUnchanged):
        choose(home, "")
    with pytest.raises(households.CardMissing):
        kinds.choose(household_id=home.pk, year=2013, kind="two_none", reason="x", by=PEOPLE.li, pack=PACK)
    for who in (PEOPLE.wu, PEOPLE.auditor, PEOPLE.zhao):
        with pytest.raises(NotAllowed):
            kinds.choose(household_id=home.pk, year=YEAR, kind="two_none", reason="x", by=who, pack=PACK)
    assert not KindChoice.objects.exists()

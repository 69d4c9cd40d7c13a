"""Two officers on one household: the second is shown both versions and chooses; nothing is lost silently."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.site import county, pages

from jiefa import policy
from jiefa.audit.models import Entry
from jiefa.registry.actions import households
from jiefa.registry.actions.households import Edit
from jiefa.registry.models import HouseholdYear, PersonYear

pytestmark = pytest.mark.usefixtures("small_county")

WANG, ZHOU, SUN = "wang", "zhou", "sunx"
"""Two officers of the county and one of the township: all may edit household C; only the first two see numbers."""


class Officer:
    """Somebody with the form of household C open."""

    def __init__(self, username: str) -> None:
        self.client: Client = county.signed_in(username)
        self.url = reverse("site:household-edit", args=[county.household("C").pk])
        self.form = pages.form_with(self.client.get(self.url), "house_area_m2")

    def saves(self, **typed: Any) -> Any:
        return self.client.post(self.form.action, self.form.filled(**typed))

    def chooses(self, page: Any, **choices: str) -> Any:
        """The conflict page sent back; lines without a choice stay as the page proposes."""
        form = pages.form_with(page, "version")
        return self.client.post(form.action, form.filled(**choices))


def meanwhile(by: str, members: dict[int, dict[str, object]] | None = None, **changes: object) -> None:
    """Somebody else saves the household, on a card that the rules have nothing to say of."""
    home = county.household("C")
    edit, rules = Edit(changes, members or {}), policy.load().for_year(2015)
    households.save_card(household_id=home.pk, year=2015, version=home.version, edit=edit, policy=rules, by=by)


def card() -> HouseholdYear:
    return HouseholdYear.objects.get(household=county.household("C"), year=2015)


def test_form_sent_back_untouched_changes_nothing() -> None:
    wang = Officer(WANG)
    before = county.household("C").version

    answer = wang.saves()

    assert answer.status_code == 302
    assert county.household("C").version == before
    assert not Entry.objects.filter(action="household.edited").exists()


def test_second_save_is_shown_both_versions_and_writes_nothing() -> None:
    wang, zhou = Officer(WANG), Officer(ZHOU)
    first = wang.saves(address="三组12号", house_area_m2="70")

    answer = zhou.saves(house_area_m2="80", cultivated_land_mu="5")

    assert (first.status_code, answer.status_code) == (302, 409)
    said = pages.text(answer)
    assert "王县" in said
    for value in ("三组12号", "50", "70", "80"):
        assert value in said, value
    assert answer.content.decode().count('class="collide"') == 1  # marked: only the area was changed by both
    assert card().house_area_m2 == 70
    assert card().cultivated_land_mu == 2
    assert county.household("C").address == "三组12号"


def test_every_line_stays_as_chosen_and_the_log_names_both() -> None:
    zhou = Officer(ZHOU)
    meanwhile(WANG, address="三组12号", house_area_m2=Decimal(70), road_type="gravel")
    page = zhou.saves(house_area_m2="80", road_type="earth", cultivated_land_mu="5")

    answer = zhou.chooses(page, **{"choice-household.house_area_m2": "yours"})

    assert answer.status_code == 302
    assert card().house_area_m2 == 80  # chosen as typed
    assert card().road_type == "gravel"  # not chosen: as the first saved it
    assert county.household("C").address == "三组12号"  # changed by the first alone
    assert card().cultivated_land_mu == 5  # typed by the second alone
    edits = Entry.objects.filter(action="household.edited").order_by("seq")
    assert [entry.by for entry in edits] == [WANG, ZHOU]


def test_member_changed_by_both_is_chosen_by_name() -> None:
    zhou = Officer(ZHOU)
    member = PersonYear.objects.filter(household=county.household("C"), year=2015).order_by("pk")[1]
    meanwhile(WANG, {member.person_id: {"labour": "skilled"}})

    page = zhou.saves(**{f"m{member.person_id}-labour": "none"})
    answer = zhou.chooses(page, **{f"choice-{member.person_id}.labour": "yours"})

    assert page.status_code == 409
    assert member.person.name in pages.text(page)
    assert answer.status_code == 302
    member.refresh_from_db()
    assert member.labour == "none"


def test_other_causes_are_one_line_shown_whole() -> None:
    meanwhile(WANG, other_cause_1="skill", other_cause_2="water", other_causes=2)
    zhou = Officer(ZHOU)
    meanwhile(WANG, other_cause_1="transport")

    page = zhou.saves(other_causes=["skill", "land"])
    answer = zhou.chooses(page)

    assert "缺技术、缺水 交通条件落后、缺水 缺技术、缺土地" in pages.text(page)
    assert answer.status_code == 302
    assert (card().other_cause_1, card().other_cause_2) == ("transport", "water")


def test_number_changed_by_the_other_is_neither_written_on_the_page_nor_lost() -> None:
    sun = Officer(SUN)
    meanwhile(WANG, phone="13911112222")
    phone = county.household("C").phone_key

    page = sun.saves(address="四组")
    answer = sun.chooses(page)

    assert page.status_code == 409
    assert "13911112222" not in page.content.decode()
    assert answer.status_code == 302
    assert county.household("C").address == "四组"
    assert phone is not None
    assert county.household("C").phone_key == phone


def test_third_save_while_choosing_leaves_earlier_choices_in_force() -> None:
    zhou = Officer(ZHOU)
    meanwhile(WANG, house_area_m2=Decimal(70))
    first_page = zhou.saves(cultivated_land_mu="5")
    meanwhile(SUN, address="四组")

    second_page = zhou.chooses(first_page)
    answer = zhou.chooses(second_page)

    assert second_page.status_code == 409
    assert answer.status_code == 302
    assert card().house_area_m2 == 70
    assert county.household("C").address == "四组"
    assert card().cultivated_land_mu == 5


def test_line_left_to_the_other_stays_so_when_the_rules_refuse_the_choice() -> None:
    zhou = Officer(ZHOU)
    meanwhile(WANG, house_area_m2=Decimal(70))
    page = zhou.saves(stated_size="3")

    refused = zhou.chooses(page)
    answer = zhou.client.post(zhou.url, pages.form_with(refused, "house_area_m2").filled(stated_size="2"))

    assert refused.status_code == 422
    assert answer.status_code == 302
    assert (card().house_area_m2, card().stated_size) == (70, 2)


def test_form_without_a_version_never_overwrites() -> None:
    zhou = Officer(ZHOU)
    meanwhile(WANG, address="三组12号")

    answer = zhou.saves(version="", address="四组")

    assert answer.status_code == 409
    assert county.household("C").address == "三组12号"


def test_check_while_typing_says_who_was_faster() -> None:
    zhou = Officer(ZHOU)
    meanwhile(WANG, address="三组12号")

    answer = zhou.client.post(f"{zhou.form.action}&check=1", zhou.form.filled(address="四组"))

    assert answer.status_code == 200
    assert "王县" in pages.text(answer)
    assert county.household("C").address == "三组12号"

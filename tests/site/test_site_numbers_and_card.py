"""The card to print and the numbers of a household: all members on the card, no number on it; numbers in full for few."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from tests.registry import rosters
from tests.site import county, pages

from jiefa.registry.models import Membership, Person, PersonYear

pytestmark = pytest.mark.usefixtures("small_county")

PHONE, ACCOUNT = "13800000001", "622200000000000001"
MEMBERS = [rosters.member("A", 10 + one) for one in range(4)]
NAMES = [str(member["name"]) for member in MEMBERS]
NUMBERS = [str(member["id_number"]) for member in MEMBERS]
MASKED = [f"{number[:6]}********{number[-4:]}" for number in NUMBERS]


def got(username: str, page: str, number: str = "A", **query: int) -> Any:
    return county.signed_in(username).get(reverse(f"site:{page}", args=[county.household(number).pk]), query)


def shown(username: str) -> Any:
    return county.signed_in(username).post(reverse("site:household-numbers", args=[county.household("A").pk]))


@pytest.mark.parametrize("username", ["wang", "sunx", "li", "helper", "auditor"])
def test_card_has_every_member_and_no_number_for_anybody(username: str) -> None:
    answer = got(username, "household-print")

    said = pages.text(answer)
    assert answer.status_code == 200
    assert [name for name in NAMES if name not in said] == []
    html = answer.content.decode()
    assert [secret for secret in (*NUMBERS, *MASKED, PHONE, ACCOUNT) if secret in html] == []


def test_card_says_where_the_household_is_how_it_stands_and_what_it_earns() -> None:
    said = pages.text(got("li", "household-print"))

    for words in (
        "贵州省遵义市正安县安场镇光明村村民委员会",
        "户主 " + NAMES[0],
        "未脱贫",
        "缺资金",
        "6,000.00",
        "1,500.00",
    ):
        assert words in said, words


def test_card_of_a_year_has_the_members_of_that_year() -> None:
    gone = Person.objects.get(household=county.household("A"), name=NAMES[3])
    PersonYear.objects.filter(person=gone, year=2015).delete()
    Membership.objects.filter(person=gone).update(left_on=dt.date(2015, 3, 1), left_reason="death")
    Person.objects.filter(pk=gone.pk).update(household=None)

    before, after = (pages.text(got("li", "household-print", year=year)) for year in (2014, 2015))

    assert [name for name in NAMES if name not in before] == []
    assert [name for name in NAMES if name not in after] == [gone.name]


def test_card_and_page_of_a_household_elsewhere_do_not_exist() -> None:
    assert got("li", "household-print", "E").status_code == 404
    assert got("wang", "household-print", "F").status_code == 404
    assert got("evaluator", "household-print").status_code == 403


@pytest.mark.parametrize("username", ["wang", "sunx", "li", "helper", "zhao"])
def test_page_masks_numbers_for_everybody(username: str) -> None:
    html = got(username, "household").content.decode()

    assert [number for number in MASKED if number not in html] == []
    assert [secret for secret in (*NUMBERS, PHONE, ACCOUNT) if secret in html] == []
    assert "138******01" in html
    assert "**************0001" in html


def test_county_officer_is_shown_the_numbers_in_full_when_asking() -> None:
    offered = reverse("site:household-numbers", args=[county.household("A").pk])

    answer = shown("wang")

    assert offered in got("wang", "household").content.decode()
    html = answer.content.decode()
    assert [secret for secret in (*NUMBERS, PHONE, ACCOUNT) if secret not in html] == []


@pytest.mark.parametrize("username", ["zhao", "qian", "sunx", "li", "helper", "auditor"])
def test_other_posts_are_neither_offered_the_numbers_nor_shown_them(username: str) -> None:
    offered = reverse("site:household-numbers", args=[county.household("A").pk])

    answer = shown(username)

    assert offered not in got(username, "household").content.decode()
    assert answer.status_code == 403
    assert [secret for secret in (*NUMBERS, PHONE, ACCOUNT) if secret in answer.content.decode()] == []


@pytest.mark.parametrize(("username", "sees"), [("wang", True), ("sunx", False), ("li", False)])
def test_form_offers_the_telephone_only_to_who_may_see_it_and_no_other_number(username: str, sees: bool) -> None:
    form = pages.form_with(got(username, "household-edit"), "address")

    typed = {value for values in form.fields.values() for value in values}
    assert typed & {*NUMBERS, PHONE, ACCOUNT} == ({PHONE} if sees else set())

"""A card that breaks a rule: refused in words beside the field, nothing half-written; what was wrong before stands in nobody's way."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse
from tests.site import county, pages

from jiefa.audit.models import Entry
from jiefa.insight.models import Finding
from jiefa.registry.models import Household, HouseholdYear, Person

pytestmark = pytest.mark.usefixtures("small_county")

ILLNESS_WITHOUT_ILL = "主要致贫原因是因病，但全家人都健康。"
REMEDY = "核对健康状况，或改主要致贫原因。"
WRONG_LAST_DIGIT = "身份证号最后一位（校验码）对不上"


def edited(number: str, **typed: Any) -> Any:
    """What the county officer gets for the card of household ``number`` with ``typed`` put in."""
    client = county.signed_in("wang")
    url = reverse("site:household-edit", args=[county.household(number).pk])
    return client.post(url, pages.form_with(client.get(url), "wage_income").filled(**typed))


def on_file(number: str) -> tuple[Household, HouseholdYear]:
    found = county.household(number)
    return found, HouseholdYear.objects.get(household=found, year=2015)


def beside(answer: Any, field: str) -> str:
    """What stands beside a field as wrong with it; the input names it for readers of the screen."""
    html: str = answer.content.decode()
    (control,) = re.findall(rf'<[^>]* id="id_{field}"[^>]*>', html)
    assert f"id_{field}_error" in control
    return html.partition(f'id="id_{field}_error">')[2].partition("</div>")[0]


def test_edit_that_brings_an_error_is_refused_in_words_beside_the_field_and_nothing_is_half_written() -> None:
    household, card = on_file("C")
    person = Person.objects.filter(household=household).order_by("pk")[0]
    findings = list(Finding.objects.order_by("pk").values())

    answer = edited("C", main_cause="illness", address="四组", **{f"m{person.pk}-name": "张改名"})

    said = pages.text(answer)
    assert answer.status_code == 422
    assert "有 1 处必须改正，没有保存" in said
    assert ILLNESS_WITHOUT_ILL in said
    assert REMEDY in said
    assert ILLNESS_WITHOUT_ILL in beside(answer, "main_cause")
    now, card_now = on_file("C")
    assert (now.address, now.version) == (household.address, household.version)
    assert card_now.main_cause == card.main_cause == "funds"
    assert Person.objects.get(pk=person.pk).name == person.name
    assert not Entry.objects.filter(action="household.edited").exists()
    assert list(Finding.objects.order_by("pk").values()) == findings


def test_refused_form_keeps_what_was_typed_and_can_be_saved_once_mended() -> None:
    refused = edited("C", main_cause="illness", address="四组")
    form = pages.form_with(refused, "wage_income")

    answer = county.signed_in("wang").post(form.action, form.filled(main_cause="land"))

    assert form.fields["address"] == ["四组"]
    assert answer.status_code == 302
    assert on_file("C")[0].address == "四组"
    assert on_file("C")[1].main_cause == "land"


def test_error_of_a_member_is_said_beside_the_members_own_field() -> None:
    person = Person.objects.filter(household=county.household("C")).order_by("pk")[0]
    key = person.id_key

    answer = edited("C", **{f"m{person.pk}-id_number": "520326197003011110"})

    assert answer.status_code == 422
    assert WRONG_LAST_DIGIT in beside(answer, f"m{person.pk}-id_number")
    assert f"{person.name}：" in pages.text(answer)
    assert Person.objects.get(pk=person.pk).id_key == key


def test_error_that_was_there_before_does_not_stop_another_edit() -> None:
    answer = edited("B", address="四组")

    assert answer.status_code == 302
    assert county.household("B").address == "四组"
    assert county.finding("B", "CA01").state == "open"


def test_mending_the_card_closes_its_finding() -> None:
    answer = edited("B", main_cause="funds")

    assert answer.status_code == 302
    assert county.finding("B", "CA01").state == "mended"


def test_warning_is_saved_and_told_on_the_next_page() -> None:
    answer = edited("C", business_income="500")

    page = county.signed_in("wang").get(answer["Location"])
    assert answer.status_code == 302
    assert on_file("C")[1].business_income_fen == 50_000
    assert "有生产经营性收入，却没有生产经营性支出。" in pages.text(page)
    assert county.finding("C", "IN03").level == "warn"


def test_cell_that_cannot_be_read_is_refused_beside_the_field() -> None:
    answer = edited("C", wage_income="三千多", address="四组")

    assert answer.status_code == 422
    assert "输入一个数字" in beside(answer, "wage_income")
    assert on_file("C")[0].address == ""


def test_check_while_typing_says_the_same_and_keeps_nothing() -> None:
    client = county.signed_in("wang")
    url = reverse("site:household-edit", args=[county.household("C").pk])
    form = pages.form_with(client.get(url), "wage_income")

    answer = client.post(f"{url}?check=1", form.filled(main_cause="illness"))

    assert answer.status_code == 200
    assert ILLNESS_WITHOUT_ILL in pages.text(answer)
    assert on_file("C")[1].main_cause == "funds"


def test_who_may_not_edit_here_gets_no_form() -> None:
    far = reverse("site:household-edit", args=[county.household("E").pk])
    near = reverse("site:household-edit", args=[county.household("C").pk])

    assert county.signed_in("li").get(far).status_code == 404
    assert county.signed_in("auditor").get(near).status_code == 403
    assert county.signed_in("li").get(near).status_code == 200

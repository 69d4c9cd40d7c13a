"""A card that breaks a rule: refused in words beside the field, nothing half-written; what was wrong before stands in nobody's way."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse
from tests.site import county, pages

from jiefa.audit.models import Entry
from jiefa.insight.models import Finding
from jiefa.registry.models import Household, HouseholdYear, Person, PersonYear

pytestmark = pytest.mark.usefixtures("small_county")

SIZE_UNFIT = "填写的家庭人口数与成员表的人数不一致。"
REMEDY = "数一数成员：漏人的补人，多人的减人，或改正家庭人口数。"
HEALTH_EMPTY = "健康状况没有填。"


def edited(number: str, **typed: Any) -> Any:
    """What the county officer gets for the card of household ``number`` with ``typed`` put in."""
    client = county.signed_in("wang")
    url = reverse("site:household-edit", args=[county.household(number).pk])
    return client.post(url, pages.form_with(client.get(url), "address").filled(**typed))


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

    answer = edited("C", stated_size="3", address="四组", **{f"m{person.pk}-name": "张改名"})

    said = pages.text(answer)
    assert answer.status_code == 422
    assert "有 1 处必须改正，没有保存" in said
    assert SIZE_UNFIT in said
    assert REMEDY in said
    assert SIZE_UNFIT in beside(answer, "stated_size")
    now, card_now = on_file("C")
    assert (now.address, now.version) == (household.address, household.version)
    assert card_now.stated_size == card.stated_size == 2
    assert Person.objects.get(pk=person.pk).name == person.name
    assert not Entry.objects.filter(action="household.edited").exists()
    assert list(Finding.objects.order_by("pk").values()) == findings


def test_refused_form_keeps_what_was_typed_and_can_be_saved_once_mended() -> None:
    refused = edited("C", stated_size="3", address="四组")
    form = pages.form_with(refused, "address")

    answer = county.signed_in("wang").post(form.action, form.filled(stated_size="2"))

    assert form.fields["address"] == ["四组"]
    assert answer.status_code == 302
    assert on_file("C")[0].address == "四组"
    assert on_file("C")[1].stated_size == 2


def test_error_of_a_member_is_said_beside_the_members_own_field() -> None:
    person = Person.objects.filter(household=county.household("C")).order_by("pk")[0]

    answer = edited("C", **{f"m{person.pk}-health": ""})

    assert answer.status_code == 422
    assert HEALTH_EMPTY in beside(answer, f"m{person.pk}-health")
    assert f"{person.name}：" in pages.text(answer)
    assert PersonYear.objects.get(person=person, year=2015).health == "healthy"


def test_error_that_was_there_before_does_not_stop_another_edit() -> None:
    answer = edited("B", address="四组")

    assert answer.status_code == 302
    assert county.household("B").address == "四组"
    assert county.finding("B", "CA01").state == "open"


def test_mending_the_card_closes_its_finding() -> None:
    person = Person.objects.filter(household=county.household("B")).order_by("pk")[0]

    answer = edited("B", **{f"m{person.pk}-health": "chronic"})

    assert answer.status_code == 302
    assert county.finding("B", "CA01").state == "mended"


def test_warning_is_saved_and_told_on_the_next_page() -> None:
    answer = edited("C", road_distance_km="6")

    page = county.signed_in("wang").get(answer["Location"])
    assert answer.status_code == 302
    assert on_file("C")[1].road_distance_km == 6
    assert "与村主干路距离超过 5 公里；超过 50 公里的不可能。" in pages.text(page)
    assert county.finding("C", "LD02").level == "warn"


def test_cell_that_cannot_be_read_is_refused_beside_the_field() -> None:
    answer = edited("C", house_area_m2="五十多", address="四组")

    assert answer.status_code == 422
    assert "输入一个数字" in beside(answer, "house_area_m2")
    assert on_file("C")[0].address == ""


def test_check_while_typing_says_the_same_and_keeps_nothing() -> None:
    client = county.signed_in("wang")
    url = reverse("site:household-edit", args=[county.household("C").pk])
    form = pages.form_with(client.get(url), "address")

    answer = client.post(f"{url}?check=1", form.filled(stated_size="3"))

    assert answer.status_code == 200
    assert SIZE_UNFIT in pages.text(answer)
    assert on_file("C")[1].stated_size == 2


def test_who_may_not_edit_here_gets_no_form() -> None:
    far = reverse("site:household-edit", args=[county.household("E").pk])
    near = reverse("site:household-edit", args=[county.household("C").pk])

    assert county.signed_in("li").get(far).status_code == 404
    assert county.signed_in("auditor").get(near).status_code == 403
    assert county.signed_in("li").get(near).status_code == 200


def test_what_touches_status_income_or_account_is_not_on_the_form_and_cannot_be_sent_past_it() -> None:
    person = Person.objects.filter(household=county.household("C")).order_by("pk")[0]
    household, card = on_file("C")
    money = {
        "wage_income": "99999",
        "household_class": "dibao",
        "main_cause": "land",
        "bank_account": "622200000000000002",
    }

    answer = edited("C", address="四组", **money, **{f"m{person.pk}-dibao": "True", f"m{person.pk}-id_number": ""})

    now, card_now = on_file("C")
    assert answer.status_code == 302
    assert now.address == "四组"
    assert now.account_key == household.account_key
    assert (card_now.wage_income_fen, card_now.household_class, card_now.main_cause) == (
        card.wage_income_fen,
        card.household_class,
        card.main_cause,
    )
    assert PersonYear.objects.get(person=person, year=2015).dibao is False
    assert Person.objects.get(pk=person.pk).id_key == person.id_key


def test_form_says_which_fields_two_officers_change_and_leads_who_applies_to_the_correction() -> None:
    home = county.household("C")
    correction = reverse("site:household-change", args=[home.pk, "correction"])

    for username, applies in (("li", True), ("wang", False)):
        page = county.signed_in(username).get(reverse("site:household-edit", args=[home.pk]))
        said = pages.text(page)
        assert "工资性收入" in said
        assert "银行账号" in said
        assert "须由村申请、乡镇核对" in said
        assert (correction in page.content.decode()) is applies
        assert "改填" not in said

"""Who looked at which household is kept: one line for one look, none for what was only listed or refused."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.site import county, pages

from jiefa.audit.models import Read

pytestmark = pytest.mark.usefixtures("small_county")


def lines() -> list[tuple[str, str, str, str]]:
    """Who, which household, where, for what; oldest first."""
    numbers = {county.household(number).pk: number for number in "ABCDEF"}
    return [(r.by, numbers[r.household_id], r.village_code, r.purpose) for r in Read.objects.order_by("pk")]


def url(name: str, number: str = "A") -> str:
    return reverse(f"site:{name}", args=[county.household(number).pk])


def test_one_look_at_the_page_is_one_line() -> None:
    answer = county.signed_in("li").get(url("household"))

    assert answer.status_code == 200
    assert lines() == [("li", "A", county.VILLAGE, "page")]


def test_every_further_look_is_a_line_of_its_own() -> None:
    li, wang = county.signed_in("li"), county.signed_in("wang")

    li.get(url("household"))
    li.get(url("household"), {"year": 2014})
    wang.get(url("household", "E"))

    assert [(by, number) for by, number, _place, _purpose in lines()] == [("li", "A"), ("li", "A"), ("wang", "E")]


@pytest.mark.parametrize(
    ("username", "page", "purpose"),
    [
        ("li", "household-print", "print"),
        ("sunx", "household-edit", "form"),
        ("wang", "household-edit", "form with numbers"),
    ],
)
def test_line_says_for_what_the_household_was_opened(username: str, page: str, purpose: str) -> None:
    answer = county.signed_in(username).get(url(page))

    assert answer.status_code == 200
    assert lines() == [(username, "A", county.VILLAGE, purpose)]


def test_full_numbers_are_a_line_with_their_own_purpose() -> None:
    wang = county.signed_in("wang")

    asked_wrongly = wang.get(url("household-numbers"))
    before = lines()
    answer = wang.post(url("household-numbers"))

    assert asked_wrongly.status_code == 302
    assert before == []
    assert answer.status_code == 200
    assert lines() == [("wang", "A", county.VILLAGE, "full numbers")]


def test_saving_adds_the_look_at_the_page_that_follows_and_nothing_else() -> None:
    wang = county.signed_in("wang")
    form = pages.form_with(wang.get(url("household-edit")), "address")

    wang.post(f"{form.action}&check=1", form.filled(address="四组"))
    saved = wang.post(form.action, form.filled(address="四组"), follow=True)

    assert saved.status_code == 200
    assert [purpose for _by, _number, _place, purpose in lines()] == ["form with numbers", "page"]


def test_refused_look_is_no_line() -> None:
    li, helper, evaluator = (county.signed_in(name) for name in ("li", "helper", "evaluator"))

    answers = [li.get(url("household", "E")), li.get(url("household", "F")), evaluator.get(url("household"))]
    hidden = helper.post(url("household-numbers"))

    assert [answer.status_code for answer in answers] == [404, 404, 403]
    assert hidden.status_code == 403
    assert lines() == []


def test_lists_searches_and_exports_name_households_without_a_line() -> None:
    wang = county.signed_in("wang")
    head = county.household("A").head_name
    listing = {
        reverse("site:home"): "",
        f"{reverse('site:households')}?place={county.VILLAGE}": head,
        f"{reverse('site:search')}?q={head}": head,
        reverse("site:area", args=[county.VILLAGE]): head,
        reverse("site:findings"): county.household("B").head_name,
        reverse("site:finding-waive", args=[county.finding("B", "CA01").pk]): county.household("B").head_name,
        f"{reverse('site:indicator-households', args=['poor_people'])}?place={county.VILLAGE}": head,
    }

    for address, named in listing.items():
        assert named in pages.text(wang.get(address)), address
    export = wang.get(f"{reverse('site:households-export')}?place={county.VILLAGE}")

    assert len(export.getvalue()) > 0
    assert lines() == []

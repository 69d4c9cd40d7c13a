"""A returned dossier is put right on its page by whoever began it; what was submitted before stays readable, decisions never change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.registry.rosters import id_number
from tests.site import cases, county, pages

from jiefa import policy
from jiefa.casework import actions as casework
from jiefa.procedures import actions as engine
from jiefa.procedures import subjects
from jiefa.procedures.models import Dossier, StepTaken
from jiefa.registry.models import Household, HouseholdYear, Membership, Person
from jiefa.registry.queries import households

pytestmark = pytest.mark.usefixtures("small_county")

BORN = dt.date(1992, 5, 4)
NUMBER = id_number(BORN, 77, male=False)
WIFE = {
    "on": "2015-06-15",
    "name": "韦小妹",
    "relation": "son_wife",
    "sex": "female",
    "birth_date": f"{BORN}",
    "id_number": NUMBER,
    "remark": "补办",
}


@pytest.fixture
def li() -> Client:
    return county.signed_in("li")


def sent_on(client: Client, page: Any, do: str = "submit", **more: Any) -> Any:
    form = pages.form_with(page, "seen")
    return client.post(form.action, form.filled(do=do, **more))


def asked_for(client: Client, kind: str, typed: dict[str, Any]) -> Dossier:
    """A change of household C, looked at and submitted."""
    url = reverse("site:household-change", args=[county.household("C").pk, kind])
    answer = sent_on(client, client.post(url, {**typed, "do": "preview"}))
    assert answer.status_code == 302, pages.text(answer)
    return Dossier.objects.order_by("-pk")[0]


def returned(dossier: Dossier, by: str = "sunx", why: str = "与户口簿不符") -> str:
    """The dossier goes back to its first step; where it is put right."""
    cases.take(dossier, by, "return", why)
    return reverse("site:dossier-amend", args=[dossier.pk])


def put_right(client: Client, url: str, **typed: Any) -> Any:
    form = pages.form_with(client.get(url), "on")
    looked_at = client.post(form.action, form.filled(do="preview", **typed))
    assert looked_at.status_code == 200, pages.text(looked_at)
    return sent_on(client, looked_at)


def test_returned_change_says_why_and_leads_to_its_form_filled_in_as_it_was_proposed(li: Client) -> None:
    dossier = asked_for(li, "marriage_in", WIFE)
    url = returned(dossier)

    page = li.get(reverse("site:dossier", args=[dossier.pk]))
    form = pages.form_with(li.get(url), "on")

    assert "与户口簿不符" in pages.text(page)
    assert "与户口簿不符" in pages.text(li.get(url))
    assert url in page.content.decode()
    assert form.fields["name"] == ["韦小妹"]
    assert form.fields["relation"] == ["son_wife"]
    assert form.fields["birth_date"] == [f"{BORN}"]
    assert form.fields["remark"] == ["补办"]
    assert form.fields.get("id_number", [""]) == [""]
    assert NUMBER not in li.get(url).content.decode()
    assert f"{NUMBER[:6]}********{NUMBER[-4:]}" in pages.text(li.get(url))


def test_change_put_right_is_submitted_anew_and_carried_out_as_it_is_then(li: Client) -> None:
    dossier = asked_for(li, "marriage_in", WIFE)
    url = returned(dossier)
    before = list(StepTaken.objects.filter(dossier=dossier).order_by("seq").values())

    answer = put_right(li, url, name="韦小美", on="2015-07-01")

    dossier.refresh_from_db()
    assert answer.status_code == 302
    assert dossier.step == "township_check"
    steps = list(StepTaken.objects.filter(dossier=dossier).order_by("seq").values())
    assert steps[: len(before)] == before
    assert steps[0]["proposal_digest"] != steps[-1]["proposal_digest"]
    cases.take(dossier, "sunx")
    person = Person.objects.get(name="韦小美")
    assert households.shown_number(person, full=True) == NUMBER
    assert Membership.objects.get(person=person).joined_on == dt.date(2015, 7, 1)
    assert not Person.objects.filter(name="韦小妹").exists()


def test_earlier_version_stays_readable_with_what_was_changed_since(li: Client) -> None:
    dossier = asked_for(li, "marriage_in", WIFE)
    put_right(li, returned(dossier), name="韦小美")

    html = county.signed_in("sunx").get(reverse("site:dossier", args=[dossier.pk])).content.decode()

    since = html.partition('id="since-return"')[2].partition("</section>")[0]
    assert "<del>韦小妹</del>" in since
    assert "<ins>韦小美</ins>" in since
    assert since.count("<del>") == 1
    assert "第 1 版" in html
    assert NUMBER not in html


def test_correction_put_right_keeps_the_sealed_number_that_was_proposed(li: Client) -> None:
    home = county.household("C")
    url = reverse("site:household-change", args=[home.pk, "correction"])
    form = pages.form_with(li.get(url), "wage_income")
    typed = form.filled(
        wage_income="7000", bank_account="622200000000000077", account_holder=home.head_name, on="2015-06-15"
    )
    sent_on(li, li.post(url, {**typed, "do": "preview"}))
    dossier = Dossier.objects.get()
    amend = returned(dossier)

    again = pages.form_with(li.get(amend), "wage_income")
    assert again.fields["wage_income"] == ["7000.00"]
    put_right(li, amend, wage_income="7500")
    dossier.refresh_from_db()
    cases.take(dossier, "sunx")

    home.refresh_from_db()
    assert HouseholdYear.objects.get(household=home, year=2015).wage_income_fen == 750_000
    assert households.shown_account(home, full=True) == "622200000000000077"


def test_second_of_two_clicks_submits_once(li: Client) -> None:
    dossier = asked_for(li, "marriage_in", WIFE)
    url = returned(dossier)
    form = pages.form_with(li.get(url), "on")
    ready = pages.form_with(li.post(form.action, form.filled(do="preview", name="韦小美")), "seen")

    first, second = (li.post(ready.action, ready.filled(do="submit")) for _click in range(2))

    assert first["Location"] == second["Location"]
    assert StepTaken.objects.filter(dossier=dossier, step="application", decision="approve").count() == 2


def test_unchanged_it_may_be_submitted_again(li: Client) -> None:
    dossier = asked_for(li, "marriage_in", WIFE)

    answer = put_right(li, returned(dossier))

    dossier.refresh_from_db()
    assert answer.status_code == 302
    assert dossier.step == "township_check"
    assert "since-return" not in li.get(reverse("site:dossier", args=[dossier.pk])).content.decode()


def test_only_whoever_begins_it_puts_it_right_and_only_after_a_return(li: Client) -> None:
    dossier = asked_for(li, "marriage_in", WIFE)
    url = reverse("site:dossier-amend", args=[dossier.pk])
    assert li.get(url).status_code == 404
    returned(dossier)

    assert li.get(url).status_code == 200
    for username in ("sunx", "wang", "auditor"):
        assert county.signed_in(username).get(url).status_code == 404, username
    assert county.signed_in("helper").get(url).status_code == 403


def applicant(status: str = "applicant") -> Household:
    home = county.household("C")
    HouseholdYear.objects.filter(household=home, year=2015).update(poverty_status=status)
    Household.objects.filter(pk=home.pk).update(poverty_status=status)
    return home


def identification(home: Household) -> Dossier:
    (key,) = casework.propose_households(
        procedure="identification",
        household_ids=[home.pk],
        year=2015,
        by=cases.actor("li"),
        on=timezone.localdate(),
        pack=policy.load(),
    )
    return Dossier.objects.get(pk=key)


def test_returned_identification_is_drawn_up_again_from_the_records_and_frozen_anew(li: Client) -> None:
    home = applicant()
    dossier = identification(home)
    cases.take(dossier, "li")
    url = returned(dossier, "li", "已被清退过，状态须更正")
    applicant("removed")

    page = li.get(url)
    form = pages.form_with(page, "version")
    answer = li.post(url, form.filled())
    dossier.refresh_from_db()

    assert "申请中" in pages.text(page)
    assert "已清退" in pages.text(page)
    assert answer["Location"] == reverse("site:dossier", args=[dossier.pk])
    assert dossier.proposal["changes"][0]["before"] == "removed"
    first = StepTaken.objects.get(dossier=dossier, seq=1)
    assert first.proposal is not None
    assert first.proposal["changes"][0]["before"] == "applicant"
    assert "第 1 版" in li.get(answer["Location"]).content.decode()
    cases.take(dossier, "li")
    assert (dossier.step, dossier.submitted_digest) != ("application", first.proposal_digest)


def test_where_the_records_say_the_same_facts_and_papers_are_what_is_to_be_put_right(li: Client) -> None:
    dossier = identification(applicant())
    cases.take(dossier, "li")
    url = returned(dossier, "li", "补充材料")

    page = li.get(url)
    pushed = li.post(url, {"version": Dossier.objects.get(pk=dossier.pk).version})

    assert "与事项内容一致" in pages.text(page)
    assert "没有要改的" in pages.text(pushed)
    assert pushed.status_code == 422


def test_somebody_elses_change_meanwhile_is_told_and_nothing_is_overwritten(li: Client) -> None:
    home = applicant()
    dossier = identification(home)
    cases.take(dossier, "li")
    url = returned(dossier, "li", "更正")
    applicant("removed")
    seen = dossier.version
    engine.amend(dossier_id=dossier.pk, version=seen, proposal={"members": 5}, by=cases.actor("li"), pack=policy.load())

    answer = li.post(url, {"version": seen})

    assert answer.status_code == 409
    dossier.refresh_from_db()
    assert dossier.proposal == {"members": 5}


def test_household_that_cannot_be_proposed_any_more_is_said_why(li: Client) -> None:
    home = applicant()
    dossier = identification(home)
    cases.take(dossier, "li")
    url = returned(dossier, "li", "核实")
    applicant("exited")

    assert "不能按新识别办理" in pages.text(li.get(url))


def test_page_of_a_dossier_asks_no_more_for_its_versions(
    li: Client, django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    dossier = asked_for(li, "marriage_in", WIFE)
    for name in ("甲", "乙", "丙"):
        put_right(li, returned(dossier), name=f"韦小{name}")

    with django_assert_max_num_queries(36):
        html = li.get(reverse("site:dossier", args=[dossier.pk])).content.decode()
    assert "第 3 版" in html
    assert subjects.household_key(dossier.subject) == county.household("C").pk

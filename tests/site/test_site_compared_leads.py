"""Leads of departments' lists on their pages: visited, heard, reviewed by another officer, counted; what of it waits in the bell; counts of questions."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.site import county, pages
from tests.site.lists import AGREE, BACK, FOUND, ON, head, leads, listed, of, pair, send, visited

from jiefa.comparison.models import Course, SiteFinding
from jiefa.identification.models import Lead
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household

pytestmark = pytest.mark.usefixtures("small_county")

LIST, REVIEW, LEADS, HOME = (reverse(f"site:{name}") for name in ("compared", "compared-review", "leads", "home"))


def bell(client: Client) -> tuple[int, str]:
    """What the bell of a page counts, and where it leads."""
    context = client.get(HOME).context
    return context["todo_count"], context["todo_url"]


def test_a_lead_is_visited_heard_and_reviewed_by_another_officer() -> None:
    send(county.signed_in("wang"), listed(f"{head('A')[0]},{head('A')[1]},,,小型客车"))
    lead = Lead.objects.get()
    li, wang, zhou = (county.signed_in(name) for name in ("li", "wang", "zhou"))

    unvisited = li.post(of(lead), FOUND)
    visited()
    unheard = li.post(of(lead), {**FOUND, "heard": " "})
    kept = wang.post(of(lead), FOUND)
    own = wang.post(of(lead), AGREE)
    without_reason = zhou.post(of(lead), {**BACK, "reason": ""})
    sent_back = zhou.post(of(lead), BACK)
    again = li.post(of(lead), FOUND)
    twice = li.post(of(lead), FOUND)
    agreed = wang.post(of(lead), AGREE)

    answers = (unvisited, unheard, kept, own, without_reason, sent_back, again, twice, agreed)
    assert [one.status_code for one in answers] == [422, 422, 302, 422, 422, 302, 302, 422, 302]
    assert "在 2015-10-12 没有走访记录" in pages.text(unvisited)
    assert "请由另一名干部复核" in pages.text(own)
    assert "退回时请写明理由" in pages.text(without_reason)
    assert "正等复核" in pages.text(twice)
    said = pages.text(li.get(of(lead)))
    for words in ("车是女婿的", "三轮车，不值钱", "没有照片", "李村", "周县", "王县"):
        assert words in said
    lead.refresh_from_db()
    assert (lead.settled, lead.dossier) == ("kept", None)
    (row,) = wang.get(LIST).context["rows"]
    assert (row["leads"], row["open"], row["kept"], row["hit"], row["removed"]) == (1, 0, 1, 1.0, 0.0)
    assert "100%" in pages.text(wang.get(LIST))
    assert "sent back" in pages.text(county.in_english("li").get(of(lead)))


def test_each_officer_sees_the_form_that_is_theirs() -> None:
    (lead,) = leads(1)
    visited()
    before = {name: county.signed_in(name).get(of(lead)).context for name in ("li", "zhao", "auditor")}
    county.signed_in("li").post(of(lead), FOUND)
    after = {name: county.signed_in(name).get(of(lead)).context for name in ("li", "wang", "zhao", "auditor")}

    assert {name: bool(page["found_form"]) for name, page in before.items()} == {
        "li": True,
        "zhao": False,
        "auditor": False,
    }
    assert not any(page["review_form"] for page in before.values())
    assert {name: bool(page["review_form"]) for name, page in after.items()} == {
        "li": False, "wang": True, "zhao": False, "auditor": False,
    }  # fmt: skip
    assert not any(page["found_form"] for page in after.values())
    for name in ("li", "zhao", "auditor"):
        assert county.signed_in(name).post(of(lead), AGREE).status_code == 403, name
    assert county.signed_in("auditor").post(of(lead), FOUND).status_code == 403
    assert county.signed_in("li").post(of(lead), {"settled": "kept", "reason": "x"}).status_code == 422
    assert Lead.objects.get().settled == ""


def test_a_true_lead_begins_the_removal_once_the_second_officer_agrees() -> None:
    (lead,) = leads(1)
    visited()

    county.signed_in("li").post(of(lead), {**FOUND, "settled": "true"})
    assert not Dossier.objects.exists()
    assert county.signed_in("wang").post(of(lead), AGREE).status_code == 302

    dossier = Dossier.objects.get()
    lead.refresh_from_db()
    assert (lead.settled, lead.dossier) == ("true", dossier.pk)
    assert (dossier.procedure, dossier.desk, dossier.step) == ("household_removal", county.VILLAGE, "proposal")
    assert reverse("site:dossier", args=[dossier.pk]) in county.signed_in("li").get(of(lead)).content.decode()
    assert Household.objects.get(pk=lead.household_id).poverty_status == "poor"


def test_the_bell_counts_leads_to_visit_for_the_township_and_to_review_for_the_second_officer() -> None:
    who = {name: county.signed_in(name) for name in ("li", "sunx", "wang", "zhou", "zhao", "auditor", "helper")}
    who["wu"] = county.neighbour()
    before = {name: bell(client)[0] for name, client in who.items()}

    def more() -> dict[str, int]:
        counts = {name: bell(client)[0] - before[name] for name, client in who.items()}
        return {name: count for name, count in counts.items() if count}

    first, second = leads(2)
    Lead.objects.create(of_list=first.of_list, household=first.household, village_code=first.village_code, kind="house")
    assert more() == {"li": 2, "sunx": 2}
    assert bell(who["li"])[1] == HOME
    visited()
    who["li"].post(of(first), FOUND)
    assert more() == {"li": 1, "sunx": 1, "wang": 1, "zhou": 1}
    assert bell(who["wang"])[1] == HOME
    who["wang"].post(of(second), FOUND)
    assert more() == {"wang": 1, "zhou": 2}
    who["zhou"].post(of(first), BACK)
    assert more() == {"li": 1, "sunx": 1, "zhou": 1}
    who["zhou"].post(of(second), AGREE)
    assert more() == {"li": 1, "sunx": 1}


def test_what_waits_is_named_on_the_first_page_and_opens_its_list() -> None:
    first, second = leads(2)
    visited()
    county.signed_in("li").post(of(first), FOUND)

    shown = {name: county.signed_in(name).get(HOME).context["todo"] for name in ("li", "wang")}
    entries = {name: {one["label"]: one for one in todo} for name, todo in shown.items()}
    to_visit, to_review = entries["li"]["名单线索待核实"], entries["wang"]["线索核实结果待复核"]

    assert (to_visit["count"], to_review["count"]) == (1, 1)
    assert [row["pk"] for row in county.signed_in("li").get(to_visit["url"]).context["rows"]] == [second.pk]
    assert [row["pk"] for row in county.signed_in("wang").get(to_review["url"]).context["rows"]] == [first.pk]
    labels = [one["label"] for one in county.in_english("li").get(HOME).context["todo"]]
    assert "Leads of lists to look into" in labels
    village = county.signed_in("wang").get(reverse("site:area", args=[county.VILLAGE]))
    assert "名单线索待核实" in pages.text(village)


def put_in(count: int) -> None:
    """So many more lists with leads, pairs, and findings that were sent back."""
    for number in range(count):
        (lead,) = leads(1)
        pair(line=number)
        for _ in range(2):
            SiteFinding.objects.create(
                course=Course.objects.filter(lead__household=lead.household).order_by("pk")[0], visit=1, visited_on=ON, heard="x",
                found="kept", reason="x", by=f"u{number}", at=timezone.now(), agreed=False, reviewed_by="zhou",
            )  # fmt: skip


def test_pages_ask_the_same_of_few_rows_and_of_many() -> None:
    put_in(2)
    first = Lead.objects.order_by("pk")[0]
    urls = (HOME, LIST, REVIEW, of(first), f"{LEADS}?state=visit", f"{LEADS}?state=review")
    few = [_questions(url) for url in urls]
    put_in(30)
    many = [_questions(url) for url in urls]

    assert few == many
    assert max(many) <= 20


def _questions(url: str) -> int:
    client = county.signed_in("wang")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)

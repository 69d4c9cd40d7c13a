"""Pages of departments' lists: a list loaded, doubtful pairs decided one after the other, what lists were worth; who sees and does what."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.site import county, pages
from tests.site.lists import AGREE, FOUND, SOURCE, head, leads, listed, of, pair, send

from jiefa.comparison.models import Comparison, How, Pair, PairState
from jiefa.identification.models import Lead

pytestmark = pytest.mark.usefixtures("small_county")

LIST, NEW, REVIEW, LEADS = (
    reverse(f"site:{name}") for name in ("compared", "compared-new", "compared-review", "leads")
)
NOT_LOADING = ("sunx", "li", "helper", "auditor", "wei", "evaluator", "feng", "bao")


def test_a_list_is_loaded_and_says_how_rows_were_found() -> None:
    wang = county.signed_in("wang")

    answer = send(wang)

    assert answer.status_code == 302
    shown = wang.get(LIST)
    said = pages.text(shown)
    assert "2 行号码在册" in said
    rows = {row["rule"]: row for row in shown.context["rows"]}
    assert {rule: row["leads"] for rule, row in rows.items()} == {"号码和姓名都对上": 1, "号码对上、姓名不同": 1}
    for words in ("车辆.csv", "名下有车辆", "县公安局", "2015年9月30日"):
        assert words in said
    assert not Lead.objects.filter(household=county.household("F")).exists()
    number, _name = head("A")
    assert number not in shown.content.decode()
    english_said = pages.text(county.in_english("wang").get(LIST))
    assert "What lists and rules turned out to be worth" in english_said
    assert "number and name" in english_said


@pytest.mark.parametrize(
    ("content", "typed", "words"),
    [
        (listed(",,,,小型客车"), {}, "第 2 行：证件号码和姓名都没有填"),
        (listed(",某人,1960-01-01,某村,尾号520324196001011234"), {}, "线索内容里写了号码，请删去"),
        (listed(",司徒某,,别处村,"), {}, "一户也没有找到"),
        ("a,b\n1,2\n", {}, ""),
        ("", {"kind": "boat"}, ""),
        ("", {"department": ""}, ""),
        ("", {"as_of": "2015-13-01"}, ""),
    ],
)
def test_a_list_that_cannot_be_taken_is_refused_whole_with_a_reason(
    content: str, typed: dict[str, str], words: str
) -> None:
    answer = send(county.signed_in("wang"), content, **typed)

    assert answer.status_code == 422
    assert words in pages.text(answer)
    assert answer.context["refusal"] or answer.context["form"].errors
    assert not Comparison.objects.exists()


def test_a_list_is_not_loaded_twice_nor_without_a_file() -> None:
    wang = county.signed_in("wang")
    send(wang)

    again = send(county.in_english("wang"), name="又一份.csv")
    without = wang.post(NEW, SOURCE)

    assert (again.status_code, without.status_code) == (422, 422)
    assert "it is not loaded twice" in pages.text(again)
    assert "file" in without.context["form"].errors
    assert Comparison.objects.count() == 1


def test_who_loads_and_decides_pairs_and_who_sees_what_lists_were_worth() -> None:
    send(county.signed_in("wang"))
    waits = pair()

    for user in NOT_LOADING:
        client = county.signed_in(user)
        assert send(client, listed(f"{head('E')[0]},,,,车")).status_code == 403, user
        assert [client.get(url).status_code for url in (NEW, REVIEW)] == [403, 403], user
        assert client.post(REVIEW, {"pair": waits.pk, "decision": "same"}).status_code == 403, user
    for user in ("wang", "qian", "zhao", "sunx", "li", "auditor", "wei"):
        shown = county.signed_in(user).get(LIST)
        assert (shown.status_code, shown.context["may_load"]) == (200, user not in NOT_LOADING), user
        assert ("比对一份名单" in pages.text(shown)) == (user not in NOT_LOADING), user
    for user in ("helper", "evaluator", "feng", "bao", "jie", "admin"):
        assert county.signed_in(user).get(LIST).status_code == 403, user
    for url in (LIST, NEW, REVIEW):
        assert Client().get(url).status_code == 302
    assert Pair.objects.get().state == PairState.WAITING
    assert county.signed_in("li").get(reverse("site:template-compared")).content[:2] == b"PK"


def test_a_clerk_decides_one_pair_after_the_other() -> None:
    _number, name = head("B")
    first, second, third = pair(said=name[:-1] + "某"), pair(said="欧阳未"), pair("E", said="赵六")
    wang = county.signed_in("wang")
    assert wang.get(LIST).context["waits"]

    page = wang.get(REVIEW)
    form = pages.form_with(page, "pair")
    went_on = wang.post(REVIEW, form.filled(decision="same"))

    said = pages.text(page)
    assert form.fields["pair"] == [str(first.pk)]
    assert "第 7 行" in said
    assert "光明村村民委员会" in said
    assert name not in page.content.decode()  # characters on which both agree are masked
    assert (went_on.status_code, went_on["Location"]) == (302, f"{REVIEW}?after={first.pk}")
    lead = Lead.objects.get(household=county.household("B"))
    assert (lead.detail, lead.course.how, lead.course.probability) == ("货车", How.CLERK, 0.7)
    assert pages.form_with(wang.get(went_on["Location"]), "pair").fields["pair"] == [str(second.pk)]
    assert wang.post(REVIEW, {"pair": second.pk, "decision": "other"}).status_code == 302
    assert wang.post(REVIEW, {"pair": third.pk, "decision": "unclear"}).status_code == 302
    assert Lead.objects.filter(course__how=How.CLERK).count() == 1
    rest = wang.get(REVIEW)
    assert "没有等待判定的" in pages.text(rest)
    assert not wang.get(LIST).context["waits"]
    assert "目前判为不清楚的：1 对" in pages.text(rest)
    again = f"{REVIEW}?state=unclear"
    assert pages.form_with(wang.get(again), "pair").fields["pair"] == [str(third.pk)]
    settled = wang.post(again, {"pair": third.pk, "decision": "other"})
    assert settled["Location"] == f"{again}&after={third.pk}"
    assert "目前判为不清楚的" not in pages.text(wang.get(REVIEW))


def test_a_pair_is_decided_once_and_only_one_way_of_three() -> None:
    found = pair()
    wang, zhou = county.signed_in("wang"), county.in_english("zhou")

    for typed in ({"decision": "same"}, {"pair": "x", "decision": "same"}, {"pair": found.pk, "decision": "maybe"}):
        assert wang.post(REVIEW, typed).status_code == 404
    wang.post(REVIEW, {"pair": found.pk, "decision": "other"})
    again = zhou.post(REVIEW, {"pair": found.pk, "decision": "same"})

    assert again.status_code == 422
    assert "The pair of row 7 was decided by wang." in pages.text(again)
    assert "No pair waits" in pages.text(again)
    found.refresh_from_db()
    assert found.state == PairState.OTHER


def test_another_county_sees_nothing_and_decides_nothing() -> None:
    other_county = county.neighbour()
    send(county.signed_in("wang"))
    waits, lead = pair(), Lead.objects.order_by("pk")[0]

    for url in (LIST, f"{LIST}?place={county.COUNTY}"):
        assert other_county.get(url).context["rows"] == []
    assert "还没有比对过名单" in pages.text(other_county.get(LIST))
    assert not other_county.get(LIST).context["waits"]
    assert other_county.get(REVIEW).context["pair"] is None
    assert other_county.get(f"{REVIEW}?after={waits.pk - 1}").context["pair"] is None
    assert other_county.post(REVIEW, {"pair": waits.pk, "decision": "same"}).status_code == 404
    assert other_county.get(LEADS).context["rows"] == []
    for typed in (FOUND, AGREE):
        assert other_county.post(of(lead), typed).status_code == 404
    assert other_county.get(of(lead)).status_code == 404
    other = send(other_county, listed(f"{head('A')[0]},{head('A')[1]},,,小型客车"))
    assert other.status_code == 422
    assert "一户也没有找到" in pages.text(other)
    waits.refresh_from_db()
    assert waits.state == PairState.WAITING


def test_a_township_sees_the_worth_of_its_own_leads_alone() -> None:
    leads(2, "A")
    leads(3, "E")

    assert [row["leads"] for row in county.signed_in("sunx").get(LIST).context["rows"]] == [2]
    assert sorted(row["leads"] for row in county.signed_in("wang").get(LIST).context["rows"]) == [2, 3]


def test_empty_pages_say_what_would_stand_there() -> None:
    wang, zhou = county.signed_in("wang"), county.in_english("zhou")

    assert "还没有比对过名单" in pages.text(wang.get(LIST))
    assert "No list was compared here" in pages.text(zhou.get(LIST))
    assert "No pair waits" in pages.text(zhou.get(REVIEW))
    assert wang.get(NEW).status_code == 200
    assert "First by certificate number" in pages.text(zhou.get(NEW))

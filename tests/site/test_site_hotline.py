"""Pages of the hotline and of visits: taken down, told by the public, screened, looked into; secret from whom it is about; counts of questions."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.hotline import told
from tests.inspection.test_inspection_life import recorded
from tests.site import county, pages
from tests.site.test_site_query_counts import FEW, MANY

from jiefa.access.models import User
from jiefa.access.queries import Actor, actor_of
from jiefa.hotline.actions import answering, screening
from jiefa.hotline.actions.receiving import Receipt
from jiefa.hotline.models import Complaint, Look
from jiefa.inspection.actions import visiting
from jiefa.inspection.models import SpotCheck
from jiefa.integrity.models import Case
from jiefa.site import limits

pytestmark = pytest.mark.usefixtures("small_county")

TOWNSHIP = county.VILLAGE[:9]
SECRET = (told.WORDS, told.CALLER.name, told.CALLER.phone)


def user(username: str) -> Actor:
    return actor_of(User.objects.get(username=username), timezone.localdate())


def routed() -> Receipt:
    made = told.received((TOWNSHIP,))
    screening.accept(receipt=made.receipt, paraphrase=told.PARAPHRASE, on=told.ON, by=user("bao"), pack=told.PACK)
    screening.route(receipt=made.receipt, unit=told.OFFICE, on=told.ON, by=user("bao"), pack=told.PACK)
    return made


def post(client: Client, receipt: str, step: str, **typed: str) -> int:
    url = reverse("site:hotline-complaint", args=[receipt])
    return client.post(url, {"step": step, **{f"{step}-{name}": value for name, value in typed.items()}}).status_code


def test_a_complaint_goes_through_its_pages_from_the_clerk_to_the_answer() -> None:
    clerk, keeper, wang = (county.signed_in(name) for name in ("jie", "bao", "wang"))
    typed = {
        "channel": "phone", "on": "2015-06-01", "category": "policy", "against": [TOWNSHIP], "words": told.WORDS,
        "name": told.CALLER.name, "phone": told.CALLER.phone,
    }  # fmt: skip

    answer = clerk.post(f"{reverse('site:hotline-new')}?at={county.VILLAGE}", typed)

    made = Complaint.objects.get()
    text = pages.text(answer)
    assert made.receipt in text
    assert answer.context["receipt"].word in text
    assert clerk.get(reverse("site:hotline")).status_code == 403
    assert post(keeper, made.receipt, "accept", paraphrase=told.PARAPHRASE, category="policy") == 302
    assert post(keeper, made.receipt, "route", unit=f"office/{TOWNSHIP}") == 422
    assert post(keeper, made.receipt, "route", unit=f"office/{county.COUNTY}") == 302
    read = pages.text(wang.get(reverse("site:hotline-complaint", args=[made.receipt])))
    assert told.PARAPHRASE in read
    assert not any(word in read for word in SECRET)
    assert post(wang, made.receipt, "note", text="走访") == 302
    assert post(wang, made.receipt, "conclude", code="true", text="属实") == 302
    assert post(wang, made.receipt, "answer", text="x") == 409
    assert post(keeper, made.receipt, "answer", text="已退还") == 302


def test_who_called_is_shown_once_a_reason_is_given_and_to_the_keeper_alone() -> None:
    made = routed()
    url = reverse("site:hotline-caller", args=[made.receipt])
    keeper = county.signed_in("bao")

    assert not any(word in pages.text(keeper.get(url)) for word in SECRET)
    assert (keeper.post(url, {"reason": "ask", "note": ""}).status_code, Look.objects.count()) == (422, 0)
    shown = keeper.post(url, {"reason": "ask", "note": "核实"})
    assert all(word in pages.text(shown) for word in SECRET)
    assert (Look.objects.get().by, shown["Cache-Control"]) == ("bao", "private, no-store")
    for name in ("wang", "zhao", "auditor", "ji", "jie", "admin"):
        assert county.signed_in(name).post(url, {"reason": "ask", "note": "x"}).status_code in (403, 404)


def test_whom_it_is_about_finds_nothing_on_any_page() -> None:
    made = routed()
    sunx, wei = county.signed_in("sunx"), county.signed_in("wei")

    for client in (sunx, wei):
        for view in ("mine", "late", "all"):
            assert made.receipt not in pages.text(client.get(f"{reverse('site:hotline')}?view={view}"))
        assert client.get(reverse("site:hotline-complaint", args=[made.receipt])).status_code == 404
        assert "/hotline/complaints/" not in client.get(reverse("site:search"), {"q": made.receipt}).content.decode()
    log = pages.text(county.signed_in("wang").get(reverse("site:audit")))
    assert made.receipt not in log


def test_case_that_follows_opens_for_the_unit_and_is_nowhere_inside_the_body() -> None:
    made = told.received((TOWNSHIP,))
    screening.accept(receipt=made.receipt, paraphrase=told.PARAPHRASE, on=told.ON, by=user("bao"), pack=told.PACK)
    screening.route(receipt=made.receipt, unit=told.DISCIPLINE, on=told.ON, by=user("bao"), pack=told.PACK)
    inspector, wei = county.signed_in("ji"), county.signed_in("wei")
    for step, typed in (
        ("note", {"text": "走访"}),
        ("conclude", {"code": "true", "text": "属实"}),
        ("follow", {"text": "扣留补助"}),
    ):
        assert post(inspector, made.receipt, step, **typed) == 302

    case = Case.objects.get()
    url = reverse("site:supervision-case", args=[case.pk])
    assert url in inspector.get(reverse("site:hotline-complaint", args=[made.receipt])).content.decode()
    assert "扣留补助" in pages.text(inspector.get(url))
    assert wei.get(url).status_code == 404
    for page in ("supervision", "dossiers", "home"):
        assert f"监督事项 {case.pk}" not in pages.text(wei.get(reverse(f"site:{page}")))
    assert url not in wei.get(reverse("site:supervision")).content.decode()


def todo(username: str) -> dict[str, int]:
    """What waits on the first page, and under the empty name what the bell counts."""
    context = county.signed_in(username).get(reverse("site:home")).context
    return {"": context["todo_count"], **{row["label"]: row["count"] for row in context["todo"]}}


def test_what_hotline_and_visits_left_overdue_rings_for_whoever_owes_it() -> None:
    names = ("bao", "wang", "sunx", "qian", "auditor", "jie")
    before = {name: todo(name)[""] for name in names}
    routed()
    told.received((TOWNSHIP,))
    recorded()
    visiting.plan(place=TOWNSHIP, planned_for=told.ON, reason="随机", by=user("wang"))

    after = {name: todo(name) for name in names}
    rung = {name: after[name][""] - before[name] for name in names}

    assert rung == {"bao": 1, "wang": 3, "sunx": 1, "qian": 3, "auditor": 0, "jie": 0}
    assert after["bao"] == {"": before["bao"] + 1, "等我办的举报": 1, "举报已逾期": 1}
    expected = {"等我办的举报": 1, "举报已逾期": 1, "暗访问题未按期整改": 1, "暗访已过日期": 1}
    assert expected.items() <= after["wang"].items()
    assert "暗访已过日期" not in after["sunx"]
    assert after["qian"]["下一级逾期的举报"] == 1
    in_english = county.in_english("wang").get(reverse("site:home"))
    assert "Complaints that wait for me" in pages.text(in_english)
    for row in county.signed_in("wang").get(reverse("site:home")).context["todo"]:
        assert county.signed_in("wang").get(row["url"]).status_code == 200
    assert "暗访问题未按期整改" in {
        row["label"] for row in county.signed_in("wang").get(reverse("site:area", args=[TOWNSHIP])).context["needs"]
    }


def test_anybody_tells_and_asks_with_number_and_word() -> None:
    cache.clear()
    public, url = Client(), f"{reverse('site:hotline-tell')}?place={TOWNSHIP}"
    typed = {
        "category": "embezzled",
        "against": [TOWNSHIP],
        "words": "扣了种苗款",
        "name": "",
        "phone": "",
        "address": "",
    }

    answer = public.post(url, {**typed, "website": ""})

    receipt = answer.context["receipt"]
    assert Complaint.objects.get(receipt=receipt.receipt).kept_at == county.COUNTY
    assert public.post(url, {**typed, "website": "x"}).status_code == 422
    assert public.post(url, {**typed, "against": ["52"]}).status_code == 422
    ask = {"receipt": receipt.receipt, "word": receipt.word}
    assert "已接收" in pages.text(public.post(reverse("site:hotline-ask"), ask))
    wrong = [public.post(reverse("site:hotline-ask"), {**ask, "word": "x"}).status_code for _ in range(11)]
    assert wrong == [422] * (limits.LOOK_UPS_OF_ONE_NUMBER - 1) + [429, 429]
    sent = [public.post(url, {**typed, "website": ""}).status_code for _ in range(limits.COMPLAINTS_FROM_ONE_ADDRESS)]
    assert sent[-1] == 429
    assert public.get(reverse("site:hotline-told")).status_code == 200
    assert public.get(reverse("site:hotline-told-export")).status_code == 200


def test_caller_reads_the_answer_and_has_it_looked_into_again() -> None:
    cache.clear()
    made = told.received((TOWNSHIP,), on=timezone.localdate())
    today, keeper = timezone.localdate(), user("bao")
    screening.refuse(receipt=made.receipt, reason="no_facts", text="没有线索", on=today, by=keeper, pack=told.PACK)
    ask = {"receipt": made.receipt, "word": made.word, "reason": "有照片"}

    assert "没有线索" in pages.text(Client().post(reverse("site:hotline-ask"), ask))
    assert "已重新办理" in pages.text(Client().post(reverse("site:hotline-ask"), {**ask, "again": "1"}))
    assert Complaint.objects.get().round == 2
    assert answering.look_up(receipt=made.receipt, word=made.word, on=today, pack=told.PACK).told == ""


def test_a_visit_is_recorded_on_its_page_and_answered_by_the_place() -> None:
    wang, sunx = county.signed_in("wang"), county.signed_in("sunx")
    wang.post(reverse("site:unannounced-new"), {"place": TOWNSHIP, "planned_for": "2015-06-01", "reason": "随机"})
    visit = SpotCheck.objects.get()
    url = reverse("site:unannounced-visit", args=[visit.pk])
    items = [one.id for one in told.PACK.codes("spot_item").values]
    record = {"record": "1", "on": "2015-06-01", "text": "随机入户", **{f"result_{item}": "in_order" for item in items}}

    assert sunx.get(url).status_code == 404
    assert "随机" not in pages.text(sunx.get(reverse("site:unannounced")))
    assert wang.post(url, {**record, "result_notice": "wrong"}).status_code == 422
    assert wang.post(url, {**record, "result_notice": "wrong", "what_notice": "没有公示"}).status_code == 302
    assert "没有公示" in pages.text(sunx.get(url))
    finding = visit.findings.get()
    assert sunx.post(url, {"reply": "1", "finding": finding.pk, "how": "已张贴"}).status_code == 302
    assert wang.post(url, {"recheck": "1", "finding": finding.pk, "result": "fixed", "what": "属实"}).status_code == 302
    finding.refresh_from_db()
    assert finding.state == "closed"


COUNTED = {
    "home": ("wang", "home", "", 11),
    "home of a keeper": ("bao", "home", "", 11),
    "hotline": ("bao", "hotline", "?view=all", 20),
    "mine": ("wang", "hotline", "?view=mine", 20),
    "unannounced": ("wang", "unannounced", "", 22),
    "findings": ("wang", "unannounced-findings", "", 20),
}


def asked() -> dict[str, int]:
    counts = {}
    for name, (who, page, query, _most) in COUNTED.items():
        client = county.signed_in(who)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(f"site:{page}") + query).status_code == 200
        counts[name] = len(captured)
    return counts


def put_in(count: int) -> None:
    """So many more complaints and findings, copies of one."""
    made, finding = routed(), recorded()
    pattern = Complaint.objects.get(receipt=made.receipt)
    rows = []
    for number in range(count):
        pattern.pk, pattern.receipt = None, f"x{pattern.received_on:%y}-{Complaint.objects.count():03}{number:03}"
        rows.append(Complaint(**{f.attname: getattr(pattern, f.attname) for f in Complaint._meta.concrete_fields}))
    Complaint.objects.bulk_create(rows)
    for _ in range(count):
        check = finding.check_of
        check.pk = None
        check.save(force_insert=True)
        finding.pk, finding.check_of = None, check
        finding.save(force_insert=True)


def test_pages_ask_the_same_of_few_rows_and_of_many() -> None:
    put_in(FEW)
    few = asked()
    put_in(MANY)
    many = asked()

    assert few == many
    assert {name: count for name, count in many.items() if count > COUNTED[name][3]} == {}


def test_page_behind_a_page_begins_where_it_ended() -> None:
    put_in(60)
    client = county.signed_in("wang")

    first = client.get(f"{reverse('site:hotline')}?view=mine")
    second = client.get(first.context["next_url"])

    shown = [row["receipt"] for page in (first, second) for row in page.context["rows"]]
    assert (len(shown), len(set(shown))) == (61, 61)
    assert dt.date(2015, 6, 16) == first.context["rows"][0]["due_on"]

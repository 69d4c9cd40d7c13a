"""Notices on the web: open to everybody and masked; objected to without an account; published and proved by officers."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import Settings
from tests.disclosure import lists
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE, People
from tests.site import county, pages

from jiefa import policy
from jiefa.audit.models import Entry
from jiefa.disclosure import actions
from jiefa.disclosure.models import Notice, NoticeRow, Objection, Posting
from jiefa.procedures.models import Dossier
from jiefa.site import limits

pytestmark = pytest.mark.usefixtures("small_county")

PACK = policy.load()
NAMES = ("张小三", "欧阳小三", "阿依·古丽", "赵六 13800000001 残疾")
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def own_cache(settings: Settings) -> None:
    """A cache of this one test."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": uuid4().hex}}


@pytest.fixture
def people() -> People:
    return People(VILLAGE, TOWNSHIP, COUNTY)


@pytest.fixture
def notice(people: People) -> Notice:
    """A list of the village, posted yesterday."""
    keys = lists.at_first_notice(people, PACK, NAMES)
    return actions.post_notice(dossier_ids=keys, by=people.li, on=timezone.localdate() - DAY, pack=PACK)


def at(name: str, *arguments: object, **query: object) -> str:
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return f"{reverse(f'site:{name}', args=arguments)}?{asked}"


def sent(notice: Notice, client: Client | None = None, **typed: Any) -> Any:
    """The answer to an objection from the public page."""
    form = {"line": "", "text": "他家有小汽车", "name": "", "contact": "", "website": ""} | typed
    return (client or Client()).post(at("notice-object", notice.pk), form)


def test_stranger_reads_the_masked_list(notice: Notice) -> None:
    answer = Client().get(at("notice", notice.pk))

    text = pages.text(answer)
    for shown in ("张*三", "欧**三", "阿***丽", "赵*", "12317", "拟纳入"):
        assert shown in text
    body = answer.content.decode()
    for hidden in (*NAMES, "13800000001", "残疾", "小三", "赵六"):
        assert hidden not in body
    assert "<script" not in body


def test_paper_says_the_same_and_no_more(notice: Notice) -> None:
    for name in ("notice-poster", "notice-list"):
        answer = Client().get(at(name, notice.pk))
        assert answer["Content-Type"] == "application/pdf"
        paper = PdfReader(io.BytesIO(answer.content))
        text = "".join(page.extract_text() for page in paper.pages)
        assert {"张*三", "赵*", "12317"} <= {word for word in ("张*三", "赵*", "12317") if word in text}
        assert [hidden for hidden in (*NAMES, "13800000001", "残疾", "赵六") if hidden in text] == []
        assert f"/notices/{notice.pk}/" in text
    width = {
        name: round(float(PdfReader(io.BytesIO(Client().get(at(name, notice.pk)).content)).pages[0].mediabox.width))
        for name in ("notice-poster", "notice-list")
    }
    assert width == {"notice-poster": 842, "notice-list": 595}


def test_notices_are_found_by_place_and_never_by_name(notice: Notice) -> None:
    client = Client()
    title = "2015年初选名单公示（第一次）"

    assert title in pages.text(client.get(at("notices")))
    assert title in pages.text(client.get(at("notices", place=COUNTY)))
    assert title in pages.text(client.get(at("notices", q=VILLAGE)))
    assert title not in pages.text(client.get(at("notices", place=county.NEXT_COUNTY[:6])))
    assert title not in pages.text(client.get(at("notices", kind="exit_list")))
    for name in ("张小三", "张*三", "13800000001"):
        assert title not in pages.text(client.get(at("notices", q=name)))
    several = pages.text(client.get(at("notices", q="安场")))
    assert "安场镇" in several
    for nowhere in ({"place": "x' OR 1=1"}, {"place": "99"}, {"kind": "all"}, {"q": VILLAGE, "kind": "x"}):
        assert title not in pages.text(client.get(at("notices", **nowhere)))
    assert client.get(at("notice", 10**9)).status_code == 404


def test_pages_follow_in_english(notice: Notice) -> None:
    client = Client()
    client.post(reverse("site:language"), {"language": "en", "next": at("notices")})

    text = pages.text(client.get(at("notice", notice.pk)))

    assert "First list" in text
    assert "open to objections until" in text


def test_objection_without_a_name_stops_the_clock_and_gets_a_number(notice: Notice) -> None:
    answer = sent(notice, line="2")

    assert answer.status_code == 302
    assert answer["Location"].endswith("?filed=1")
    made = Objection.objects.get()
    assert (made.channel, made.anonymous, made.by, made.row.position if made.row else None) == ("page", True, "", 2)
    assert Dossier.objects.filter(notice_stopped=True).count() == 1
    text = pages.text(Client().get(answer["Location"]))
    assert "1" in text
    assert "核查" in text
    assert "小汽车" not in text


def test_form_is_filled_with_the_line_that_was_chosen(notice: Notice) -> None:
    answer = Client().get(at("notice-object", notice.pk, line=3))

    form = pages.form_with(answer, "text")
    assert form.fields["line"] == ["3"]
    assert "paper" not in form.fields
    assert "<script" not in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"text": ""}, 200),
        ({"website": "http://x"}, 200),
        ({"line": "99"}, 400),
        ({"line": "x"}, 200),
        ({"text": "字" * 2001}, 200),
    ],
)
def test_objection_that_cannot_be_taken_is_shown_again(typed: dict[str, str], status: int, notice: Notice) -> None:
    answer = sent(notice, **typed)

    assert answer.status_code == status
    assert not Objection.objects.exists()
    if "text" not in typed:
        assert "他家有小汽车" in answer.content.decode()


def test_address_that_sends_too_much_is_held_off_and_others_are_not(
    notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FROM_ONE_ADDRESS", 2)
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")

    assert [sent(notice).status_code for _ in range(3)] == [302, 302, 429]
    assert sent(notice, elsewhere).status_code == 302
    assert Objection.objects.count() == 3


def test_notice_that_gets_too_much_is_held_off_from_everywhere(notice: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TO_ONE_NOTICE", 2)
    clients = [Client(REMOTE_ADDR=f"203.0.113.{n}") for n in range(3)]

    answers = [sent(notice, client) for client in clients]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "12317" in pages.text(answers[2])


def test_address_behind_a_proxy_is_the_one_that_the_proxy_saw(
    notice: Notice, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(limits, "FROM_ONE_ADDRESS", 1)
    spoofed = [{"X-Forwarded-For": f"10.0.0.{n}, 203.0.113.5"} for n in range(2)]
    form = {"text": "不公平"}

    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    first, second = (Client().post(at("notice-object", notice.pk), form, headers=h).status_code for h in spoofed)

    assert (first, second) == (302, 429)


def test_ended_notice_offers_the_hotline_and_takes_nothing(people: People) -> None:
    keys = lists.at_first_notice(people, PACK, NAMES)
    long_ago = timezone.localdate() - 30 * DAY
    ended = actions.post_notice(dossier_ids=keys, by=people.li, on=long_ago, pack=PACK)

    assert "12317" in pages.text(Client().get(at("notice-object", ended.pk)))
    assert sent(ended).status_code == 400
    assert not Objection.objects.exists()


def test_officer_sees_what_will_be_published_and_then_publishes_it(people: People) -> None:
    keys = lists.at_first_notice(people, PACK, NAMES)
    client = county.signed_in("li")
    waiting = pages.form_with(client.get(at("notices-post")), "list")

    preview = client.post(at("notices-post"), waiting.filled(dossier=[str(keys[0]), str(keys[1])]))

    assert not Notice.objects.exists()
    assert "张*三" in pages.text(preview)
    published = client.post(at("notices-post"), pages.form_with(preview, "seen").filled())
    made = Notice.objects.get()
    assert published["Location"] == reverse("site:notice", args=[made.pk])
    assert (made.lines, made.by, made.posted_on) == (2, "li", timezone.localdate())
    assert list(NoticeRow.objects.order_by("position").values_list("dossier", flat=True)) == keys[:2]


def test_list_that_changed_since_it_was_seen_is_shown_again(people: People) -> None:
    keys = lists.at_first_notice(people, PACK, NAMES)
    client = county.signed_in("li")
    waiting = pages.form_with(client.get(at("notices-post")), "list")
    preview = pages.form_with(client.post(at("notices-post"), waiting.filled(all="1")), "seen")
    actions.post_notice(dossier_ids=keys[:1], by=people.li, on=timezone.localdate(), pack=PACK)

    again = client.post(at("notices-post"), preview.filled())

    assert again.status_code == 200
    assert Notice.objects.count() == 1
    assert client.post(at("notices-post"), {"list": "x/y/z"}).status_code == 302
    assert client.post(at("notices-post"), waiting.filled()).status_code == 302
    assert Notice.objects.count() == 1


def test_officers_of_other_places_publish_nothing(people: People) -> None:
    lists.at_first_notice(people, PACK, NAMES)
    waiting = pages.form_with(county.signed_in("li").get(at("notices-post")), "list").filled(all="1")

    for username in ("sunx", "wang", "auditor"):
        assert county.signed_in(username).post(at("notices-post"), waiting).status_code == 302
    assert county.signed_in("helper").get(at("notices-post")).status_code == 403
    assert not Notice.objects.exists()


def test_photograph_is_kept_and_shown_to_officers_alone(notice: Notice) -> None:
    client = county.signed_in("li")
    form = pages.form_with(client.get(at("notice-posting", notice.pk)), "on")

    def send(content: bytes) -> Any:
        photo = SimpleUploadedFile("墙.jpg", content, content_type="image/jpeg")
        return client.post(at("notice-posting", notice.pk), form.filled(place=VILLAGE, photo=photo))

    assert send(b"GIF89a").status_code == 400
    assert send(lists.PHOTO).status_code == 302
    kept = Posting.objects.get()
    assert (kept.place_code, kept.by) == (VILLAGE, "li")
    assert client.get(at("notice-photo", kept.pk)).content == lists.PHOTO
    assert "李村" in pages.text(client.get(at("notice-posting", notice.pk)))
    assert Client().get(at("notice-photo", kept.pk)).status_code == 302
    assert county.signed_in("evaluator").get(at("notice-photo", kept.pk)).status_code == 403
    assert county.signed_in("helper").get(at("notice-posting", notice.pk)).status_code == 403


def test_objection_is_opened_by_who_deals_with_it_and_nobody_else(notice: Notice) -> None:
    sent(notice, text="他家有小汽车", name="王二", contact="13900000002")
    made = Objection.objects.get()
    sun = county.signed_in("sunx")

    assert "1" in pages.text(sun.get(at("objections")))
    closed = sun.get(at("objection", made.pk))
    assert "小汽车" not in pages.text(closed)
    opened = pages.text(sun.post(at("objection", made.pk)))
    assert "小汽车" in opened
    assert "王二" in opened
    assert Entry.objects.filter(action="objection.opened", by="sunx").count() == 1
    assert county.signed_in("li").get(at("objection", made.pk)).status_code == 404
    for above in ("wang", "zhao", "auditor"):
        answer = county.signed_in(above).post(at("objection", made.pk))
        assert answer.status_code == 403
        assert "小汽车" not in pages.text(answer)


def test_dossiers_lead_to_their_notices_and_to_what_was_objected(notice: Notice) -> None:
    sent(notice, line="1")
    made = Objection.objects.get()
    named = notice.rows.get(position=1).dossier
    sun = county.signed_in("sunx")

    about_the_household = sun.get(at("dossier", named.pk)).content.decode()
    of_the_objection = sun.get(at("dossier", made.dossier.pk)).content.decode()

    assert f'href="{reverse("site:notice", args=[notice.pk])}"' in about_the_household
    assert "/objections/" not in about_the_household.split("<main", 1)[1]  # nobody learns there that somebody objected
    assert f'href="{reverse("site:objection", args=[made.pk])}"' in of_the_objection


def test_officer_types_in_a_letter(notice: Notice) -> None:
    client = county.signed_in("wang")

    assert "paper" not in pages.form_with(client.get(at("notice-object", notice.pk)), "text").fields
    assert 'name="paper"' in client.get(at("notice-object", notice.pk)).content.decode()
    sent(notice, client, paper="on")

    assert Objection.objects.get().by == "wang"


def test_pages_ask_no_more_when_there_is_more_to_show(people: People) -> None:
    today = timezone.localdate()
    first = actions.post_notice(dossier_ids=lists.at_first_notice(people, PACK), by=people.li, on=today, pack=PACK)
    urls = {
        "notices": (at("notices", place=COUNTY), None),
        "notice": (at("notice", first.pk), None),
        "post": (at("notices-post"), "li"),
        "objections": (at("objections"), "sunx"),
    }

    def asked(address: str, username: str | None) -> int:
        client = county.signed_in(username) if username else Client()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    lists.object_to(first, PACK, today)
    lists.at_first_notice(people, PACK, NAMES[:1])
    few = {name: asked(*page) for name, page in urls.items()}
    for _ in range(3):
        keys = lists.at_first_notice(people, PACK, [f"张小{n}" for n in range(10)])
        actions.post_notice(dossier_ids=keys, by=people.li, on=today, pack=PACK)
        lists.object_to(first, PACK, today)
    lists.at_first_notice(people, PACK, NAMES)
    many = {name: asked(*page) for name, page in urls.items()}

    assert {name: (few[name], many[name]) for name in few if many[name] > few[name]} == {}
    assert max(many["notices"], many["notice"]) <= 8
    assert max(many["post"], many["objections"]) <= 24

"""A roster on the web: sent in, followed, reviewed, decided by a second officer; what is wrong with it said in words."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from tests.registry import rosters
from tests.site import county, pages, uploads

from jiefa.audit.models import Entry
from jiefa.registry.models import Batch, Household, Upload

pytestmark = pytest.mark.usefixtures("committed_county")

GOOD, BAD, FAR = "N1", "N2", "N3"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three new households: one good, one that gives illness as its cause while all are healthy, one of another township."""
    families = [
        rosters.family(GOOD, county.VILLAGE, 500, uploads.YEAR),
        rosters.family(BAD, county.VILLAGE, 510, uploads.YEAR, main_cause="illness"),
        rosters.family(FAR, county.NEXT_TOWNSHIP, 520, uploads.YEAR),
    ]
    return uploads.workbook(tmp_path / "光明村.xlsx", families)


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """One new household about which nothing is to be said."""
    return uploads.workbook(tmp_path / "无误.xlsx", [rosters.family(GOOD, county.VILLAGE, 500, uploads.YEAR)])


def decided(username: str, batch: Batch, **typed: str) -> Any:
    return county.signed_in(username).post(reverse("site:import-decide", args=[batch.pk]), typed)


def review(username: str, batch: Batch) -> Any:
    return county.signed_in(username).get(reverse("site:import", args=[batch.pk]))


def test_empty_workbook_is_offered_with_the_sheets_to_fill_in() -> None:
    answer = county.signed_in("sunx").get(reverse("site:template-roster"))

    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert {"农户", "家庭成员"} <= set(book.sheetnames)
    assert str(book["农户"].cell(1, 1).value).startswith("户编号")
    assert book["农户"].max_row == 1


def test_file_sent_in_is_followed_by_its_sender_until_the_review_and_touches_no_register(path: Path) -> None:
    sun = county.signed_in("sunx")
    households = Household.objects.count()
    sent = uploads.send(sun, path)

    waiting = sun.get(sent["Location"], follow=True)
    uploads.followed(sun, sent)
    page = sun.get(sent["Location"], follow=True)

    assert waiting.status_code == 200
    said = pages.text(page)
    assert page.redirect_chain[-1][0] == reverse("site:import", args=[Batch.objects.latest("pk").pk])
    assert "光明村.xlsx" in said
    assert "1 可入库户数 2 暂缓户数" in said
    assert "主要致贫原因是因病，但全家人都健康。" in said
    assert "不在您的管辖范围内" in said
    assert Household.objects.count() == households
    other = county.signed_in("zhou")
    assert other.get(sent["Location"]).status_code == 404
    assert other.get(f"{sent['Location']}progress/").status_code == 404


def test_second_officer_alone_can_accept_and_only_good_households_enter(path: Path) -> None:
    batch = uploads.taken(county.signed_in("wang"), path)

    own, township = decided("wang", batch, decision="accept"), decided("sunx", batch, decision="accept")
    offered = pages.text(review("wang", batch))
    before = Batch.objects.get(pk=batch.pk).state
    answer = decided("zhou", batch, decision="accept")

    assert (own.status_code, township.status_code) == (403, 403)
    assert "导入的人不能自己接受" in pages.text(own)
    assert "须由另一人复核" in offered
    assert before == "staged"
    assert answer.status_code == 302
    assert set(Household.objects.filter(number__startswith="N").values_list("number", flat=True)) == {GOOD, FAR}
    entry = Entry.objects.get(action="batch.accepted", object_id=str(batch.pk))
    assert (entry.chain, entry.by) == (county.COUNTY, "zhou")
    assert "周县" in pages.text(review("wang", batch))


def test_refusal_needs_an_opinion_is_shown_with_it_and_is_final(path: Path) -> None:
    batch = uploads.taken(county.signed_in("wang"), path)

    decided("zhou", batch, decision="refuse", reason=" ")
    without = Batch.objects.get(pk=batch.pk).state
    decided("zhou", batch, decision="refuse", reason="缺村委会公章")
    late = decided("qian", batch, decision="accept")

    assert without == "staged"
    assert Batch.objects.get(pk=batch.pk).state == "refused"
    assert "缺村委会公章" in pages.text(review("wang", batch))
    assert late.status_code == 409
    assert "已经处理过了" in pages.text(late)
    assert not Household.objects.filter(number__startswith="N").exists()


def test_same_content_under_another_name_is_refused_in_words(clean: Path) -> None:
    wang = county.signed_in("wang")
    batch = uploads.taken(wang, clean)
    again = clean.rename(clean.with_name("再来一次.xlsx"))

    sent = uploads.send(wang, again)
    uploads.followed(wang, sent)

    said = pages.text(wang.get(sent["Location"]))
    assert f"内容相同的花名册已经导入过：第 {batch.pk} 批" in said
    assert "无误.xlsx" in said
    assert Upload.objects.latest("pk").step == "failed"
    assert Batch.objects.latest("pk").pk == batch.pk


@pytest.mark.parametrize(
    ("name", "content"),
    [("坏的.xlsx", b"PK\x03\x04 not a workbook"), ("坏的.csv", b"a,b\n1,2\n"), ("照片.png", b"\x89PNG\r\n\x1a\n")],
)
def test_file_that_is_no_roster_is_refused_in_words(tmp_path: Path, name: str, content: bytes) -> None:
    wang = county.signed_in("wang")
    file = tmp_path / name
    file.write_bytes(content)

    sent = uploads.send(wang, file)
    uploads.followed(wang, sent)

    said = pages.text(wang.get(sent["Location"]))
    assert Upload.objects.latest("pk").step == "failed"
    assert "系统出错" not in said
    assert len(Upload.objects.latest("pk").failure_zh) > 10
    assert Upload.objects.latest("pk").failure_zh in said
    assert not Batch.objects.filter(staged_by="wang").exists()


def test_form_without_a_file_says_so() -> None:
    answer = county.signed_in("wang").post(reverse("site:import-new"), {"file": ""})

    assert "这个字段是必填项" in pages.text(answer)
    assert not Upload.objects.exists()

"""One dossier on its page: who sees it, who decides it, what is asked for, what a double click and a stale page do."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.site import cases, county, pages

from jiefa.audit.models import Entry, Read
from jiefa.procedures import evidence
from jiefa.procedures.models import Dossier, Evidence, StepTaken

pytestmark = pytest.mark.usefixtures("small_county", "home")

APPRAISED = {"fact_present": "30", "fact_votes_for": "28", "fact_votes_against": "2"}


def address(dossier: Dossier) -> str:
    return reverse("site:dossier", args=[dossier.pk])


def page(client: Client, dossier: Dossier) -> str:
    return pages.text(client.get(address(dossier)))


def form(client: Client, dossier: Dossier) -> pages.Form:
    """The decision form, as the page came."""
    return pages.form_with(client.get(address(dossier)), "version")


def posted(client: Client, dossier: Dossier, do: str, **typed: Any) -> Any:
    """The answer to the form as the page came, with ``typed`` put in."""
    return client.post(address(dossier), form(client, dossier).filled(do=do, **typed))


def minutes(content: bytes = cases.PDF, name: str = "记录.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_page_shows_what_it_is_about_the_proposal_the_way_and_what_is_next() -> None:
    dossier = cases.at_township()

    answer = county.signed_in("sunx").get(address(dossier))

    said = pages.text(answer)
    for words in ("申请户0", "贫困户识别", "2017年1月1日起的版本", "光明村", "脱贫属性", "已脱贫", "未脱贫"):
        assert words in said
    for words in (
        "到会人数 30",
        "赞成票 28",
        "会议记录.pdf",
        "无异议",
        "李村",
        "王县",
        "安场镇 · 乡镇工作人员",
        "孙乡",
    ):
        assert words in said
    content = answer.content.decode()
    assert "<del>已脱贫</del>" in content
    assert "<del>2</del>" not in content  # the size does not change
    assert 'value="approve"' in content
    assert 'value="withdraw"' not in content  # not one of this step's decisions


def test_page_is_in_the_reader_s_language() -> None:
    dossier = cases.at_township()
    client = county.signed_in("sunx")
    client.cookies["django_language"] = "en"

    said = page(client, dossier)

    for words in ("Township review", "Identification of a poor household", "People present 30", "Household", "Approve"):
        assert words in said
    assert "办理经过" not in said
    refused = posted(client, dossier, "return")
    assert "returning, refusing or withdrawing needs a reason" in pages.text(refused)


@pytest.mark.parametrize("username", ["li", "auditor", "zhao", "wang"])
def test_who_does_not_take_the_step_reads_and_is_told_who_does(username: str) -> None:
    dossier = cases.at_township()
    client = county.signed_in(username)

    said = page(client, dossier)
    answer = client.post(address(dossier), {"do": "approve", "version": dossier.version, "key": "k"})

    assert "等待：安场镇 · 乡镇工作人员" in said
    assert 'name="do"' not in client.get(address(dossier)).content.decode()
    assert answer.status_code == 403
    assert "乡镇工作人员" in pages.text(answer)
    assert StepTaken.objects.filter(dossier=dossier, step="township_review").count() == 0


@pytest.mark.parametrize("username", ["helper", "evaluator", "admin"])
def test_posts_without_dossiers_are_refused(username: str) -> None:
    dossier = cases.at_appraisal()

    assert county.signed_in(username).get(address(dossier)).status_code == 403


def test_dossier_of_another_county_does_not_exist_and_nobody_unknown_sees_any() -> None:
    dossier = cases.at_appraisal()
    Dossier.objects.filter(pk=dossier.pk).update(place_code=county.NEXT_COUNTY)

    for leaf in ("dossier", "dossier-print"):
        url = reverse(f"site:{leaf}", args=[dossier.pk])
        assert county.signed_in("wang").get(url).status_code == 404
        assert "/sign-in/" in Client().get(url)["Location"]
    assert "/sign-in/" in Client().post(address(dossier), {"do": "approve", "version": 1, "key": "k"})["Location"]


def test_submitting_moves_the_dossier_and_is_logged() -> None:
    (dossier,) = cases.opened()
    li = county.signed_in("li")

    answer = posted(li, dossier, "approve", opinion="材料齐全")

    assert answer.status_code == 302
    dossier.refresh_from_db()
    assert (dossier.step, dossier.version) == ("appraisal", 2)
    taken = StepTaken.objects.get(dossier=dossier)
    assert (taken.by, taken.role, taken.opinion) == ("li", "village_officer", "材料齐全")
    assert Entry.objects.filter(action="dossier.decided", by="li").count() == 1
    assert "已办理，您的决定已记入" in page(li, dossier)


def test_double_click_is_carried_out_once() -> None:
    (dossier,) = cases.opened()
    li = county.signed_in("li")
    sent = form(li, dossier).filled(do="approve")

    li.post(address(dossier), sent)
    again = li.post(address(dossier), sent)

    assert again.status_code == 302
    assert "没有重复办理" in page(li, dossier)
    assert StepTaken.objects.filter(dossier=dossier).count() == 1


def test_stale_page_is_told_by_whom_the_dossier_moved_and_nothing_typed_is_lost() -> None:
    dossier = cases.at_township()
    sunx = county.signed_in("sunx")
    seen = form(sunx, dossier)
    cases.take(dossier, "sunx", "return", opinion="补材料")
    cases.take(dossier, "li", "approve", **cases.VOTES)

    answer = county.signed_in("li").post(address(dossier), seen.filled(do="refuse", opinion="写了很久的意见"))

    assert answer.status_code == 409
    said = pages.text(answer)
    assert "已由 李村 办理" in said
    assert pages.form_with(answer, "version").fields["opinion"] == ["写了很久的意见"]
    assert pages.form_with(answer, "version").fields["version"] == [str(Dossier.objects.get(pk=dossier.pk).version)]


def test_return_needs_a_reason() -> None:
    dossier = cases.at_township()
    sunx = county.signed_in("sunx")

    without = posted(sunx, dossier, "return")
    with_reason = posted(sunx, dossier, "return", opinion="缺户主签字")

    assert without.status_code == 422
    assert "须写明理由" in pages.text(without)
    assert with_reason.status_code == 302
    assert "缺户主签字" in page(county.signed_in("li"), dossier)


def test_missing_fact_and_missing_file_are_said_and_what_was_typed_stays() -> None:
    dossier = cases.at_appraisal()
    li = county.signed_in("li")

    no_votes = posted(li, dossier, "approve", fact_present="30", opinion="到会三十人")
    no_file = posted(li, dossier, "approve", **APPRAISED)
    unreadable = posted(li, dossier, "approve", **{**APPRAISED, "fact_present": "三十"})

    assert (no_votes.status_code, no_file.status_code, unreadable.status_code) == (422, 422, 422)
    assert "请填写“赞成票”" in pages.text(no_votes)
    kept = pages.form_with(no_votes, "version").fields
    assert (kept["fact_present"], kept["opinion"]) == (["30"], ["到会三十人"])
    assert "须先上传评议会议记录" in pages.text(no_file)
    assert "还缺这份材料" in pages.text(no_file)
    assert not StepTaken.objects.filter(step="appraisal").exists()


def test_file_comes_along_with_the_decision() -> None:
    dossier = cases.at_appraisal()

    answer = posted(county.signed_in("li"), dossier, "approve", file_minutes=minutes(), **APPRAISED)

    assert answer.status_code == 302
    taken = StepTaken.objects.get(dossier=dossier, step="appraisal")
    assert taken.facts == cases.VOTES
    assert Evidence.objects.get(dossier=dossier).file_name == "记录.pdf"


def test_file_alone_is_laid_in_and_the_typed_facts_stay() -> None:
    dossier = cases.at_appraisal()

    answer = posted(county.signed_in("li"), dossier, "files", file_minutes=minutes(), fact_present="30")

    assert answer.status_code == 200
    assert pages.form_with(answer, "version").fields["fact_present"] == ["30"]
    assert "材料已存入" in pages.text(answer)
    assert "还缺这份材料" not in pages.text(answer)
    assert Evidence.objects.filter(dossier=dossier, kind="minutes").exists()


@pytest.mark.parametrize(
    ("head", "size", "reason"),
    [(b"MZ a program", 20, "不是可以接受的文件"), (b"", 0, "是空文件"), (b"%PDF-", evidence.LARGEST + 1, "超过")],
    ids=["program", "empty", "too large"],
)
def test_file_is_judged_by_its_content(head: bytes, size: int, reason: str) -> None:
    dossier = cases.at_appraisal()
    content = head.ljust(size, b" ")

    answer = posted(county.signed_in("li"), dossier, "approve", file_minutes=minutes(content), **APPRAISED)

    assert answer.status_code == 422
    assert reason in pages.text(answer)
    assert not Evidence.objects.exists()
    assert pages.form_with(answer, "version").fields["fact_present"] == ["30"]


def test_file_comes_back_as_it_was_filed_and_only_to_who_may_see_the_dossier() -> None:
    dossier = cases.at_appraisal()
    cases.with_minutes(dossier)
    filed = Evidence.objects.get(dossier=dossier)
    url = reverse("site:dossier-file", args=[dossier.pk, filed.pk])

    answer = county.signed_in("auditor").get(url)

    assert answer.content == cases.PDF
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "no-store" in answer["Cache-Control"]
    other = cases.opened(1, first=50)[0]
    assert county.signed_in("li").get(reverse("site:dossier-file", args=[other.pk, filed.pk])).status_code == 404
    Dossier.objects.filter(pk=dossier.pk).update(place_code=county.NEXT_COUNTY)
    assert county.signed_in("wang").get(url).status_code == 404


def test_file_altered_on_disk_is_not_handed_out(settings: Any) -> None:
    dossier = cases.at_appraisal()
    actions_home = settings.JIEFA_HOME
    cases.with_minutes(dossier)
    filed = Evidence.objects.get(dossier=dossier)
    path = evidence.path_of(actions_home, filed.sha256)
    before = path.read_bytes()
    path.write_bytes(b"%PDF-1.7 other words")

    try:
        answer = county.signed_in("li").get(reverse("site:dossier-file", args=[dossier.pk, filed.pk]))
    finally:
        path.write_bytes(before)

    assert answer.status_code == 404
    assert "内容与登记时不符" in pages.text(answer)


def test_same_person_is_not_offered_what_another_has_to_decide() -> None:
    dossier = cases.at_township()
    cases.also_in_the_township("li")

    said = page(county.signed_in("li"), dossier)

    assert "须由另一人办理" in said
    assert 'name="do"' not in county.signed_in("li").get(address(dossier)).content.decode()


def test_notice_that_has_not_run_takes_the_approval_away_and_says_why() -> None:
    dossier = cases.at_appraisal()
    cases.with_minutes(dossier)
    cases.take(dossier, "li", **cases.VOTES)

    answer = county.signed_in("li").get(address(dossier))

    assert "尚未公示" in pages.text(answer)
    content = answer.content.decode()
    assert 'value="return"' in content
    assert 'value="approve"' not in content


def test_sealed_values_are_not_shown() -> None:
    (dossier,) = cases.opened(id_number="529920198001011234", note="b'\\x00\\x01sealed'", members=4)

    for leaf in ("dossier", "dossier-print"):
        said = pages.text(county.signed_in("li").get(reverse(f"site:{leaf}", args=[dossier.pk])))
        assert "529920198001011234" not in said
        assert "sealed" not in said
        assert "家庭成员 4" in said


def test_closed_dossier_offers_nothing() -> None:
    (dossier,) = cases.opened()
    cases.take(dossier, "li", "withdraw", opinion="农户撤回")

    answer = county.signed_in("li").get(address(dossier))
    late = county.signed_in("li").post(address(dossier), {"do": "approve", "version": 2, "key": "k"})

    assert "已办结" in pages.text(answer)
    assert 'name="do"' not in answer.content.decode()
    assert late.status_code == 409


def test_look_at_a_household_s_dossier_is_kept_and_the_household_names_it() -> None:
    dossier = cases.about_household("D")
    home = county.household("D")

    county.signed_in("li").get(address(dossier))
    county.signed_in("li").get(reverse("site:dossier-print", args=[dossier.pk]))

    assert list(Read.objects.filter(household_id=home.pk).order_by("pk").values_list("by", "purpose")) == [
        ("li", "dossier"),
        ("li", "dossier print"),
    ]
    answer = county.signed_in("li").get(reverse("site:household", args=[home.pk]))
    assert address(dossier) in answer.content.decode()
    assert (
        address(dossier)
        not in county.signed_in("helper").get(reverse("site:household", args=[home.pk])).content.decode()
    )


def test_page_asks_no_more_for_a_longer_way() -> None:
    def asked(dossier: Dossier) -> int:
        client = county.signed_in("sunx")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(dossier)).status_code == 200
        return len(captured)

    short = cases.at_township()
    (long,) = cases.opened(1, first=1)
    for _round in range(3):
        cases.at_township(long)
        cases.take(long, "sunx", "return", opinion="再核")
    cases.at_township(long)

    assert asked(long) <= asked(short) <= 28

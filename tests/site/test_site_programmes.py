"""Pages of programmes: what each did, its cases, a list from sender to second officer, a case carried on, an application, lists to act on."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from tests.assistance import help_lists as given
from tests.site import county, pages

from jiefa.assistance.models import ProgrammeRecord
from jiefa.assistance.queries.gaps import GAPS
from jiefa.lists.models import ReceivedList
from jiefa.policy import NotInForce
from jiefa.procedures.models import Dossier
from jiefa.registry.models import HouseholdYear
from jiefa.site.middleware import RefusalsMiddleware

pytestmark = pytest.mark.usefixtures("small_county")
HEADER = "户编号,年度,危房等级,改造方式,补助金额,批准日期,发放日期"
ROWS = (
    "A,2015,C,维修加固,8000,2015-03-01,2015-07-01",
    "E,2015,D,拆除重建,20000,2015-03-02,",
)


def send(username: str, *rows: str, kind: str = "house_repair", name: str = "危改.csv") -> int:
    file = SimpleUploadedFile(name, "\n".join((HEADER, *rows)).encode())
    return county.signed_in(username).post(reverse("site:help-list-new", args=[kind]), {"file": file}).status_code


def taken(*rows: str) -> ReceivedList:
    """A list that Wang sent in and Zhou accepted."""
    assert send("wang", *(rows or ROWS)) == 302
    found = ReceivedList.objects.get(state="staged")
    url = reverse("site:help-list", args=[found.pk])
    assert county.signed_in("zhou").post(url, {"decision": "accept"}).status_code == 302
    found.refresh_from_db()
    return found


def cells(body: bytes) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(body), read_only=True).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


class TestLists:
    def test_list_waits_for_a_second_officer_and_then_its_cases_are_shown(self) -> None:
        assert send("wang", *ROWS, "X,2015,C,,1,,") == 302
        found = ReceivedList.objects.get()
        url = reverse("site:help-list", args=[found.pk])

        own = county.signed_in("wang").get(url)
        assert not own.context["may_decide"]
        assert "在您管辖范围的登记册里找不到" in pages.text(own)
        assert county.signed_in("wang").post(url, {"decision": "accept"}).status_code == 422
        assert not ProgrammeRecord.objects.exists()
        assert county.signed_in("zhou").post(url, {"decision": "accept"}).status_code == 302

        answer = county.signed_in("wang").get(reverse("site:programme", args=["house_repair"]) + "?year=2015")
        assert {row["number"] for row in answer.context["rows"]} == {"A", "E"}
        assert answer.context["sums"].fen == 2_800_000
        assert sorted(item["sums"].fen for item in answer.context["by_place"]) == [800_000, 2_000_000]
        (li_row,) = county.signed_in("li").get(reverse("site:programme", args=["house_repair"])).context["rows"]
        assert li_row["number"] == "A"

    def test_report_goes_to_who_sent_it(self) -> None:
        send("wang", *ROWS, "X,2015,C,,1,,")
        url = reverse("site:help-list-report", args=[ReceivedList.objects.get().pk])

        answer = county.signed_in("wang").get(url)

        texts = str(cells(b"".join(answer.streaming_content)))
        assert answer.status_code == 200
        assert "检查" in texts
        assert county.signed_in("auditor").get(url).status_code == 403

    def test_refusal_needs_a_reason(self) -> None:
        send("wang", *ROWS)
        found = ReceivedList.objects.get()
        url = reverse("site:help-list", args=[found.pk])
        zhou = county.signed_in("zhou")
        assert zhou.post(url, {"decision": "refuse", "reason": ""}).status_code != 302

        assert zhou.post(url, {"decision": "refuse", "reason": "金额待核"}).status_code == 302

        found.refresh_from_db()
        assert (found.state, found.reason) == ("refused", "金额待核")

    @pytest.mark.parametrize(("username", "status"), [("li", 403), ("helper", 403), ("auditor", 403), ("sunx", 422)])
    def test_who_sends(self, username: str, status: int) -> None:
        assert send(username, "F,2015,C,,1,,") == status

    def test_unknown_kind_and_someone_elses_list(self) -> None:
        assert send("wang", *ROWS, kind="moon") == 404
        send("wang", *ROWS)
        assert county.signed_in("li").get(reverse("site:help-lists")).status_code == 403

    def test_empty_workbook_can_be_had_and_holds_the_columns(self) -> None:
        for kind in ("training", "guarantee", "loans", "project_beneficiaries"):
            answer = county.signed_in("li").get(reverse("site:template-help", args=[kind]))
            assert "户编号" in str(cells(answer.content)[0])
        assert county.signed_in("li").get(reverse("site:template-help", args=["moon"])).status_code == 404


class TestCases:
    def test_overview_sums_what_the_lists_brought(self) -> None:
        taken()

        answer = county.signed_in("wang").get(reverse("site:programmes"))

        sums = {item["url"].split("/")[2]: item["sums"] for item in answer.context["programmes"]}
        assert (sums["house_repair"].records, sums["house_repair"].traced) == (2, 1)
        assert sums["training"].records == 0

    def test_what_leaves_as_excel_can_be_loaded_again(self) -> None:
        taken()
        answer = county.signed_in("wang").get(reverse("site:programme-export", args=["house_repair"]))
        body = b"".join(answer.streaming_content)
        header, *rows = cells(body)
        assert len(rows) == 2
        assert "证件号码" not in header

        file = SimpleUploadedFile("again.xlsx", body)
        sent = county.signed_in("wang").post(reverse("site:help-list-new", args=["house_repair"]), {"file": file})

        assert sent.status_code == 302
        again = ReceivedList.objects.get(state="staged")
        assert (again.rows, again.unchanged, again.accepted, again.held_back) == (2, 2, 0, 0)

    def test_case_is_carried_on_by_the_village(self) -> None:
        taken("A,2015,C,维修加固,8000,2015-03-01,")
        record = ProgrammeRecord.objects.get()
        url, li = reverse("site:case", args=[record.pk]), county.signed_in("li")
        form = pages.form_with(li.get(url), "grade")

        assert li.post(url, form.filled(paid_on="2015-02-01")).status_code != 302
        assert li.post(url, form.filled(paid_on="2015-08-01", subsidy="9000")).status_code == 302

        record.refresh_from_db()
        assert (record.stage, record.traced_on, record.amount_fen) == ("paid", date(2015, 8, 1), 900_000)
        history = pages.text(li.get(reverse("site:household", args=[record.household_id])))
        assert "¥8,000.00 → ¥9,000.00" in history
        came_from = reverse("site:help-list", args=[record.of_list_id])
        assert came_from in county.signed_in("zhou").get(url).content.decode()
        assert came_from not in li.get(url).content.decode()  # who may not open the list is not led there
        assert county.signed_in("helper").post(url, form.filled()).status_code == 403
        assert county.signed_in("helper").get(url).context["form"] is None

    def test_household_page_shows_its_cases_and_what_it_may_apply_for(self) -> None:
        taken()
        household = county.household("A")

        text = pages.text(county.signed_in("li").get(reverse("site:household", args=[household.pk])))

        for said in ("农村危房改造", "补助已到户", "¥8,000.00", "申请帮扶"):
            assert said in text, said
        helper = county.signed_in("helper").get(reverse("site:household", args=[household.pk]))
        assert helper.context["applies"] == []

    def test_household_timeline_names_the_list_that_brought_or_changed_a_case(self) -> None:
        first = taken()

        def told(number: str = "A") -> list[str]:
            url = reverse("site:household", args=[county.household(number).pk])
            timeline = county.signed_in("li").get(url).context["timeline"]
            return [event["detail"] for event in timeline if "名单" in event["what"]]

        assert told() == [f"农村危房改造 · 2015 · 第 {first.pk} 份名单，危改.csv"]
        second = taken("A,2015,C,维修加固,9000,2015-03-01,")
        assert told() == [f"农村危房改造 · 2015 · 第 {second.pk} 份名单，危改.csv"]
        assert told("B") == []

    def test_application_draws_up_a_dossier(self) -> None:
        household = county.household("A")
        HouseholdYear.objects.filter(household=household, year=2015).update(house_danger="D")
        url, li = reverse("site:apply", args=[household.pk, "house_repair"]), county.signed_in("li")
        assert li.get(url).status_code == 200
        refused = li.post(url, {"grade": ""})
        assert refused.status_code == 422

        answer = li.post(url, {"grade": "D", "way": "rebuild"})

        dossier = Dossier.objects.get()
        assert answer["Location"] == reverse("site:dossier", args=[dossier.pk])
        assert li.get(answer["Location"]).status_code == 200
        assert county.signed_in("wang").get(url).status_code == 404
        assert li.get(reverse("site:apply", args=[household.pk, "guarantee"])).status_code == 404

    def test_nothing_of_another_county(self) -> None:
        taken()
        record = ProgrammeRecord.objects.get(household__number="E")
        assert county.signed_in("li").get(reverse("site:case", args=[record.pk])).status_code == 404
        for place in ("520326", "52", "'"):
            answer = county.signed_in("li").get(reverse("site:programme", args=["house_repair"]), {"place": place})
            assert {row["number"] for row in answer.context["rows"]} == {"A"}


class TestGaps:
    def test_counts_open_lists_of_households(self) -> None:
        wang = county.signed_in("wang")
        items = wang.get(reverse("site:gaps")).context["items"]
        assert len(items) == len(GAPS)

        for item in items:
            answer = wang.get(item["url"])
            assert answer.status_code == 200
            assert len(answer.context["rows"]) == min(item["count"], 50), item["url"]
        unanswered = wang.get(reverse("site:gap", args=["unanswered"])).context["rows"]
        assert {row["number"] for row in unanswered} == {"A", "B", "C", "E"}
        (only,) = {
            row["village"]
            for row in county.signed_in("li").get(reverse("site:gap", args=["unanswered"])).context["rows"]
        }
        assert only

    def test_list_leaves_as_excel_within_the_posts(self) -> None:
        url = reverse("site:gap-export", args=["unanswered"])
        answer = county.signed_in("sunx").get(url)
        rows = cells(b"".join(answer.streaming_content))
        assert {row[2] for row in rows[1:]} == {"A", "B", "C"}
        assert county.signed_in("li").get(url).status_code == 403
        assert county.signed_in("wang").get(reverse("site:gap", args=["moon"])).status_code == 404

    def test_front_page_of_township_and_village_opens_them(self) -> None:
        for username, expected in (("sunx", 3), ("li", 3)):
            behind = county.signed_in(username).get(reverse("site:home-standing"))
            todo = {entry["label"]: entry for entry in behind.context["acting"]}
            item = todo["有致贫原因，没有措施"]
            assert item["count"] == expected
            assert len(county.signed_in(username).get(item["url"]).context["rows"]) == expected
        assert "有致贫原因，没有措施" not in pages.text(county.signed_in("wang").get(reverse("site:home-standing")))


def test_another_province_s_programme_has_list_page_export_and_place_on_the_household_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIEFA_POLICY", str(given.other_province(tmp_path)))
    wang = county.signed_in("wang")
    lines = "\n".join((",".join(given.SOLAR), "A,2015,3000,2015-06-30"))
    sent = wang.post(
        reverse("site:help-list-new", args=["solar"]), {"file": SimpleUploadedFile("光伏.csv", lines.encode())}
    )
    assert county.signed_in("zhou").post(sent["Location"], {"decision": "accept"}).status_code == 302

    page = wang.get(reverse("site:programme", args=["solar"]), {"year": 2015})

    assert "光伏扶贫" in pages.text(page)
    assert "已建成" in pages.text(page)
    assert "光伏扶贫" in pages.text(wang.get(reverse("site:programmes"), {"year": 2015}))
    left = wang.get(reverse("site:programme-export", args=["solar"]), {"year": 2015})
    assert "分红" in cells(b"".join(left.streaming_content))[0]
    household = wang.get(reverse("site:household", args=[county.household("A").pk]), {"year": 2015})
    assert "光伏扶贫" in pages.text(household)


def test_year_without_a_rule_says_so() -> None:
    refusal = NotInForce(name="responsibility.households_warn", date=date(2013, 12, 31), why_zh="无", why_en="none")
    request = RequestFactory().get("/cadres/?year=2013")
    answer = RefusalsMiddleware(lambda _request: HttpResponse()).process_exception(request, refusal)
    assert answer is not None
    assert answer.status_code == 404
    assert "那时还没有这项规定" in pages.text(answer)
    assert "responsibility.households_warn" in pages.text(answer)

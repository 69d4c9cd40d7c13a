"""Pages of contracts, self-inspection and violations: what a place sees, what is typed, what leaves as Excel, lists by a second officer."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.casework.test_casework_contracts import DOCUMENT, TERMS, paid, signed
from tests.casework.test_casework_integrity import DISCIPLINE, GROUP, ITEMS, NEXT, ON, begun, opened, recorded, wrong
from tests.funds.moves import FUNDS, PACK, fill, move, posted
from tests.site import county, pages

from jiefa.areas import actions as areas
from jiefa.audit.models import Entry
from jiefa.contracts.models import Contract, DepartmentMoney, InvestedTownship
from jiefa.funds.rules.rows import HOLDER, OriginKey, Party
from jiefa.integrity.actions import cases, groups
from jiefa.integrity.actions.groups import NewWatch
from jiefa.integrity.models import Answer, Case, Violation
from jiefa.lists.models import ReceivedList
from jiefa.procedures.models import Dossier

pytestmark = pytest.mark.usefixtures("small_county")
TOWNSHIP = county.VILLAGE[:9]


@pytest.fixture
def contract() -> Contract:
    row = {"code": county.COUNTY, "kind": "contract_pilot", "from_year": "2015", "to_year": "2015", "source": "x"}
    areas.load_designations(rows=[row], by="tests")
    return signed(PACK)


def sheet(answer: Any) -> list[tuple[Any, ...]]:
    """The rows of a workbook that a page sent."""
    body = b"".join(answer.streaming_content)
    return list(openpyxl.load_workbook(io.BytesIO(body), read_only=True).worksheets[0].iter_rows(values_only=True))


def sent(client: Client, kind: str, head: tuple[str, ...], *rows: tuple[object, ...]) -> ReceivedList:
    """The list as it waits after it was sent in on its page."""
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    file = SimpleUploadedFile(f"{kind}.csv", text.getvalue().encode("utf-8-sig"))
    answer = client.post(reverse("site:watched-load", args=[kind]), {"file": file})
    assert answer.status_code == 302, pages.text(answer)
    return ReceivedList.objects.latest("pk")


def accepted(client: Client, found: ReceivedList) -> ReceivedList:
    client.post(reverse("site:help-list", args=[found.pk]), {"decision": "accept"})
    found.refresh_from_db()
    return found


def test_contract_shows_its_money_and_is_settled_from_its_page(contract: Contract) -> None:
    paid(12_345_60)
    url = reverse("site:money-contract", args=[contract.pk])
    wang = county.signed_in("wang")

    page = wang.get(url)

    assert (page.context["contract"]["paid_fen"], page.context["standing"]["claw_back_fen"]) == (12_345_60, 12_345_60)
    assert page.context["years"][0]["snapshot"].startswith("2015")
    assert DOCUMENT in pages.text(wang.get(reverse("site:money-contract-print", args=[contract.pk])))
    unexplained = wang.post(url, {"explanation": ""})
    assert (unexplained.status_code, Dossier.objects.filter(procedure="reduction_settlement").count()) == (422, 0)
    done = wang.post(url, {"explanation": "搬迁推迟"})
    assert done["Location"] == reverse("site:dossier", args=[Dossier.objects.get(procedure="reduction_settlement").pk])
    assert "12,345.60" in pages.text(wang.get(done["Location"]))
    assert county.signed_in("wei").get(url).status_code == 404  # a township's supervisor: the contract is the county's


def test_contract_is_drawn_up_by_the_province_alone() -> None:
    row = {"code": county.COUNTY, "kind": "contract_pilot", "from_year": "2015", "to_year": "2015", "source": "x"}
    areas.load_designations(rows=[row], by="tests")
    url = reverse("site:money-contract-new")
    typed = {
        "area_code": county.COUNTY, "from_year": 2015, "to_year": 2015, "heads": 10, "unit_price": "1234.56",
        "source": TERMS.source, "fund_type": TERMS.fund_type, "document": DOCUMENT,
    }  # fmt: skip

    assert county.signed_in("wang").post(url, typed).status_code == 422
    assert county.signed_in("zhao").post(url, typed).status_code == 302

    found = Dossier.objects.get(procedure="reduction_contract")
    assert (found.proposal["unit_price_fen"], found.step) == (1_234_56, "draft")


def test_concentrated_money_counts_inside_and_departments_beside() -> None:
    wang, chen = county.signed_in("wang"), county.signed_in("chen")
    head = ("年度", "乡镇代码", "投入目标", "文号")
    listed = sent(wang, "concentrated_townships", head, (2015, TOWNSHIP, "", "x"), (2015, "520324999", "", "x"))
    assert (listed.held_back, InvestedTownship.objects.count()) == (1, 0)
    accepted(wang, listed)
    assert not InvestedTownship.objects.exists()
    accepted(chen, listed)
    assert InvestedTownship.objects.get().target_fen == 10_000_000_00
    own = ("年度", "乡镇代码", "部门", "内容", "金额", "凭证号")
    more = sent(
        wang,
        "department_money",
        own,
        (2015, TOWNSHIP, "省交通厅", "通村路", "3.50", "1"),
        (2015, NEXT, "x", "x", 1, "2"),
    )
    assert (accepted(chen, more).accepted, more.held_back) == (1, 1)
    assert DepartmentMoney.objects.get().amount_fen == 3_50
    departments = OriginKey("department", "integrated", 2015, "52", "省直部门")
    for origin, fen in (({}, 40_00), ({"origin": departments}, 7_00)):
        fill(100_00, **origin)
        said = {"purpose": "concentrated", **origin}
        posted(move(FUNDS, Party(HOLDER, county.COUNTY), fen, **said))
        posted(move(Party(HOLDER, county.COUNTY), Party(HOLDER, TOWNSHIP), fen, **said))
    posted(move(Party(HOLDER, TOWNSHIP), Party(HOLDER, county.COUNTY), 1_00, purpose="concentrated"))

    page = wang.get(reverse("site:money-concentrated"), {"year": 2015})

    (row,) = page.context["rows"]
    assert (row["special_fen"], row["departments_fen"], row["own_fen"]) == (39_00, 7_00, 3_50)
    assert (page.context["sums"].funded, page.context["sums"].counties, page.context["sums"].beside_fen) == (
        1,
        1,
        10_50,
    )
    rows = sheet(wang.get(reverse("site:money-concentrated-export"), {"year": 2015}))
    assert [str(cell) for cell in rows[-1][2:6]] == ["10000000", "39", "7", "3.5"]


def test_office_answers_its_checklist_and_the_progress_leaves_as_excel() -> None:
    found = begun()
    sun = county.signed_in("sunx")
    url = reverse("site:inspection-answer", args=[found.pk])
    form = pages.form_with(sun.get(url), f"answer_{ITEMS[0]}")

    silent = sun.post(url, form.filled(**{f"answer_{ITEMS[0]}": "wrong"}))
    done = sun.post(url, form.filled(**{f"answer_{ITEMS[0]}": "wrong", f"note_{ITEMS[0]}": "挪用"}))

    assert (silent.status_code, done.status_code) == (422, 302)
    assert Answer.objects.get().area_code == TOWNSHIP
    wang = county.signed_in("wang")
    page = wang.get(reverse("site:inspection", args=[found.pk]))
    assert (page.context["own"]["begun"], page.context["own"]["answered"]) == (1, 0)
    assert len(sheet(wang.get(reverse("site:inspection-export", args=[found.pk])))) >= len(page.context["rows"])
    assert county.signed_in("li").get(url).status_code == 403


def test_answers_and_violations_come_in_by_lists_that_a_second_officer_accepts() -> None:
    found = begun()
    wang, zhou = county.signed_in("wang"), county.signed_in("zhou")
    head = ("自查编号", "单位所在地区代码", "项目编号", "自查内容", "自查结论", "说明")
    label = PACK.codes("inspection_check").by_id[ITEMS[0]].zh
    listed = sent(
        wang, "inspection_answers", head,
        (found.pk, county.COUNTY, "", label, "没有问题", ""),
        (found.pk, TOWNSHIP, "", label, "有问题", ""),
        (999, TOWNSHIP, "", label, "没有问题", ""),
    )  # fmt: skip
    assert (listed.held_back, accepted(zhou, listed).accepted, Answer.objects.count()) == (2, 1, 1)
    columns = (
        "问题编号",
        "自查编号",
        "单位所在地区代码",
        "项目编号",
        "违规类型",
        "涉及金额",
        "发现日期",
        "问题内容",
        "整改责任人",
        "整改时限",
    )
    row = ("7", found.pk, TOWNSHIP, "", "挤占挪用", "12.34", "2015-05-04", "挪用", "张某", "2015-06-30")
    more = sent(wang, "violations", columns, row, ("8", *row[1:5], "-1", *row[6:]), ("9", "", "520326101", *row[3:]))
    assert (more.held_back, accepted(zhou, more).accepted) == (2, 1)
    assert Violation.objects.get().amount_fen == 12_34
    rows = sheet(wang.get(reverse("site:violations-export")))
    assert "12.34" in [str(cell) for cell in rows[-1]]
    assert county.signed_in("wei").get(reverse("site:watched-load", args=["violations"])).status_code == 403


def test_overdue_violations_stand_on_the_first_page_and_are_put_right_from_their_own() -> None:
    one = recorded(wrong())
    sun = county.signed_in("sunx")
    todo = {entry["label"]: entry for entry in sun.get(reverse("site:home")).context["todo"]}
    late = todo["逾期未整改的违规问题"]
    assert late["count"] == 1
    assert [row["pk"] for row in sun.get(late["url"]).context["rows"]] == [one.pk]
    url = reverse("site:violation", args=[one.pk])

    too_much = sun.post(url, {"amount": "1000.02", "how": "退回"})
    done = sun.post(url, {"amount": "1000.01", "how": "退回"})

    assert (too_much.status_code, done.status_code) == (422, 302)
    assert "退回" in pages.text(sun.get(done["Location"]))
    assert sun.get(url).context["form"] is None
    context = county.signed_in("wang").get(reverse("site:inspections")).context
    assert [(row["violations"], row["fen"]) for row in context["by_type"]] == [(1, 1_000_01)]
    assert len(context["charts"]) == 2


def test_what_was_handed_over_is_read_by_discipline_inspection_and_not_by_the_office() -> None:
    one = recorded(wrong())
    url = reverse("site:violation", args=[one.pk])
    wang, sun, ji = (county.signed_in(name) for name in ("wang", "sunx", "ji"))
    assert ji.get(url).status_code == 403
    assert sun.post(url, {"reason": "x", "hand_over": "1"}).status_code == 403

    assert wang.post(url, {"reason": "涉嫌违纪", "hand_over": "1"}).status_code == 302

    page = ji.get(reverse("site:handed-over"))
    assert [(row["pk"], row["reason"]) for row in page.context["rows"]] == [(one.pk, "涉嫌违纪")]
    assert wang.get(url).context["handed"] is not None
    assert sun.get(url).context["handed"] is None
    assert "纪检" not in pages.text(sun.get(url))
    form = pages.form_with(ji.get(page.context["rows"][0]["case_url"]), "text")
    assert ji.post(page.context["rows"][0]["case_url"], form.filled()).status_code == 302
    assert Case.objects.get().violation == one


def test_case_is_written_on_a_phone_and_concluded_by_the_county() -> None:
    wei, ji = county.signed_in("wei"), county.signed_in("ji")
    wish = {
        "area_code": TOWNSHIP, "source": "letter", "subject_kind": "household", "subject": "A",
        "on": ON.isoformat(), "text": "补助未到户",
    }  # fmt: skip
    made = wei.post(reverse("site:supervision-case-new"), wish)
    url = made["Location"]
    assert wei.post(url, {"kind": "talk", "on": ON.isoformat(), "text": "走访"}).status_code == 302
    page = wei.get(url)
    assert (page.context["text"], [note["text"] for note in page.context["notes"]]) == ("补助未到户", ["走访"])
    assert Entry.objects.filter(action="case.read", by="wei").count() == 1
    dossier = Case.objects.get().dossier
    assert dossier is not None
    for client, decision in ((wei, "approve"), (ji, "approve")):
        form = pages.form_with(client.get(reverse("site:dossier", args=[dossier.pk])), "key")
        assert client.post(reverse("site:dossier", args=[dossier.pk]), form.filled(do=decision)).status_code == 302
    assert ji.post(url, {"to": "discipline", "reason": "党纪", "hand_over": "1"}).status_code == 302
    assert [one["reason"] for one in ji.get(url).context["handed"]] == ["党纪"]


def test_nobody_else_finds_the_case_on_any_page() -> None:
    """By address, in lists, search, exports, the log and what waits: the township, the county, prefecture and province offices."""
    one = opened(GROUP, TOWNSHIP)
    assert one.dossier is not None
    cases.write(case_id=one.pk, kind="talk", on=ON, text="走访三户", by=GROUP, pack=PACK)
    title = one.dossier.title
    closed = [
        reverse("site:supervision-case", args=[one.pk]),
        reverse("site:dossier", args=[one.dossier.pk]),
        reverse("site:dossier-print", args=[one.dossier.pk]),
        reverse("site:dossier-amend", args=[one.dossier.pk]),
    ]
    around = [
        reverse("site:home"),
        reverse("site:home-standing"),
        f"{reverse('site:dossiers')}?view=all",
        f"{reverse('site:dossiers')}?view=desk",
        f"{reverse('site:search')}?q=%E7%9B%91%E7%9D%A3",
        reverse("site:inspections"),
        reverse("site:violations"),
        reverse("site:procedure", args=["supervision_case"]),
    ]
    for name in ("li", "sunx", "wang", "zhou", "qian", "zhao", "auditor"):
        client = county.signed_in(name)
        for url in closed:
            assert client.get(url).status_code in (403, 404), (name, url)
        for url in around:
            answer = client.get(url)
            if answer.status_code == 200:
                assert title not in answer.content.decode(), (name, url)
        log = client.get(reverse("site:audit"))
        if log.status_code == 200 and name not in ("zhao", "auditor"):
            assert "监督事项" not in pages.text(log), name
    for name in ("wang", "sunx"):
        rows = sheet(county.signed_in(name).get(f"{reverse('site:dossiers-export')}?view=all"))
        assert not any("监督" in str(cell) for row in rows for cell in row)
    assert county.signed_in("wei").get(closed[0]).status_code == 200
    assert title in county.signed_in("wei").get(f"{reverse('site:dossiers')}?view=desk").content.decode()


def test_public_is_told_counts_without_signing_in_and_groups_come_by_list() -> None:
    ji = county.signed_in("ji")
    head = ("监督组名称", "乡镇代码", "组长", "副组长", "起始日期")
    listed = sent(ji, "supervision_groups", head, ("第一组", TOWNSHIP, "县纪委副书记", "", "2014-06-01"))
    assert accepted(ji, listed).state == "staged"  # a second one accepts it
    assert county.signed_in("wang").get(reverse("site:help-list", args=[listed.pk])).status_code in (403, 404)

    page = Client().get(reverse("site:supervision-told"), {"year": 2015})

    assert page.status_code == 200
    assert page.context["rows"] == []
    groups.form_many(watches=[NewWatch("第一组", TOWNSHIP, "x", "", ON)], by=DISCIPLINE)
    (row,) = Client().get(reverse("site:supervision-told"), {"year": 2015}).context["rows"]
    assert (row["count"].groups, row["count"].concluded) == (1, None)

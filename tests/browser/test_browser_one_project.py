"""One project from its form to its last payment, as seven people see it: applicant, approver, village, inspector, accepter, payer,
a visitor. Everything is clicked; at each guard one refusal.
"""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page
from tests.browser.test_browser_one_household import Story, decide, publish, story

from jiefa.demo import pending

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.xdist_group("browser")]

TOWNSHIP = pending.VILLAGE[:9]
FIRM = "黔北路桥工程有限公司"
STRANGER = "外县不相干公司"
FORBIDDEN_FROM = dt.date(2017, 4, 5)
"""A day after 31 March 2017, from which the list of what relief money may not buy holds."""
PICTURE = {"name": "a.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n picture"}
NOTICE = dt.timedelta(days=11)
YUAN = 2_000
__all__ = ["story"]


def typed(page: Page, **values: object) -> None:
    """The form filled in: lists chosen, everything else typed."""
    for name, value in values.items():
        found = page.locator(f"form [name={name}]:not([type=hidden])")
        if found.evaluate("field => field.tagName") == "SELECT":
            found.select_option(str(value))
        else:
            found.fill(str(value))


def proposed(story: Story) -> tuple[str, str, str]:
    """The paths of the project and of its dossier, and its number."""
    page = story.as_("sunx")
    story.open(page, f"/money/projects/new/?place={TOWNSHIP}")
    typed(
        page, name="安场镇通组路", kind="infrastructure", place_code=pending.VILLAGE, project_year=story.day.year, amount=YUAN,
        source="central", applicant="安场镇人民政府", implementer="安场镇人民政府", responsible="孙乡", tender="inquiry",
        contractor=FIRM, contractor_number="91520324MA6DL1XX0T", content="硬化通组路", goal="解决出行",
        starts_on=story.day.isoformat(), ends_on=(story.day + dt.timedelta(days=200)).isoformat(), maintenance="安场镇",
    )  # fmt: skip
    page.click(".save-bar button[type=submit]")
    page.wait_for_url(re.compile(r"/money/projects/\d+/$"))
    number = page.locator(".head-sub .mono").inner_text()
    dossier = page.locator("main a[href^='/dossiers/']").first.get_attribute("href")
    assert dossier
    return page.url.removeprefix(story.address), dossier, number


def passed_on(story: Story, number: str, yuan: int) -> str:
    """What the county is told when it passes money on to the project today; '' where an order was made."""
    page = story.as_("wang")
    story.open(page, "/money/transfers/new/?place=520324")
    page.locator("select[name=account] option").nth(1).wait_for(state="attached")
    page.select_option("select[name=account]", index=1)
    typed(
        page, to_kind="project", to_code=pending.VILLAGE, to_owner=number, amount=yuan, purpose="infrastructure",
        document="正扶〔2016〕1号",
    )  # fmt: skip
    page.click(".save-bar button[type=submit]")
    page.wait_for_load_state()
    if page.locator(".note-alarm").count():
        return page.inner_text(".note-alarm")
    order = page.url
    page = story.as_("chen")
    page.goto(order)
    page.click("button[name=decision][value=confirm]")
    page.wait_for_selector(".note-good, .messages")
    return ""


def claimed(
    story: Story, project: str, kind: str, yuan: int, *, payee: str = FIRM, purpose: str = "infrastructure"
) -> tuple[str, str]:
    """``(refusal, path of the dossier)`` of a claim: one of them ''. A payee whom the page does not offer is smuggled in."""
    page = story.as_("sunx")
    story.open(page, f"{project}claim/")
    if payee != FIRM:
        page.eval_on_selector("select[name=payee]", "(field, to) => field.add(new Option(to, to))", f"u:{payee}")
    typed(page, kind=kind, amount=yuan, payee=f"u:{payee}", purpose=purpose, invoice="00012345")
    page.click(".save-bar button[type=submit]")
    page.wait_for_load_state()
    if page.locator(".note-alarm").count():
        return page.inner_text("main"), ""
    page.wait_for_selector("ol.dossier-stages")
    return "", page.url.removeprefix(story.address)


def paid(story: Story, project: str, kind: str, yuan: int) -> None:
    refusal, dossier = claimed(story, project, kind, yuan)
    assert not refusal
    decide(story, "sunx", dossier)
    decide(story, "wang", dossier)
    page = story.as_("chen")
    story.open(page, "/money/projects/")
    assert page.locator(f"main a[href='{dossier}']").count() == 1
    decide(story, "chen", dossier)


def refused(story: Story, username: str, dossier: str) -> str:
    """What is said to somebody who tries to agree."""
    page = story.as_(username)
    story.open(page, dossier)
    button = page.locator("button[name=do][value=approve]")
    if button.count():
        for needed in page.locator(".needed-file input[type=file]").all():
            needed.set_input_files([{"name": "p.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 paper"}])
        button.click()
        page.wait_for_load_state()
    return page.inner_text("main")


def recorded(story: Story, project: str, percent: int) -> None:
    page = story.as_("li")
    story.open(page, f"{project}record/")
    typed(page, percent=percent, words="按计划施工")
    page.click("button[name=progress]")
    page.wait_for_url(re.compile(r"/money/projects/\d+/$"))


def pictured(story: Story, project: str, moment: str) -> None:
    page = story.as_("li")
    story.open(page, f"{project}record/")
    page.select_option("select[name=moment]", moment)
    page.set_input_files("input[name=file]", [PICTURE])
    page.click("button[name=picture]")
    page.wait_for_url(re.compile(r"/money/projects/\d+/$"))


def test_a_project_walks_its_six_steps(story: Story) -> None:
    project, dossier, number = proposed(story)
    decide(story, "sunx", dossier)
    decide(story, "wang", dossier)
    decide(story, "sunx", dossier)
    assert "还没有县级审批" in passed_on(story, number, YUAN)
    decide(story, "wang", dossier)
    assert "请减少金额" in passed_on(story, number, YUAN + 1)
    assert passed_on(story, number, YUAN) == ""
    assert "实施前公示还没有期满" in claimed(story, project, "advance", 600)[0]

    notice = publish(story, "sunx")
    story.be(story.day + NOTICE)
    decide(story, "sunx", dossier)
    assert "最多付到 30%" in claimed(story, project, "advance", 601)[0]
    paid(story, project, "advance", 600)

    assert "还缺" in refused(story, "sunx", dossier)
    for moment in ("before", "during"):
        pictured(story, project, moment)
    recorded(story, project, 60)
    recorded(story, project, 100)
    pictured(story, project, "after")
    decide(story, "sunx", dossier)
    assert "还没有县级验收" in claimed(story, project, "final", 1_300)[0]
    assert "须由另一人办理" in refused(story, "sunx", dossier)
    decide(story, "tang", dossier, inspected_on=story.day.isoformat(), found="符合设计")
    decide(story, "zhou", dossier, inspected_on=story.day.isoformat(), found="验收合格")
    assert "完工后公示还没有期满" in claimed(story, project, "final", 1_300)[0]
    publish(story, "sunx")
    story.be(story.day + NOTICE)
    decide(story, "sunx", dossier)
    assert f"{STRANGER} 不在可用的选项中" in claimed(story, project, "final", 1_300, payee=STRANGER)[0]
    assert "质保期到" in claimed(story, project, "retention", 100)[0]
    assert "质保金" in claimed(story, project, "final", 1_301)[0]
    paid(story, project, "final", 1_300)
    story.be(FORBIDDEN_FROM)
    assert "负面清单" in claimed(story, project, "retention", 100, purpose="vehicles")[0]

    page = story.as_("wang")
    story.open(page, project)
    text = page.inner_text("main")
    assert "1,900.00" in text
    assert page.locator("main figure img").count() == 3
    assert page.locator("ol.stages .stage-done").count() == 5
    visitor = story.visitor()
    story.open(visitor, notice)
    assert FIRM in visitor.inner_text("main")
    story.open(visitor, f"/notices/projects/?place={TOWNSHIP}")
    visitor.click("main a:has-text('安场镇通组路')")
    visitor.wait_for_selector("table")
    assert "1,300.00" in visitor.inner_text("main")
    assert {"sunx", "wang", "li", "tang", "zhou", "chen"} <= story.people

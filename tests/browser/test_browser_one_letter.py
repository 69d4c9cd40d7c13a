"""The letter of responsibility of one county, from the target to a named household, as five people see it; and a month that a township
confirms when its last village has. Everything is clicked.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page
from tests.browser.test_browser_one_household import Story, decide, story

from jiefa.demo.promising import COUNTY, TOWNSHIP, VILLAGE

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.xdist_group("browser")]

YEAR = 2017
TARGET = f"/plans/targets/{COUNTY}/{YEAR}/people/"
NOVEMBER = "of_year=2015&month=11"
__all__ = ["story"]


def say(story: Story, username: str, value: int, state: str, reason: str = "") -> None:
    """A new word on the county's target, by who may say it."""
    page = story.as_(username)
    story.open(page, TARGET)
    page.fill("form [name=value]", str(value))
    page.select_option("form [name=state]", state)
    page.fill("form [name=document]", "黔扶领〔2017〕1号")
    page.fill("form [name=reason]", reason)
    page.click(".save-bar button:not([name])")
    page.wait_for_load_state()
    assert page.locator(".note-alarm").count() == 0, page.inner_text("main")


def drawn_up(story: Story) -> str:
    """The province draws the county's letter up; the path of its dossier."""
    page = story.as_("zhao")
    story.open(page, f"/plans/letters/?of_year={YEAR}")
    page.click(".head-tools a.btn-primary")
    page.select_option("form [name=area_code]", COUNTY)
    page.fill("form [name=document]", "黔扶责〔2017〕24号")
    page.click(".save-bar button[type=submit]")
    page.wait_for_selector("ol.dossier-stages")
    return page.url.removeprefix(story.address).partition("?")[0]


def confirms(page: Page, story: Story) -> str:
    """What is said to somebody who confirms November of his place."""
    story.open(page, f"/plans/progress/?{NOVEMBER}")
    page.click("button[name=do][value=confirm]")
    page.wait_for_load_state()
    return page.inner_text("main")


def test_a_letter_goes_from_the_province_to_a_named_household(story: Story) -> None:
    say(story, "zhao", 20, "sent")
    say(story, "wang", 15, "proposed", "搬迁工程跨年度")
    say(story, "zhao", 18, "fixed", "各让一步")
    dossier = drawn_up(story)
    decide(story, "zhao", dossier)
    decide(story, "wang", dossier)
    decide(story, "lu", dossier)

    page = story.as_("wang")
    story.open(page, f"/plans/letters/?of_year={YEAR}")
    page.click("main a.main-link[href*='/plans/letters/']")
    page.wait_for_selector("table.data")
    followed = page.inner_text("main")
    assert "18" in followed
    assert "王县" in followed
    assert "陆省" in followed
    page.click("main a.main-link[href*='/people/']")
    page.wait_for_selector("table.data")
    assert "还没有完成" in page.inner_text("main")
    head = page.locator("main a.main-link[href^='/households/']").first
    name = head.inner_text()
    head.click()
    page.wait_for_url(re.compile(r"/households/\d+/"))
    assert name in page.inner_text("main")

    story.open(page, f"/plans/letters/?of_year={YEAR}")
    page.click("main a.main-link[href*='/plans/letters/']")
    page.click("a[href*='/print/']")
    page.wait_for_selector("article.wall-page")
    paper = page.inner_text("article.wall-page")
    assert "黔扶责〔2017〕24号" in paper
    assert "军令状" in paper
    assert not story.errors


def test_a_township_waits_for_its_last_village(story: Story) -> None:
    township = story.as_("sunx")
    assert "还有 1 个下级没有确认" in confirms(township, story)
    assert "已确认并锁定" in confirms(story.as_("li"), story)
    assert "已确认并锁定" in confirms(story.as_("sunx"), story)

    county = story.as_("wang")
    story.open(county, f"/plans/progress/?place={TOWNSHIP}&{NOVEMBER}")
    county.fill("form [name=unlock-reason]", "漏报一户")
    county.click("button[name=do][value=unlock]")
    county.wait_for_load_state()
    assert "已解锁" in county.inner_text("main")
    assert story.people == {"sunx", "li", "wang"}
    assert VILLAGE.startswith(TOWNSHIP)

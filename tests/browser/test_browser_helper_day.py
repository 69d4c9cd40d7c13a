"""A helper's day on a phone: sign in, my households, a visit, a correction; and the township that appoints whom nobody answers for.

Everything is clicked at 390 pixels but the township's desk.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.serving import served
from tests.browser.visiting import signed_in
from tests.journeys.office import province

from jiefa.demo import pending

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE, DESK = 390, 1440
PICTURE = {"name": "屋.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n of a house"}
MINE = "/my-households/"


@dataclass
class Day:
    """The office on one day, and the browser that goes there."""

    browser: Browser
    address: str

    def as_(self, username: str, width: int, language: str = "zh-hans") -> tuple[Page, list[str]]:
        page, errors = signed_in(self.browser, self.address, username, width, language)
        page.on("dialog", lambda dialog: dialog.accept())
        return page, errors


@pytest.fixture
def day(browser: Browser, tmp_path: Path) -> Iterator[Day]:
    """The small province of its own, on 11 January 2016."""
    home, day_file = tmp_path / "office", tmp_path / "day"
    shutil.copytree(province().home, home)
    day_file.write_text(dt.date(2016, 1, 11).isoformat(), encoding="utf-8")
    with served(home, day_file) as base:
        yield Day(browser, base)


def opened(page: Page, url: str) -> None:
    answer = page.goto(url)
    assert answer is not None
    assert answer.status == 200, f"{url}: {answer.status}"
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], f"{url} is {wide} px wide"  # type: ignore[index]


def appoint(day: Day) -> str:
    """The township appoints the helper for a household of the village; the path of the household's page."""
    page, errors = day.as_("sunx", DESK)
    opened(page, f"{day.address}/responsibility/?place={pending.VILLAGE}")
    page.locator("table a[href$='/helper/']").first.click()
    page.wait_for_selector("input[name=cadre]")
    page.fill("input[name=cadre]", "何帮扶")
    page.fill("input[name=on]", "2016-01-04")
    page.click(".save-bar button[type=submit]")
    page.wait_for_selector("#answers")
    assert "何帮扶" in page.inner_text("#answers")
    assert errors == []
    return page.url.removeprefix(day.address).partition("?")[0]


def test_a_helper_finds_visits_and_corrects(day: Day) -> None:
    household = appoint(day)
    page, errors = day.as_("helper", PHONE)

    # From the front page to the own households with a thumb; the one that is due stands there with its large button.
    opened(page, f"{day.address}{MINE}")
    card = page.locator(".mine > li", has=page.locator(f"a[href^='{household}']")).first
    button = card.locator("a.mine-button")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    before = page.locator(".mine > li.mine-late").count()
    button.click()
    page.wait_for_selector("textarea[name=found]")
    page.fill("textarea[name=found]", "孩子已返校，学费有着落")
    page.fill("textarea[name=next_step]", "二十号陪同办慢病证")
    page.set_input_files("input[name=photo]", [PICTURE])
    page.click(".save-bar button[type=submit]")
    page.wait_for_url(f"**{MINE}")
    assert "走访已登记" in page.inner_text("main") or page.locator(".note-good").count()
    card = page.locator(".mine > li", has=page.locator(f"a[href^='{household}']")).first
    assert "二十号陪同办慢病证" in card.inner_text()
    assert page.locator(".mine > li.mine-late").count() in (before, before - 1)

    # It was the wrong child: a further entry says so, the first stays to be read.
    opened(page, f"{day.address}{household}")
    page.locator("#answers a[href*='/correct/']").first.click()
    page.wait_for_selector("input[name=reason]")
    page.fill("textarea[name=found]", "大女儿已返校，学费有着落")
    page.fill("input[name=reason]", "写错了人")
    page.click(".save-bar button[type=submit]")
    page.wait_for_selector("#answers")
    told = page.inner_text("#answers")
    assert "孩子已返校" in told
    assert "大女儿已返校" in told
    assert "已更正" in told
    picture = page.request.get(f"{day.address}{page.locator('#answers a[href*=photo]').first.get_attribute('href')}")
    assert picture.body() == PICTURE["buffer"]
    assert errors == []


PAGES = {
    "helper": (MINE,),
    "sunx": (
        f"/responsibility/?place={pending.VILLAGE}",
        "/responsibility/households/?view=unvisited",
        f"/teams/{pending.VILLAGE}/",
        f"/teams/{pending.VILLAGE}/attendance/?month=2015-12",
        "/responsibility/lists/attendance/",
    ),
    "wang": ("/responsibility/checks/", "/pairings/", "/pairings/new/", "/cadres/", "/rounds/"),
    "zhao": ("/responsibility/", "/pairings/", "/pairings/?kind=city"),
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_pages_of_who_answers_fit_and_are_quiet(browser: Browser, address: str, width: int, language: str) -> None:
    for username, paths in PAGES.items():
        page, errors = signed_in(browser, address, username, width, language)
        for path in paths:
            opened(page, f"{address}{path}")
        if username == "zhao":
            page.locator("table a[href*='/pairings/']:not([href*='?'])").first.click()
            page.wait_for_selector("main#main h1")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert errors == [], username

"""A helper's day on a phone: sign in, my households, a visit, a correction, a measure confirmed; and the township that appoints
whom nobody answers for and agrees the plan with the household.

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
from tests.journeys.office import SHARES_PROVINCE, province

from jiefa.demo import pending

pytestmark = [pytest.mark.browser, SHARES_PROVINCE]

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
    assert wide <= page.viewport_size["width"], f"{url} is {wide} px wide"


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


def agree(day: Day, household: str) -> None:
    """The township agrees a measure with the household, for which its helper answers; the household signs."""
    page, errors = day.as_("sunx", DESK)
    opened(page, f"{day.address}{household}plan/")
    assert page.input_value("input[name=responsible]") == "何帮扶"
    page.select_option("select[name=kind]", index=1)
    page.fill("input[name=what]", "送能繁母牛一头")
    page.fill("input[name=planned_on]", "2016-03-31")
    page.fill("input[name=amount]", "6000")
    page.click(".save-bar button:has-text('添加')")
    page.wait_for_selector("td:has-text('送能繁母牛一头')")
    page.fill("input[name=signed_by]", "户主本人")
    page.click(".save-bar button:has-text('签字')")
    page.wait_for_selector("#help-of-household, #assistance, main#main h1")
    assert "送能繁母牛一头" in page.inner_text("main")
    assert errors == []


def test_a_helper_confirms_what_arrived(day: Day) -> None:
    household = appoint(day)
    agree(day, household)
    page, errors = day.as_("helper", PHONE)

    # From the own households to the measure that is due, with a thumb.
    opened(page, f"{day.address}{MINE}")
    page.locator("main a[href='/measures/']").first.click()
    page.wait_for_selector(".todo li")
    page.locator(".todo li a", has_text="送能繁母牛一头").click()
    page.wait_for_selector("textarea[name=result]")
    button = page.locator(".save-bar button[type=submit]").bounding_box()
    assert button is not None
    assert button["height"] >= 44

    # What the household was not promised is not arrived: a day to come is refused, with what was typed still there.
    page.fill("input[name=on]", "2016-02-01")
    page.fill("textarea[name=result]", "母牛已进圈，已投保")
    page.click(".save-bar button[type=submit]")
    page.wait_for_selector(".note-alarm, .field-error, .invalid-feedback, [role=alert]")
    assert page.input_value("textarea[name=result]") == "母牛已进圈，已投保"

    page.fill("input[name=on]", "2016-01-11")
    page.fill("input[name=amount]", "5800")
    page.click(".save-bar button[type=submit]")
    page.wait_for_url("**/measures/")
    assert page.locator(".todo li a", has_text="送能繁母牛一头").count() == 0

    # The household's page says in one place what was promised, what arrived and what came of it.
    opened(page, f"{day.address}{household}")
    told = page.inner_text("main")
    for word in ("送能繁母牛一头", "5,800", "母牛已进圈，已投保"):
        assert word in told
    # The refusal answers 422, which the browser notes on its console; nothing else was said there.
    assert [error for error in errors if "422" not in error] == []


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

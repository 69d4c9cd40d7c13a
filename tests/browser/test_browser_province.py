"""The province in a real browser: signing in, going down to a household, both languages, a desk and a phone, no errors."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.visiting import signed_in
from tests.journeys.office import REPOSITORY, SHARES_PROVINCE

pytestmark = [pytest.mark.browser, SHARES_PROVINCE]

SCREENSHOTS = REPOSITORY / "docs" / "screenshots"


def test_from_the_province_down_to_a_household(browser: Browser, address: str) -> None:
    page, errors = signed_in(browser, address, "zhao", 1440)

    page.goto(f"{address}/area/52/")
    for digits in (6, 9, 12):
        links = page.locator("a[href*='/area/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        below = [link for link in links if len(link.split("/area/")[1].split("/")[0]) == digits]
        assert below, f"no way down to a place of {digits} digits"
        page.goto(f"{address}{_with_people(page, address, below)}")
    page.locator("a[href^='/households/']").first.click()
    page.wait_for_selector("main#main h1")

    assert "/households/" in page.url
    assert errors == []


def _with_people(page: Page, address: str, links: list[str]) -> str:
    """The first of the places on which somebody lives: at this scale many villages are empty."""
    ranked = page.locator("table a[href*='/area/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    return next((link for link in ranked if link in links), links[0])


PAGES = (
    "/",
    "/area/520324/",
    "/households/?place=520324",
    "/imports/",
    "/quality/",
    "/findings/",
    "/indicators/",
    "/training/?place=520324",
    "/training/coverage/?place=520324",
    "/relocation/?place=520324",
    "/relocation/sites/?place=520324",
    "/relocation/hamlets/?place=520324",
    "/shares/moved_out/of/?place=520324",
    "/policy/",
    "/help/",
)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_fits_and_is_quiet(browser: Browser, address: str, width: int, language: str) -> None:
    page, errors = signed_in(browser, address, "wang", width, language)

    for path in PAGES:
        response = page.goto(f"{address}{path}")
        assert response is not None
        assert response.status == 200, path
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} px wide"

    assert errors == []


def test_the_area_page_can_be_drawn(browser: Browser, address: str, tmp_path: Path) -> None:
    page, errors = signed_in(browser, address, "zhao", 1440)
    page.goto(f"{address}/area/52/")
    page.wait_for_selector("canvas")
    page.wait_for_timeout(1_500)

    folder = SCREENSHOTS if os.environ.get("JIEFA_SCREENSHOTS") == "1" else tmp_path
    page.screenshot(path=folder / "area.png")

    assert (folder / "area.png").stat().st_size > 20_000
    assert errors == []

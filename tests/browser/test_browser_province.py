"""The province in a real browser: signing in, going down to a household, both languages, a desk and a phone, no errors."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.journeys.office import REPOSITORY, Office

from jiefa.demo.users import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 30_000
SCREENSHOTS = REPOSITORY / "docs" / "screenshots"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small province behind the product's own server."""
    office = Office(tmp_path_factory.mktemp("browser"))
    scale = os.environ.get("JIEFA_SCREENSHOTS_SCALE", "0.001")
    office.run("demo", "--scale", scale, "--seed", "11")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("JIEFA_", "DATABASE_"))},
        "JIEFA_HOME": str(office.home),
        "PYTHONPATH": str(REPOSITORY / "src"),
    }
    command = [sys.executable, "-m", "jiefa", "serve", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{base}/sign-in/")
        yield base
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(url: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def signed_in(
    browser: Browser, address: str, username: str, width: int, language: str = "zh-hans"
) -> tuple[Page, list[str]]:
    """A page of a signed-in user, and the list in which the console's errors gather."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address}/sign-in/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("main#main h1")
    context.add_cookies([{"name": "django_language", "value": language, "url": address}])
    return page, errors


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

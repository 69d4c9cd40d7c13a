"""The browser that tests drive, and how somebody signs in with it."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from jiefa.demo.users import PASSWORD

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

"""A small province behind the product's own server, and one browser, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.browser.serving import served
from tests.browser.visiting import CHROMIUM, FLAGS
from tests.journeys.office import province


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the province is served."""
    with served(province().home) as base:
        yield base


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Gone at the end of each module: while it lives, the tests of this process may not ask the records."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()

"""A small province behind the product's own server, and one browser, for all tests of this folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.browser.visiting import CHROMIUM, FLAGS
from tests.journeys.office import REPOSITORY, province


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the province is served."""
    office = province()
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
    """Gone at the end of each module: while it lives, the tests of this process may not ask the records."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()

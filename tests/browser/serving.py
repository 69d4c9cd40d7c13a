"""The product's own server over a home folder, for as long as a test needs it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.journeys.office import REPOSITORY

CLOCK = Path(__file__).parent / "clock"
PATIENCE = 180
"""Seconds in which a server must answer; generous, because it shares the processors with another worker and its browser."""


@contextmanager
def served(home: Path, day: Path | None = None) -> Iterator[str]:
    """The address at which ``home`` is served; with ``day``, a file that holds a date, it is that day there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    turned = {} if day is None else {"JIEFA_TEST_DAY": str(day)}
    paths = [str(REPOSITORY / "src"), *([] if day is None else [str(CLOCK)])]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("JIEFA_", "DATABASE_"))},
        "JIEFA_HOME": str(home),
        "PYTHONPATH": os.pathsep.join(paths),
        **turned,
    }
    command = [sys.executable, "-m", "jiefa", "serve", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{base}/sign-in/")
        yield base
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(url: str) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)

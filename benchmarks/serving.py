"""The product's server with readers at it, for whatever pages a subject asks about: p95 as ratio to an empty view."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from benchmarks.harness import ROOT, Bench, Figure

READERS = 20
WORKERS = 2
PASSWORD = "jiefa-demo-2015"
HOST = "127.0.0.1"
THOROUGH = 2.0, 8.0
"""Seconds before times count, and for which they count."""

SMALL, FEW_READERS, QUICK = 0.01, 4, (0.3, 1.0)
"""Below this scale only that everything is answered is of interest."""

EMPTY = "an empty view behind the same middleware"


def figures(
    bench: Bench,
    records: str,
    subject: str,
    environment: dict[str, str],
    pages: Mapping[str, tuple[str, list[str], dict[str, str]]],
    most: Mapping[str, float] | None = None,
) -> Iterator[Figure]:
    """A figure for each of ``pages`` (by name: user, paths, headers), the empty view first. ``most``: promised ratios by name."""
    runs, (warm, seconds) = bench.runs, QUICK if bench.scale < SMALL else THOROUGH
    count = FEW_READERS if bench.scale < SMALL else READERS
    measured = {}
    with _server(environment | {"DJANGO_SETTINGS_MODULE": "benchmarks.site_settings"}) as port:
        cookies: dict[str, list[str]] = {}
        for name, (user, paths, headers) in pages.items():
            bench.say(f"  {name}")
            if user not in cookies:
                cookies[user] = [_sign_in(port, user) for _ in range(count)]
            asked = {"port": port, "cookies": cookies[user], "paths": paths, "headers": headers}
            measured[name] = [_readers(asked | {"warm": warm, "seconds": seconds}) for _ in range(runs)]
    empty = _median(measured[EMPTY], "p95")
    for name, answers in measured.items():
        failures: dict[str, int] = {}
        for answer in answers:
            failures |= answer["failures"]
        p95 = _median(answers, "p95")
        ratio = None if name == EMPTY or not empty or p95 is None else p95 / empty
        promised = (most or {}).get(name)
        yield Figure(
            subject=subject,
            name=name,
            records=records,
            value=p95,
            unit="ms p95",
            raw=None if name == EMPTY else empty,
            raw_name="ms, empty view",
            ratio=ratio,
            target="" if promised is None else f"≤ {promised:g} × empty",
            met=None if promised is None or ratio is None else ratio <= promised,
            runs=runs,
            note="; ".join(
                [
                    f"p50 {_median(answers, 'p50') or 0:,.0f} ms, {sum(a['count'] for a in answers) / (runs * seconds):,.0f} requests/s",
                    *([f"not answered: {json.dumps(failures, ensure_ascii=False)[:200]}"] if failures else []),
                ]
            ),
        )


@contextlib.contextmanager
def _server(environment: dict[str, str]) -> Iterator[int]:
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(WORKERS), "--host", HOST]
    command += ["--port", str(port), "--no-ws", "--log-level", "warning", "jiefa.config.wsgi:application"]
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=sys.stderr)  # standard output is the results
    try:
        _until_answered(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _until_answered(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError("the server ended before it answered")
        with contextlib.suppress(OSError, http.client.HTTPException):
            link = http.client.HTTPConnection(HOST, port, timeout=10)
            link.request("GET", "/bench/empty/")
            if link.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError("the server does not answer")


def _sign_in(port: int, user: str) -> str:
    """The cookies of a reader who has signed in."""
    link = http.client.HTTPConnection(HOST, port, timeout=60)
    link.request("GET", "/sign-in/")
    cookies = _cookies(link.getresponse())
    form = urlencode({"username": user, "password": PASSWORD, "csrfmiddlewaretoken": cookies["csrftoken"]})
    headers = {"Cookie": f"csrftoken={cookies['csrftoken']}", "Content-Type": "application/x-www-form-urlencoded"}
    link.request("POST", "/sign-in/", form, headers)
    answer = link.getresponse()
    cookies |= _cookies(answer)
    if answer.status != 302 or "sessionid" not in cookies:
        raise RuntimeError(f"sign-in answered {answer.status}")
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _cookies(answer: http.client.HTTPResponse) -> dict[str, str]:
    answer.read()
    set_by = [value.split(";", 1)[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
    return dict(pair.split("=", 1) for pair in set_by)


def _readers(asked: dict[str, Any]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.readers"]
    told = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, cwd=ROOT, check=True)
    answer: dict[str, Any] = json.loads(told.stdout)
    return answer


def _median(answers: list[dict[str, Any]], name: str) -> float | None:
    known = [answer[name] for answer in answers if answer[name] is not None]
    return statistics.median(known) if known else None

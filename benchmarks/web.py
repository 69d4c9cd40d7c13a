"""Pages with 20 concurrent readers, each signed in, on two workers of the product's server; p95 as ratio to an empty view.

Readers have no time to think: the next question follows the answer. Server, readers and records share the machine, so that
with two processors all times are those of a queue of twenty; the empty view stands in the same queue.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks import province
from benchmarks.harness import ROOT, Bench, Figure

READERS = 20
WORKERS = 2
USER, PASSWORD = "zhao", "jiefa-demo-2015"
SEED = 7
HOST = "127.0.0.1"
THOROUGH = 2.0, 8.0
"""Seconds before times count, and for which they count."""

SMALL, FEW_READERS, QUICK = 0.01, 4, (0.3, 1.0)
"""Below this scale only that everything is answered is of interest."""


def figures(bench: Bench, records: str) -> Iterator[Figure]:
    province.snapshots(bench, records)
    environment = bench.environment(records)
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("targets", "publish", {"years": province.YEARS}),
        ("targets", "choose", {"year": province.YEARS[-1], "seed": SEED}),
    ]
    chosen = bench.work_in_turn(steps, environment).answer
    runs, (warm, seconds) = bench.runs, QUICK if bench.scale < SMALL else THOROUGH
    readers = FEW_READERS if bench.scale < SMALL else READERS
    with _server(environment | {"DJANGO_SETTINGS_MODULE": "benchmarks.site_settings"}) as port:
        cookies = [_sign_in(port) for _ in range(readers)]
        measured = {}
        for name, (paths, headers) in _pages(chosen).items():
            bench.say(f"  {name}")
            asked = {
                "port": port,
                "cookies": cookies,
                "paths": paths,
                "headers": headers,
                "warm": warm,
                "seconds": seconds,
            }
            measured[name] = [_readers(asked) for _ in range(runs)]
    empty = _median(measured[EMPTY], "p95")
    for name, answers in measured.items():
        failures: dict[str, int] = {}
        for answer in answers:
            failures |= answer["failures"]
        p95 = _median(answers, "p95")
        yield Figure(
            subject="web",
            name=name,
            records=records,
            value=p95,
            unit="ms p95",
            raw=None if name == EMPTY else empty,
            raw_name="ms, empty view",
            ratio=None if name == EMPTY or not empty or p95 is None else p95 / empty,
            runs=runs,
            note="; ".join(
                [
                    f"p50 {_median(answers, 'p50') or 0:,.0f} ms, {sum(a['count'] for a in answers) / (runs * seconds):,.0f} requests/s",
                    *([f"not answered: {json.dumps(failures, ensure_ascii=False)[:200]}"] if failures else []),
                ]
            ),
        )


EMPTY = "an empty view behind the same middleware"


def _pages(chosen: dict[str, Any]) -> dict[str, tuple[list[str], dict[str, str]]]:
    names = [quote(part) for part in chosen["names"]]
    return {
        EMPTY: (["/bench/empty/"], {}),
        "page of the province": (["/area/52/"], {}),
        "households of a county, first page": ([f"/households/?place={code}" for code in chosen["counties"]], {}),
        "page of a household": ([f"/households/{key}/" for key in chosen["households"]], {}),
        "name over the province as one types (HTMX)": (
            [f"/search/?q={part}" for part in names],
            {"HX-Request": "true"},
        ),
        "name over the province, list of households": ([f"/households/?q={part}" for part in names], {}),
    }


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


def _sign_in(port: int) -> str:
    """The cookies of a reader who has signed in."""
    link = http.client.HTTPConnection(HOST, port, timeout=60)
    link.request("GET", "/sign-in/")
    cookies = _cookies(link.getresponse())
    form = urlencode({"username": USER, "password": PASSWORD, "csrfmiddlewaretoken": cookies["csrftoken"]})
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


def notes(bench: Bench) -> list[str]:
    return [
        (
            f"{READERS} readers without pauses on {WORKERS} workers, readers and records on the same two processors. Counties, "
            "households and names at random; every look at a household's page writes a line of the read log."
        ),
    ]

"""Concurrent readers of a site, in a process of their own: each asks, waits for the whole answer, asks again.

One JSON message on standard input, one JSON line of times on standard output. Loopback only; plain sockets, because a client
library takes more of the machine than the pages that are measured.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field

HOST = "127.0.0.1"


@dataclass
class Seen:
    """Milliseconds of each answer after the warm-up; what was not answered with 200."""

    milliseconds: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    bytes: int = 0


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status = int(head.split(" ", 2)[1])
    fields = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head.split("\r\n")[1:])
    }
    if "chunked" in fields.get("transfer-encoding", ""):
        pieces = []
        while size := int(await reader.readline(), 16):
            pieces.append((await reader.readexactly(size + 2))[:-2])
        await reader.readline()
        return status, b"".join(pieces)
    return status, await reader.readexactly(int(fields.get("content-length", "0")))


async def _read(
    port: int, cookie: str, paths: list[str], extra: dict[str, str], begin: float, end: float, seen: Seen
) -> None:
    reader, writer = await asyncio.open_connection(HOST, port, limit=1 << 24)
    more = "".join(f"{name}: {value}\r\n" for name, value in extra.items())
    chance = random.Random(cookie)
    heard = False  # one answer of each reader counts, however long it takes
    while time.perf_counter() < end or not heard:
        path = chance.choice(paths)
        asked = time.perf_counter()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nCookie: {cookie}\r\n{more}\r\n".encode())
        status, body = await _answer(reader)
        answered = time.perf_counter()
        heard = heard or asked >= begin
        if status != 200:
            seen.failures[f"{status} {path}"] = seen.failures.get(f"{status} {path}", 0) + 1
        elif asked >= begin:
            seen.milliseconds.append(1000 * (answered - asked))
            seen.bytes = len(body)
    writer.close()


async def run(
    port: int, cookies: list[str], paths: list[str], headers: dict[str, str], warm: float, seconds: float
) -> Seen:
    """Every cookie is one reader; times count after ``warm`` seconds, for ``seconds`` and until each had an answer."""
    seen = Seen()
    begin = time.perf_counter() + warm
    tasks = [_read(port, cookie, paths, headers, begin, begin + seconds, seen) for cookie in cookies]
    await asyncio.gather(*tasks)
    return seen


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    found = asyncio.run(run(**asked))
    times = sorted(found.milliseconds)
    share = {
        f"p{share}": times[min(len(times) - 1, len(times) * share // 100)] if times else None for share in (50, 95)
    }
    answer = share | {"count": len(times), "failures": found.failures, "bytes": found.bytes}
    sys.stdout.write(json.dumps(answer) + "\n")

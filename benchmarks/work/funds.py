"""Money of many origins that goes down over holders to payees, list by list by the product's bulk path."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

from jiefa import policy
from jiefa.access.queries import operator
from jiefa.areas.models import Division
from jiefa.funds.actions import posting
from jiefa.funds.models import Account, Transfer
from jiefa.funds.queries.books import books
from jiefa.funds.rules import rows as rules
from jiefa.funds.rules.rows import HOLDER, PAYEE, SOURCE, WORLD, NewTransfer, OriginKey, Party

PROVINCE = "52"
TYPES = ("development", "work_relief", "minority", "interest")
PURPOSES = ("industry", "training", "relocation", "infrastructure")
UNITS = 20
"""Payees in a village, at most."""
READS = 2_000


def _transfers(count: int) -> Iterator[NewTransfer]:
    """``count`` transfers in the order in which they happen: appropriated, passed on level by level, paid."""
    townships = list(Division.objects.filter(level="township").order_by("code").values_list("code", flat=True))
    villages = list(Division.objects.filter(level="village").order_by("code").values_list("code", flat=True))
    counties = sorted({code[:6] for code in townships})
    origins = [OriginKey("central", kind, year, PROVINCE) for kind in TYPES for year in (2014, 2015)]
    number = 0
    for origin in origins:
        for way in ((WORLD, Party(SOURCE, PROVINCE)), (Party(SOURCE, PROVINCE), Party(HOLDER, PROVINCE))):
            number += 1
            yield _one(*way, 10**14, origin, number)
    while True:
        for county in counties:
            number += 1
            yield _one(Party(HOLDER, PROVINCE), Party(HOLDER, county), 10**9, origins[number % len(origins)], number)
        for place, township in enumerate(townships):
            for _turn in range(2):
                origin = origins[(number + place) % len(origins)]
                number += 1
                yield _one(Party(HOLDER, PROVINCE), Party(HOLDER, township), 10**7, origin, number)
                village = villages[number % len(villages)]
                unit = Party(PAYEE, village, f"合作社{number % UNITS:02d}")
                number += 1
                yield _one(Party(HOLDER, PROVINCE), unit, 1_000 + number % 997, origin, number)
        if number > count:
            return


def _one(payer: Party, receiver: Party, fen: int, origin: OriginKey, number: int) -> NewTransfer:
    on = dt.date(2015, 1, 1) + dt.timedelta(number % 365)
    return NewTransfer(
        payer, receiver, origin, fen, on, PURPOSES[number % len(PURPOSES)], "黔财农〔2015〕1号", f"52/B{number:08d}"
    )


def post(transfers: int, list_of: int) -> dict[str, Any]:
    """Seconds of posting them; making the lists is not in them."""
    pack, by = policy.load(), operator((PROVINCE,))
    coming = islice(_transfers(transfers), transfers)
    seconds, lists, done = 0.0, 0, 0
    while part := list(islice(coming, list_of)):
        rows = rules.table(part)
        started = time.perf_counter()
        done += posting.post_many(rows=rows, by=by, pack=pack).new
        seconds += time.perf_counter() - started
        lists += 1
        print(f"{done:,} transfers, {seconds:.1f} s", flush=True)
    assert done == transfers == Transfer.objects.count(), (done, transfers)
    accounts = Account.objects.count()
    origins = Account.objects.values("origin").distinct().count()
    found = books()
    return {
        "seconds": seconds,
        "transfers": done,
        "lists": lists,
        "accounts": accounts,
        "rows": done + accounts + origins,
        "add_up": found.add_up,
    }


def read() -> dict[str, Any]:
    """Milliseconds of reading one balance, and seconds of adding up the books."""
    keys = list(Account.objects.order_by("pk").values_list("pk", flat=True))
    chosen = keys[:: max(1, len(keys) // READS)]
    took = []
    for key in chosen:
        started = time.perf_counter()
        Account.objects.values_list("balance_fen", flat=True).get(pk=key)
        took.append((time.perf_counter() - started) * 1_000)
    started = time.perf_counter()
    assert books().add_up
    return {"balance_ms": statistics.median(took), "reads": len(chosen), "books_seconds": time.perf_counter() - started}

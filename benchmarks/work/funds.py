"""Money of many origins that goes down over holders to payees, list by list by the product's bulk path."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from jiefa import policy, snapshots
from jiefa.access.queries import operator
from jiefa.areas.models import Division
from jiefa.funds.actions import posting
from jiefa.funds.models import Account, Project, Transfer
from jiefa.funds.queries import flows, readout
from jiefa.funds.queries.books import books
from jiefa.funds.rules import rows as rules
from jiefa.funds.rules.rows import HOLDER, PAYEE, PROJECT, SOURCE, WORLD, NewTransfer, OriginKey, Party

PROVINCE, ANOTHER = "52", "520102"
TYPES = ("development", "work_relief", "minority", "interest")
PURPOSES = ("industry", "training", "relocation", "infrastructure")
BUILDER = "工程队"
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
            origin = origins[(number + place) % len(origins)]
            number += 1
            yield _one(Party(HOLDER, PROVINCE), Party(HOLDER, township), 10**7, origin, number)
            village = villages[number % len(villages)]
            number += 1
            unit = Party(PAYEE, village, f"合作社{number % UNITS:02d}")
            yield _one(Party(HOLDER, PROVINCE), unit, 1_000 + number % 997, origin, number)
            project = Party(PROJECT, village, f"B{village}")
            number += 1
            yield _one(Party(HOLDER, PROVINCE), project, 2_000, origin, number)
            number += 1
            yield _one(project, Party(PAYEE, village, BUILDER), 1_000 + number % 997, origin, number)
        if number > count:
            return


def _one(payer: Party, receiver: Party, fen: int, origin: OriginKey, number: int) -> NewTransfer:
    on = dt.date(2015, 1, 1) + dt.timedelta(number % 365)
    return NewTransfer(
        payer, receiver, origin, fen, on, PURPOSES[number % len(PURPOSES)], "黔财农〔2015〕1号", f"52/B{number:08d}"
    )


def _projects() -> int:
    """One in every village, approved, published, at work: how many there are."""
    day, villages = dt.date(2014, 1, 1), Division.objects.filter(level="village").order_by("code")
    made = Project.objects.bulk_create(
        (
            Project(
                number=f"B{code}", name="x", kind="industry", place_code=code, year=2014, asked_fen=10**14, source="central",
                applicant="x", implementer="x", responsible="x", contractor=BUILDER, contractor_number="x", tender="open",
                content="x", goal="x", starts_on=day, ends_on=day, maintenance="x", approved_fen=10**14, approved_on=day,
                noticed_on=day, progress_percent=100, by="x", at=timezone.now(),
            )
            for code in villages.values_list("code", flat=True)
        ),
        batch_size=1_000,
    )  # fmt: skip
    return len(made)


def post(transfers: int, list_of: int) -> dict[str, Any]:
    """Seconds of posting them; making the lists and the projects is not in them."""
    pack, by, projects = policy.load(), operator((PROVINCE,)), _projects()
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
        "projects": projects,
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


def freeze() -> dict[str, Any]:
    """Seconds of writing the transfers of the year into a snapshot, and its folder."""
    day = dt.date(2015, 12, 31)
    started = time.perf_counter()
    made = snapshots.build(
        Path(settings.JIEFA_HOME),
        year=2015,
        kind="freeze",
        as_of=dt.datetime(2015, 12, 31, 23, 59, 59, tzinfo=dt.UTC),
        made_by="benchmark",
        policy_version=policy.load().version,
        mark=0,
        tables=readout.sources(2015, day, {}),
    )
    return {"seconds": time.perf_counter() - started, "rows": made.manifest.table("transfers").rows}


def picture() -> dict[str, Any]:
    """Seconds until the province's picture of a fund year is there, asked for the first time; whether it adds up."""
    snapshot = snapshots.latest(Path(settings.JIEFA_HOME), 2015)
    # What a worker pays once in its life, it paid for another place.
    flows.picture(snapshot, ANOTHER, 2015)
    started = time.perf_counter()
    found = flows.picture(snapshot, PROVINCE, 2015)
    seconds = time.perf_counter() - started
    ends = sum(found.ended(kind) for kind in ("household", "unit", "lies"))
    held = Account.objects.filter(origin__year=2015, kind="payee").values_list("balance_fen", flat=True)
    return {
        "seconds": seconds,
        "bands": len(found.bands),
        "adds_up": ends == found.came_fen and sum(held) == found.ended("unit"),
    }

"""Many writers at the same moment, with real connections; and a writer killed in the middle."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings
from django.db import connection
from tests.funds import building
from tests.funds.moves import (
    CENTRAL,
    FIRM,
    FUNDS,
    HELD,
    HELD_OTHER,
    PACK,
    RELIEF,
    balance,
    fill,
    move,
    payer,
    posted,
)

from jiefa.audit import queries as audit
from jiefa.audit.models import Entry
from jiefa.funds.actions import posting
from jiefa.funds.models import Account, ProjectBeneficiary, Transfer
from jiefa.funds.queries.books import books
from jiefa.funds.rules import refusals
from jiefa.funds.rules import rows as rules
from jiefa.funds.rules.project_refusals import ItemTwice, ProgressShort
from jiefa.funds.rules.rows import PAYEE, OriginKey, Party

WRITERS = {"postgresql": 32, "sqlite": 6}
EACH = 6


def _together(work: list[object]) -> list[BaseException]:
    """What went wrong when all of ``work`` began at one moment."""
    gate, failed = threading.Barrier(len(work)), []

    def run(one: object) -> None:
        try:
            gate.wait()
            one()
        except BaseException as reason:
            failed.append(reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_never_pay_more_than_there_is() -> None:
    writers = WRITERS[connection.vendor]
    fill(writers * EACH)  # every pot below is fought for
    posted(move(FUNDS, HELD, writers * EACH // 2))
    paid: list[int] = []
    refused: list[int] = []

    def write(number: int) -> None:
        chance = random.Random(number)
        for turn in range(EACH):
            way = chance.choice([(HELD, FIRM), (FUNDS, HELD), (FIRM, HELD), (FUNDS, HELD_OTHER)])
            fen = chance.randint(1, 9)
            try:
                posting.post(transfer=move(*way, fen, f"W{number}-{turn}"), by=payer(), pack=PACK)
                paid.append(fen)
            except refusals.BalanceShort:
                refused.append(fen)

    failed = _together([lambda number=number: write(number) for number in range(writers)])

    assert not failed, failed[:3]
    assert len(paid) + len(refused) == writers * EACH
    assert books().add_up
    assert not Account.objects.exclude(kind="outside").filter(balance_fen__lt=0).exists()
    assert Transfer.objects.count() == len(paid) + 3
    assert audit.verify().faults == ()


@pytest.mark.django_db(transaction=True)
def test_same_transfer_at_once_is_posted_once() -> None:
    fill(1_000)
    writers = WRITERS[connection.vendor]
    transfer = move(FUNDS, HELD, 10, "ONCE")
    found: list[int] = []

    failed = _together(
        [lambda: found.append(posting.post(transfer=transfer, by=payer(), pack=PACK).pk) for _ in range(writers)]
    )

    assert not failed, failed[:3]
    assert (len(found), len(set(found))) == (writers, 1)
    assert balance(HELD) == 10


@pytest.mark.django_db(transaction=True)
def test_one_key_for_two_transfers_at_once_stands_for_one() -> None:
    fill(1_000)
    for turn in range(4):
        ways = [(FUNDS, HELD), (FUNDS, HELD_OTHER)]
        work = [
            lambda way=way, turn=turn: posting.post(transfer=move(*way, 5, f"K{turn}"), by=payer(), pack=PACK)
            for way in ways
        ]

        failed = _together(work)

        assert [type(one) for one in failed] in ([refusals.KeyContradicts], [refusals.PostedMeanwhile]), failed
    assert balance(HELD) + balance(HELD_OTHER) == 20
    assert books().add_up


@pytest.mark.django_db(transaction=True)
def test_lists_that_open_the_same_accounts_at_once_do_not_wait_in_a_circle() -> None:
    fill(10_000)
    work = []
    for number in range(8):
        receivers = [HELD, HELD_OTHER]
        random.Random(number).shuffle(receivers)
        rows = rules.table([move(FUNDS, one, 1, f"L{number}-{turn}") for turn, one in enumerate(receivers * 20)])
        work.append(lambda rows=rows: posting.post_many(rows=rows, by=payer(), pack=PACK))

    failed = _together(work)

    assert not failed, failed[:3]
    assert balance(HELD) + balance(HELD_OTHER) == 320
    assert Account.objects.filter(kind="holder").count() == 3


ROWS = 400
KILLED = """
import django; django.setup()
import sys
from tests.funds.moves import *
from jiefa.funds.rules import rows as rules
from jiefa.funds.actions import posting
first = int(sys.argv[1])
sys.stdout.write("begun\\n"); sys.stdout.flush()
for turn in range(1000):
    number = first + turn
    rows = rules.table([move(FUNDS, (HELD, HELD_OTHER)[row %% 2], 1, f"D{number}-{row}") for row in range(%d)])
    posting.post_many(rows=rows, by=payer(), pack=PACK)
    sys.stdout.write("done\\n"); sys.stdout.flush()
"""


def _until_the_server_let_go() -> None:
    """A server ends what a killed client began, a moment later."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    while connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(others)
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_killed_writer_leaves_whole_lists_alone(home: object) -> None:
    fill(10**9)
    records = connection.settings_dict
    place = f"{records['USER']}:{records['PASSWORD']}@{records['HOST']}:{records['PORT'] or 5432}"
    environment = {
        **os.environ,
        "PYTHONPATH": "src:.",
        "DATABASE_URL": f"sqlite:///{records['NAME']}"
        if connection.vendor == "sqlite"
        else f"postgresql://{place}/{records['NAME']}",
        "JIEFA_HOME": str(home),
        "JIEFA_VAULT_KEY": settings.JIEFA_VAULT_KEY.hex(),
    }
    chance = random.Random(4)
    for attempt in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED % ROWS, str(1_000 * attempt)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        begun = time.monotonic()
        assert process.stdout.readline() == "done\n"
        # Somewhere in the lists after the first, however slow the machine is.
        time.sleep(chance.uniform(0, 2 * (time.monotonic() - begun)))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        _until_the_server_let_go()

        lists = Entry.objects.filter(action="money.posted", diff__contains=f'"transfers": {ROWS}').count()
        assert Transfer.objects.filter(key__startswith="D").count() == ROWS * lists
        assert balance(HELD) + balance(HELD_OTHER) == ROWS * lists
        assert books().add_up
        assert lists > attempt
    assert audit.verify().faults == ()


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_never_pay_more_of_a_project_than_was_approved() -> None:
    project = building.proposed()
    building.taken_to("carrying_out", project)
    for origin in (CENTRAL, RELIEF):  # two pots, so that no lock of an account holds them apart
        fill(50_000_00, origin)
        posted(move(FUNDS, HELD, 50_000_00, origin=origin))
        posted(move(HELD, building.pot(project), 50_000_00, origin=origin, purpose="infrastructure"))
    writers, most = WRITERS[connection.vendor], 30_000_00
    fen = most // (writers // 2)
    paid: list[int] = []
    to = Party(PAYEE, building.VILLAGE, building.FIRM)

    def write(number: int) -> None:
        said = {"origin": (CENTRAL, RELIEF)[number % 2], "on": dt.date(2015, 8, 1), "purpose": "infrastructure"}
        try:
            posting.post(transfer=move(building.pot(project), to, fen, f"P{number}", **said), by=payer(), pack=PACK)
            paid.append(fen)
        except ProgressShort:
            pass

    failed = _together([lambda number=number: write(number) for number in range(writers)])

    assert not failed, failed[:3]
    project.refresh_from_db()
    assert project.paid_fen == sum(paid) == fen * (writers // 2) <= most
    assert books().add_up


@pytest.mark.django_db(transaction=True)
def test_projects_at_once_never_pay_a_household_the_same_item_twice() -> None:
    """Each project has its pot and its row: only the household holds them apart."""
    homes = [building.home(f"H{number}") for number in range(6)]
    said = {"kind": "industry", "tender": "none", "contractor": "", "contractor_number": ""}
    pots: list[tuple[Party, OriginKey]] = []
    for origin in (CENTRAL, RELIEF):  # the household's accounts are two, so that none of them holds the payments apart
        project = building.proposed({one.pk: 100 for one in homes}, **said)
        building.taken_to("carrying_out", project)
        fill(1_000, origin)
        posted(move(FUNDS, HELD, 1_000, origin=origin))
        pots.append((building.pot(project), origin))
        posted(move(HELD, pots[-1][0], 1_000, origin=origin, purpose="industry"))
    refused: list[int] = []

    def write(pot: Party, origin: OriginKey, home_id: int) -> None:
        to, key = Party(PAYEE, building.VILLAGE, "", home_id), f"{pot.owner}/{home_id}"
        try:
            paid = move(pot, to, 100, key, origin=origin, on=dt.date(2015, 8, 1), purpose="industry")
            posting.post(transfer=paid, by=payer(), pack=PACK)
        except ItemTwice:
            refused.append(home_id)

    for one in homes:
        failed = _together([lambda pot=pot, one=one: write(*pot, one.pk) for pot in pots])
        assert not failed, failed[:3]

    reached = ProjectBeneficiary.objects.filter(reached_fen__gt=0).order_by("household_id")
    assert list(reached.values_list("household_id", "reached_fen")) == [(one.pk, 100) for one in homes]
    assert sorted(refused) == sorted([one.pk for one in homes] * (len(pots) - 1))

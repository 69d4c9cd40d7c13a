"""Two officers at the same moment: a household has one helper all the same, and whoever came second is told so."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction
from tests.procedures.people import People

from jiefa.casework import appointing
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.registry.models import Household
from jiefa.responsibility.actions.appointing import Appointment
from jiefa.responsibility.models import Cadre, Helper
from jiefa.responsibility.rules import refusals

Homes = dict[str, Household]
Cadres = dict[str, Cadre]
BEFORE, ON = dt.date(2015, 3, 1), dt.date(2015, 9, 1)
SECONDS = 30


def in_threads(*works: Callable[[], object]) -> list[BaseException | None]:
    """What each of the works, all begun at once, came to."""
    ends: list[BaseException | None] = [None] * len(works)

    def run(turn: int, work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:  # shown by the caller's assertion
            ends[turn] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=SECONDS)
    return ends


def open_rows(household: Household) -> list[str]:
    return list(
        Helper.objects.filter(household=household, to_date__isnull=True).values_list("cadre__number", flat=True)
    )


@pytest.mark.parametrize("had_one", [False, True])
def test_two_officers_at_once_leave_one_helper(
    had_one: bool, homes: Homes, cadres: Cadres, people: People, pack: Pack, transactional_db: None
) -> None:
    home = homes["A"]
    if had_one:
        appointing.appoint(household_id=home.pk, cadre_id=cadres["5"].pk, on=BEFORE, by=people.sun, pack=pack)
    start = threading.Barrier(2, timeout=SECONDS)

    def appoint(number: str) -> Callable[[], object]:
        def run() -> None:
            start.wait()
            appointing.appoint(household_id=home.pk, cadre_id=cadres[number].pk, on=ON, by=people.sun, pack=pack)

        return run

    ends = in_threads(appoint("1"), appoint("2"))

    assert all(end is None or isinstance(end, refusals.ChangedMeanwhile) for end in ends), ends
    assert None in ends
    (now,) = open_rows(home)
    assert now in {number for number, end in zip("12", ends, strict=True) if end is None}


@pytest.mark.postgres
@pytest.mark.parametrize("had_one", [False, True])
def test_second_of_two_is_told_and_writes_nothing(
    had_one: bool, homes: Homes, cadres: Cadres, people: People, pack: Pack, transactional_db: None
) -> None:
    home, other = homes["A"], homes["B"]
    if had_one:
        appointing.appoint(household_id=home.pk, cadre_id=cadres["5"].pk, on=BEFORE, by=people.sun, pack=pack)
    written, seen = threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic():
            appointing.appoint(household_id=home.pk, cadre_id=cadres["1"].pk, on=ON, by=people.sun, pack=pack)
            written.set()
            _until_somebody_waits()
        seen.set()

    def second() -> None:
        assert written.wait(SECONDS)
        wanted = [Appointment(other.pk, cadres["2"].pk), Appointment(home.pk, cadres["2"].pk)]
        appointing.appoint_many(appointments=wanted, on=ON, by=people.wang, pack=pack)

    ends = in_threads(first, second)

    assert ends[0] is None
    assert seen.is_set()
    assert isinstance(ends[1], refusals.ChangedMeanwhile)
    assert isinstance(ends[1], JiefaError)
    assert open_rows(home) == ["1"]
    assert open_rows(other) == []  # all of a list or none


def _until_somebody_waits() -> None:
    """Until another connection waits for a lock: it has read what stood before, and wants to write."""
    until = time.monotonic() + SECONDS
    sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            # The view is read once a transaction unless told otherwise.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(sql)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waited")

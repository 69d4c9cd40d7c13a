"""Two officers and one dossier at the same moment, with real connections: one wins, the other is told; a double click is one."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from tests.procedures.conftest import ON
from tests.procedures.people import VILLAGE, People

from jiefa.access.queries import Actor
from jiefa.audit import queries as audit
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.procedures import actions
from jiefa.procedures.actions import Decided, DossierMoved, Opening
from jiefa.procedures.models import StepTaken
from jiefa.procedures.rules import Decision

ROUNDS = 8
Outcome = Decided | JiefaError


def at_once(*calls: Callable[[], Decided]) -> list[Outcome]:
    """What each call gave or refused, all let go at the same moment, each on a connection of its own."""
    gate = threading.Barrier(len(calls))
    results: list[Outcome | None] = [None] * len(calls)

    def run(place: int, call: Callable[[], Decided]) -> None:
        try:
            gate.wait()
            results[place] = call()
        except JiefaError as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(result is not None for result in results)
    return [result for result in results if result is not None]


def opened(people: People, pack: Pack, number: int) -> int:
    opening = Opening(f"applicant:{number}", VILLAGE, f"户{number}", 2015, {"members": 3})
    return actions.open_dossier(procedure="identification", opening=opening, by=people.li, on=ON, pack=pack).pk


def deciding(key: int, by: Actor, pack: Pack, form: str, kind: str = "approve") -> Callable[[], Decided]:
    decision = Decision(kind, by.name, by.posts, ON, "理由")
    return lambda: actions.decide(dossier_id=key, version=1, decision=decision, by=by, key=form, pack=pack)


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_one_wins_and_the_other_is_told(people: People, pack: Pack) -> None:
    for number in range(ROUNDS):
        key = opened(people, pack, number)

        results = at_once(deciding(key, people.li, pack, "li"), deciding(key, people.li_two, pack, "li2", "withdraw"))

        refusals = [result for result in results if isinstance(result, JiefaError)]
        assert [type(refusal) for refusal in refusals] == [DossierMoved]
        assert StepTaken.objects.filter(dossier=key).count() == 1
    assert not audit.verify().faults


@pytest.mark.django_db(transaction=True)
def test_double_click_is_carried_out_once(people: People, pack: Pack) -> None:
    for number in range(ROUNDS):
        key = opened(people, pack, number)

        results = at_once(*(deciding(key, people.li, pack, "form") for _ in range(3)))

        assert sorted(isinstance(result, Decided) and result.repeated for result in results) == [False, True, True]
        assert StepTaken.objects.filter(dossier=key).count() == 1

"""A dossier taken along its way by whoever holds the post of each step."""

from __future__ import annotations

import datetime as dt

from tests.procedures.people import People

from jiefa.access.queries import Actor
from jiefa.casework import actions
from jiefa.policy import Pack
from jiefa.procedures import actions as engine
from jiefa.procedures import queries
from jiefa.procedures.actions import Decided
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision

VOTES = {"present": 30, "votes_for": 28, "votes_against": 2}
FACTS: dict[str, dict[str, object]] = {
    "appraisal": dict(VOTES),
    "check": {"food": True, "clothing": True},
    "application": {"cause": "大病"},
    "proposal": {"reason": "有小轿车"},
    "visit": {"heard": True},
}
PAPER = b"%PDF-1.7 paper"


def whoever(people: People, dossier: Dossier, pack: Pack) -> Actor:
    """Who takes the next step; another person than who took the one before, where there are two."""
    step = queries.procedure_of(dossier, pack).by_id[dossier.step]
    every = (people.li, people.sun, people.wang, people.zhao)
    return next(actor for actor in every if queries.may_take(actor, step, dossier.place_code))


def ready(dossier: Dossier, by: Actor, pack: Pack, on: dt.date) -> None:
    """What the step needs lies in the file, and its notice has run."""
    step = queries.procedure_of(dossier, pack).by_id[dossier.step]
    for kind in step.evidence:
        engine.lay_in(dossier_id=dossier.pk, kind=kind, name="a.pdf", content=PAPER, by=by, pack=pack)
    if step.notice:
        Dossier.objects.filter(pk=dossier.pk).update(notice_posted=True, notice_until=on - dt.timedelta(days=1))


def step(
    dossier: Dossier, people: People, pack: Pack, on: dt.date, kind: str = "approve", opinion: str = "", **facts: object
) -> Decided:
    """One decision by whoever takes the step, with everything that it needs."""
    dossier.refresh_from_db()
    by = whoever(people, dossier, pack)
    ready(dossier, by, pack, on)
    stated = {**FACTS.get(dossier.step, {}), **facts}
    decision = Decision(kind, by.name, by.posts, on, opinion, stated)
    return actions.decide(
        dossier=dossier, version=dossier.version, decision=decision, by=by, key=f"k{dossier.version}", pack=pack
    )


def to_the_end(dossier: Dossier, people: People, pack: Pack, on: dt.date) -> Decided:
    """The last decision of a dossier that everybody agrees to."""
    while True:
        done = step(dossier, people, pack, on)
        if done.outcome:
            return done

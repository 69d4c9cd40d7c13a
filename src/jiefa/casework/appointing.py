"""Helpers appointed and cadres who leave, with all that goes with a household. Pages, commands and lists appoint through here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from jiefa.access.queries import Actor
from jiefa.assistance.actions import handing
from jiefa.policy import Pack
from jiefa.responsibility.actions import appointing
from jiefa.responsibility.actions.appointing import Appointed, Appointment
from jiefa.responsibility.actions.checks import all_or_none


@dataclass(frozen=True, slots=True)
class Left:
    """What a cadre who left handed on."""

    households: int
    measures: int


def appoint(*, household_id: int, cadre_id: int, on: dt.date, by: Actor, pack: Pack) -> Appointed:
    """The cadre answers for the household from that day on, and for the measures to come of former helpers.

    Raises as ``appointing.appoint_many``.
    """
    return appoint_many(appointments=[Appointment(household_id, cadre_id)], on=on, by=by, pack=pack)


def appoint_many(*, appointments: Sequence[Appointment], on: dt.date, by: Actor, pack: Pack) -> Appointed:
    """Each cadre answers for its household from that day on, and for the measures to come of former helpers; all or none.

    Raises as ``appointing.appoint_many``.
    """
    return appointing.appoint_many(appointments=appointments, on=on, by=by, pack=pack, after=handing.of_households)


@all_or_none()
def leave(*, cadre_id: int, to: int | None, on: dt.date, by: Actor, pack: Pack) -> Left:
    """What a cadre handed on who serves no longer from that day on: the households to ``to``, or to nobody; the measures to
    come to whoever answers for their household. Where nobody does, they wait for whoever is appointed next.

    Raises as ``appointing.leave``.
    """
    measures = 0

    def told(households: Collection[int], day: dt.date, who: Actor) -> int:
        nonlocal measures
        measures += handing.of_households(households, day, who)
        return measures

    households = appointing.leave(cadre_id=cadre_id, to=to, on=on, by=by, pack=pack, after=told)
    return Left(households, measures + handing.of_cadre(cadre_id, on, by))

"""By which day a step is due: dated terms of the pack, in calendar or working days as their unit says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from jiefa.policy import Pack

SATURDAY = 5
LONGEST = 400
"""Working days beyond this are no term but a mistake."""


def is_working(day: dt.date, off: Collection[dt.date], worked: Collection[dt.date]) -> bool:
    """Whether the day is worked: weekdays that are not off, and weekend days that are put in."""
    return day in worked if day.weekday() >= SATURDAY else day not in off


def add_working(start: dt.date, count: int, off: Collection[dt.date], worked: Collection[dt.date]) -> dt.date:
    """The ``count``-th working day after ``start``; ``start`` itself for none."""
    assert 0 <= count <= LONGEST, "no term is that long"
    day = start
    while count:
        day += dt.timedelta(days=1)
        count -= is_working(day, off, worked)
    return day


def _days(name: str, pack: Pack) -> frozenset[dt.date]:
    return frozenset(
        dt.date.fromisoformat(text)
        for value in pack.parameter(name).values
        if isinstance(value.amount, tuple)
        for text in value.amount
    )


def due(start: dt.date, term: str, pack: Pack) -> dt.date:
    """The last day of the term that begins on ``start``, as the pack had it that day. Raises ``NotInForce``."""
    value = pack.at(start).value(term)
    count = int(pack.at(start).number(term))
    if value.unit != "working_days":
        return start + dt.timedelta(days=count)
    return add_working(start, count, _days("calendar.days_off", pack), _days("calendar.days_worked", pack))


def finish_by(start: dt.date, category: str, pack: Pack) -> dt.date:
    """The day by which a complaint of that category is to be answered."""
    return due(start, f"hotline.finish_days.{category}", pack)

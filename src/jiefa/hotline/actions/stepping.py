"""What every step has in common: the complaint locked, seen through the gate, in the state that the step wants, on a fitting day."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.hotline.models import Complaint, State
from jiefa.hotline.queries import complaints
from jiefa.hotline.rules import moves, refusals, units
from jiefa.kernel.errors import NotAllowed, Words

P = Permission
LABELS = {
    State.RECEIVED: Words("已接收，待受理审查", "received"),
    State.ACCEPTED: Words("已受理，待转办", "taken on"),
    State.REFUSED: Words("不予受理", "not taken on"),
    State.PASSED_ON: Words("已转有权机关", "passed on to another authority"),
    State.MERGED: Words("已并案", "merged with an earlier one"),
    State.ROUTED: Words("正在核查", "being looked into"),
    State.CONCLUDED: Words("已有结论，待答复", "concluded, to be answered"),
    State.ANSWERED: Words("已答复，待回访", "answered, to be called back"),
    State.CLOSED: Words("已办结", "closed"),
}


def locked(receipt: str, step: str, on: dt.date, by: Actor, permission: Permission) -> Complaint:
    """The complaint, locked for a step that whoever keeps it (``HOTLINE_KEEP``) or looks into it (``HOTLINE_HANDLE``) takes.

    Raises ``NotAllowed``, ``ComplaintUnknown``, ``Concerned``, ``StateMoved``, ``DayUnfit``.
    """
    by.demand(permission)
    pk = complaints.complaint(receipt, by).pk
    found = Complaint.objects.select_for_update(of=("self",)).get(pk=pk)
    if units.is_concerned(by.posts, found.against_code):
        raise refusals.Concerned(receipt=receipt)
    own = complaints.is_kept(found, by) if permission == P.HOTLINE_KEEP else _looks_into(found, by)
    if not own:
        raise NotAllowed(what=permission.value)
    check(found, step, on)
    return found


def _looks_into(found: Complaint, by: Actor) -> bool:
    # The operator of the machine has no posts: what it keeps it may also look into.
    return complaints.is_handled(found, by) or (not by.posts and complaints.is_kept(found, by))


def check(found: Complaint, step: str, on: dt.date) -> None:
    """Raises ``StateMoved`` where the step does not fit the state, ``DayUnfit`` where the day does not."""
    if not moves.allowed(step, found.state):
        raise refusals.StateMoved(receipt=found.receipt, state=LABELS[State(found.state)])
    if not found.since <= on <= timezone.localdate():
        raise refusals.DayUnfit(on=on, since=found.since)


def text(field: Words, said: str, limit: int) -> str:
    """``said`` without blanks around it. Raises ``TextMissing``."""
    if not 0 < len(said.strip()) <= limit:
        raise refusals.TextMissing(field=field, limit=f"{limit:,}")
    return said.strip()


def moved(found: Complaint, step: str, on: dt.date, due_on: dt.date | None, *fields: str) -> None:
    """The complaint in the state to which the step leads, saved with these fields of it."""
    found.state = State(moves.MOVES[step].to or found.state)
    found.since, found.due_on = on, due_on
    found.save(force_update=True, update_fields=["state", "since", "due_on", *fields])

"""The life of a complaint as a table: from which state which step leads where, and whose step it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

RECEIVED, ACCEPTED, REFUSED, PASSED_ON, MERGED = "received", "accepted", "refused", "passed_on", "merged"
ROUTED, CONCLUDED, ANSWERED, CLOSED = "routed", "concluded", "answered", "closed"
OPEN = (RECEIVED, ACCEPTED, ROUTED, CONCLUDED, ANSWERED)
KEEPERS = (RECEIVED, ACCEPTED, CONCLUDED, ANSWERED)
"""States in which the keeper owes the next step; in ``ROUTED`` the unit that looks into it does."""
ENDED = (REFUSED, PASSED_ON, MERGED, CLOSED)
ROUNDS = 2
"""A complaint is looked into once, and once more if it is opened again."""


@dataclass(frozen=True, slots=True)
class Move:
    """A step: the states in which it may be taken, the state in which it leaves the complaint ('': the same), and its name in the log."""

    id: str
    states: tuple[str, ...]
    to: str
    logged: str


MOVES: Mapping[str, Move] = {
    move.id: move
    for move in (
        Move("receive", (), RECEIVED, "complaint.received"),
        Move("accept", (RECEIVED,), ACCEPTED, "complaint.accepted"),
        Move("refuse", (RECEIVED,), REFUSED, "complaint.refused"),
        Move("pass_on", (RECEIVED,), PASSED_ON, "complaint.passed_on"),
        Move("merge", (RECEIVED,), MERGED, "complaint.merged"),
        Move("name", (RECEIVED, ACCEPTED, ROUTED, CONCLUDED), ACCEPTED, "complaint.named"),
        Move("route", (ACCEPTED, ROUTED), ROUTED, "complaint.routed"),
        Move("note", (ROUTED,), "", "complaint.noted"),
        Move("conclude", (ROUTED,), CONCLUDED, "complaint.concluded"),
        Move("follow", (CONCLUDED, ANSWERED, CLOSED), "", "complaint.followed"),
        Move("answer", (CONCLUDED,), ANSWERED, "complaint.answered"),
        Move("call_back", (ANSWERED,), CLOSED, "complaint.called_back"),
        Move("reopen", (ANSWERED, CLOSED, REFUSED), ACCEPTED, "complaint.reopened"),
    )
}


def allowed(step: str, state: str) -> bool:
    """Whether the step may be taken in that state."""
    return state in MOVES[step].states

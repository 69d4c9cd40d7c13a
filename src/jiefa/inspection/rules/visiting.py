"""Who may visit whom unannounced, and where a finding stands. Codes of places, posts and days alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from jiefa.access.rules import Role
from jiefa.kernel import division_codes

PLANNED, DONE, DROPPED = "planned", "done", "dropped"
OPEN, REPLIED, CLOSED = "open", "replied", "closed"
WRONG, FIXED = "wrong", "fixed"


def may_visit(inspecting: str, visited: str) -> bool:
    """Whether the unit of one place visits the other: only from strictly above, never itself."""
    return len(inspecting) < len(visited) and visited.startswith(inspecting)


def own_and_above(posts: Collection[tuple[Role, str]]) -> frozenset[str]:
    """The places of these posts and all above them: a plan to visit one of them is kept from whoever holds the posts."""
    areas = {area for _role, area in posts}
    return frozenset(areas | {code for area in areas for code in division_codes.ancestors(area)})


def is_late(state: str, due_on: dt.date, on: dt.date) -> bool:
    """Whether the next step of a finding is overdue."""
    return state != CLOSED and due_on < on

"""Which word on a target may follow which, and from whom; who stands above whom. Plain values.

A place above drafts, sends down and fixes; the place itself proposes another number. The province, which nobody stands above
here, fixes what it was given without sending it to itself.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from jiefa.access.rules import PERMISSIONS, Permission, Role
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level

PROVINCE, PREFECTURE, COUNTY, TOWNSHIP, VILLAGE = (LENGTH_OF_LEVEL[level] for level in Level)


class Side(StrEnum):
    """Whose word it is: of a place above, or of the place itself."""

    ABOVE = "above"
    OWN = "own"


DRAFT, SENT, PROPOSED, FIXED, NOTHING = "draft", "sent", "proposed", "fixed", ""
MAY_FOLLOW: dict[tuple[Side, str], frozenset[str]] = {
    (Side.ABOVE, DRAFT): frozenset((NOTHING, DRAFT)),
    (Side.ABOVE, SENT): frozenset((NOTHING, DRAFT, SENT, PROPOSED, FIXED)),
    (Side.ABOVE, FIXED): frozenset((SENT, PROPOSED, FIXED)),
    (Side.OWN, PROPOSED): frozenset((SENT, PROPOSED)),
}
"""By side and new state the states after which it may come; '' stands for no word yet."""


def uppers(code: str) -> tuple[str, ...]:
    """The places that set targets of ``code``: the one right above; of a county the province as well, which holds counties to
    account itself; of the province itself."""
    if len(code) == PROVINCE:
        return (code,)
    if len(code) == COUNTY:
        return code[:PREFECTURE], code[:PROVINCE]
    lengths = list(LENGTH_OF_LEVEL.values())
    return (code[: lengths[lengths.index(len(code)) - 1]],)


def below(code: str) -> tuple[int, ...]:
    """The digits of the places whose targets ``code`` sets, the nearest first; none of a village."""
    lengths = list(LENGTH_OF_LEVEL.values())
    if len(code) == VILLAGE:
        return ()
    nearest = lengths[lengths.index(len(code)) + 1]
    return (nearest, COUNTY) if len(code) == PROVINCE else (nearest,)


def holds(posts: Collection[tuple[Role, str]], permission: Permission, areas: Collection[str]) -> bool:
    """Whether one of the posts stands in exactly one of the areas and has the permission."""
    return any(area in areas and permission in PERMISSIONS[role] for role, area in posts)


def may_say(side: Side, before: str, after: str, code: str) -> bool:
    """Whether a word in the state ``after`` may come from ``side`` upon ``before`` ('' for none)."""
    if len(code) == PROVINCE and side is Side.ABOVE and after == FIXED:
        return True
    return before in MAY_FOLLOW.get((side, after), frozenset())


def steps(side: Side, before: str, code: str) -> tuple[str, ...]:
    """The states in which a new word may come from ``side``, in the order of the negotiation."""
    return tuple(state for state in (DRAFT, SENT, PROPOSED, FIXED) if may_say(side, before, state, code))


def shortfall(target: int, done: int) -> int:
    """What is left of a year's target; 0 where it was reached."""
    return max(0, target - done)

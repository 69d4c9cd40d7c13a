"""The households behind a share: all whom it is about, those of whom it is true, and the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from jiefa.assistance.queries import gaps, promises
from jiefa.assistance.queries.gaps import Asked, Gap, Rows
from jiefa.assistance.queries.promises import PARTS

SKILL, PUPILS = "skill", "pupils"


def _of_kept(rows: Callable[[Asked], Rows], part: str, asked: Asked) -> Rows:
    found = rows(asked)
    return found if part == "of" else found.filter(kept=part == "kept")


def _of_promise(name: str, part: str, site: str | None, asked: Asked) -> Rows:
    return promises.households(asked.within, asked.year, name, part, site)


SHARES = (SKILL, PUPILS, *promises.FOUR, *promises.RATES)
_FROM_CARDS: Mapping[str, tuple[Callable[[Asked], Rows], str]] = {
    SKILL: (gaps.trainable, "household_id"),
    PUPILS: (gaps.pupils, "person_id"),
}


def behind(share: str, part: str, site: str | None = None) -> Gap | None:
    """The list behind a share; ``site``: of relocation, the name of one. None for a share or part that is not known."""
    if share not in SHARES or part not in PARTS:
        return None
    name = f"{share}-{part}"
    if share in _FROM_CARDS:
        rows, key = _FROM_CARDS[share]
        return Gap(name, partial(_of_kept, rows, part), key, "household")
    return Gap(name, partial(_of_promise, share, part, site), "pk", "household")

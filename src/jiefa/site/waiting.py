"""How much waits for a reader, in one question that is composed once: every page shows it, and composing takes longest."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from jiefa.access.rules import Role, Scope
from jiefa.comparison.queries import comparisons
from jiefa.insight.queries import findings
from jiefa.policy import Pack
from jiefa.procedures import queries as dossiers
from jiefa.responsibility.queries import answering
from jiefa.stores.counts import Counts


@dataclass(frozen=True, slots=True)
class Tally:
    """Each counted no further than ``findings.COUNT_LIMIT``. ``waivers``: asked for, to be decided.

    ``leads``: of departments' lists, to be looked into; ``reviews``: what others found of such leads, to be reviewed.
    """

    desk: int = 0
    desk_overdue: int = 0
    unsettled: int = 0
    overdue: int = 0
    errors: int = 0
    warnings: int = 0
    waivers: int = 0
    without_helper: int = 0
    without_team: int = 0
    unvisited: int = 0
    leads: int = 0
    reviews: int = 0

    @property
    def all(self) -> int:
        """What the bell counts: dossiers, findings, leads to look into and to review. The others are parts of these, or of a place."""
        return self.desk + self.unsettled + self.leads + self.reviews


@dataclass(frozen=True)
class Asked:
    """Whose desk, where findings may be seen, waivers granted, helpers given, leads looked into and reviewed, for which year of cards,
    on which day."""

    posts: frozenset[tuple[Role, str]]
    findings: Scope
    waivers: Scope
    helpers: Scope
    leads: Scope
    reviews: Scope
    reviewer: str
    """Who does not review what they found themselves; empty for who reviews nothing."""
    year: int
    on: dt.date
    as_of: dt.date
    """The day on which somebody should answer: today, or the end of a past year."""
    seen_since: dt.date
    pack: Pack

    def tally(self) -> Tally:
        """The counts of this moment. One query, none for who may see nothing."""
        scopes = (self.findings, self.waivers, self.helpers, self.leads, self.reviews)
        if not self.posts and not any(scopes):
            return Tally()
        return Tally(*_composed(self).read())


@lru_cache(maxsize=4_096)
def _composed(asked: Asked) -> Counts:
    questions = [
        *dossiers.waiting(asked.posts, asked.pack, asked.on),
        *findings.waiting(asked.year, asked.on, asked.findings, asked.waivers),
        *answering.waiting(asked.helpers, asked.seen_since, asked.as_of),
        comparisons.to_look_into(asked.leads),
        comparisons.to_review(asked.reviews, asked.reviewer),
    ]
    return Counts(questions, findings.COUNT_LIMIT)

"""How much waits for a reader, in one question that is composed once: every page shows it, and composing takes longest."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from jiefa.access.queries import holder
from jiefa.access.rules import Role, Scope
from jiefa.comparison.queries import comparisons
from jiefa.hotline.queries import complaints
from jiefa.insight.queries import findings
from jiefa.inspection.queries import visits
from jiefa.policy import Pack
from jiefa.procedures import queries as dossiers
from jiefa.responsibility.queries import answering
from jiefa.stores.counts import Counts


@dataclass(frozen=True, slots=True)
class Tally:
    """Each counted no further than ``findings.COUNT_LIMIT``. ``waivers``: asked for, to be decided.

    ``leads``: of departments' lists, to be looked into; ``reviews``: what others found of such leads, to be reviewed.
    ``complaints``: of the hotline, whose next step the reader owes; ``complaints_below``: overdue one level below. Of unannounced visits
    what is overdue: ``to_put_right``, ``to_look_again``, ``to_visit``.
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
    complaints: int = 0
    complaints_overdue: int = 0
    complaints_below: int = 0
    to_put_right: int = 0
    to_look_again: int = 0
    to_visit: int = 0

    @property
    def besides_findings(self) -> int:
        """Dossiers, leads to look into and to review, complaints, what visits left overdue: all that the bell counts but findings."""
        of_visits = self.to_put_right + self.to_look_again + self.to_visit
        return self.desk + self.leads + self.reviews + self.complaints + self.complaints_below + of_visits

    @property
    def all(self) -> int:
        """What the bell counts. The others are parts of these, or of a place."""
        return self.besides_findings + self.unsettled


@dataclass(frozen=True)
class Asked:
    """Whose desk, where findings may be seen, waivers granted, helpers given, leads looked into and reviewed, for which year of cards,
    on which day."""

    posts: frozenset[tuple[Role, str]]
    """Of dossiers and complaints: none where a place is asked about."""
    visiting: frozenset[tuple[Role, str]]
    """Of unannounced visits, inside ``place``."""
    place: str | None
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
        if not self.posts and not self.visiting and not any(scopes):
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
        *complaints.waiting(holder("", asked.posts), asked.on),
        *visits.waiting(holder("", asked.visiting), asked.place, asked.on),
    ]
    return Counts(questions, findings.COUNT_LIMIT)

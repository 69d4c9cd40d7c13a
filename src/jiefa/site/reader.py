"""Who reads a page, about which place and year: taken from the request once, the same for every view."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from jiefa import policy, snapshots
from jiefa.access.middleware import actor
from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Role, Scope
from jiefa.areas import queries as areas
from jiefa.areas.models import Division
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.kernel.errors import Language
from jiefa.policy import CodeList, Pack
from jiefa.policy.indicators import IndicatorDefinition
from jiefa.procedures import queries as dossiers
from jiefa.registry.queries import readout
from jiefa.site.address import with_parameters
from jiefa.site.middleware import language
from jiefa.site.waiting import Asked, Tally
from jiefa.snapshots import Snapshot, SnapshotUnknown


def _of_townships(scope: Scope) -> Scope:
    """The townships and villages of the scope: a county reads on pages of their own what its townships do, not on every page."""
    return Scope(tuple(area for area in scope.areas if len(area) >= LENGTH_OF_LEVEL[Level.TOWNSHIP]))


@dataclass
class Reader:
    """The reader of one request. Place and year follow in the address (``place``, ``year``)."""

    request: HttpRequest
    place_code: str | None = None

    @cached_property
    def actor(self) -> Actor:
        return actor(self.request)

    @cached_property
    def lang(self) -> Language:
        return language()

    @cached_property
    def pack(self) -> Pack:
        return policy.load()

    @cached_property
    def indicators(self) -> dict[str, IndicatorDefinition]:
        """The pack's indicators by id."""
        return {definition.id: definition for definition in self.pack.indicators()}

    @property
    def place(self) -> Division | None:
        """The place of the page, else of the address, else where the reader's posts begin; None without a post.

        An address may name any place; one that is unknown or outside the reader's posts counts as none.
        """
        return self.way[-1] if self.way else None

    @cached_property
    def way(self) -> list[Division]:
        """The places from the province down to ``place``."""
        for code in (self.place_code, self.request.GET.get("place")):
            if code and self.actor.reaches(code):
                found = areas.way_up(code)
                if found and found[-1].code == code:
                    return found
        return areas.way_up(self.actor.widest_area) if self.actor.widest_area else []

    @cached_property
    def own_place(self) -> Division | None:
        """Where the reader's posts begin; None without a post."""
        if self.actor.widest_area is None:
            return None
        # It lies on the way, unless the page is about another of the reader's areas.
        known = {division.code: division for division in self.way}
        return known.get(self.actor.widest_area) or areas.division(self.actor.widest_area)

    @cached_property
    def years(self) -> list[int]:
        """The years that have cards, ascending."""
        return readout.years()

    @cached_property
    def year(self) -> int:
        """The year of the address where there is one on file, else the latest on file, else this one."""
        asked = self.request.GET.get("year", "")
        if asked.isdecimal() and int(asked) in self.years:
            return int(asked)
        return self.years[-1] if self.years else timezone.localdate().year

    @cached_property
    def home(self) -> Path:
        return Path(settings.JIEFA_HOME)

    @cached_property
    def snapshot(self) -> Snapshot | None:
        """The newest snapshot of the year, if there is one."""
        try:
            return snapshots.latest(self.home, self.year)
        except SnapshotUnknown:
            return None

    @cached_property
    def desk(self) -> list[tuple[str, str, int, int]]:
        """``(procedure, step, dossiers, of these overdue)`` on the reader's desk today."""
        return dossiers.desk_counts(self.actor, self.pack, timezone.localdate())

    @cached_property
    def waiting(self) -> Tally:
        """What waits for the reader, counted."""
        return self._asked(self.actor.posts, None).tally()

    def waiting_in(self, place: str) -> Tally:
        """The findings that wait for the reader inside ``place``, of cards and of visits, counted."""
        return self._asked(frozenset(), place).tally()

    def _asked(self, posts: frozenset[tuple[Role, str]], place: str | None) -> Asked:
        edits = self.actor.scope(Permission.HOUSEHOLD_EDIT).narrowed(place)
        loads = self.actor.scope(Permission.LEAD_LOAD)
        reviews = Scope.over(part for area in edits.areas for part in loads.narrowed(area).areas)
        return Asked(
            posts=posts,
            visiting=self.actor.posts,
            place=place,
            findings=self.actor.scope(Permission.FINDING_VIEW).narrowed(place),
            waivers=self.actor.scope(Permission.FINDING_WAIVE).narrowed(place),
            helpers=_of_townships(self.actor.scope(Permission.HELPER_ASSIGN).narrowed(place)),
            leads=_of_townships(edits),
            reviews=reviews,
            reviewer=self.actor.name if reviews else "",
            year=self.year,
            on=timezone.localdate(),
            as_of=self.as_of,
            seen_since=self.visited_since(self.as_of),
            pack=self.pack,
        )

    @property
    def as_of(self) -> dt.date:
        """The day that pages about who answers speak of: today, or the last day of a past year.

        In the months before the year's first roster the latest year on file is last year's, and who answers is asked of today.
        """
        today, latest = timezone.localdate(), self.year == max(self.years, default=self.year)
        return today if latest and today.year == self.year + 1 else min(today, dt.date(self.year, 12, 31))

    def visited_since(self, on: dt.date) -> dt.date:
        """The first day of the interval that ends ``on`` and within which every household is visited."""
        return on - dt.timedelta(days=int(self.pack.at(on).number("responsibility.visit_days")) - 1)

    @cached_property
    def takes_steps(self) -> bool:
        """Whether one of the reader's posts takes a step of any procedure."""
        return any(dossiers.steps_of_role(role, area, self.pack) for role, area in self.actor.posts)

    def scope(self, permission: Permission) -> Scope:
        """Where the reader holds ``permission``, narrowed to the place of the address. Raises ``NotAllowed``."""
        return self.actor.demand(permission)

    def codes(self, name: str) -> CodeList:
        return self.pack.for_year(self.year).codes(name)

    def label(self, name: str, code: str | None) -> str:
        """The label of a code in the reader's language; empty for None."""
        return self.pack.codes(name).label(code, self.lang) if code else ""

    def words(self, zh: str, en: str) -> str:
        """Data that is bilingual by itself, in the reader's language."""
        return zh if self.lang == "zh" else en

    def at(self, url: str, **more: object) -> str:
        """``url`` with the year (and more) carried along."""
        return with_parameters(url, year=self.year, **more)

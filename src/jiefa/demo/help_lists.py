"""Whom the demonstration helps, read from the register as it stands, and the lists in which an office sends that in."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db.models import F

from jiefa.access.queries import Actor, gate
from jiefa.access.rules import Scope
from jiefa.casework import lists
from jiefa.lists.actions import tally
from jiefa.lists.models import ReceivedList
from jiefa.policy import Pack
from jiefa.registry.models import HouseholdYear, PersonYear

YEAR = 2015
ROWS = 50_000
"""Rows in one list."""
LABOUR = ("ordinary", "skilled")

Cells = tuple[object, ...]


@dataclass(slots=True)
class Member:
    name: str
    born: dt.date | None
    labour: str | None
    school: str | None
    work_place: str | None


@dataclass(slots=True)
class Home:
    """A household by its card. ``members``: those whose name nobody else in it has, so that a list can name them."""

    key: int
    number: str
    village: str
    size: int
    kind: str | None
    household_class: str | None
    danger: str | None
    causes: tuple[str, ...]
    members: list[Member] = field(default_factory=list)

    def borrower(self, first: dt.date, last: dt.date) -> Member | None:
        """Somebody who is of age on the first day and not too old on the last."""
        oldest, youngest = dt.date(last.year - 64, 1, 1), dt.date(first.year - 19, 1, 1)
        return next((one for one in self.members if one.born and oldest <= one.born <= youngest), None)

    def trainee(self) -> Member | None:
        return next((one for one in self.members if one.labour in LABOUR), None)


def homes_of(county: str, *statuses: str) -> list[Home]:
    """The households of a county with these statuses at the year's end, by key, with those people who still belong to them."""
    within = Scope((county,))
    cards = gate(HouseholdYear.objects.filter(year=YEAR, poverty_status__in=statuses), within).order_by("household_id")
    names = ("household_id", "household__number", "village_code", "size", "kind", "household_class", "house_danger")
    causes = ("main_cause", "other_cause_1", "other_cause_2")
    found = {}
    for *facts, main, second, third in cards.values_list(*names, *causes):
        key, number, village, size, kind, household_class, danger = facts
        stated = tuple(cause for cause in (main, second, third) if cause)
        found[key] = Home(key, number, village, size, kind, household_class, danger, stated)
    still = PersonYear.objects.filter(year=YEAR, person__household=F("household"))
    people = gate(still, within).order_by("person_id")
    columns = ("household_id", "person__name", "person__birth_date", "labour", "school_stage", "work_place")
    for key, *facts in people.values_list(*columns):
        if key in found:
            found[key].members.append(Member(*facts))
    for home in found.values():
        called = Counter(one.name for one in home.members)
        home.members = [one for one in home.members if called[one.name] == 1]
    return list(found.values())


@dataclass
class Sender:
    """Sends a list whenever there are ``ROWS`` rows of it."""

    kind: str
    header: Cells
    by: Actor
    pack: Pack
    rows: list[Cells] = field(default_factory=list)
    sent: list[ReceivedList] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        self.rows.append(cells)
        if len(self.rows) >= ROWS:
            self.send()

    def send(self) -> None:
        if not self.rows:
            return
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / f"{self.kind}{YEAR}-{len(self.sent) + 1}.csv"
            with file.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows([self.header, *self.rows])
            made = lists.load(file=file, name=file.name, kind=self.kind, by=self.by, pack=self.pack)
        assert made.held_back == 0, tally(made)
        self.sent.append(made)
        self.rows = []


def spread(homes: Sequence[Home], count: int) -> list[Home]:
    """``count`` of the households, spread evenly over all."""
    return [homes[place * len(homes) // count] for place in range(count)] if count else []

"""Villages that left, townships and counties that the province de-listed from 2011 to 2015, counties that left nationally from 2016 on.

How many and, of the counties that left nationally, which: published. Which ones the province de-listed: made up. Villages
leave by their standard alone: no source gives their numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from jiefa.areas.models import Designation, DesignationKind, DivisionYear
from jiefa.demo import history, reference
from jiefa.demo.history import Offices
from jiefa.exits.actions import places
from jiefa.exits.queries import place as standards
from jiefa.exits.rules.household import unmet
from jiefa.policy import Pack

DELISTED: Mapping[int, tuple[int, int]] = {2013: (3, 207), 2014: (11, 159), 2015: (10, 219)}
"""Counties and townships by year: 14 and 366 until 2014, of these 11 and 159 in 2014; 10 and 219 in 2015 (ledger R06, R07,
E05, E06; Xinhua 2015-01-26). What went before 2014 is told as of 2013, when the register begins."""
FIRST_VILLAGES = 2014
"""The first year at whose end villages leave: the procedure begins with the register."""
EVALUATION: Mapping[str, object] = {
    "incidence_permyriad": 182,
    "wrong_exit_permyriad": 41,
    "missed_permyriad": 57,
    "approval_permyriad": 9_423,
}
"""Made up: one county's evaluation as it might have been, the same for all."""


def decide(until: int, pack: Pack) -> None:
    """Every de-listing and exit of a place up to the year ``until``, as dossiers that went their whole way."""
    offices = history.offices_of(tuple(county.code for county in reference.counties()))
    key = [county.code for county in reference.counties() if county.key_county]
    poor = Designation.objects.filter(kind=DesignationKind.POOR_TOWNSHIP).order_by("division")
    townships = list(poor.values_list("division_id", flat=True))
    for year, (some_counties, some_townships) in DELISTED.items():
        if year > until:
            break
        _take("township_delisting", townships[:some_townships], year, offices, pack)
        _take("county_delisting", key[:some_counties], year, offices, pack)
        townships, key = townships[some_townships:], key[some_counties:]
    _villages_leave(until, offices, pack)
    for year in range(2016, until + 1):
        leaving = [county.code for county in reference.counties() if county.delisted_year == year]
        _take("county_exit", leaving, year, offices, pack)


def _villages_leave(until: int, offices: Offices, pack: Pack) -> None:
    """Every poor village leaves in the first year in which it meets the standard. No source says which left when, or how many.

    At a small scale a village without people reports none and stays.
    """
    lived_in = DivisionYear.objects.filter(rural_registered_people__isnull=False).values("division_id")
    poor = Designation.objects.filter(kind=DesignationKind.POOR_VILLAGE, division__in=lived_in).order_by("division")
    waiting = list(poor.values_list("division_id", flat=True))
    for year in range(FIRST_VILLAGES, until + 1):
        items = standards.village_standard(waiting, year, pack)
        leaving = [code for code in waiting if not unmet(items[code])]
        _take("village_exit", leaving, year, offices, pack, begins=dt.date(year, 12, 1))
        gone = set(leaving)
        waiting = [code for code in waiting if code not in gone]


def _take(
    procedure: str, codes: Sequence[str], year: int, offices: Offices, pack: Pack, begins: dt.date | None = None
) -> None:
    if not codes:
        return
    begins = begins or dt.date(year, 9, 15)
    first = pack.procedure(procedure, begins).first
    keys = places.propose(
        procedure=procedure, codes=codes, year=year, by=offices.of(first, {}), on=begins, pack=pack, campaign=f"{year}"
    )
    history.walk(procedure=procedure, keys=keys, offices=offices, begins=begins, pack=pack, facts=EVALUATION)

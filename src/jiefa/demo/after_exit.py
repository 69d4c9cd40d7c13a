"""After exit in the demonstration: help that went on or stopped, leads from cards, of households and of a department, watches at
different steps, one risk removed, one household on its way back. All of one county; its facts are made up.

The return stays under way: an entry would change the published numbers of the year.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from jiefa.access.queries import gate, operator
from jiefa.access.rules import Scope
from jiefa.assistance.actions import plans
from jiefa.assistance.rules.plans import Promise
from jiefa.casework import actions as casework
from jiefa.casework import lists
from jiefa.demo import history, pending
from jiefa.demo.help_lists import YEAR
from jiefa.demo.history import Offices
from jiefa.exits.rules.household import unmet
from jiefa.kernel.division_codes import Level
from jiefa.monitoring.actions import events, scoring, watches
from jiefa.monitoring.actions.events import Happened
from jiefa.monitoring.actions.lists import WARNINGS
from jiefa.monitoring.queries import cards
from jiefa.monitoring.queries import watches as watch_queries
from jiefa.policy import Pack
from jiefa.registry.models import Household

PROVINCE, COUNTY = "52", pending.VILLAGE[:6]
LEFT, TOLD, CHECKED = YEAR - 1, dt.date(YEAR, 3, 9), dt.date(YEAR, 10, 12)
HELPED = 6
"""Households that left and had a plan before and after (made up)."""
BEFORE, AFTER = ("medical_aid", "education_aid", "employment"), ("medical_aid", "employment")
STOPS = ("", "", "", "township_review", "notice", "check")
"""The step at which the dossier of a watch waits; '': it is watched."""
HAPPENED = (("accident", "务工受伤，三个月不能干活"), ("medical", "家人住院两次"), ("work", "务工的厂停产"))
STATED = {
    **history.STATED,
    **dict.fromkeys(("at_risk", "income_stable", "risk_gone", "no_new_risk"), True),
}


def _left(year: int) -> list[Household]:
    """The households of the county that left in a year, by key."""
    rows = Household.objects.filter(poverty_status="exited", exited_year=year).order_by("pk")
    return list(gate(rows, Scope((COUNTY,))))


def help_on(until: int, pack: Pack) -> None:
    """Plans of households that left: what was done in the year in which they did, and what of it the year after."""
    if until < YEAR:
        return
    by = history.offices_of((COUNTY,)).first(Level.VILLAGE)
    for place, home in enumerate(_left(LEFT)[:HELPED]):
        # Every third lost nothing.
        for year, kinds in ((LEFT, BEFORE), (YEAR, BEFORE if place % 3 == 2 else AFTER)):
            due = dt.date(year, 9, 30)
            promised = [Promise(kind, "村两委", due, fen=60_000) for kind in kinds]
            plans.draw_up(household_id=home.pk, year=year, promises=promised, by=by, pack=pack)
            signed = plans.sign(household_id=home.pk, year=year, signed_by="户主", on=dt.date(year, 3, 20), by=by)
            for one in signed.measures.order_by("pk"):
                plans.deliver(measure_id=one.pk, on=due, fen=60_000, result="已落实", by=by)


def watch(until: int, folder: Path, pack: Pack) -> None:
    """Leads, watches and the order of visits of the last year; the watches of 2015 alone, whose cards they go by."""
    if until < YEAR:
        return
    snapshot = cards.newest(until)
    assert snapshot is not None, until
    whole = operator((PROVINCE,))
    if until == YEAR:
        _watches(history.offices_of((COUNTY,)), folder, pack)
    events.raise_from_cards(snapshot=snapshot, by=whole, pack=pack)
    scoring.score(year=until, by=whole, pack=pack)


def _watches(offices: Offices, folder: Path, pack: Pack) -> None:
    homes = _left(LEFT)
    if not homes:
        return
    village = offices.first(Level.VILLAGE)
    # Who meets the standard comes first: its risk will be gone.
    asked = {home.pk: STATED for home in homes}
    items = watch_queries.standard_of(asked, YEAR, pack, asked)
    homes.sort(key=lambda home: (len(unmet(items.get(home.pk, ()))), home.pk))
    for place, home in enumerate(homes[: len(STOPS)]):
        trigger, detail = HAPPENED[place % len(HAPPENED)]
        happened = Happened("self", trigger, TOLD, 350_000, detail)
        events.report(household=home, happened=happened, today=TOLD, by=village, pack=pack)
    for stops_at, own in _by_step(homes):
        keys = watches.propose(household_ids=[home.pk for home in own], by=village, on=TOLD, pack=pack)
        history.walk(
            procedure=watches.WATCH, keys=keys, offices=offices, begins=TOLD, pack=pack, facts=STATED, stops_at=stops_at
        )
    _end(homes, not unmet(items.get(homes[0].pk, ())), offices, pack)
    _warn(homes[-1], folder, pack)


def _by_step(homes: Sequence[Household]) -> list[tuple[str, list[Household]]]:
    return [
        (stop, own)
        for stop in dict.fromkeys(STOPS)
        if (own := [home for home, where in zip(homes, STOPS, strict=False) if where == stop])
    ]


def _end(homes: Sequence[Household], fit: bool, offices: Offices, pack: Pack) -> None:
    """The first watch is over; the household of the second is proposed to return, and waits for the township."""
    village = offices.first(Level.VILLAGE)
    if fit:
        keys = watches.propose_removal(household_ids=[homes[0].pk], by=village, on=CHECKED, pack=pack)
        able = watch_queries.able([homes[0].pk], {homes[0].pk: YEAR})[homes[0].pk]
        # Nobody able to work: flagged, and answered by who reviews it. Left on the desk of the township.
        stops_at = "" if able else "township_review"
        history.walk(
            procedure=watches.REMOVAL,
            keys=keys,
            offices=offices,
            begins=CHECKED,
            pack=pack,
            facts=STATED,
            stops_at=stops_at,
        )
    if len(homes) > 1:
        keys = casework.propose_households(
            procedure="household_return",
            household_ids=[homes[1].pk],
            year=YEAR,
            by=village,
            on=CHECKED,
            pack=pack,
        )
        history.walk(
            procedure="household_return",
            keys=keys,
            offices=offices,
            begins=CHECKED,
            pack=pack,
            facts=STATED,
            stops_at="township_review",
        )


def _warn(home: Household, folder: Path, pack: Pack) -> None:
    """A department's list about one more household, as an office sends it."""
    file = folder / f"医保预警名单{YEAR}.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["户编号", "风险情形", "金额", "日期", "部门", "说明"])
        labels = (pack.codes("watch_trigger").label("medical", "zh"), pack.codes("warning_department"))
        writer.writerow(
            [
                home.number,
                labels[0],
                "12600",
                f"{YEAR}-11-20",
                labels[1].label("health_insurance", "zh"),
                "大病住院自付",
            ]
        )
    lists.load(file=file, name=file.name, kind=WARNINGS, by=operator((PROVINCE,)), pack=pack)

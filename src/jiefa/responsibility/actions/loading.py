"""Lists from a workbook (cadres, teams, attendance, helpers, visits, pairings and their book): found on file, done by the bulk
actions. All or nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from jiefa import sheets
from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.policy import Pack
from jiefa.registry.queries import households
from jiefa.responsibility.actions import appointing, pairings, people, teams, visiting
from jiefa.responsibility.actions.appointing import Appointment
from jiefa.responsibility.actions.pairings import NewArrival, NewCommitment, NewPairing
from jiefa.responsibility.actions.people import NewCadre
from jiefa.responsibility.actions.teams import Month, NewTeam
from jiefa.responsibility.actions.visiting import NewVisit
from jiefa.responsibility.queries import lists
from jiefa.responsibility.queries import people as cadres
from jiefa.responsibility.queries.pairings import inside
from jiefa.responsibility.rules import refusals
from jiefa.responsibility.rules.refusals import Problem
from jiefa.sheets.forms import specs_of

Row = Mapping[str, Any]
LISTS = ("cadres", "teams", "attendance", "helpers", "visits", "pairings", "commitments", "arrivals")
BY_PAIRING = frozenset(("pairings", "commitments", "arrivals"))
PROVINCE = 2
"""Digits of the seat of a unit for which none is given."""


def permission(kind: str, by: Actor) -> Permission:
    """What the actor needs to load a list of that kind."""
    if kind == "cadres":
        return people.right(by)
    return Permission.PAIRING_RECORD if kind in BY_PAIRING else Permission.HELPER_ASSIGN


@dataclass(frozen=True, slots=True)
class Loaded:
    """A list after it was loaded: rows read, and what of it was new."""

    rows: int
    done: int


@transaction.atomic
def load(*, kind: str, file: Path, name: str, by: Actor, pack: Pack) -> Loaded:
    """The list of that ``kind`` (one of ``LISTS``) done by the bulk actions.

    Raises ``NotAllowed``, the errors of ``sheets``, ``ListWrong``, ``ListEmpty``, and those of the action.
    """
    by.demand(permission(kind, by))
    read = sheets.read(file, specs_of(pack, pack.form(kind)))
    problems = [
        Problem(row, said.zh, said.en, said.column, said.code)
        for said in read.remarks
        if said.severity == "error"
        for row in said.rows or (said.row or 1,)
    ]
    if problems:
        raise refusals.ListWrong.of(name, problems)
    rows = read.tables[kind].to_pylist()
    if not rows:
        raise refusals.ListEmpty(file=name)
    done = _DOORS[kind](_List(name, read.digest, rows, by, permission(kind, by), pack))
    audit.record(
        chain="system",
        by=by.name,
        action="list.loaded",
        object_type="list",
        object_id=kind,
        diff={"file": name[:120], "digest": read.digest, "rows": len(rows), "done": done},
    )
    return Loaded(len(rows), done)


def check(*, kind: str, file: Path, name: str, by: Actor, pack: Pack, report: Path) -> bool:
    """Whether rows are wrong: then ``report`` is the list with what is wrong beside each row. Nothing is written either way.

    Raises as ``load`` what is about the list as a whole.
    """
    try:
        with transaction.atomic():
            load(kind=kind, file=file, name=name, by=by, pack=pack)
            transaction.set_rollback(True)
    except refusals.ListWrong as wrong:
        problems: Sequence[Problem] = wrong.context["problems"]  # type: ignore[assignment]
        marks = (sheets.Mark(kind, one.row, one.column, "error", one.rule, one.zh) for one in problems)
        sheets.write_report(file, specs_of(pack, pack.form(kind)), marks, report)
        return True
    return False


@dataclass(frozen=True, slots=True)
class _List:
    name: str
    digest: str
    rows: Sequence[Row]
    by: Actor
    needs: Permission
    pack: Pack
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, row: Row, zh: str, en: str, column: str | None = None) -> None:
        self.problems.append(Problem(row["row"], zh, en, column))

    def check(self) -> None:
        """Nothing where no row is wrong. Raises ``ListWrong`` with all that are."""
        if self.problems:
            raise refusals.ListWrong.of(self.name, self.problems)

    def cadre_of(self, column: str = "number") -> Callable[[Row], int]:
        """The key of the cadre who is meant by the number in a column of a row; 0 where there is none, which is noted."""
        found = cadres.by_number([row[column] for row in self.rows if row[column]], self.by.scope(self.needs))

        def one(row: Row) -> int:
            if row[column] in found:
                return found[row[column]].pk
            self.wrong(row, f"没有编号为“{row[column]}”的干部", f"no cadre {row[column]!r}", column)
            return 0

        return one

    def home_of(self) -> Callable[[Row], int]:
        """The key of the household of a row, 0 where there is none, which is noted; the action says whether it is the actor's."""
        found = households.keys_by_number([row["household_number"] for row in self.rows if row["household_number"]])

        def one(row: Row) -> int:
            number = row["household_number"]
            if number in found:
                return found[number]
            self.wrong(row, f"没有编号为“{number}”的农户", f"no household {number!r}", "household_number")
            return 0

        return one


def _cadres(given: _List) -> int:
    codes = sorted({row["area_code"] for row in given.rows})
    on_file: set[str] = set()
    for first in range(0, len(codes), cadres.AT_ONCE):
        on_file |= set(areas.named(codes[first : first + cadres.AT_ONCE]))
    made = []
    for row in given.rows:
        area = row["area_code"]
        if area not in on_file:
            given.wrong(row, f"没有代码为“{area}”的行政区划", f"no division with the code {area!r}", "area_code")
        made.append(
            NewCadre(
                number=row["number"],
                name=row["name"],
                rank=row["rank"],
                area_code=area,
                organisation=row["organisation"],
                organisation_kind=row["organisation_kind"],
                seat=area[:6],
                from_date=row["from_date"],
                username=row["username"] or "",
            )
        )
    given.check()
    return people.enter_many(cadres=made, by=given.by)


def _teams(given: _List) -> int:
    cadre_of = given.cadre_of()
    by_day: dict[dt.date, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    days: dict[str, dt.date] = {}
    for row in given.rows:
        village, on = row["village_code"], row["from_date"]
        if days.setdefault(village, on) != on:
            given.wrong(row, "同一村的开始日期不一致", "one village with two days", "from_date")
        by_day[on][village].append((cadre_of(row), row["role"]))
    given.check()
    return sum(
        teams.form_teams(teams=[NewTeam(village, tuple(own)) for village, own in villages.items()], on=on, by=given.by)
        for on, villages in sorted(by_day.items())
    )


def _helpers(given: _List) -> int:
    cadre_of, home_of = given.cadre_of(), given.home_of()
    by_day: dict[dt.date, list[Appointment]] = defaultdict(list)
    seen: set[int] = set()
    for row in given.rows:
        home = home_of(row)
        if home and home in seen:
            given.wrong(row, "一户写了两行", "a household with two rows", "household_number")
        seen.add(home)
        by_day[row["from_date"]].append(Appointment(home, cadre_of(row)))
    given.check()
    return sum(
        appointing.appoint_many(appointments=own, on=on, by=given.by, pack=given.pack).appointed
        for on, own in sorted(by_day.items())
    )


def _visits(given: _List) -> int:
    cadre_of, home_of = given.cadre_of(), given.home_of()
    made = []
    for row in given.rows:
        if not (row["household_number"] or row["village_code"]):
            given.wrong(row, "户编号和行政村代码都没有填", "neither household nor village is filled in")
        made.append(
            NewVisit(
                on=row["visited_on"],
                cadre_id=cadre_of(row),
                purpose=row["purpose"],
                found=row["found"],
                household_id=home_of(row) if row["household_number"] else None,
                village_code=row["village_code"] or "",
                next_step=row["next_step"] or "",
            )
        )
    given.check()
    return visiting.record_many(visits=made, by=given.by, of_list=given.digest)


def _attendance(given: _List) -> int:
    cadre_of = given.cadre_of()
    months = [
        Month(
            cadre_of(row),
            row["year"],
            row["month"],
            row["present"],
            {kind: days for kind in lists.LEAVE if (days := row[f"leave_{kind}"])},
        )
        for row in given.rows
    ]
    given.check()
    return teams.record_attendance(months=months, by=given.by)


def _seat(row: Row) -> str:
    return str(row["seat"] or row["area_code"][:PROVINCE])


def _pairings(given: _List) -> int:
    leader_of = given.cadre_of("leader")
    made = [
        NewPairing(
            organisation=row["organisation"],
            organisation_kind=row["organisation_kind"],
            seat=_seat(row),
            kind=row["kind"],
            area_code=row["area_code"],
            on=row["from_date"],
            leader_id=leader_of(row) if row["leader"] else None,
        )
        for row in given.rows
    ]
    given.check()
    return pairings.pair_many(pairings=made, by=given.by, pack=given.pack)


def _paired(given: _List) -> Callable[[Row], int]:
    """The key of the pairing of a row: the latest between this unit, or this leader, and the place."""
    rows = inside(given.by.scope(given.needs)).order_by("pk")
    columns = ("organisation__name", "organisation__area_code", "leader__number", "kind", "area_code", "pk")
    found: dict[tuple[str | None, ...], int] = {tuple(key): pk for *key, pk in rows.values_list(*columns)}

    def one(row: Row) -> int:
        key = (row["organisation"], _seat(row), row["leader"] or None, row["kind"], row["area_code"])
        if key in found:
            return found[key]
        given.wrong(row, "没有这种结对关系，请先登记结对", "no such pairing; enter it first", "organisation")
        return 0

    return one


def _commitments(given: _List) -> int:
    paired = _paired(given)
    made = [
        NewCommitment(paired(row), row["day"], row["form"], row["what"], row["amount_fen"], row["due"])
        for row in given.rows
    ]
    given.check()
    return pairings.promise_many(commitments=made, by=given.by, of_list=given.digest)


def _arrivals(given: _List) -> int:
    paired = _paired(given)
    made = [
        NewArrival(
            pairing_id=paired(row),
            on=row["day"],
            form=row["form"],
            what=row["what"],
            amount_fen=row["amount_fen"],
            source=row["source"],
            area_code=row["came_to"] or "",
            voucher=row["voucher"] or "",
        )
        for row in given.rows
    ]
    given.check()
    return pairings.arrive_many(arrivals=made, by=given.by, of_list=given.digest)


_DOORS: Mapping[str, Callable[[_List], int]] = {
    "cadres": _cadres,
    "teams": _teams,
    "attendance": _attendance,
    "helpers": _helpers,
    "visits": _visits,
    "pairings": _pairings,
    "commitments": _commitments,
    "arrivals": _arrivals,
}

"""Lists of who answers for whom: cadres, teams, attendance, helpers, visits, pairings and their book, done by the bulk actions."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.kernel.errors import JiefaError
from jiefa.lists.kinds import Judged, Kind
from jiefa.lists.models import ReceivedList
from jiefa.lists.rules import Kept, Remark
from jiefa.policy import Pack
from jiefa.registry.queries import households
from jiefa.responsibility.actions import appointing, pairings, people, teams, visiting
from jiefa.responsibility.actions.appointing import After, Appointment
from jiefa.responsibility.actions.pairings import NewArrival, NewCommitment, NewPairing
from jiefa.responsibility.actions.people import NewCadre
from jiefa.responsibility.actions.teams import Month, NewTeam
from jiefa.responsibility.actions.visiting import NewVisit
from jiefa.responsibility.queries import lists
from jiefa.responsibility.queries import people as cadres
from jiefa.responsibility.queries.pairings import inside
from jiefa.responsibility.rules import refusals
from jiefa.responsibility.rules.refusals import Problem

Row = Mapping[str, Any]
LISTS = ("cadres", "teams", "attendance", "helpers", "visits", "pairings", "commitments", "arrivals")
BY_PAIRING = frozenset(("pairings", "commitments", "arrivals"))
PERMISSIONS = frozenset((Permission.HELPER_ASSIGN, Permission.PAIRING_RECORD))
MOST_FAULTS = 50
PROVINCE = 2
"""Digits of the seat of a unit for which none is given."""


def permission(kind: str, by: Actor) -> Permission:
    """What the actor needs to load a list of that kind."""
    if kind == "cadres":
        return people.right(by)
    return Permission.PAIRING_RECORD if kind in BY_PAIRING else Permission.HELPER_ASSIGN


def kind(name: str, pack: Pack, after: After) -> OfAnswering:
    """The kind of list of that name, one of ``LISTS``; ``after``: told which households a list gives another helper."""
    return OfAnswering(name, pack, after)


def _nobody_told(households: Collection[int], on: dt.date, by: Actor) -> int:
    """Of a trial, which is undone, nobody need be told."""
    return 0


class OfAnswering(Kind[Row]):
    """A list of who answers for whom. A row is wrong where the bulk action would refuse it: that is found by trying.

    The trial is undone whatever it finds. Where an action names no row, the shortest beginning of the list that it refuses
    ends with the one at fault: a dozen trials a row, so that after ``MOST_FAULTS`` of them the list is refused as it is.
    """

    def __init__(self, name: str, pack: Pack, after: After) -> None:
        self.form, self.after = pack.form(name), after
        self.id, self.zh, self.en = name, self.form.zh, self.form.en

    def uploads(self, by: Actor) -> Permission:
        return permission(self.id, by)

    def accepts(self, by: Actor) -> Permission:
        return permission(self.id, by)

    def examine(self, rows: Sequence[Row], judged: Judged[Row], within: Scope, by: Actor, pack: Pack) -> None:
        judged.found = [(row["row"], row) for row in rows]
        spoken = {code[:6] for row in rows if (code := row.get("area_code") or row.get("village_code"))}
        judged.areas = {area for code in spoken for area in within.narrowed(code).areas} or set(within.areas)
        left = [row for row in rows if row["row"] not in judged.held]
        for _fault in range(MOST_FAULTS):
            reason = self._refusal(left, by, pack)
            if reason is None:
                return
            for line, remark in self._at_fault(left, reason, by, pack):
                judged.say(line, remark)
            left = [row for row in left if row["row"] not in judged.held]
        raise refusals.TooManyFaults(count=MOST_FAULTS)

    def _refusal(self, rows: Sequence[Row], by: Actor, pack: Pack) -> JiefaError | None:
        """Why the rows cannot be put on file; nothing is written either way."""
        if not rows:
            return None
        try:
            with transaction.atomic():
                self._put(rows, "", by, pack, _nobody_told)
                transaction.set_rollback(True)
        except JiefaError as reason:
            return reason
        return None

    def _at_fault(self, rows: Sequence[Row], reason: JiefaError, by: Actor, pack: Pack) -> Iterator[tuple[int, Remark]]:
        """The rows that are wrong, of rows that are refused for that reason."""
        if isinstance(reason, refusals.RowsWrong):
            for one in reason.problems:
                yield one.row, Remark("error", f"list.{one.column or 'row'}", one.column or "", one.zh, one.en)
            return
        good, bad, why = 0, len(rows), reason
        while bad - good > 1:
            middle = (good + bad) // 2
            refused = self._refusal(rows[:middle], by, pack)
            if refused is None:
                good = middle
            elif isinstance(refused, refusals.RowsWrong):
                yield from self._at_fault(rows[:middle], refused, by, pack)
                return
            else:
                bad, why = middle, refused
        yield rows[bad - 1]["row"], Remark("error", why.code, "", why.message("zh"), why.message("en"))

    def _put(self, rows: Sequence[Row], digest: str, by: Actor, pack: Pack, after: After) -> int:
        return _DOORS[self.id](_List(digest, rows, by, permission(self.id, by), pack, after))

    def unchanged(self, rows: Sequence[Row]) -> int:
        """None: what stands already is left alone when the list is accepted, and counted then."""
        return 0

    def take(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: Actor, pack: Pack) -> Kept:
        return Kept(min(self._put(rows, of_list.digest, by, pack, self.after), len(rows)), 0, 0)

    def plain(self, row: Row) -> dict[str, object]:
        return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in row.items()}

    def row(self, plain: Mapping[str, Any]) -> Row:
        days = {one.id for one in self.form.sheets[0].fields if one.type == "date"}
        return {
            name: dt.date.fromisoformat(value) if name in days and value is not None else value
            for name, value in plain.items()
        }


@dataclass(frozen=True, slots=True)
class _List:
    digest: str
    rows: Sequence[Row]
    by: Actor
    needs: Permission
    pack: Pack
    after: After
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, row: Row, zh: str, en: str, column: str | None = None) -> None:
        self.problems.append(Problem(row["row"], zh, en, column))

    def check(self) -> None:
        """Nothing where no row is wrong. Raises ``RowsWrong`` with all that are."""
        if self.problems:
            raise refusals.RowsWrong(self.problems)

    def cadre_of(self, column: str = "number") -> Callable[[Row], int]:
        """The key of the cadre who is meant by the number in a column of a row; 0 where there is none, which is noted."""
        found = cadres.by_number([row[column] for row in self.rows if row[column]], self.by.scope(self.needs))

        def one(row: Row) -> int:
            if row[column] in found:
                return found[row[column]].pk
            self.wrong(
                row,
                f"没有编号为“{row[column]}”的干部。请核对编号，或先登记干部。",
                f"No cadre {row[column]!r}. Check the number or enter the cadre first.",
                column,
            )
            return 0

        return one

    def home_of(self) -> Callable[[Row], int]:
        """The key of the household of a row, 0 where there is none, which is noted; the action says whether it is the actor's."""
        found = households.keys_by_number([row["household_number"] for row in self.rows if row["household_number"]])

        def one(row: Row) -> int:
            number = row["household_number"]
            if number in found:
                return found[number]
            self.wrong(
                row,
                f"没有编号为“{number}”的农户。请核对户编号。",
                f"No household {number!r}. Check the number.",
                "household_number",
            )
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
            given.wrong(
                row,
                f"没有代码为“{area}”的行政区划。请核对代码。",
                f"No division has the code {area!r}. Check it.",
                "area_code",
            )
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
            given.wrong(
                row, "同一村的开始日期不一致。请改成同一天。", "One village with two days. Give one day.", "from_date"
            )
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
            given.wrong(row, "一户写了两行。请只保留一行。", "A household with two rows. Keep one.", "household_number")
        seen.add(home)
        by_day[row["from_date"]].append(Appointment(home, cadre_of(row)))
    given.check()
    return sum(
        appointing.appoint_many(appointments=own, on=on, by=given.by, pack=given.pack, after=given.after).appointed
        for on, own in sorted(by_day.items())
    )


def _visits(given: _List) -> int:
    cadre_of, home_of = given.cadre_of(), given.home_of()
    made = []
    for row in given.rows:
        if not (row["household_number"] or row["village_code"]):
            given.wrong(
                row, "户编号和行政村代码都没有填。请填一项。", "Neither household nor village is filled in. Give one."
            )
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
        given.wrong(
            row, "没有这种结对关系。请先登记结对。", "There is no such pairing. Enter it first.", "organisation"
        )
        return 0

    return one


def _commitments(given: _List) -> int:
    paired = _paired(given)
    made = [
        NewCommitment(paired(row), row["day"], row["form"], row["what"], row["amount"], row["due"])
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
            amount_fen=row["amount"],
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

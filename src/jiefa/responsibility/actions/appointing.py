"""The one helper of a household appointed, replaced, ended, for a whole list at once; a cadre who leaves hands all on.

Set by set: what a list of 200 and one of 200,000 do is the same. The database has the last word that nobody answers twice.
What else goes with a household is not known here: whoever calls says who is to be told (``After``), in the same transaction.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.audit import actions as audit
from jiefa.kernel.division_codes import ancestors
from jiefa.policy import Pack
from jiefa.responsibility.actions.checks import all_or_none, check_day, check_serving
from jiefa.responsibility.models import Cadre, Helper, TeamMember
from jiefa.responsibility.queries import people
from jiefa.responsibility.rules import refusals
from jiefa.responsibility.rules.load import capacity_on
from jiefa.stores import bulk

P = Permission
TABLE = "responsibility_helper"
After = Callable[[Collection[int], dt.date, Actor], int]
"""Told which households have another helper from a day on; says how many measures went with them."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """Who shall answer for a household."""

    household_id: int
    cadre_id: int


@dataclass(frozen=True, slots=True)
class Appointed:
    """What a list of appointments came to. ``overloaded``: households by cadre, of those who carry more than is pointed out.

    ``measures``: that went to the new helpers.
    """

    appointed: int
    replaced: int
    unchanged: int
    overloaded: Mapping[int, int]
    measures: int = 0


@dataclass(frozen=True, slots=True)
class _Home:
    number: str
    village: str
    status: str


@dataclass(frozen=True, slots=True)
class _Present:
    key: int
    cadre: int
    since: dt.date


def appoint(*, household_id: int, cadre_id: int, on: dt.date, by: Actor, pack: Pack, after: After) -> Appointed:
    """The cadre answers for the household from that day on, whoever did before. Raises as ``appoint_many``."""
    return appoint_many(appointments=[Appointment(household_id, cadre_id)], on=on, by=by, pack=pack, after=after)


def appoint_many(*, appointments: Sequence[Appointment], on: dt.date, by: Actor, pack: Pack, after: After) -> Appointed:
    """Each cadre answers for its household from that day on, all or none; who has the same helper already keeps it.

    Raises ``NotAllowed``, ``DayToCome``, ``HouseholdUnknown``, ``HouseholdClosed``, ``TwiceInList``, ``CadreUnknown``,
    ``CadreNotServing``, ``LaterHistory``, ``ChangedMeanwhile``.
    """
    check_day(on)
    wanted = {one.household_id: one.cadre_id for one in appointments}
    with all_or_none():
        homes = _homes(appointments, by)
        check_serving(set(wanted.values()), on, by)
        present = _present(wanted, homes, on)
        changed = {h: c for h, c in wanted.items() if h not in present or present[h].cadre != c}
        replaced = [present[household].key for household in changed if household in present]
        _close(replaced, on, by.name)
        _open(changed, homes, on, by.name)
        told = {h: [h, present[h].cadre if h in present else None, c] for h, c in changed.items()}
        _log("helper.appointed", told, homes, on, by.name)
        measures = after(sorted(changed), on, by) if changed else 0
    warn = capacity_on(pack, on).warn
    carried = people.loads(list(set(wanted.values())))
    full = {cadre: count for cadre, count in carried.items() if count > warn}
    return Appointed(len(changed), len(replaced), len(wanted) - len(changed), full, measures)


@all_or_none()
def end_many(*, household_ids: Sequence[int], on: dt.date, by: Actor) -> int:
    """How many of these households have nobody from that day on who had somebody. Raises as ``appoint_many``."""
    check_day(on)
    homes = _homes([Appointment(household, 0) for household in household_ids], by)
    present = _present(dict.fromkeys(household_ids, 0), homes, on)
    _close([one.key for one in present.values()], on, by.name)
    _log("helper.ended", {h: [h, one.cadre, None] for h, one in present.items()}, homes, on, by.name)
    return len(present)


@all_or_none()
def end_out_of_reach(*, county: str, on: dt.date, by: str) -> int:
    """How many households that came into the county have nobody from that day on: whoever answered for them elsewhere is posted
    neither in the county nor above it. The right is that of whoever moved the household."""
    here = Helper.objects.filter(to_date__isnull=True, household__village_code__startswith=county)
    elsewhere = here.exclude(village_code__startswith=county).exclude(cadre__area_code__startswith=county)
    rows = elsewhere.exclude(cadre__area_code__in=ancestors(county)).order_by("household")
    found = list(rows.values_list("pk", "household_id", "household__number", "household__village_code", "cadre_id"))
    homes = {home: _Home(number, village, "") for _pk, home, number, village, _cadre in found}
    _close([row[0] for row in found], on, by)
    _log("helper.ended", {home: [home, cadre, None] for _pk, home, _number, _village, cadre in found}, homes, on, by)
    return len(found)


def hand_on(*, cadre_id: int, to: int | None, on: dt.date, by: Actor, pack: Pack, after: After) -> int:
    """How many households of a cadre went to another at once, or to nobody: then they stand on the list of those without.

    Raises as ``appoint_many``.
    """
    held = Helper.objects.filter(cadre=cadre_id, to_date__isnull=True).order_by("household")
    keys = list(held.values_list("household_id", flat=True))
    if to is None:
        return end_many(household_ids=keys, on=on, by=by)
    made = appoint_many(appointments=[Appointment(key, to) for key in keys], on=on, by=by, pack=pack, after=after)
    return made.appointed


@all_or_none()
def leave(*, cadre_id: int, to: int | None, on: dt.date, by: Actor, pack: Pack, after: After) -> int:
    """How many households a cadre handed on who serves no longer from that day on, in no team either.

    Raises ``CadreUnknown``, ``CadreNotServing``, and as ``appoint_many``.
    """
    cadre = people.cadres(by.demand(P.HELPER_ASSIGN)).filter(pk=cadre_id).first()
    if cadre is None:
        raise refusals.CadreUnknown(number=cadre_id)
    by.demand(P.HELPER_ASSIGN, cadre.area_code)
    check_serving({cadre_id}, on, by)
    handed = hand_on(cadre_id=cadre_id, to=to, on=on, by=by, pack=pack, after=after)
    TeamMember.objects.filter(cadre=cadre_id, to_date__isnull=True).update(to_date=on, ended_by=by.name)
    Cadre.objects.filter(pk=cadre_id).update(to_date=on)
    audit.record(
        chain=cadre.area_code,
        by=by.name,
        action="cadre.left",
        object_type="cadre",
        object_id=cadre.number,
        diff={"on": on, "households": handed, "to": to},
    )
    return handed


def _homes(appointments: Sequence[Appointment], by: Actor) -> dict[int, _Home]:
    """The households of a list, those that the actor may give a helper."""
    counted = Counter(one.household_id for one in appointments)
    rows = pa.table({"id": pa.array(sorted(counted), pa.int64())})
    schema = pa.schema(
        [("id", pa.int64()), ("number", pa.string()), ("village_code", pa.string()), ("status", pa.string())]
    )
    with bulk.staged("wanted_homes", rows, "id"):
        sql = (
            "SELECT h.id, h.number, h.village_code, h.poverty_status FROM wanted_homes w "
            "JOIN registry_household h ON h.id = w.id ORDER BY h.id"
        )
        found = bulk.read(sql, [], schema).to_pylist()
    homes = {row["id"]: _Home(row["number"], row["village_code"], row["status"]) for row in found}
    within = by.demand(P.HELPER_ASSIGN)
    covered = {village: within.covers(village) for village in {home.village for home in homes.values()}}
    for household, times in counted.items():
        home = homes.get(household)
        if home is None or not covered[home.village]:
            # Whether it exists elsewhere is not for this reader to know.
            raise refusals.HouseholdUnknown(number=household)
        if times > 1:
            raise refusals.TwiceInList(number=home.number)
        if home.status == "closed":
            raise refusals.HouseholdClosed(number=home.number)
    return homes


def _present(wanted: Mapping[int, int], homes: Mapping[int, _Home], on: dt.date) -> dict[int, _Present]:
    """By household the period that is open. Raises ``LaterHistory`` where anything begins, or goes on, after the day."""
    rows = pa.table({"id": pa.array(sorted(wanted), pa.int64())})
    schema = pa.schema(
        [("household", pa.int64()), ("key", pa.int64()), ("cadre", pa.int64()), ("since", pa.date32()), ("until", pa.date32())]
    )  # fmt: skip
    with bulk.staged("wanted_periods", rows, "id"):
        sql = (
            "SELECT p.household_id, p.id, p.cadre_id, p.from_date, p.to_date FROM wanted_periods w "
            f"JOIN {TABLE} p ON p.household_id = w.id WHERE p.to_date IS NULL OR p.to_date > %s ORDER BY p.id"
        )
        found = bulk.read(sql, [on.isoformat()], schema).to_pylist()
    present = {}
    for row in found:
        if row["until"] is not None or row["since"] > on:
            begins = row["until"] or row["since"]
            raise refusals.LaterHistory(number=homes[row["household"]].number, on=on, begins=begins)
        present[row["household"]] = _Present(row["key"], row["cadre"], row["since"])
    return present


def _close(keys: Sequence[int], on: dt.date, by: str) -> None:
    rows = pa.table(
        {
            "id": pa.array(keys, pa.int64()),
            "to_date": pa.array([on] * len(keys), pa.date32()),
            "ended_by": pa.array([by] * len(keys), pa.string()),
        }
    )
    bulk.update(TABLE, rows, "id")


def _open(changed: Mapping[int, int], homes: Mapping[int, _Home], on: dt.date, by: str) -> None:
    keys = sorted(changed)
    count = len(keys)
    rows = pa.table(
        {
            "id": bulk.new_ids(TABLE, count),
            "household_id": pa.array(keys, pa.int64()),
            "cadre_id": pa.array([changed[key] for key in keys], pa.int64()),
            "village_code": pa.array([homes[key].village for key in keys], pa.string()),
            "from_date": pa.array([on] * count, pa.date32()),
            "to_date": pa.array([None] * count, pa.date32()),
            "by": pa.array([by] * count, pa.string()),
            "ended_by": pa.array([""] * count, pa.string()),
        }
    )
    bulk.insert(TABLE, rows)


def _log(
    action: str, changes: Mapping[int, list[int | None]], homes: Mapping[int, _Home], on: dt.date, by: str
) -> None:
    """One entry per county: ``[household, cadre before, cadre now]``."""
    by_county: dict[str, list[list[int | None]]] = defaultdict(list)
    for household in sorted(changes):
        by_county[homes[household].village[:6]].append(changes[household])
    for county, own in sorted(by_county.items()):
        audit.record(
            chain=county,
            by=by,
            action=action,
            object_type="household",
            object_id=own[0][0] if len(own) == 1 else f"{own[0][0]}+{len(own) - 1}",
            diff={"on": on, "helpers": own},
        )

"""Village teams: formed, rotated with what is handed over, ended; the days of a month written down."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.responsibility.actions.checks import all_or_none, check_day, check_serving
from jiefa.responsibility.models import Attendance, Cadre, Helper, Team, TeamMember
from jiefa.responsibility.queries import people
from jiefa.responsibility.rules import attendance as rules
from jiefa.responsibility.rules import refusals
from jiefa.stores import bulk

P = Permission
FIRST_SECRETARY = "first_sec"
TEAM, SERVICE = "responsibility_team", "responsibility_teammember"


@dataclass(frozen=True, slots=True)
class NewTeam:
    """A village and who shall serve there: ``(cadre, role)``."""

    village_code: str
    members: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Rotated:
    """Who went and came, and the households for which those who went still answer: to be handed over."""

    left: int
    came: int
    stayed: int
    to_hand_over: list[int]


def form_team(*, village_code: str, members: Sequence[tuple[int, str]], on: dt.date, by: Actor) -> Team:
    """The team of a village. Raises as ``form_teams``."""
    form_teams(teams=[NewTeam(village_code, tuple(members))], on=on, by=by)
    return Team.objects.get(village_code=village_code, to_date__isnull=True)


def form_teams(*, teams: Sequence[NewTeam], on: dt.date, by: Actor) -> int:
    """How many people serve in the teams that were formed, all or none.

    Raises ``NotAllowed``, ``DayToCome``, ``TeamStands``, ``TeamEmpty``, ``TwoFirstSecretaries``, ``CadreUnknown``,
    ``CadreNotServing``, ``ServesElsewhere``, ``ChangedMeanwhile``.
    """
    check_day(on)
    villages = [team.village_code for team in teams]
    for village in villages:
        by.demand(P.HELPER_ASSIGN, village)
    with all_or_none():
        names = _names(villages)
        _check_free(villages, names)
        cadres = check_serving({cadre for team in teams for cadre, _ in team.members}, on, by)
        for team in teams:
            _check_members(names[team.village_code], team.members)
        _check_unbound([cadre for team in teams for cadre, _ in team.members], cadres)
        keys = _found_teams(villages, on, by.name)
        count = _serve([(keys[team.village_code], team.village_code, team.members) for team in teams], on, by.name)
        _log("team.formed", {team.village_code: list(map(list, team.members)) for team in teams}, on, by.name)
    return count


def rotate(*, team_id: int, members: Sequence[tuple[int, str]], on: dt.date, by: Actor) -> Rotated:
    """The team with these people from that day on; who stays in the same part is not interrupted. Raises as ``form_teams``,
    and ``TeamEnded``."""
    check_day(on)
    with all_or_none():
        team = Team.objects.select_for_update().get(pk=team_id)
        by.demand(P.HELPER_ASSIGN, team.village_code)
        names = _names([team.village_code])
        village = names[team.village_code]
        if team.to_date is not None:
            raise refusals.TeamEnded(village=village, ends=team.to_date)
        cadres = check_serving({cadre for cadre, _ in members}, on, by)
        _check_members(village, members)
        present = {(one.cadre_id, one.role): one for one in team.members.filter(to_date__isnull=True)}
        going = [one for key, one in present.items() if key not in set(members)]
        coming = [pair for pair in members if pair not in present]
        ended = TeamMember.objects.filter(pk__in=[one.pk for one in going])
        ended.update(to_date=on, ended_by=by.name)
        _check_unbound([cadre for cadre, _ in coming], cadres)
        _serve([(team.pk, team.village_code, coming)], on, by.name)
        gone = sorted({one.cadre_id for one in going} - {cadre for cadre, _ in members})
        _log("team.rotated", {team.village_code: list(map(list, members))}, on, by.name)
    held = Helper.objects.filter(cadre__in=gone, to_date__isnull=True, village_code=team.village_code)
    keys = list(held.order_by("household").values_list("household_id", flat=True))
    return Rotated(len(going), len(coming), len(present) - len(going), keys)


@all_or_none()
def end_team(*, team_id: int, on: dt.date, by: Actor) -> Team:
    """The team that left the village on that day, with all who served in it. Raises ``TeamEnded``, ``NotAllowed``."""
    check_day(on)
    team = Team.objects.select_for_update().get(pk=team_id)
    by.demand(P.HELPER_ASSIGN, team.village_code)
    if team.to_date is not None:
        raise refusals.TeamEnded(village=_names([team.village_code])[team.village_code], ends=team.to_date)
    team.members.filter(to_date__isnull=True).update(to_date=on, ended_by=by.name)
    team.to_date, team.ended_by = on, by.name
    team.save(force_update=True)
    _log("team.ended", {team.village_code: []}, on, by.name)
    return team


def _names(villages: Sequence[str]) -> dict[str, str]:
    known: dict[str, str] = {}
    for first in range(0, len(villages), people.AT_ONCE):
        known |= areas.named(list(villages[first : first + people.AT_ONCE]))
    return {village: known.get(village, village) for village in villages}


def _check_free(villages: Sequence[str], names: Mapping[str, str]) -> None:
    for first in range(0, len(villages), people.AT_ONCE):
        part = villages[first : first + people.AT_ONCE]
        standing = Team.objects.filter(village_code__in=part, to_date__isnull=True).first()
        if standing is not None:
            raise refusals.TeamStands(village=names[standing.village_code], begins=standing.from_date)


def _check_members(village: str, members: Sequence[tuple[int, str]]) -> None:
    if not members:
        raise refusals.TeamEmpty(village=village)
    if sum(role == FIRST_SECRETARY for _, role in members) > 1:
        raise refusals.TwoFirstSecretaries(village=village)


def _check_unbound(keys: Sequence[int], cadres: Mapping[int, Cadre]) -> None:
    """Nobody serves in two places. Raises ``ServesElsewhere``."""
    seen: set[int] = set()
    wanted = pa.table({"id": pa.array(sorted(set(keys)), pa.int64())})
    with bulk.staged("wanted_service", wanted, "id"):
        sql = (
            f"SELECT m.id FROM wanted_service w JOIN {SERVICE} m ON m.cadre_id = w.id "
            "WHERE m.to_date IS NULL ORDER BY m.id LIMIT 1"
        )
        bound = bulk.read(sql, [], pa.schema([("id", pa.int64())]))["id"].to_pylist()
    for one in TeamMember.objects.filter(pk__in=bound):
        cadre = cadres[one.cadre_id]
        village = _names([one.village_code])[one.village_code]
        raise refusals.ServesElsewhere(name=cadre.name, number=cadre.number, begins=one.from_date, village=village)
    for key in keys:
        if key in seen:
            cadre = cadres[key]
            raise refusals.ServesElsewhere(name=cadre.name, number=cadre.number, begins="—", village="—")
        seen.add(key)


def _serve(teams: Sequence[tuple[int, str, Sequence[tuple[int, str]]]], on: dt.date, by: str) -> int:
    rows = [(team, village, cadre, role) for team, village, members in teams for cadre, role in members]
    count, text = len(rows), pa.string()
    table = pa.table(
        {
            "id": bulk.new_ids(SERVICE, count),
            "team_id": pa.array([row[0] for row in rows], pa.int64()),
            "village_code": pa.array([row[1] for row in rows], text),
            "cadre_id": pa.array([row[2] for row in rows], pa.int64()),
            "role": pa.array([row[3] for row in rows], text),
            "from_date": pa.array([on] * count, pa.date32()),
            "to_date": pa.array([None] * count, pa.date32()),
            "by": pa.array([by] * count, text),
            "ended_by": pa.array([""] * count, text),
        }
    )
    return bulk.insert(SERVICE, table)


def _found_teams(villages: Sequence[str], on: dt.date, by: str) -> dict[str, int]:
    """The new teams: key by village."""
    count, text = len(villages), pa.string()
    keys = bulk.new_ids(TEAM, count)
    table = pa.table(
        {
            "id": keys,
            "village_code": pa.array(villages, text),
            "from_date": pa.array([on] * count, pa.date32()),
            "to_date": pa.array([None] * count, pa.date32()),
            "by": pa.array([by] * count, text),
            "ended_by": pa.array([""] * count, text),
        }
    )
    bulk.insert(TEAM, table)
    return dict(zip(villages, keys.to_pylist(), strict=True))


def _log(action: str, members: Mapping[str, object], on: dt.date, by: str) -> None:
    by_county: dict[str, dict[str, object]] = defaultdict(dict)
    for village, own in members.items():
        by_county[village[:6]][village] = own
    for county, teams in sorted(by_county.items()):
        first = min(teams)
        audit.record(
            chain=county,
            by=by,
            action=action,
            object_type="team",
            object_id=first if len(teams) == 1 else f"{first}+{len(teams) - 1}",
            diff={"on": on, "members": teams},
        )


@dataclass(frozen=True, slots=True)
class Month:
    """A cadre's days of one month."""

    cadre_id: int
    year: int
    month: int
    present: int
    leave: Mapping[str, int] = field(default_factory=dict)


@transaction.atomic
def record_attendance(*, months: Sequence[Month], by: Actor) -> int:
    """How many months were written down, all or none; the newest word holds. Raises ``NotAllowed``, ``DayToCome``,
    ``TooManyDays``, ``NotInTeam``."""
    within = by.demand(P.HELPER_ASSIGN)
    service: dict[int, list[TeamMember]] = defaultdict(list)
    keys = sorted({one.cadre_id for one in months})
    for first in range(0, len(keys), people.AT_ONCE):
        for served in TeamMember.objects.filter(cadre__in=keys[first : first + people.AT_ONCE]).order_by("from_date"):
            service[served.cadre_id].append(served)
    cadres = people.by_key(keys)
    made, now = [], timezone.now()
    for one in months:
        if one.cadre_id not in cadres:
            raise refusals.CadreUnknown(number=one.cadre_id)
        cadre, village = cadres[one.cadre_id], _village(service[one.cadre_id], one)
        check_day(dt.date(one.year, one.month, 1))
        rules.check_month(cadre.name, one.year, one.month, one.present, one.leave)
        if village is None:
            raise refusals.NotInTeam(name=cadre.name, number=cadre.number, year=one.year, month=one.month)
        if not within.covers(village):
            by.demand(P.HELPER_ASSIGN, village)
        made.append(
            Attendance(
                cadre=cadre,
                village_code=village,
                year=one.year,
                month=one.month,
                present=one.present,
                leave={kind: days for kind, days in one.leave.items() if days},
                by=by.name,
                at=now,
            )
        )
    Attendance.objects.bulk_create(made, batch_size=2_000)
    by_county: dict[str, list[list[object]]] = defaultdict(list)
    for row in made:
        by_county[row.village_code[:6]].append([row.cadre_id, row.year, row.month, row.present, row.leave])
    for county, own in sorted(by_county.items()):
        audit.record(
            chain=county,
            by=by.name,
            action="attendance.recorded",
            object_type="attendance",
            object_id=own[0][0] if len(own) == 1 else f"{own[0][0]}+{len(own) - 1}",
            diff={"months": own},
        )
    return len(made)


def _village(service: Sequence[TeamMember], month: Month) -> str | None:
    """Where the cadre served in the month, last of several places."""
    first = dt.date(month.year, month.month, 1)
    after = dt.date(month.year + month.month // 12, month.month % 12 + 1, 1)
    served = [one for one in service if one.from_date < after and (one.to_date is None or one.to_date > first)]
    return served[-1].village_code if served else None

"""Village teams, who serves in them, how many days; which poor villages have none."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.areas.models import Designation, DesignationKind
from jiefa.responsibility.models import Attendance, Helper, Team, TeamMember
from jiefa.responsibility.queries.people import holds
from jiefa.responsibility.rules import attendance as rules


def teams(within: Scope, on: dt.date) -> QuerySet[Team]:
    """The teams inside the scope that hold on that day, by village."""
    return gate(Team.objects.filter(holds(on)), within).order_by("village_code")


def team(pk: int, within: Scope) -> Team | None:
    """The team, if its village lies inside the scope."""
    return gate(Team.objects.filter(pk=pk), within).first()


def team_of(village: str, on: dt.date) -> Team | None:
    """The team of a village inside the scope on that day."""
    return Team.objects.filter(holds(on), village_code=village).first()


def members(team_id: int, on: dt.date | None = None) -> list[TeamMember]:
    """Who serves in a team that passed the gate on that day, first secretary first; with ``None`` everybody who ever did."""
    rows = TeamMember.objects.filter(team=team_id).select_related("cadre__organisation")
    if on is not None:
        return sorted(rows.filter(holds(on)), key=lambda one: (one.role != "first_sec", one.pk))
    return list(rows.order_by("-from_date", "pk"))


def service_in(village: str) -> list[TeamMember]:
    """Everybody who serves or served in a village that passed the gate, first secretaries first, then by when they came."""
    rows = TeamMember.objects.filter(village_code=village).select_related("cadre__organisation")
    return sorted(rows, key=lambda one: (one.role != "first_sec", one.from_date, one.pk))


def service_of(cadre_id: int, within: Scope) -> list[TeamMember]:
    """The teams inside the scope in which a cadre serves or served, the latest first."""
    return list(gate(TeamMember.objects.filter(cadre=cadre_id), within).order_by("-from_date"))


def poor_villages(within: Scope, year: int) -> QuerySet[Designation]:
    """The villages inside the scope that are poor villages in that year: each is to have a team."""
    return designated(DesignationKind.POOR_VILLAGE, within, year)


def designated(kind: DesignationKind, within: Scope, year: int) -> QuerySet[Designation]:
    """What inside the scope is of this kind in that year, by place."""
    rows = Designation.objects.filter(Q(to_year__isnull=True) | Q(to_year__gte=year), kind=kind, from_year__lte=year)
    return gate(rows, within, "division_id").order_by("division")


def lacking(within: Scope, on: dt.date) -> QuerySet[Designation]:
    """The poor villages without a team on that day, by place."""
    # Not village by village: only open teams have an index of villages, and 9,000 villages looked for theirs in 10 s.
    served = gate(Team.objects.filter(holds(on)), within).values("village_code")
    return poor_villages(within, on.year).exclude(division_id__in=served)


def without_team(within: Scope, on: dt.date) -> list[str]:
    """The codes of poor villages without a team on that day."""
    return list(lacking(within, on).values_list("division_id", flat=True))


@dataclass(frozen=True, slots=True)
class Serving:
    """Teams of an area on a day: villages with one, poor villages among them, people serving."""

    villages: int
    poor_villages: int
    people: int


def serving(within: Scope, on: dt.date) -> Serving:
    """How many villages have a team that day, how many of them are poor, how many people serve."""
    villages = set(teams(within, on).values_list("village_code", flat=True))
    poor = set(poor_villages(within, on.year).values_list("division_id", flat=True))
    people = gate(TeamMember.objects.filter(holds(on)), within).values("cadre").distinct().count()
    return Serving(len(villages), len(villages & poor), people)


def small(within: Scope, on: dt.date, size: int) -> list[tuple[str, int]]:
    """``(village, people)`` of teams inside the scope with fewer people than ``size`` that day."""
    counted = dict(
        gate(TeamMember.objects.filter(holds(on)), within)
        .values_list("village_code")
        .annotate(n=Count("pk"))
        .order_by()
    )
    villages = teams(within, on).values_list("village_code", flat=True)
    return [(village, counted.get(village, 0)) for village in villages if counted.get(village, 0) < size]


def served_in(village: str, month: dt.date) -> list[TeamMember]:
    """Who served on any day of a month in a village that passed the gate, each once, by when they came."""
    after = (month + dt.timedelta(days=31)).replace(day=1)
    rows = TeamMember.objects.filter(
        Q(to_date__isnull=True) | Q(to_date__gt=month), village_code=village, from_date__lt=after
    ).select_related("cadre__organisation")
    return list({one.cadre_id: one for one in rows.order_by("from_date", "pk")}.values())


def attendance(cadre_ids: Iterable[int], year: int) -> dict[int, dict[int, Attendance]]:
    """By cadre and month what holds of a year: the newest row of each month."""
    rows = Attendance.objects.filter(cadre__in=list(cadre_ids), year=year)
    newest = rows.values("cadre", "month").annotate(last=Max("pk")).order_by().values("last")
    found: dict[int, dict[int, Attendance]] = defaultdict(dict)
    for row in Attendance.objects.filter(pk__in=newest):
        found[row.cadre_id][row.month] = row
    return dict(found)


@dataclass(frozen=True, slots=True)
class Days:
    """A member's days of a month, or of a year; ``present`` None: nobody wrote them down. ``asked``: as many as are asked for."""

    member: TeamMember
    present: int | None
    leave: int
    asked: int


def few_days(within: Scope, year: int, month: int, least: int) -> list[Days]:
    """Who served through the whole month inside the scope with fewer days present than ``least``, or without a record."""
    first = dt.date(year, month, 1)
    after = dt.date(year + month // 12, month % 12 + 1, 1)
    rows = TeamMember.objects.filter(Q(to_date__isnull=True) | Q(to_date__gte=after), from_date__lte=first)
    serving = list(gate(rows, within).select_related("cadre").order_by("village_code", "pk"))
    months = gate(Attendance.objects.filter(year=year, month=month), within)
    newest = months.values("cadre").annotate(last=Max("pk")).order_by().values("last")
    kept = {row.cadre_id: row for row in Attendance.objects.filter(pk__in=newest)}
    found = []
    for one in serving:
        row = kept.get(one.cadre_id)
        if row is None or row.present < least:
            found.append(Days(one, row.present if row else None, sum(row.leave.values()) if row else 0, least))
    return found


def few_days_of_year(within: Scope, on: dt.date, least: int) -> list[Days]:
    """Who serves inside the scope on that day with fewer days present in its year, in whole months served, than asked for.

    ``least`` is asked of a whole year, and of months in proportion. Two queries.
    """
    serving = list(
        gate(TeamMember.objects.filter(holds(on)), within).select_related("cadre").order_by("village_code", "pk")
    )
    months = gate(Attendance.objects.filter(year=on.year), within)
    newest = months.values("cadre", "month").annotate(last=Max("pk")).order_by().values("last")
    present: dict[int, int] = defaultdict(int)
    away: dict[int, int] = defaultdict(int)
    for row in Attendance.objects.filter(pk__in=newest):
        present[row.cadre_id] += row.present
        away[row.cadre_id] += sum(row.leave.values())
    found = []
    for one in serving:
        asked = rules.days_asked(least, rules.whole_months(one.from_date, on))
        days = present.get(one.cadre_id)
        if (days or 0) < asked:
            found.append(Days(one, days, away[one.cadre_id], asked))
    return found


def handed_over(cadre_ids: Sequence[int], within: Scope) -> QuerySet[Helper]:
    """The households inside the scope for which these cadres answer now: what is handed over when they go."""
    rows = Helper.objects.filter(to_date__isnull=True, cadre__in=list(cadre_ids))
    return gate(rows, within).select_related("household", "cadre").order_by("village_code", "household")

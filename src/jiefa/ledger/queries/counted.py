"""What is counted from rows for each stated figure. No stated value is read here.

A ``Counted`` asks each group of records once, when the first figure needs it. None: there is nothing on file to count yet (no
plan, no target, no round), which is another thing than zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path

from django.db.models import Count, Q, Sum
from django.db.models.functions import Length

from jiefa import snapshots
from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.areas.models import Designation, DesignationKind
from jiefa.assistance.models import Loan, ProgrammeRecord
from jiefa.assistance.queries import industry
from jiefa.funds.models import Transfer
from jiefa.funds.queries import flows
from jiefa.insight.queries import figures
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.planning.models import Plan
from jiefa.planning.queries import done, plans, promised
from jiefa.policy import Pack
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import HouseholdYear
from jiefa.responsibility.models import Round
from jiefa.responsibility.queries import pairings, teams, visits

YEAR, BASELINE, FIRST = 2015, 2013, 2011
"""The year that the source tells of, that of the baseline's cards, and the first of the province's own de-listing."""
YEARS_END = date(YEAR, 12, 31)
FEN = 100
CONCENTRATED = "concentrated"
TWO_WITHOUT = "kind_two_none_people"
COUNTY, TOWNSHIP = LENGTH_OF_LEVEL[Level.COUNTY], LENGTH_OF_LEVEL[Level.TOWNSHIP]


@dataclass(frozen=True)
class Counted:
    """The records of a place, asked group by group. ``home``: where the snapshots are."""

    place: str
    pack: Pack
    home: Path

    @property
    def within(self) -> Scope:
        return Scope((self.place,))

    @cached_property
    def bands(self) -> list[flows.Band]:
        """What flowed of the year's funds."""
        return flows.bands(self.within, YEAR)

    @cached_property
    def plan(self) -> tuple[Plan, plans.Sums] | None:
        """The newest plan made from the register of the year, and who is in it."""
        found = plans.from_year(self.place, YEAR)
        return None if found is None else (found, plans.total(found, self.place))

    @cached_property
    def two_without(self) -> int | None:
        """Poor people of two-without households at the end of the year, frozen; None without a snapshot."""
        try:
            frozen = snapshots.latest(self.home, YEAR)
        except snapshots.SnapshotUnknown:
            return None
        return int(figures.read(frozen, self.pack, [self.place], [TWO_WITHOUT])[self.place, TWO_WITHOUT].numerator)

    @cached_property
    def targets(self) -> Mapping[str, int]:
        """The newest word on what the place is to reach in the year, by metric."""
        return {one.metric: one.value for one in promised.newest_of([self.place], [YEAR])}

    @cached_property
    def left(self) -> Mapping[tuple[str, int], int]:
        """Places that the province de-listed, by metric and year."""
        years, metrics = range(FIRST, YEAR + 1), ("counties", "townships")
        rows = done.by_month(self.within, years, len(self.place), metrics)
        return {(metric, year): sum(months) for (_place, metric, year), months in rows.items()}

    @cached_property
    def serving(self) -> teams.Serving:
        """The village teams at the end of the year."""
        return teams.serving(self.within, YEARS_END)

    @cached_property
    def round(self) -> Round | None:
        """The round of the year over the whole place, the newest of several."""
        return visits.rounds(self.within).filter(division=self.place, begins__year=YEAR).order_by("-pk").first()

    @cached_property
    def visited(self) -> visits.Coverage | None:
        """How far that round has come."""
        return None if self.round is None else visits.coverage(self.round, self.within)

    @cached_property
    def paired(self) -> Mapping[str, pairings.Kind]:
        """Pairings at the end of the year, by kind."""
        return {one.kind: one for one in pairings.by_kind(self.within, YEARS_END, self.pack)}

    @cached_property
    def bodies(self) -> Mapping[str, industry.Sums]:
        """Parks, enterprises, cooperatives that report of the year."""
        return industry.by_kind(self.within, YEAR)

    @cached_property
    def moved(self) -> Mapping[str, int | None]:
        """The relocation plan on file: its households, their people, those who moved in the year."""
        rows = gate(ProgrammeRecord.objects.filter(programme="relocation", off_list=False), self.within)
        in_year = Q(traced_on__year=YEAR)
        return rows.aggregate(homes=Count("pk"), planned=Sum("people"), moved=Sum("people", filter=in_year))

    @cached_property
    def reached(self) -> set[str]:
        """Townships that concentrated fiscal funds reached."""
        into = Transfer.objects.filter(purpose=CONCENTRATED, origin__source="central", to_account__kind="holder")
        into = gate(into.filter(reverses__isnull=True, reversed_by__isnull=True), self.within, "to_code")
        rows = into.order_by().annotate(digits=Length("to_code")).filter(digits=TOWNSHIP)
        return set(rows.values_list("to_code", flat=True).distinct())


def _planned(year: int, of: Counted) -> int | None:
    return None if of.plan is None else of.plan[1].left(year)


def _guaranteed(of: Counted) -> int | None:
    return None if of.plan is None else of.plan[1].guaranteed


def _left_over(of: Counted) -> int | None:
    if of.plan is None:
        return None
    plan, sums = of.plan
    try:
        frozen = snapshots.latest(of.home, plan.last_year)
    except snapshots.SnapshotUnknown:
        return sums.unplanned
    return int(figures.read(frozen, of.pack, [of.place], ["poor_people"])[of.place, "poor_people"].numerator)


def _kept_from(of: Counted) -> int | None:
    years = [] if of.plan is None else [year for year, _way in of.plan[1].people if year is not None]
    return max(years) + 1 if years else None


def _designated(kind: DesignationKind, year: int, of: Counted) -> int:
    rows = Designation.objects.filter(Q(to_year__isnull=True) | Q(to_year__gte=year), kind=kind, from_year__lte=year)
    return gate(rows, of.within, "division_id").count()


def _identified(of: Counted) -> int:
    cards = gate(HouseholdYear.objects.filter(year=BASELINE, poverty_status__in=IN_POVERTY), of.within)
    return cards.aggregate(n=Sum("size"))["n"] or 0


def _delisted(metric: str, first: int, last: int, of: Counted) -> int:
    return sum(of.left.get((metric, year), 0) for year in range(first, last + 1))


def _target(metric: str, of: Counted) -> int | None:
    return of.targets.get(metric)


def _drawn(of: Counted, source: str = "", purpose: str = "") -> Decimal:
    return Decimal(flows.totals(of.bands, source=source, purpose=purpose).drawn_fen) / FEN


def _put_together(source: str, of: Counted) -> Decimal:
    together = [one for one in of.bands if one.purpose == CONCENTRATED]
    return Decimal(flows.totals(together, source=source).drawn_fen) / FEN


def _given(source: str, of: Counted) -> Decimal:
    return Decimal(flows.totals(of.bands, source=source).appropriated_fen) / FEN


def _lent(of: Counted) -> Decimal:
    rows = gate(Loan.objects.filter(from_on__year=YEAR), of.within)
    return Decimal(rows.aggregate(n=Sum("amount_fen"))["n"] or 0) / FEN


def _trained(of: Counted) -> int:
    rows = ProgrammeRecord.objects.filter(programme="training", off_list=False, traced_on__year=YEAR)
    return gate(rows, of.within).count()


def _moving(column: str, of: Counted) -> int:
    return of.moved[column] or 0


def _teams(of: Counted) -> int:
    return teams.teams(of.within, YEARS_END).count()


def _of_team(attribute: str, of: Counted) -> int:
    return int(getattr(of.serving, attribute))


def _team_size(of: Counted) -> Decimal | None:
    villages = of.serving.villages
    return Decimal(of.serving.people) / villages if villages else None


def _of_bodies(kind: str, attribute: str, of: Counted) -> int:
    return (getattr(of.bodies[kind], attribute) or 0) if kind in of.bodies else 0


def _of_parks(attribute: str, of: Counted) -> Decimal:
    return Decimal(_of_bodies("park", attribute, of)) / FEN


def _pairs(kind: str, attribute: str, of: Counted) -> int:
    return int(getattr(of.paired[kind], attribute)) if kind in of.paired else 0


def _leaders(of: Counted) -> int:
    return sum(1 for link in pairings.leaders(of.within, YEARS_END) if (link.counties, link.townships) == (1, 2))


def _visited(attribute: str, of: Counted) -> int | None:
    return None if of.visited is None else int(getattr(of.visited, attribute))


def _visited_share(of: Counted) -> Decimal | None:
    if of.visited is None or not of.visited.households:
        return None
    return Decimal(100 * of.visited.households_visited) / of.visited.households


_Number = int | Decimal | None
_D = DesignationKind

FIGURES: Mapping[str, Callable[[Counted], _Number]] = {
    "P01": partial(_planned, 2016),
    "P02": partial(_planned, 2017),
    "P03": partial(_planned, 2018),
    "P04": partial(_planned, 2019),
    "P05": _guaranteed,
    "P06": _left_over,
    "P07": _kept_from,
    "R01": partial(_designated, _D.POOR_TOWNSHIP, 2014),
    "R02": partial(_designated, _D.POOR_VILLAGE, 2014),
    "R03": _identified,
    "R04": _teams,
    "R05": partial(_designated, _D.KEY_COUNTY, YEAR),
    "R06": partial(_delisted, "counties", FIRST, 2014),
    "R07": partial(_delisted, "townships", FIRST, 2014),
    "F01": partial(_drawn, purpose="microcredit"),
    "F02": _lent,
    "F03": partial(_drawn, purpose="training"),
    "F04": _trained,
    "F05": partial(_drawn, purpose="relocation"),
    "F06": partial(_moving, "moved"),
    "E01": partial(_target, "people"),
    "E02": partial(_target, "counties"),
    "E03": partial(_target, "townships"),
    "E04": partial(_target, "whole_villages"),
    "E05": partial(_delisted, "townships", YEAR, YEAR),
    "E06": partial(_delisted, "counties", YEAR, YEAR),
    "T01": partial(_of_team, "people"),
    "T02": _teams,
    "T03": partial(_of_team, "villages"),
    "T04": partial(_of_team, "poor_villages"),
    "T05": _team_size,
    "I01": partial(_drawn, purpose="mountain_farming", source="central"),
    "I02": lambda of: industry.industries(of.within, YEAR),
    "I03": partial(_of_bodies, "park", "recognised"),
    "I04": partial(_of_parks, "output_fen"),
    "I05": partial(_of_parks, "sales_fen"),
    "I06": partial(_of_bodies, "enterprise", "in_parks"),
    "I07": partial(_of_bodies, "enterprise", "leading"),
    "I08": partial(_of_bodies, "cooperative", "bodies"),
    "I09": partial(_of_bodies, "cooperative", "members"),
    "I10": partial(_designated, _D.CONTRACT_PILOT, YEAR),
    "I11": partial(_designated, _D.DEMONSTRATION_COUNTY, YEAR),
    "M01": partial(_moving, "homes"),
    "M02": partial(_moving, "planned"),
    "A01": partial(_pairs, "state", "organisations"),
    "A02": partial(_pairs, "city", "organisations"),
    "A03": partial(_drawn, source="city"),
    "A04": partial(_pairs, "central", "organisations"),
    "A05": partial(_pairs, "central", "counties"),
    "A06": partial(_given, "enterprise"),
    "A07": _leaders,
    "A08": partial(_pairs, "department", "organisations"),
    "A09": partial(_pairs, "department", "counties"),
    "A10": lambda of: len(of.reached),
    "A11": lambda of: len({code[:COUNTY] for code in of.reached}),
    "A12": partial(_put_together, "central"),
    "A13": partial(_put_together, "department"),
    "V01": partial(_visited, "visitors"),
    "V02": partial(_visited, "villages_visited"),
    "V03": _visited_share,
}
"""By identifier of the stated figure."""

BESIDE: Mapping[str, tuple[str, Callable[[Counted], int | None]]] = {"P05": (TWO_WITHOUT, lambda of: of.two_without)}
"""What the records say of the same matter by another count: the indicator, and its figure."""

SUBJECTS: Mapping[str, Callable[[Counted], int | None]] = {
    **dict.fromkeys(("P01", "P02", "P03", "P04", "P05", "P06", "P07"), lambda of: of.plan[0].pk if of.plan else None),
    **dict.fromkeys(("V01", "V02", "V03"), lambda of: of.round.pk if of.round else None),
}
"""The plan or the round of which a figure is counted, by its key."""

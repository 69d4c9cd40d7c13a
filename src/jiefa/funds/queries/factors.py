"""What is known of counties for an allocation: from a snapshot, and what offices reported beside it."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import QuerySet

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.areas import queries as areas
from jiefa.funds.models import Allocation, AllocationShare, FactorValue
from jiefa.funds.rules import factors as rules
from jiefa.funds.rules.factors import Facts
from jiefa.insight.queries import figures
from jiefa.kernel.division_codes import Level
from jiefa.kernel.money import FEN_PER_YUAN
from jiefa.policy import Pack, Policy
from jiefa.snapshots import Snapshot

INDICATORS = {"incidence": "incidence", "depth": "fgt1", "income": "net_income_per_person"}
PEOPLE = "poor_people"


def facts(area: str, snapshot: Snapshot, pack: Pack) -> list[Facts]:
    """Every county inside the area, by code. Raises ``FiguresMissing``."""
    counties = areas.codes_under(area, Level.COUNTY)
    found = figures.read(snapshot, pack, counties, [PEOPLE, *INDICATORS.values()])
    reported = {
        (one.area_code, one.factor): one.value
        for one in FactorValue.objects.filter(area_code__in=counties, year=snapshot.year)
    }
    made = []
    for county in counties:
        people = found.get((county, PEOPLE))
        values: dict[str, Decimal | None] = {
            factor: _exact(found.get((county, indicator))) for factor, indicator in INDICATORS.items()
        }
        # The figure is in fen, as all income of the cards.
        values["income"] = values["income"] / FEN_PER_YUAN if values["income"] is not None else None
        values |= {factor: reported.get((county, factor)) for factor in rules.REPORTED}
        made.append(Facts(county, int(people.numerator) if people else 0, values))
    return made


def _exact(figure: figures.Figure | None) -> Decimal | None:
    """The figure as the exact quotient of its sums."""
    if figure is None or not figure.denominator:
        return None
    return figure.numerator / figure.denominator


def weights(policy: Policy) -> dict[str, int]:
    """The weight of every factor that day, in per cent. Raises ``NotInForce``."""
    return {factor: int(policy.number(f"funds.weight_{factor}")) for factor in rules.FACTORS}


def allocations(within: Scope) -> QuerySet[Allocation]:
    """Allocations of pots inside the scope, the newest first."""
    rows = Allocation.objects.select_related("account__origin", "order")
    return gate(rows, within, "account__area_code").order_by("-pk")


def allocation(pk: int, within: Scope) -> Allocation | None:
    """The allocation, if its pot lies inside the scope."""
    return allocations(within).filter(pk=pk).first()


def shares(allocation: int) -> list[AllocationShare]:
    """The shares of an allocation that passed the gate, by county."""
    return list(AllocationShare.objects.filter(allocation=allocation).order_by("area_code"))


def published(code: str, year: int) -> list[AllocationShare]:
    """What was allotted to the counties inside a place, of money of a fund year, as far as it was confirmed; for everybody."""
    rows = AllocationShare.objects.select_related("allocation__account__origin")
    found = rows.filter(
        area_code__startswith=code, allocation__order__state="accepted", allocation__account__origin__year=year
    )
    return list(found.order_by("allocation_id", "area_code"))


def letter(pk: int, within: Scope) -> AllocationShare | None:
    """A county's share with its allocation, if the county or the pot lies inside the scope."""
    rows = AllocationShare.objects.select_related("allocation__account__origin", "allocation__order")
    found = rows.filter(pk=pk).first()
    if found is None or not (within.covers(found.area_code) or within.covers(found.allocation.account.area_code)):
        return None
    return found


def letters(within: Scope) -> QuerySet[AllocationShare]:
    """What counties inside the scope were allotted and it was confirmed, the newest first."""
    rows = AllocationShare.objects.select_related("allocation__account__origin", "allocation__order")
    return gate(rows.filter(allocation__order__state="accepted"), within, "area_code").order_by("-pk")

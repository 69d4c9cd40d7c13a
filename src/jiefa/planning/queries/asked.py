"""What a plan is asked for: the newest targets, capacities, the years in which counties leave, decisions of officers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Max, QuerySet

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.planning.models import Capacity, Overrule, Target, TargetState

STATES = tuple(TargetState.values)
PEOPLE, GUARANTEED, LEAVES = "people", "guaranteed", "county_leaves"
"""Metrics that a plan reads: people who leave by their own means, people whom the guarantee supports, a county that leaves (1)."""


def newest(
    metric: str, years: Sequence[int], codes: Sequence[str] | None = None, states: Sequence[str] = ()
) -> QuerySet[Target]:
    """The newest word on each place and year, of ``codes`` or of all; of these ``states``, any but drafts if none is named."""
    rows = Target.objects.filter(metric=metric, year__in=years)
    rows = rows.filter(state__in=states) if states else rows.exclude(state=TargetState.DRAFT)
    if codes is not None:
        rows = rows.filter(area_code__in=codes)
    last = rows.order_by().values("area_code", "year").annotate(last=Max("id")).values("last")
    return Target.objects.filter(pk__in=last)


def targets(metric: str, years: Sequence[int], code: str) -> dict[int, int]:
    """By year what a place is to reach; years without a word are left out."""
    return {one.year: one.value for one in newest(metric, years, [code])}


def leaving_years(code: str, years: Sequence[int]) -> dict[str, int]:
    """Counties under a division that are to leave in one of the years, with the first such year."""
    rows = newest(LEAVES, years).filter(area_code__startswith=code, value__gt=0).order_by("-year")
    return {one.area_code: one.year for one in rows}


def capacities(code: str, years: Sequence[int]) -> dict[tuple[str, int, str], int]:
    """By county, year and resource how much there is."""
    rows = Capacity.objects.filter(area_code__startswith=code, year__in=years)
    return {(one.area_code, one.year, one.resource): one.amount for one in rows}


def overrules(within: Scope) -> Mapping[int, Overrule]:
    """By household the decision that holds: the newest, unless it was taken back."""
    last = Overrule.objects.order_by().values("household_id").annotate(last=Max("id")).values("last")
    rows = gate(Overrule.objects.filter(pk__in=last, taken_back=False), within)
    return {one.household_id: one for one in rows}

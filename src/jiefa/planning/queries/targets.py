"""Targets of a place beside the sum of the places below it: they add up, or the difference is shown. And what is on file, to take along."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Length

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.planning.models import Capacity, Target, TargetState
from jiefa.planning.queries.plans import BELOW


@dataclass(frozen=True, slots=True)
class Promised:
    """The newest word on a metric and year of a place, and what the places below were told.

    ``value`` None: nothing was said of the place itself; ``below`` None: of none below it.
    """

    metric: str
    year: int
    value: int | None
    state: str
    document: str
    below: int | None
    places: int

    @property
    def difference(self) -> int | None:
        """How much more the place is to reach than those below it together; None where one of the two is not said."""
        return None if self.value is None or self.below is None else self.value - self.below


def newest(within: Scope) -> QuerySet[Target]:
    """The newest word on each place, year and metric inside a scope, drafts left out; by metric, year and place."""
    rows = gate(Target.objects.exclude(state=TargetState.DRAFT), within, "area_code")
    last = rows.order_by().values("area_code", "year", "metric").annotate(last=Max("id")).values("last")
    return Target.objects.filter(pk__in=last).order_by("metric", "year", "area_code")


def of_place(code: str) -> list[Promised]:
    """Every target of a place and of those right below it, by metric and year: one query."""
    digits = BELOW.get(len(code), len(code))
    own: dict[tuple[str, int], Target] = {}
    below: dict[tuple[str, int], list[int]] = defaultdict(list)
    for one in newest(Scope((code,))).annotate(digits=Length("area_code")).filter(Q(area_code=code) | Q(digits=digits)):
        if one.area_code == code:
            own[one.metric, one.year] = one
        else:
            below[one.metric, one.year].append(one.value)
    found = []
    for metric, year in sorted({*own, *below}):
        said, parts = own.get((metric, year)), below.get((metric, year), [])
        found.append(
            Promised(
                metric,
                year,
                said.value if said else None,
                said.state if said else "",
                said.document if said else "",
                sum(parts) if parts else None,
                len(parts),
            )
        )
    return found


def capacities(within: Scope) -> QuerySet[Capacity]:
    """What counties of a scope have of each resource; by county, year and resource."""
    return gate(Capacity.objects.all(), within, "area_code").order_by("area_code", "year", "resource")

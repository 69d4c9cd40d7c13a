"""What was said of a place and the places below it in a year: the newest words, whether they add up, who signed that they do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Length

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.areas import queries as areas
from jiefa.planning.models import KeptDifference, Target, TargetState
from jiefa.planning.queries import plans
from jiefa.planning.rules import negotiating
from jiefa.planning.rules.problem import GUARANTEE

BY_PLAN = ("people", "households", "guaranteed", "moved")
"""Metrics of which a plan says how many each place has."""
RELOCATION = "relocation"


@dataclass
class Line:
    """One metric of a place and year: what it was told, what the places below were told, a difference that was signed for."""

    metric: str
    own: Target | None = None
    below: dict[str, Target] = field(default_factory=dict)
    kept: KeptDifference | None = None

    @property
    def sum_below(self) -> int | None:
        """Of the places right below; None where none was told anything. Drafts count."""
        return sum(one.value for one in self.below.values()) if self.below else None

    @property
    def difference(self) -> int | None:
        """How much more the place is to reach than those below together; None where one of the two is not said."""
        below = self.sum_below
        return None if self.own is None or below is None else self.own.value - below

    @property
    def signed(self) -> bool:
        """Whether the difference as it stands was signed for."""
        kept = self.kept
        return (
            kept is not None and self.own is not None and (kept.value, kept.below) == (self.own.value, self.sum_below)
        )


def _newest(rows: QuerySet[Target], drafts: bool) -> QuerySet[Target]:
    rows = rows if drafts else rows.exclude(state=TargetState.DRAFT)
    last = rows.order_by().values("area_code", "year", "metric").annotate(last=Max("id")).values("last")
    return Target.objects.filter(pk__in=last)


def newest_of(codes: Collection[str], years: Sequence[int], *, drafts: bool = False) -> list[Target]:
    """The newest word on each metric of these places in these years; one query."""
    rows = Target.objects.filter(area_code__in=sorted(codes), year__in=list(years))
    return list(_newest(rows, drafts).order_by("area_code", "year", "metric"))


def newest_word(code: str, year: int, metric: str, *, drafts: bool = True) -> Target | None:
    """The newest word on one metric of a place; drafts as well unless they are left out."""
    rows = Target.objects.filter(area_code=code, year=year, metric=metric)
    rows = rows if drafts else rows.exclude(state=TargetState.DRAFT)
    return rows.order_by("-pk").first()


def history(code: str, year: int, metric: str, *, drafts: bool) -> list[Target]:
    """Every word on a target, the newest first."""
    rows = Target.objects.filter(area_code=code, year=year, metric=metric)
    return list((rows if drafts else rows.exclude(state=TargetState.DRAFT)).order_by("-pk"))


def of_year(code: str, year: int, *, drafts: bool) -> dict[str, Line]:
    """By metric what the place and those right below it were told. Two queries.

    ``drafts``: the reader is the one who writes drafts for those below; a place never sees the drafts about itself.
    """
    digits = plans.BELOW.get(len(code), 0)
    rows = gate(Target.objects.filter(year=year), Scope((code,)), "area_code").annotate(digits=Length("area_code"))
    rows = rows.filter(Q(area_code=code) | Q(digits=digits))
    if not drafts:
        rows = rows.exclude(state=TargetState.DRAFT)
    elif len(code) != negotiating.PROVINCE:
        rows = rows.exclude(area_code=code, state=TargetState.DRAFT)
    found: dict[str, Line] = {}
    for one in _newest(rows, drafts=True).order_by("area_code"):
        line = found.setdefault(one.metric, Line(one.metric))
        if one.area_code == code:
            line.own = one
        else:
            line.below[one.area_code] = one
    for kept in KeptDifference.objects.filter(area_code=code, year=year).order_by("pk"):
        if kept.metric in found:
            found[kept.metric].kept = kept
    return found


def by_plan(code: str, year: int, metric: str) -> dict[str, int]:
    """What the newest plan of the year gave each place right below, of a metric that plans know; empty without such a plan.

    Of the guarantee: everybody whom it supports by then.
    """
    found = plans.of_year(code, year)
    if found is None or metric not in BY_PLAN or len(code) not in plans.BELOW:
        return {}
    digits = plans.BELOW[len(code)]
    given = dict.fromkeys(areas.children(code).values_list("code", flat=True), 0)
    for place, sums in plans.sums(found, code, digits).items():
        given[place] = of_metric(sums, year, metric)
    return dict(sorted(given.items()))


def of_metric(sums: plans.Sums, year: int, metric: str) -> int:
    """What a plan has of one of ``BY_PLAN`` in a year."""
    if metric == "people":
        return sums.left(year)
    if metric == "households":
        return sum(n for (when, way), n in sums.households.items() if when == year and way != GUARANTEE)
    if metric == "moved":
        return sum(n for (when, way), n in sums.people.items() if when == year and way == RELOCATION)
    return sum(n for (when, way), n in sums.people.items() if when is not None and when <= year and way == GUARANTEE)


def fixed(code: str, year: int) -> list[Target]:
    """The targets of a place that are fixed and not under negotiation again, by metric."""
    return [one for one in newest_of([code], [year]) if one.state == TargetState.FIXED]


def by_place(codes: Collection[str], year: int) -> Mapping[str, dict[str, Target]]:
    """By place and metric the newest word that is no draft."""
    found: dict[str, dict[str, Target]] = defaultdict(dict)
    for one in newest_of(codes, [year]):
        found[one.area_code][one.metric] = one
    return found


LEVEL_OF = {
    "villages": negotiating.VILLAGE,
    "townships": negotiating.TOWNSHIP,
    "counties": negotiating.COUNTY,
    "county_leaves": negotiating.COUNTY,
}
"""Metrics of places that leave, by the digits of such a place."""


def leaving(within: Scope, year: int, metric: str) -> list[Target]:
    """The places of a scope that are to leave in a year: those of the metric's own level with a target, by code."""
    rows = gate(Target.objects.filter(year=year, metric=metric), within, "area_code").annotate(
        digits=Length("area_code")
    )
    last = _newest(rows.filter(digits=LEVEL_OF[metric]), drafts=False)
    return list(last.filter(value__gt=0).order_by("area_code"))

"""Runs read back: the newest, its places in the scope, the points of one, how its group stands, figures sent in.

Who may see a place sees its score, its points and its rank among all; of other places only what the group comes to together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Avg, Count, F, FloatField, Max, Min, QuerySet, Sum
from django.db.models.functions import Cast

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.areas import queries as areas
from jiefa.assessment.models import CountyFigure, Point, Run, Score
from jiefa.assessment.rules import refusals
from jiefa.assessment.rules.scoring import HUNDREDTHS
from jiefa.kernel.errors import Words
from jiefa.policy import Pack
from jiefa.policy.schemes import Scheme, SchemeIndicator, Section
from jiefa.procedures.models import Dossier


def runs(scheme: str, year: int) -> QuerySet[Run]:
    """The runs of a scheme and year, the newest first."""
    return Run.objects.filter(scheme=scheme, year=year).order_by("-pk")


def newest(scheme: Scheme, year: int) -> Run:
    """The run that stands. Raises ``NotRun``."""
    found = runs(scheme.id, year).first()
    if found is None:
        raise refusals.NotRun(scheme=scheme.zh, id=scheme.id, year=year)
    return found


def run(number: int) -> Run:
    """One run. Raises ``RunUnknown``."""
    found = Run.objects.filter(pk=number).first()
    if found is None:
        raise refusals.RunUnknown(number=number)
    return found


def stands(of: Run) -> bool:
    """Whether it is the newest of its scheme and year."""
    return not runs(of.scheme, of.year).filter(pk__gt=of.pk).exists()


def scheme_of(of: Run, pack: Pack) -> Scheme:
    """The version of the scheme by which a run was made. Raises ``UnknownPolicy``, ``NotInForce``."""
    return pack.scheme(of.scheme, of.year)


def years_run() -> dict[str, list[int]]:
    """By scheme the years that were run, ascending."""
    found: dict[str, list[int]] = defaultdict(list)
    for scheme, year in Run.objects.order_by("scheme", "year").values_list("scheme", "year").distinct():
        found[scheme].append(year)
    return dict(found)


def ranking(of: Run, within: Scope) -> list[Score]:
    """The places of a run inside the scope: by group's level as ranked, then by rank and code. A province has 88 at most."""
    return list(gate(of.scores.all(), within, "area_code").order_by("ranked", "rank", "area_code"))


def score(of: Run, code: str, within: Scope) -> Score:
    """One place of a run. Raises ``NotAssessed``."""
    found = gate(of.scores.filter(area_code=code), within, "area_code").first()
    if found is None:
        raise refusals.NotAssessed(place=areas.named([code]).get(code, code))
    return found


def points(of: Score) -> list[Point]:
    """The items of a place, in the order of the scheme."""
    return list(of.points.order_by("order"))


def veto_figure(kept: Mapping[str, Any]) -> Decimal | None:
    """The figure of a veto as a run keeps it; None: there was none."""
    return None if kept["figure"] is None else Decimal(kept["figure"])


@dataclass(frozen=True, slots=True)
class Contested:
    """What an appeal may be about: an item or a veto of a place, the figure that stands, its unit."""

    label: Words
    figure: Decimal | None
    unit: str


def contested(of: Score, scheme: Scheme, name: str) -> Contested | None:
    """The item or veto ``name`` of a place in a run; None where the place has none. One query at most."""
    item = next((one for one in scheme.indicators if one.id == name), None)
    if item is not None:
        point = of.points.filter(item=name).first()
        return None if point is None else Contested(Words.of(item), point.figure, item.unit)
    veto = next((one for one in scheme.vetoes if one.id == name), None)
    kept = next((one for one in of.vetoes if one["veto"] == name), None)
    return None if veto is None or kept is None else Contested(Words.of(veto), veto_figure(kept), veto.unit)


def points_of(of: Run, within: Scope) -> dict[str, list[Point]]:
    """By place the items of every place of a run inside the scope. One query."""
    rows = gate(Point.objects.filter(score__run=of), within, "score__area_code").select_related("score")
    found: dict[str, list[Point]] = defaultdict(list)
    for one in rows.order_by("score__area_code", "order"):
        found[one.score.area_code].append(one)
    return dict(found)


@dataclass(frozen=True, slots=True)
class OfGroup:
    """What a group comes to: places, their mean, best and worst score in hundredths; by item the mean share of the full points of
    those that had it."""

    places: int
    mean: float
    best: int
    worst: int
    shares: dict[str, float]


def group(of: Run, name: str) -> OfGroup:
    """A group together, whoever asks. Two queries."""
    found = of.scores.filter(group=name).aggregate(
        places=Count("pk"), mean=Avg("hundredths"), best=Max("hundredths"), worst=Min("hundredths")
    )
    rows: Any = Point.objects.filter(score__run=of, score__group=name, of_hundredths__gt=0).order_by().values("item")
    ratio = Cast(F("hundredths"), FloatField()) / Cast(F("of_hundredths"), FloatField())
    shares = {row["item"]: float(row["share"]) for row in rows.annotate(share=Avg(ratio))}
    return OfGroup(found["places"], float(found["mean"] or 0), found["best"] or 0, found["worst"] or 0, shares)


@dataclass(frozen=True, slots=True)
class Axis:
    """A section of the scheme: the share of its points that the place has, and that the group has on the mean."""

    section: Section
    hundredths: int
    of: int
    share: float | None
    peers: float | None


def axes(scheme: Scheme, items: Sequence[Point], peers: OfGroup) -> list[Axis]:
    """The radar: a place against its group, by section. A section without points to be had has no share."""
    by_id: dict[str, SchemeIndicator] = {one.id: one for one in scheme.indicators}
    found = []
    for section in scheme.sections:
        own = [one for one in items if one.item in by_id and by_id[one.item].section == section.id]
        got, of = sum(one.hundredths for one in own), sum(one.of_hundredths for one in own)
        beside = [(one.of_hundredths, peers.shares[one.item]) for one in own if one.item in peers.shares]
        weight = sum(most for most, _share in beside)
        mean = sum(most * share for most, share in beside) / weight if weight else None
        found.append(Axis(section, got, of, float(Fraction(got, of)) if of else None, mean))
    return found


def before(of: Run, codes: Sequence[str]) -> dict[str, int]:
    """By place its hundredths in the newest run of the same scheme for the year before. Two queries."""
    earlier = runs(of.scheme, of.year - 1).first()
    if earlier is None:
        return {}
    return dict(earlier.scores.filter(area_code__in=list(codes)).values_list("area_code", "hundredths"))


def figures(within: Scope, year: int) -> QuerySet[CountyFigure]:
    """What was sent in for a year, the newest of each place and name; by place and name."""
    rows = gate(CountyFigure.objects.filter(year=year), within, "area_code")
    last = rows.order_by().values("area_code", "figure").annotate(last=Max("id")).values("last")
    return CountyFigure.objects.filter(pk__in=last).order_by("area_code", "figure")


def figure_history(code: str, year: int, name: str) -> list[CountyFigure]:
    """Every figure of a name that was sent in for a place and year, the newest first."""
    return list(CountyFigure.objects.filter(area_code=code, year=year, figure=name).order_by("-pk"))


def adds_up(of: Run) -> bool:
    """Whether the points of every place of a run add up to its score and its full points to a hundred."""
    rows: Any = of.scores.annotate(total=Sum("points__hundredths"), full=Sum("points__of_hundredths"))
    return not rows.exclude(total=F("hundredths"), full=HUNDREDTHS).exists()


def appeals_open(of: Run, code: str) -> dict[str, int]:
    """By item the dossier of an appeal of a place that is under way. One query."""
    begins = f"assessed:{of.scheme}:{of.year}:{code}:"
    rows = Dossier.objects.filter(subject__startswith=begins, outcome="")
    return {subject.removeprefix(begins): pk for subject, pk in rows.values_list("subject", "pk")}
